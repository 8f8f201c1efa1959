"""The stories of the example: all kept, every requirement spoken of both ways, every break noticed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import EXAMPLE, Json

ROOT = Path(__file__).parents[2]


def ran(*words: str) -> subprocess.CompletedProcess[str]:
    """Runs the command line as a stranger would."""
    command = [sys.executable, "-m", "cli", "workflow", "test", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)


@pytest.fixture(scope="module")
def report() -> Json:
    """What the command says of the example, with its breaks, as JSON."""
    done = ran(str(EXAMPLE), "--mutate", "--json")
    assert done.returncode == 0, done.stdout
    found: Json = json.loads(done.stdout)
    return found


def test_the_example_is_the_example_of_the_language() -> None:
    """The workflow under the stories is the example of the definition language, byte for byte."""
    assert (EXAMPLE / "workflow.yaml").read_bytes() == (ROOT / "tests/examples/two-gates.yaml").read_bytes()


def test_every_story_is_kept(report: Json) -> None:
    """Each story of the example comes as it says, and the report has the shape that programs read.

    Seen to fail when the state expected of one requirement was changed.
    """
    assert [Path(f["file"]).name for f in report["files"]] == ["design.yaml", "plan.yaml"]
    for file in report["files"]:
        assert file["ok"]
        for one in file["scenarios"]:
            assert set(one) == {"title", "line", "ok", "expected", "came"}
            assert one["ok"], one["title"]


def test_every_requirement_is_spoken_of_both_ways(report: Json) -> None:
    """Each requirement of the example is expected met by some story and unmet, or running, by another."""
    coverage = report["coverage"]["two-gates"]
    assert coverage["not_asserted_met"] == []
    assert coverage["not_asserted_unmet"] == []
    assert coverage["not_asserted_pending"] == []
    assert len(coverage["requirements"]) == 9


def test_every_break_is_noticed(report: Json) -> None:
    """The stories of the example notice every break of it.

    Seen to fail when the story of the owner who may not sign for the co-chair was left out.
    """
    figures = report["mutants"]["two-gates"]
    assert figures["survivors"] == []
    assert figures["noticed"] + figures["refused"] == figures["breaks"] > 50
    assert figures["refused"] == 2  # the notice a wait counts from, and the group it is in


def test_a_story_that_is_not_kept_ends_with_four(tmp_path: Path) -> None:
    """Where one story does not come as it says, the command says what was expected and what came, and leaves with 4."""
    (tmp_path / "workflow.yaml").write_bytes((EXAMPLE / "workflow.yaml").read_bytes())
    story = "scenarios: [{title: Wrong, on: 2026-06-30, project: {lifetime_value: 1}, then: {states: {mandate: met}}}]"
    (tmp_path / "told.yaml").write_text(story)
    done = ran(str(tmp_path / "told.yaml"), "--mutate")
    assert done.returncode == 4
    assert "Expected: mandate is met." in done.stdout
    assert "Came: It is unmet: Nothing has been handed in yet." in done.stdout
    assert "only once all its scenarios are kept" in done.stdout


def test_a_file_with_mistakes_ends_with_two(tmp_path: Path) -> None:
    """Where a story has mistakes the command tells each with file and line, plays nothing and leaves with 2."""
    (tmp_path / "workflow.yaml").write_bytes((EXAMPLE / "workflow.yaml").read_bytes())
    (tmp_path / "told.yaml").write_text("scenarios:\n  - {title: A, on: soon,\n     then: {states: {mandat: met}}}\n")
    done = ran(str(tmp_path / "told.yaml"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "line 2: told.yaml: This must be a date" in done.stderr
    assert 'line 3: told.yaml: There is no requirement mandat. Did you mean "mandate"?' in done.stderr


@pytest.mark.parametrize("path", ["nowhere.yaml", "tests/scenarios", "tests/examples/two-gates.yaml", "docs"])
def test_a_path_without_stories_is_a_mistake(path: str) -> None:
    """A path at which there is no workflow, or no story for it, is refused in a sentence, with 2."""
    done = ran(path, "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "input_refused"
