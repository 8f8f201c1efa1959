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


def test_somebody_erased_is_called_so_where_they_acted(work: Run) -> None:
    """Where an erased person decided or handed in, the screen says that their name was erased, and never None.

    Seen to fail when their missing e-mail was written in the place of their name.
    """
    plan = plan_of(work)
    erase(work, GIL)
    for words in (("evidence", "show", plan), ("evidence", "list", "G-1"), ("project", "show", "G-1"), ("gate", "G-1")):
        assert "None" not in work(*words).stdout.replace("None yet.", "")
    assert "someone whose name was erased (p-" in work("evidence", "show", plan).stdout


def test_what_was_typed_in_an_entry_is_erased_by_its_number(work: Run) -> None:
    """The answer says what went and what stays; the screens say that the words were erased, and which entry did it."""
    plan_of(work)
    found = json.loads(work("project", "history", "G-1", "--json").stdout)["history"]
    opened = found[0]["seq"]
    said = erase(work, str(opened))
    assert f"that people had typed in entry {opened}." in said
    assert "The same words where they stand in another entry" in said
    assert "the title was erased" in work("project", "show", "G-1").stdout
    assert f"Erased what was typed in entry {opened}: Letter of 1 June" in work("project", "history", "G-1").stdout
    assert f"of entry {opened}" in work("ledger", "verify").stdout
    again = work("erase", str(opened), "--authority", "x", "--second", SAM, "--as", ADA)
    assert again.returncode == 4


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
