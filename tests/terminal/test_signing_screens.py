"""What whoever signs is told: a signature stands under what does not do, and the screen says so."""

from __future__ import annotations

from pathlib import Path

from .conftest import GARDEN, Run

GIL, NAN, ADA, PIA = "gil@example.org", "nan@example.org", "ada@example.org", "pia@example.org"


def test_who_signs_what_does_not_do_is_warned(work: Run) -> None:
    """A record below the level asked for can be signed, and whoever signs reads at once that it does not do.

    Seen to fail when the signature was told and the level was not.
    """
    low = ["evidence", "add", "G-1", "plan", "--level", "informing", "--file", "plan.txt", "--as", GIL]
    assert work(*low).returncode == 0
    done = work("sign", "G-1", "plan", "--as", NAN)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Signed “Plan of the beds” as neighbour.")
    assert "Your signature stands, but the record does not do as it is:" in done.stderr
    assert "The level asked for is engagement; the record is at informing." in done.stderr


def test_who_signs_what_breaks_a_rule_is_warned(work: Run, tmp_path: Path) -> None:
    """The rule that a signed record does not keep is told in the author's own words."""
    text = GARDEN.read_text(encoding="utf-8")
    text = text.replace("evidence: walk, rules: [enough]", "evidence: walk, rules: [enough], signed_by: [neighbour]")
    (tmp_path / "signed.yaml").write_text(text, encoding="utf-8")
    for words in (
        ["workflow", "load", str(tmp_path / "signed.yaml"), "--as", ADA],
        ["project", "new", "New Kent Road", "--workflow", "garden", "--id", "G-2", "--set", "budget=5", "--as", PIA],
        ["person", "grant", GIL, "gardener", "--project", "G-2", "--as", ADA],
        ["person", "grant", NAN, "neighbour", "--project", "G-2", "--as", ADA],
        ["evidence", "add", "G-2", "round", "--set", "walkers.neighbours=1", "--as", GIL],
    ):
        assert work(*words).returncode == 0
    said = " ".join(work("sign", "G-2", "round", "--as", NAN).stderr.split())
    assert "Enough neighbours: At least two neighbours must have walked along." in said


def test_who_signs_what_does_is_not_warned(work: Run) -> None:
    """Nothing is said on standard error about a record that keeps everything asked of it."""
    done = work("sign", "G-1", "plan", "--as", NAN)
    assert (done.returncode, done.stderr) == (0, "")
