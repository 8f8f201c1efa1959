"""The gate as people read it: a to-do list in the definition's words, ending in a command that can be typed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from subprocess import CompletedProcess

Run = Callable[..., CompletedProcess[str]]
GIL, NAN = "gil@example.org", "nan@example.org"


def next_command(text: str) -> list[str]:
    line = text.rstrip().splitlines()[-1].strip()
    assert line.startswith("cocycle ")
    return shlex.split(line)[1:]


def test_the_gate_begins_with_its_summary_and_ends_with_the_next_command(look: Run) -> None:
    """First stands the summary, then what to do, then every requirement, and last the next command, complete."""
    text = look("gate", "G-1").stdout
    order = ["Spade gate is shut", "To do", "Requirements", "Decisions so far", "Principles", "Earliest date", "Next"]
    places = [text.index(heading) for heading in order]
    assert places == sorted(places)
    assert places[0] == 0
    assert next_command(text)[:3] == ["evidence", "add", "G-1"]


def test_an_act_says_what_who_and_by_which_rule(look: Run) -> None:
    """The to-do list names requirements by title, roles by title with their people, and rules in their own words."""
    text = look("gate", "G-1").stdout
    assert "Hand in “Walk with neighbours”: a walk round the site, with a file if there is one." in text
    assert "At least two neighbours must have walked along." in text
    assert "Who: neighbour (Nan Neighbour)." in text
    assert "Who: anyone with a role in the project." in text


def test_a_state_is_a_word(look: Run) -> None:
    """Each requirement has a word for its state, and its reasons beside it."""
    text = look("gate", "G-1").stdout
    assert "  Missing         Plan of the beds  [plan]" in text
    assert "Not yet signed by the neighbour." in text


def test_a_wait_says_its_date_in_words(work: Run) -> None:
    """A date that is waited for is written as 13 January 2031, and --at moves the answer to a day."""
    assert work("evidence", "add", "G-1", "notice", "--set", "put_up=2031-01-02", "--as", GIL).returncode == 0
    text = work("gate", "G-1").stdout
    assert "Wait until 14 January 2031: 10 days after “Notice of the start” (put up)." in text
    assert "  Waiting         Ten quiet days" in text
    assert "  Met             Ten quiet days" in work("gate", "G-1", "--at", "2031-01-14").stdout


def test_the_commands_suggested_lead_through_the_gate(work: Run) -> None:
    """Following the next command, blanks filled in, opens the gate and passes it."""
    blanks = {"walkers.neighbours=…": "walkers.neighbours=2", "walkers.officers=…": "walkers.officers=1"}
    blanks |= {"put_up=…": "put_up=2026-01-02"}
    text = work("gate", "G-1").stdout
    for _ in range(8):
        words = [blanks.get(word, word) for word in next_command(text)]
        ended = work(*words)
        assert ended.returncode == 0, (words, ended.stderr)
        text = ended.stdout
        if words[0] == "advance":
            break
    assert text.startswith("Moved G-1 from Dream to Dig: passed.")


def test_a_shut_gate_refuses_with_the_same_list(work: Run) -> None:
    """A refused advance exits with 4 and tells on standard error where it is on record, and all that `gate` tells."""
    ended, gate = work("advance", "G-1", "--as", GIL), work("gate", "G-1", "--as", GIL)
    assert (ended.returncode, ended.stdout) == (4, "")
    first, rest = ended.stderr.split("\n", 1)
    said = r"Refused by the rules; nothing was changed\. That it was refused is on record: ledger entry \d+\."
    assert re.fullmatch(said, first)
    assert rest == gate.stdout


def test_the_next_command_names_the_register_that_was_named(look: Run) -> None:
    """A register given by --db stands in the next command; one from the environment need not."""
    named = look("gate", "G-1", "--db", "./cocycle.db").stdout
    assert next_command(named)[-4:-1] == ["--db", "./cocycle.db", "--as"]
    assert "--db" not in look("gate", "G-1", env={"COCYCLE_DB": "cocycle.db"}).stdout


def test_a_pipe_gets_no_colour_and_no_wrapping(look: Run) -> None:
    """Into a pipe, a sentence is one line, however long."""
    text = look("gate", "G-1", env={"COLUMNS": "40"}).stdout
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) > 80
