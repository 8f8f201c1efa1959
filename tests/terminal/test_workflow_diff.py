"""`cocycle workflow diff` and `workflow page`, driven as a stranger would."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import GARDEN, Run


def written(folder: Path, was: str, now: str, name: str = "other.yaml") -> str:
    """Writes the garden with one piece replaced, and returns where."""
    text = GARDEN.read_text()
    assert was in text
    (folder / name).write_text(text.replace(was, now))
    return str(folder / name)


def test_what_changed_is_told_in_groups(empty: Run, tmp_path: Path) -> None:
    """Each group has its heading and its sentences, and the exit code is 0 though the two differ."""
    other = written(tmp_path, "level: engagement, signed_by: [neighbour]", "level: co_design")
    found = empty("workflow", "diff", str(GARDEN), other)
    assert found.returncode == 0
    assert "Asks more\n  - “Plan of the beds” now needs level co-design (was engagement).\n" in found.stdout
    assert "Asks less\n  - “Plan of the beds” no longer has to be signed by Neighbour.\n" in found.stdout
    assert "Asks otherwise" not in found.stdout


def test_two_that_mean_the_same_are_said_to(empty: Run, tmp_path: Path) -> None:
    """A definition means the same as itself, and another version of it has another digest and the same meaning."""
    same = empty("workflow", "diff", str(GARDEN), str(GARDEN)).stdout
    assert same.endswith("\nThe two definitions mean the same.\n")
    later = empty("workflow", "diff", str(GARDEN), written(tmp_path, 'version: "2"', 'version: "3"')).stdout
    assert later.endswith("The two definitions mean the same. They are written differently, so their digests differ.\n")


def test_json_has_the_promised_members(empty: Run, tmp_path: Path) -> None:
    """The JSON says whether they are the same, what the two are, and of each change where, kind, says, was and is."""
    other = written(tmp_path, "days: 10", "days: 12")
    found = json.loads(empty("workflow", "diff", str(GARDEN), other, "--json").stdout)
    assert found.keys() == {"same", "a", "b", "changes"}
    assert not found["same"]
    assert found["a"]["workflow"] == found["b"]["workflow"] == "garden"
    assert found["a"]["definition"] != found["b"]["definition"]
    [change] = found["changes"]
    assert change.keys() == {"where", "kind", "says", "was", "is"}
    assert (change["where"], change["kind"]) == ("gates.spade.quiet", "more")


def test_a_definition_is_found_by_file_by_id_and_by_digest(look: Run) -> None:
    """Files, ids and digests of the register, and shipped ids name a definition; the register comes first."""
    digest = json.loads(look("workflow", "show", "garden", "--json").stdout)["definition"]
    for name in ("garden", digest, str(GARDEN)):
        found = look("workflow", "diff", name, "garden")
        assert found.returncode == 0
        assert found.stdout.endswith("The two definitions mean the same.\n")
    assert look("workflow", "diff", "garden", "commissioning-cycle").returncode == 0


def test_a_shipped_workflow_needs_no_register(empty: Run) -> None:
    """Where there is no register, shipped workflows are found by their ids all the same."""
    assert empty("workflow", "diff", "commissioning-cycle", "commissioning-cycle").returncode == 0
    assert empty("workflow", "page", "commissioning-cycle").stdout.startswith("# Commissioning cycle\n")


def test_what_is_not_there_is_8_and_what_is_bad_is_2(look: Run, empty: Run, tmp_path: Path) -> None:
    """A name nobody knows, or a file that is not there, exits with 8; a file with mistakes with 2 and its place."""
    for run in (look, empty):
        assert run("workflow", "diff", "gardn", str(GARDEN)).returncode == 8
        assert run("workflow", "page", "gardn").returncode == 8
        assert run("workflow", "diff", str(GARDEN), "gone.yaml").returncode == 8
    bad = empty("workflow", "diff", str(GARDEN), written(tmp_path, "evidence: walk", "evidence: walks"))
    assert bad.returncode == 2
    assert "line 47" in bad.stderr
    assert empty("workflow", "diff", str(GARDEN), str(tmp_path)).returncode == 2


def test_a_page_is_markdown_or_a_member_of_json(look: Run) -> None:
    """`workflow page` prints Markdown, and with --json the same text as a member."""
    page = look("workflow", "page", "garden").stdout
    assert page.startswith("# Community garden\n")
    assert json.loads(look("workflow", "page", "garden", "--json").stdout)["page"] == page
