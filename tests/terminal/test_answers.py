"""What commands answer: the contract's shapes under --json, and what people read without it."""

from __future__ import annotations

import json
from collections.abc import Callable
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]
GIL, NAN, PIA, ADA = ("gil@example.org", "nan@example.org", "pia@example.org", "ada@example.org")


def asked(run: Run, *words: str) -> Any:
    ended = run(*words, "--json")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return json.loads(ended.stdout)


def evidence(look: Run) -> str:
    return str(asked(look, "evidence", "list", "G-1")["evidence"][0]["evidence"])


def test_a_project_is_given_with_the_members_of_the_contract(look: Run) -> None:
    """`project show` has every member that may be relied on, money as text in pounds."""
    found = asked(look, "project", "show", "G-1")
    assert found.keys() >= {
        *("project", "title", "workflow", "definition", "cycle", "stage", "entered_at", "on_hold", "fields"),
        *("version", "gates", "waiting_for", "since", "expected_by"),
    }
    assert (found["project"], found["stage"], found["fields"]) == ("G-1", "dream", {"budget": "1200.50"})


def test_a_gate_is_given_with_the_members_of_the_contract(look: Run) -> None:
    """`gate` has every member that may be relied on, and so have its requirements and acts."""
    found = asked(look, "gate", "G-1")
    assert found.keys() >= {
        *("project", "gate", "from", "to", "open", "as_of", "definition", "summary", "requirements", "principles"),
        *("decisions", "acts", "earliest_open"),
    }
    for requirement in found["requirements"]:
        assert requirement.keys() >= {"id", "title", "state", "why", "evidence", "needs", "basis", "waiver", "of"}
    for act in found["acts"]:
        assert act.keys() >= {"act", "requirement", "roles", "detail", "not_before"}


def test_lists_are_given_with_the_members_of_the_contract(look: Run) -> None:
    """People, projects and evidence are listed with the members that may be relied on."""
    (project,) = asked(look, "project", "list")["projects"]
    assert project.keys() >= {
        *("project", "title", "workflow", "stage", "on_hold", "unsound", "expected_by", "since", "waiting_for"),
    }
    (record,) = asked(look, "evidence", "list", "G-1")["evidence"]
    assert record.keys() >= {
        *("evidence", "requirement", "kind", "level", "state", "recorded_at", "happened_on", "by", "files"),
    }
    for person in asked(look, "person", "list")["people"]:
        assert person.keys() >= {"id", "email", "name", "roles", "active"}


def test_a_write_says_its_place_in_the_ledger(work: Run) -> None:
    """Every write answers with seq, events, key and replayed; `evidence add` also with the record and its files."""
    before = asked(work, "ledger", "verify")["size"]
    found = asked(
        work, "evidence", "add", "G-1", "round", "--set", "walkers.neighbours=2", "--file", "plan.txt", "--as", GIL
    )
    assert (found["seq"], found["events"], found["replayed"]) == (before, ["evidence_added"], False)
    assert found["key"]
    assert found["evidence"]
    assert [(f["name"], f["size"]) for f in found["files"]] == [("plan.txt", 5)]


def test_the_same_key_gives_the_same_answer_once(work: Run) -> None:
    """A command repeated under its key is answered as before and writes nothing."""
    words = ("project", "hold", "G-1", "--reason", "rain", "--as", PIA, "--key", "k1")
    first, second = asked(work, *words), asked(work, *words)
    assert second == {**first, "replayed": True}
    assert asked(work, "ledger", "verify")["size"] == first["seq"] + 1
    assert "done before" in work(*words).stdout


def test_a_key_of_something_else_is_a_conflict(work: Run) -> None:
    """A key that was used for another command exits with 7."""
    assert work("project", "hold", "G-1", "--reason", "rain", "--as", PIA, "--key", "k1").returncode == 0
    ended = work("project", "resume", "G-1", "--reason", "sun", "--as", PIA, "--key", "k1")
    assert ended.returncode == 7


def test_the_bytes_of_a_file_come_back_as_they_were(look: Run) -> None:
    """`evidence get` prints a file's bytes and nothing else."""
    ended = look("evidence", "get", evidence(look))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "beds\n", "")


def test_a_leaf_is_printed_as_it_stands(look: Run) -> None:
    """`ledger leaf` prints one JSON object and not even a line end after it."""
    ended = look("ledger", "leaf", "0")
    assert ended.returncode == 0
    assert ended.stdout.endswith("}")
    assert json.loads(ended.stdout)["event"] == "register_opened"


def test_set_adds_up_lists_and_wins_over_the_record(work: Run, tmp_path: Any) -> None:
    """`--set` wins over `--record` part by part, and a list given twice holds both."""
    record = tmp_path / "record.yaml"
    record.write_text("walkers: {neighbours: 1, officers: 1}\nasked_for: [shade]\n")
    given = ("--record", str(record), "--set", "walkers.neighbours=4")
    lists = ("--set", "asked_for=water, a bench", "--set", "asked_for=light")
    found = asked(work, "evidence", "add", "G-1", "round", *given, *lists, "--as", GIL)
    shown = asked(work, "evidence", "show", found["evidence"])
    assert shown["facts"] == {
        "walkers": {"neighbours": 4, "officers": 1},
        "asked_for": ["water", "a bench", "light"],
    }


def test_a_project_walks_from_opening_to_its_end(work: Run) -> None:
    """A project moves through its gate, with a condition, and on to its final stage, and the ledger stays intact."""
    asked(work, "evidence", "add", "G-1", "round", "--set", "walkers.neighbours=2", "--as", GIL)
    asked(work, "evidence", "add", "G-1", "notice", "--set", "put_up=2026-01-02", "--as", GIL)
    asked(work, "sign", "G-1", "plan", "--as", NAN)
    asked(work, "decide", "G-1", "--as", GIL)
    condition = ("--condition", "Mind the roots", "--owner", NAN, "--due", "2031-01-01")
    moved = asked(work, "advance", "G-1", "--as", GIL, *condition)
    assert (moved["from"], moved["to"], moved["outcome"]) == ("dream", "dig", "passed_with_conditions")
    shown = asked(work, "project", "show", "G-1")["gates"]
    assert [(g["gate"], g["outcome"], g["sound"]) for g in shown] == [("spade", "passed_with_conditions", True)]
    assert [d["role"] for d in shown[0]["decided_by"]] == ["gardener"]
    asked(work, "advance", "G-1", "--to", "harvest", "--as", GIL)
    assert asked(work, "ledger", "verify")["ok"] is True
    told = work("project", "history", "G-1").stdout
    assert "Moved from Dream to Dig (Spade gate, passed with conditions)." in told


def test_the_board_is_grouped_by_stage(look: Run) -> None:
    """People read the projects stage by stage, with what each waits for; a filter that finds none says so."""
    text = look("project", "list").stdout
    assert "Dream (1)\n  G-1  Old Kent Road" in text
    assert "waiting for" in text.lower()
    assert look("project", "list", "--waiting-for", "auditor").stdout.startswith("No project is like that.")


def test_the_past_is_answered_as_it_stood(look: Run) -> None:
    """With --as-of a ledger index, `gate` and `project show` answer from what stood after that entry."""
    history = asked(look, "project", "history", "G-1")["history"]
    opened = str(history[0]["seq"])
    assert asked(look, "project", "show", "G-1", "--as-of", opened)["version"] == 1
    (plan, *_) = asked(look, "gate", "G-1", "--as-of", opened)["requirements"]
    assert plan["evidence"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("project", "list"),
        ("project", "show", "G-1"),
        ("project", "history", "G-1"),
        ("gate", "G-1"),
        ("evidence", "list", "G-1"),
        ("person", "list"),
        ("workflow", "list"),
        ("workflow", "show", "garden"),
        ("workflow", "diagram", "garden"),
        ("workflow", "diagram", "garden", "--format", "svg"),
        ("workflow", "schema"),
        ("ledger", "verify"),
        ("doctor",),
        ("completion", "bash"),
        ("completion", "zsh"),
        ("completion", "fish"),
    ],
    ids=" ".join,
)
def test_every_reading_answers_people_and_programs(look: Run, words: tuple[str, ...]) -> None:
    """A reading prints text for people on standard output, one JSON object under --json, and complains of nothing."""
    people, programs = look(*words), look(*words, "--json")
    assert (people.returncode, people.stderr, programs.returncode, programs.stderr) == (0, "", 0, "")
    assert people.stdout.strip()
    assert "\x1b" not in people.stdout
    assert isinstance(json.loads(programs.stdout), dict)
