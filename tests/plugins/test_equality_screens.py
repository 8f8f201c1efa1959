"""What the screens say while somebody works through the equality stage, and the form that saves them from typing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.api import create_register, read_record

from ..terminal.conftest import run_in
from .equality_facts import full

NIGHT_LINE = Path(__file__).with_name("night_line.yaml")
JOAN = "joan@example.org"
NINE = "age,disability,gender_reassignment,marriage,pregnancy,race,religion,sex,orientation"
Say = Callable[..., str]


@pytest.fixture
def say(tmp_path: Path) -> Say:
    """Runs the command line on a register with a project in the equality stage, and returns all it printed."""
    engine, _ = create_register(tmp_path / "cocycle.db", admin="ada@example.org", name="Ada")
    engine.load_definition(NIGHT_LINE.read_bytes(), "night_line.yaml", actor="ada@example.org")
    engine.add_person(JOAN, "Joan", roles=["lead", "programme_manager"], actor="ada@example.org")
    engine.new_project("Night line", "night-line", project_id="N", fields={"annual_value": "240000"}, actor=JOAN)
    engine.advance("N", actor=JOAN)
    engine.close()
    (tmp_path / "good.yaml").write_text(json.dumps(full()))
    run = run_in(tmp_path)

    def said(*words: str, env: dict[str, str] | None = None) -> str:
        done = run(*words, env=env)
        return done.stdout + done.stderr

    return said


def test_the_way_on_is_a_form_that_can_be_filled_in(say: Say, tmp_path: Path) -> None:
    """Where nothing says which of ninety fields are needed, the next command prints a form; filled in, it is taken.

    Seen to fail when the next command was a bare `evidence add`, which put a record with nothing in it on record; and
    when a line that nobody filled in was a mistake.
    """
    say("evidence", "add", "N", "equality-screening", "--as", JOAN, "--set", "full_assessment=yes")
    given = ("--set", f"looked_at={NINE}", "--set", "full_assessment=yes", "--set", "reasons=Deaf people.")
    said = say("evidence", "add", "N", "equality-screening", "--as", JOAN, *given)
    assert "cocycle evidence form N due-regard" in said.splitlines()[-1]
    form = say("evidence", "form", "N", "due-regard", "--as", JOAN)
    assert max(map(len, form.splitlines())) < 100
    assert set(read_record(form.encode(), "form.yaml")) >= set(full())
    assert f"cocycle evidence add N due-regard --record FILE.yaml --as {JOAN}" in form
    filled = [f"{line} {json.dumps(full()[line[:-1]])}" if line[:-1] in full() else line for line in form.splitlines()]
    (tmp_path / "filled.yaml").write_text("\n".join(filled))
    said = say("evidence", "add", "N", "due-regard", "--record", "filled.yaml", "--as", JOAN)
    assert "no fault was found" in said


def test_what_an_examiner_found_stands_in_lines_and_keeps_the_record_from_counting(say: Say) -> None:
    """Each thing that was found has its line, with its weight; a record with a fault is not said to count.

    Seen to fail when all of it was one paragraph, in which a note looked like a fault, and the list said "Counts now".
    """
    given = ("--record", "good.yaml", "--set", "race_advance=negative", "--as", JOAN)
    said = say("evidence", "add", "N", "due-regard", *given).splitlines()
    assert said[0].endswith("It does not count as it is. Examined by the plugin equality_impact:")
    assert said[1].startswith("  Fault           The effect is negative for race")
    assert any(line.startswith("  Note ") for line in said)
    listed = say("evidence", "list", "N")
    assert "Does not count" in listed
    assert "Counts now" not in listed
    shown = say("evidence", "show", listed.split()[0])
    assert "State           Does not count" in shown
    assert shown.index("Age: effect") < shown.index("Pregnancy") < shown.index("Sexual orientation")  # as in the form
    gate = say("gate", "N")
    assert "No equality assessment counts yet" in gate
    assert "has been handed in yet. Hand in one" not in gate


def test_what_a_plugin_asks_for_anew_is_said_not_to_do_for_it(say: Say, tmp_path: Path) -> None:
    """A decision that is there and does not name the newest assessment is asked for anew, and it is said for what.

    Seen to fail when it said that nobody would come after it. No sentence names a requirement by its code.
    """
    say("evidence", "add", "N", "due-regard", "--record", "good.yaml", "--as", JOAN)
    first = say("evidence", "list", "N").split()[0]
    decided = ("--set", f"considered={first}", "--set", "reasons=It is needed.", "--as", JOAN)
    assert "no fault" in say("evidence", "add", "N", "equality-decision", *decided)
    for role, name in (("sro", "alison"), ("edi", "priya")):
        say("person", "add", f"{name}@example.org", "--name", name, "--role", role, "--as", "ada@example.org")
        assert "Signed" in say("sign", "N", "equality-decision", "--as", f"{name}@example.org")
    say("evidence", "add", "N", "due-regard", "--record", "good.yaml", "--as", JOAN)
    gate = say("gate", "N")
    assert "nobody would come after" not in gate
    assert "One is there already, and it does not do for “Due regard to equality”." in gate
    assert "“due-regard”" not in gate
    assert "“equality-decision”" not in gate


def test_a_name_that_is_none_of_very_many_gets_a_short_answer(say: Say) -> None:
    """A field that is not there names a few of those that are, not ninety.

    Seen to fail when the answer was a screen full of names.
    """
    said = say("evidence", "add", "N", "due-regard", "--set", "zzz=1", "--as", JOAN)
    assert said == (
        "Not accepted: There is no field zzz. There are 91: age_eliminate, age_advance, age_foster, age_evidence,"
        " age_figures_to, age_no_figures, age_mitigation, age_owner, age_by, age_justification, disability_eliminate,"
        " disability_advance and so on.\n"
    )
    assert "has no requirement due-regards. Did you mean due-regard?" in say("evidence", "form", "N", "due-regards")
    assert "“Every negative effect has an answer” takes no record" in say("evidence", "form", "N", "mitigated")


def test_without_the_plugin_nothing_is_said_to_be_judged(say: Say) -> None:
    """While the plugin is away its requirements are broken, and what it has not said is not said for it.

    Seen to fail when they were "judged by the plugin", and no decision had been made "yet".
    """
    gate = say("gate", "N", env={"COCYCLE_PLUGINS": "none"})
    assert "The plugin equality_impact has to judge it." in gate
    assert "Judged by" not in gate
    assert "None that can be shown to hold while a plugin does not answer." in gate


def test_a_plugin_that_did_not_answer_is_no_version_of_it(say: Say) -> None:
    """What `ledger verify` says of a refusal on record that a plugin was not there for.

    Seen to fail when it listed verdicts of a version without a name.
    """
    assert "Refused" in say("advance", "N", "--as", JOAN, env={"COCYCLE_PLUGINS": "none"})
    told = say("ledger", "verify")
    assert "equality_impact did not answer 3 times; taken as recorded, which keeps a gate shut" in told
    assert "(digest …)" not in told
