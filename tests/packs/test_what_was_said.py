"""What pages say beside a decision: dissents that came before it, corrections after it, and who tried in vain."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.api import open_register
from engine.core.errors import CocycleError

ROOT = Path(__file__).parents[2]
ADMIN, SECOND = "admin@example.org", "second@example.org"
DISSENT = "Price still counts for more than what young people said matters."


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The register of the sample projects."""
    register = tmp_path_factory.mktemp("sample") / "cocycle.db"
    words = [sys.executable, "-m", "cli", "demo", "--json", "--db", str(register)]
    subprocess.run(words, check=True, capture_output=True, cwd=ROOT)
    return register


def pages(register: Path, project: str, folder: Path) -> dict[str, str]:
    """Returns the pages of a project's pack by their paths."""
    engine = open_register(register)
    engine.pack(project, folder)
    engine.close()
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.rglob("*.html")}


def test_a_dissent_is_told_where_the_gate_was_refused_and_where_it_was_passed_later(
    sample: Path, tmp_path: Path
) -> None:
    """A dissent stays on the page of the refusal, with whose it was, and on that of the passing a week later.

    Seen to fail when only the decisions that stood at the passing were told.
    """
    told = [page for name, page in pages(sample, "CC-002", tmp_path / "p").items() if "Design gate" in name + page]
    decisions = [page for page in told if "<h2>What was required</h2>" in page and "<h1>Design gate" in page]
    assert len(decisions) == 2
    assert all(DISSENT in page for page in decisions)
    assert "<li>Lived-experience co-chair: dissents</li>" in next(p for p in decisions if "refused on" in p)


def test_the_start_page_says_what_became_of_a_gate(sample: Path, tmp_path: Path) -> None:
    """The list of decisions says which were passed with conditions, and which are no longer sound."""
    assert "Passed with conditions" in pages(sample, "CC-004", tmp_path / "4")["index.html"]
    assert "Found no longer sound since" in pages(sample, "CC-008", tmp_path / "8")["index.html"]
    assert "no longer sound since" not in pages(sample, "CC-001", tmp_path / "1")["index.html"]


def test_corrections_stand_beside_what_they_are_about(sample: Path, tmp_path: Path) -> None:
    """A correction is told beside the decision it is about, with both names; so is an attempt by a stranger.

    Seen to fail when the page of a decision did not look for corrections.
    """
    own = tmp_path / "cocycle.db"
    for path in sample.parent.glob("cocycle.db*"):
        shutil.copy(path, own.with_name(path.name))
    engine = open_register(own)
    engine.add_person(SECOND, "Sasha Second", roles=["admin"], actor=ADMIN)
    engine.pack("CC-001", tmp_path / "before")
    moved = max(int(path.stem) for path in (tmp_path / "before" / "data" / "decisions").glob("*.html"))
    engine.correct(moved, "The day was the 15th.", SECOND, actor=ADMIN)
    with pytest.raises(CocycleError):
        engine.decide("CC-001", actor="nobody@example.org")
    engine.close()
    found = pages(own, "CC-001", tmp_path / "p")
    page = found[f"data/decisions/{moved:06d}.html"]
    assert "<strong>Corrected</strong>" in page
    assert all(words in page for words in ("The day was the 15th.", "Alex Admin", "Sasha Second"))
    assert "Somebody the register does not know" in found["index.html"]
    assert "gate_shut" not in found["index.html"]
