"""What was refused stays visible: it is on record, says no word that anybody typed, and cannot flood the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.api import CocycleError, Conflict, Engine, InputRefused, NotFound, NotPermitted, RulesRefused
from engine.api import StorageUnavailable as Unavailable
from engine.core.events import SCHEMA
from engine.store.refusals import refusals

from .town import ADMIN, AUDITOR, COCHAIR, IDLE, LEAD, MANAGER, PROJECT, SRO, START, UNKNOWN, Json, Town, refused

Asked = Callable[[Engine], object]


def person(town: Town, email: str) -> str:
    """Returns the id of a person."""
    return str(next(p["id"] for p in town.engine.people()["people"] if p["email"] == email))


def entries(town: Town) -> list[Json]:
    """Returns the leaves that tell of refusals."""
    return [leaf for leaf in town.leaves() if leaf["event"] == "refused"]


TRIED: dict[str, tuple[str, Asked, Json]] = {
    "a shut gate": (
        SRO,
        lambda e: e.advance(PROJECT, actor=SRO),
        {"verb": "advance", "code": "gate_shut", "gate": "plan-gate", "act": "advance"},
    ),
    "deciding at a shut gate": (
        SRO,
        lambda e: e.decide(PROJECT, actor=SRO),
        {"verb": "decide", "code": "gate_shut", "gate": "plan-gate", "act": "advance"},
    ),
    "a way that is not there": (
        SRO,
        lambda e: e.advance(PROJECT, act="canary", actor=SRO),
        {"verb": "advance", "code": "no_such_transition"},
    ),
    "a signature without a record": (
        COCHAIR,
        lambda e: e.sign(PROJECT, "priorities", actor=COCHAIR),
        {"verb": "sign", "code": "nothing_to_sign", "requirement": "priorities"},
    ),
    "a signature in a role that is missing": (
        LEAD,
        lambda e: e.sign(PROJECT, "mandate", actor=LEAD),
        {"verb": "sign", "code": "not_permitted", "requirement": "mandate"},
    ),
    "holding": (LEAD, lambda e: e.hold(PROJECT, "canary", actor=LEAD), {"verb": "hold", "code": "not_permitted"}),
    "a stranger": (
        "system",
        lambda e: e.hold(PROJECT, "canary", actor=UNKNOWN),
        {"verb": "hold", "code": "unknown_person"},
    ),
    "a role": (
        LEAD,
        lambda e: e.grant(LEAD, "admin", actor=LEAD),
        {"verb": "person grant", "code": "not_permitted"},
    ),
    "a project": (
        IDLE,
        lambda e: e.new_project("canary", "two-gates", fields={"lifetime_value": 1}, actor=IDLE),
        {"verb": "project new", "code": "not_permitted"},
    ),
}


@pytest.mark.parametrize("what", TRIED)
def test_what_may_not_be_forgotten_is_on_record(town: Town, what: str) -> None:
    """A denied act, and a move, signature or decision that the rules refuse, has an entry by who tried, and its place.

    Seen to fail when the transaction of a refusal was rolled back.
    """
    by, ask, said = TRIED[what]
    town.open()
    size, version = town.size, town.engine.version(PROJECT)
    with pytest.raises(CocycleError) as caught:
        ask(town.engine)
    (leaf,) = town.leaves(size)
    assert (caught.value.details["seq"], caught.value.details["events"]) == (size, ["refused"])
    assert leaf["by"] == (by if by == "system" else person(town, by))
    assert "project" not in leaf
    assert "key" not in leaf
    assert leaf["words"] == {}
    about = {} if said["verb"] in ("person grant", "project new") else {"project": PROJECT, "version": version}
    body = {k: v for k, v in leaf["body"].items() if k != "verdicts"}
    assert body == {**said, **about, "times": 1, "since": leaf["at"]}
    assert set(leaf["body"]) <= {name.rstrip("?") for name in SCHEMA["refused"][1]}
    assert town.engine.version(PROJECT) == version


def test_a_shut_gate_is_recorded_with_what_stood(town: Town) -> None:
    """The entry of a shut gate holds the state of each requirement, and the records that were looked at."""
    town.open()
    record = town.add("mandate")
    caught = refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=SRO))
    verdicts = town.leaves(caught.details["seq"])[0]["body"]["verdicts"]
    assert {name: state for name, (state, _) in verdicts.items()} == town.states()
    assert verdicts["mandate"] == ["unmet", [record]]
    gate = town.engine.gate(PROJECT)
    assert {name: caught.details[name] for name in gate} == gate


NOT_RECORDED: dict[str, tuple[type[CocycleError], Asked]] = {
    "bad input": (InputRefused, lambda e: e.hold(PROJECT, "", actor=LEAD)),
    "nobody acting": (InputRefused, lambda e: e.hold(PROJECT, "x", actor=None)),
    "not found": (NotFound, lambda e: e.hold("CC-9", "x", actor=LEAD)),
    "a conflict": (Conflict, lambda e: e.advance(PROJECT, expect=99, actor=LEAD)),
    "a rule of another act": (RulesRefused, lambda e: e.resume(PROJECT, "x", actor=MANAGER)),
    "a rule of the register": (RulesRefused, lambda e: e.revoke(ADMIN, "admin", actor=ADMIN)),
}


@pytest.mark.parametrize("what", NOT_RECORDED)
def test_a_mistake_is_not_on_record(town: Town, what: str) -> None:
    """Bad input, what is not there, conflicts and the rules of other acts leave no trace."""
    kind, ask = NOT_RECORDED[what]
    town.open()
    size = town.size
    found = refused(kind, None, lambda: ask(town.engine))
    assert town.size == size
    assert not {"seq", "events", "recorded"} & found.details.keys()


def test_no_word_that_was_typed_is_on_record(town: Town) -> None:
    """Nothing a refused person typed is in the register's file: no reason, way, key, title or made-up address.

    Seen to fail when the act that was asked for stood in the entry.
    """
    town.open()
    asks: list[Callable[[Json], object]] = [
        lambda who: town.engine.hold(PROJECT, "canary reason", **who),
        lambda who: town.engine.advance(PROJECT, act="canary-act", **who),
        lambda who: town.engine.add_person("canary@example.org", "canary", **who),
    ]
    for by in (LEAD, "canary.stranger@example.org"):
        for ask in asks:
            refused(CocycleError, None, lambda: ask({"actor": by, "key": f"canary key {by}"}))  # noqa: B023  # called at once
    assert len(entries(town)) == 6
    town.engine.close()
    for path in town.path.parent.iterdir():
        assert b"canary" not in path.read_bytes().lower()
    town.reopen()


def quick(town: Town) -> None:
    """Leaves flushing to the disk out, which thousands of refusals need not wait for."""
    town.engine.database.connection().execute("PRAGMA synchronous = OFF")


def test_ten_thousand_refusals_make_five_entries(town: Town) -> None:
    """The same refused n times on a day has as many entries as n has digits, each saying how often and since when.

    Seen to fail when every refusal was told.
    """
    town.open()
    quick(town)
    size = town.size
    found = [refused(NotPermitted, None, lambda: town.engine.hold(PROJECT, "x", actor=IDLE)) for _ in range(10_000)]
    told = town.leaves(size)
    assert [leaf["body"]["times"] for leaf in told] == [1, 10, 100, 1_000, 10_000]
    assert {leaf["body"]["since"] for leaf in told} == {told[0]["at"]}
    assert [e.details.get("seq") for e in found if "seq" in e.details] == list(range(size, size + 5))
    assert found[5_000].details == {"recorded": 5_001}
    assert [r["times"] for r in town.engine.project(PROJECT)["refused"]] == [10_000]


def test_a_stranger_with_a_thousand_names_is_one_stranger(town: Town) -> None:
    """Everyone the register does not know counts together, so made-up addresses make no entries of their own.

    Seen to fail when each address was counted by itself.
    """
    town.open()
    quick(town)
    size = town.size
    for number in range(1_000):
        refused(NotPermitted, None, lambda: town.engine.hold(PROJECT, "x", actor=f"s{number}@example.org"))  # noqa: B023  # called at once
    assert [leaf["body"]["times"] for leaf in town.leaves(size)] == [1, 10, 100, 1_000]
    assert {leaf["by"] for leaf in town.leaves(size)} == {"system"}


def test_a_person_has_a_hundred_kinds_of_refusals_a_day(town: Town) -> None:
    """What somebody is refused beyond a hundred different things on a day is counted as one thing, until the next day.

    Seen to fail when each new thing had an entry whatever went before.
    """
    quick(town)
    names = [f"K-{number}" for number in range(120)]
    for name in names:
        town.engine.new_project("A project", "two-gates", project_id=name, fields={"lifetime_value": 1}, actor=MANAGER)
    size = town.size
    for name in names:
        refused(NotPermitted, None, lambda: town.engine.hold(name, "x", actor=IDLE))  # noqa: B023  # called at once
    told = [leaf["body"] for leaf in town.leaves(size)]
    assert [body.get("project") for body in told] == [*names[:100], None, None]
    assert [(body["verb"], body["code"], body["times"]) for body in told[100:]] == [
        ("several", "several", 1),
        ("several", "several", 10),
    ]
    with town.engine.database.read() as tx:
        assert sum(row.times for row in refusals(tx)) == len(names), "each was counted"
    town.on("2026-06-02")
    assert "seq" in refused(NotPermitted, None, lambda: town.engine.hold("K-119", "x", actor=IDLE)).details


def test_a_refused_command_leaves_its_key_to_be_used(town: Town) -> None:
    """The key of a refused command is free: the same command granted later uses it, and then answers for ever."""
    town.open()
    again = {"actor": IDLE, "key": "the key"}
    for _ in range(2):
        refused(NotPermitted, None, lambda: town.engine.hold(PROJECT, "A pause", **again))
    town.engine.grant(IDLE, "programme_manager", actor=ADMIN)
    answer = town.engine.hold(PROJECT, "A pause", **again)
    assert answer["replayed"] is False
    assert town.engine.hold(PROJECT, "A pause", **again) == answer | {"replayed": True}


def test_what_cannot_be_recorded_is_not_refused_quietly(town: Town) -> None:
    """Where there is no room for a refusal the act fails as storage does, and nothing of it is in the register.

    Seen to fail when a refusal that could not be written was swallowed.
    """
    town.open()
    connection = town.engine.database.connection()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    stop: Asked = lambda e: e.advance(PROJECT, act="stop", reason="x", actor=COCHAIR)  # noqa: E731  # asked again and again
    for day in range(1, 2_000):
        size = town.size
        found = refused(CocycleError, None, lambda: stop(town.engine))
        if isinstance(found, Unavailable):
            break
        assert isinstance(found, NotPermitted)
        assert (found.details["seq"], town.size) == (size, size + 1)
        town.clock.set(START + timedelta(days=day))
    else:
        pytest.fail("the disk was never full")
    assert town.size == size
    connection.execute("PRAGMA max_page_count = 1073741823")


def test_a_clock_behind_is_told_before_a_refusal(town: Town) -> None:
    """Where the clock is behind that is what is heard, of projects and of the register, and nothing is written."""
    town.open()
    size = town.size
    town.on("2026-05-01")
    refused(RulesRefused, "clock_behind", lambda: town.engine.hold(PROJECT, "x", actor=IDLE))
    refused(RulesRefused, "clock_behind", lambda: town.engine.grant(IDLE, "admin", actor=IDLE))
    assert town.size == size


def test_the_project_shows_what_was_refused_in_it(town: Town) -> None:
    """A project's page has each thing refused a person once, over all days; its history has it once a day.

    Seen to fail when each day counted by itself on the page.
    """
    town.open()
    town.open("CC-2")
    for day, times in (("2026-06-04", 2), ("2026-06-05", 1)):
        town.on(day)
        for _ in range(times):
            refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=SRO))
    refused(NotPermitted, None, lambda: town.engine.hold(PROJECT, "x", actor=UNKNOWN))
    stranger, shut = town.engine.project(PROJECT)["refused"]
    assert (stranger["person"], stranger["name"], stranger["times"]) == (None, None, 1)
    assert (shut["name"], shut["times"], shut["to"], shut["gate"]) == ("Sro", 3, "design", "plan-gate")
    assert shut["since"].startswith("2026-06-04T")
    history = [e for e in town.engine.history(PROJECT)["history"] if e["event"] == "refused"]
    assert [e["times"] for e in history] == [2, 1, 1]
    assert town.engine.project("CC-2")["refused"] == []
    assert [r["times"] for r in town.engine.project(PROJECT, as_of="2026-06-04")["refused"]] == [None]
    assert [r["times"] for r in town.engine.project(PROJECT, as_of="2026-06-05")["refused"]] == [1, 3]
    assert town.engine.project(PROJECT, as_of="2026-06-03")["refused"] == []


def test_an_auditor_is_refused_like_everybody(town: Town) -> None:
    """Watching gives no cover: what an auditor is refused is on record in their name."""
    town.open()
    refused(NotPermitted, None, lambda: town.engine.set_fields(PROJECT, {"regime": "psr"}, actor=AUDITOR))
    assert [leaf["by"] for leaf in entries(town)] == [person(town, AUDITOR)]
