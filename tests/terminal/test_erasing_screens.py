"""What the screen says of an erasure: what went, what stays and why, and what is left to do."""

from __future__ import annotations

import json

from engine.core.rulings.erasing import GROUNDS as OF_THE_ENGINE
from terminal.commands_erase import GROUNDS

from .conftest import Run

ADA, GIL, PIA = "ada@example.org", "gil@example.org", "pia@example.org"
SAM = "sam@example.org"


def erase(work: Run, *words: str) -> str:
    """Erases with two admins and returns what was printed."""
    done = work("erase", *words, "--authority", "Letter of 1 June", "--second", SAM, "--as", ADA)
    assert (done.returncode, done.stderr) == (0, "")
    return " ".join(done.stdout.split())


def plan_of(work: Run) -> str:
    assert work("person", "add", SAM, "--name", "Sam Second", "--role", "admin", "--as", ADA).returncode == 0
    found = json.loads(work("evidence", "list", "G-1", "--json").stdout)
    return str(found["evidence"][0]["evidence"])


def test_the_grounds_of_the_command_are_those_of_the_engine() -> None:
    """The command offers exactly the grounds that the engine knows, in the order of the law."""
    assert tuple(OF_THE_ENGINE) == GROUNDS


def test_erased_evidence_is_told_and_shown_as_erased(work: Run) -> None:
    """The answer says what went and what stays; list, show, history and the gate say that it was erased.

    Seen to fail when an erased file was offered to be fetched.
    """
    plan = plan_of(work)
    said = erase(work, plan, "--ground", "objection")
    assert said.startswith(f"Erased {plan}: 1 thing that people had typed and 1 file are gone.")
    assert "What stays That it was handed in, by whom and when" in said
    assert "Backups, exports and copies that were made before still hold everything" in said
    assert "Erased" in work("evidence", "list", "G-1").stdout
    shown = work("evidence", "show", plan).stdout
    assert "it counts for no gate still to be passed" in shown
    assert "(name erased)" in shown
    assert "evidence get" not in shown
    assert "None" not in shown
    assert f"Erased 2 things of the evidence {plan}: Letter of 1 June" in work("project", "history", "G-1").stdout
    assert "Its words were erased on" in work("gate", "G-1").stdout
    assert work("evidence", "get", plan).returncode == 8


def test_an_erased_person_leaves_a_list_of_what_to_look_at(work: Run) -> None:
    """The answer names each record they handed in with the command to erase it, and says what no program finds."""
    plan = plan_of(work)
    said = erase(work, GIL)
    assert "no program can find that" in said
    assert f"cocycle erase {plan} --authority … --second … --as {ADA}" in said
    assert "(name erased)" in work("person", "list").stdout


def test_a_ground_that_no_law_has_is_refused(work: Run) -> None:
    """Another ground than those of the law is exit 2 with the grounds there are; nothing is erased without two."""
    plan = plan_of(work)
    asked = ("erase", plan, "--authority", "x", "--second", SAM, "--as", ADA)
    done = work(*asked, "--ground", "because")
    assert done.returncode == 2
    assert "consent_withdrawn" in done.stderr
    assert work("erase", plan, "--authority", "x", "--second", ADA, "--as", ADA).returncode == 6
    assert work("erase", plan, "--authority", "x", "--second", SAM, "--as", PIA).returncode == 6
    assert work("evidence", "get", plan).returncode == 0
