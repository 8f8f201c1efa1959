"""Idempotency: the same key with the same command gives the same answer and no second event, for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine.api import Conflict, Engine, InputRefused, RulesRefused, open_register

from .town import (
    ADMIN,
    AUDITOR,
    COCHAIR,
    EXAMPLES,
    GOOD,
    IDLE,
    LEAD,
    MANAGER,
    PROJECT,
    QUORUM,
    SRO,
    Json,
    Town,
    document,
    refused,
)

Ids = dict[str, str]
Write = Callable[[Engine, Ids, str], Json]


def _definition(e: Engine, r: Ids, key: str) -> Json:
    text = (EXAMPLES / "two-gates.yaml").read_text(encoding="utf-8").replace("title: Two gates", "title: Another")
    return e.load_definition(text.encode(), "two-gates.yaml", actor=ADMIN, key=key)


def _pass_with_conditions(e: Engine, r: Ids, key: str) -> Json:
    conditions = [("Ask the carers again", SRO, "2026-07-01")]
    return e.advance(PROJECT, reason="All there", conditions=conditions, actor=SRO, key=key)


# each on a project whose plan gate is open, in this order, so that each is accepted
WRITES: dict[str, Write] = {
    "person add": lambda e, r, k: e.add_person("new@example.org", "New", roles=["auditor"], actor=ADMIN, key=k),
    "person grant": lambda e, r, k: e.grant(IDLE, "edi", project=PROJECT, actor=ADMIN, key=k),
    "person revoke": lambda e, r, k: e.revoke(IDLE, "edi", project=PROJECT, actor=ADMIN, key=k),
    "workflow load": _definition,
    "project new": lambda e, r, k: e.new_project(
        "Next", "two-gates", fields={"lifetime_value": "2.50"}, actor=MANAGER, key=k
    ),
    "advance": _pass_with_conditions,
    "project set": lambda e, r, k: e.set_fields(PROJECT, {"regime": "psr"}, actor=MANAGER, key=k),
    "evidence add": lambda e, r, k: e.add_evidence(
        PROJECT, "equality", files=[document()], happened_on="2026-05-30", actor=LEAD, key=k
    ),
    "waive": lambda e, r, k: e.waive(PROJECT, "early-sight", "Few providers", "2026-09-01", COCHAIR, actor=SRO, key=k),
    "regrade": lambda e, r, k: e.regrade(r["specification"], "engagement", "Not shared", actor=AUDITOR, key=k),
    "sign": lambda e, r, k: e.sign(PROJECT, "specification", role="sro", actor=SRO, key=k),
    "withdraw": lambda e, r, k: e.withdraw(r["specification"], "Wrong", actor=LEAD, key=k),
    "hold": lambda e, r, k: e.hold(PROJECT, "A pause", actor=MANAGER, key=k),
    "resume": lambda e, r, k: e.resume(PROJECT, "Go on", actor=MANAGER, key=k),
    "decide": lambda e, r, k: e.decide("CC-2", dissent="Not like this", actor=SRO, key=k),
}


def test_every_write_is_replayed_and_not_done_again(town: Town) -> None:
    """Every verb, called again with its key at once, after the project moved on, or by the next process: one answer."""
    town.open()
    town.open("CC-2")
    town.fill_plan("CC-2")
    town.fill_plan()
    town.decide()
    ids = {"specification": town.add("specification")}
    first: dict[str, Json] = {}
    for verb, write in WRITES.items():
        first[verb] = write(town.engine, ids, f"key of {verb}")
        assert first[verb]["replayed"] is False
        assert first[verb]["key"] == f"key of {verb}"
        assert write(town.engine, ids, f"key of {verb}") == first[verb] | {"replayed": True}
    size = town.size
    town.on("2026-06-02")
    engine = town.reopen()
    for verb, write in WRITES.items():
        assert write(engine, ids, f"key of {verb}") == first[verb] | {"replayed": True}
    assert town.size == size
    assert {tuple(a["events"]) for a in first.values()} >= {("person_added", "role_granted"), ("advanced",)}


def test_a_write_without_a_key_is_given_one_that_works(town: Town) -> None:
    """The key in an answer can be used to ask again, also where nobody chose it; such keys are all different."""
    town.open()
    held = town.engine.hold(PROJECT, "A pause", actor=MANAGER)
    assert town.engine.hold(PROJECT, "A pause", actor=MANAGER, key=held["key"]) == held | {"replayed": True}
    assert town.engine.resume(PROJECT, "Go on", actor=MANAGER)["key"] != held["key"]


BASE: Json = {
    "level": "co_design",
    "facts": QUORUM,
    "files": [document("minutes.pdf", b"minutes")],
    "happened_on": "2026-05-30",
    "actor": LEAD,
}
OTHERS: dict[str, Json] = {
    "bytes of a file": {"files": [document("minutes.pdf", b"minutes!")]},
    "name of a file": {"files": [document("Minutes.pdf", b"minutes")]},
    "one file more": {"files": [document("minutes.pdf", b"minutes"), document("list.pdf", b"list")]},
    "level": {"level": "co_production"},
    "field": {"facts": {"attendance": {"lived_experience": 4, "carer": 1, "clinician": 1, "commissioner": 1}}},
    "day": {"happened_on": "2026-05-29"},
    "person": {"actor": SRO},
    "personal": {"personal": True},
}


@pytest.mark.parametrize("what", OTHERS)
def test_a_key_used_for_something_else_is_a_conflict(town: Town, what: str) -> None:
    """The same key with another value, file, file name or person is a conflict, and the first answer still stands."""
    town.open()
    engine = town.engine
    first = engine.add_evidence(PROJECT, "priorities", key="k", **BASE)
    refused(
        Conflict, "key_reused", lambda: engine.add_evidence(PROJECT, "priorities", key="k", **(BASE | OTHERS[what]))
    )
    assert engine.add_evidence(PROJECT, "priorities", key="k", **BASE) == first | {"replayed": True}


def test_a_key_used_for_another_verb_or_target_is_a_conflict(town: Town) -> None:
    """Verb and target belong to what a key was used for."""
    town.open()
    town.open("CC-2")
    town.engine.hold(PROJECT, "A pause", actor=MANAGER, key="k")
    refused(Conflict, "key_reused", lambda: town.engine.resume(PROJECT, "A pause", actor=MANAGER, key="k"))
    refused(Conflict, "key_reused", lambda: town.engine.hold("CC-2", "A pause", actor=MANAGER, key="k"))
    refused(Conflict, "key_reused", lambda: town.engine.hold(PROJECT, "Another", actor=MANAGER, key="k"))


def test_the_order_of_fields_and_the_case_of_an_address_make_no_other_command(town: Town) -> None:
    """Two calls are the same where they mean the same: fields in any order, the same person however written."""
    town.open()
    first = town.engine.set_fields(PROJECT, {"regime": "psr", "lifetime_value": "7"}, actor=MANAGER, key="k")
    again = town.engine.set_fields(PROJECT, {"lifetime_value": "7", "regime": "psr"}, actor=MANAGER.upper(), key="k")
    assert again == first | {"replayed": True}


def test_a_refused_command_does_not_use_its_key_up(town: Town) -> None:
    """A key whose command was refused, for whatever reason, can be used once the reason is gone, or for another."""
    town.open()
    engine = town.engine
    refused(RulesRefused, "gate_shut", lambda: engine.advance(PROJECT, actor=SRO, key="k"))
    refused(InputRefused, None, lambda: engine.hold(PROJECT, "", actor=MANAGER, key="k"))
    town.fill_plan()
    town.decide()
    assert engine.advance(PROJECT, actor=SRO, key="k")["replayed"] is False


@pytest.mark.parametrize("key", ["", "x" * 501, "x" * 100_000])
def test_a_key_has_a_sensible_length(town: Town, key: str) -> None:
    """A key that is empty or absurdly long is an input mistake."""
    town.open()
    refused(InputRefused, None, lambda: town.engine.hold(PROJECT, "A pause", actor=MANAGER, key=key))


def test_only_the_hash_of_a_key_is_kept(town: Town) -> None:
    """The ledger holds a key's SHA-256; the key itself stands nowhere in the register's files."""
    town.open()
    key = "a key with a person in it: Margaret"
    answer = town.engine.hold(PROJECT, "A pause", actor=MANAGER, key=key)
    [leaf] = town.leaves(answer["seq"])
    assert leaf["key"] == hashlib.sha256(key.encode()).hexdigest()
    town.engine.close()
    assert not [f for f in town.path.parent.iterdir() if key.encode() in f.read_bytes()]


def test_one_key_from_many_threads_at_once_makes_one_event(town: Town) -> None:
    """Eight callers with one key at the same moment get one answer between them, and there is one event."""
    town.open()
    asked: Json = {"actor": LEAD, "key": "k", **GOOD["mandate"]}

    def call(_: int) -> Any:
        engine = open_register(town.path, clock=town.clock)
        try:
            return engine.add_evidence(PROJECT, "mandate", **asked)
        finally:
            engine.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(call, range(8)))
    assert sorted(a.pop("replayed") for a in answers) == [False] + [True] * 7
    assert all(a == answers[0] for a in answers)
    assert town.happened().count("evidence_added") == 1
