"""Judging again: what was decided is decided once more, years later, by whoever verifies; and comes out the same."""

from __future__ import annotations

import pytest

from engine.api import RulesRefused, Settings, settings_from
from engine.store.driver import dbapi as sqlite

from .forger import find, forging
from .town import ADMIN, COCHAIR, MANAGER, PROJECT, QUORUM, SRO, Json, Town, refused
from .wreck import open_and_verify

SECOND = "second-admin@example.org"


def judged(town: Town) -> list[int]:
    """Returns the entries whose answers are not those that are due."""
    return [p["seq"] for p in open_and_verify(town)["problems"] if p["kind"] == "judged"]


def test_every_decision_is_judged_again(town: Town) -> None:
    """Each decision, each passing of a gate and each refusal at a shut gate is judged again, and counted.

    Seen to fail when refusals were not handed to the judge.
    """
    town.open()
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=SRO))
    town.pass_plan()
    found = open_and_verify(town)
    assert (found["problems"], found["rejudged"], found["not_rejudged"]) == ([], 1 + 2 + 1, [])


@pytest.mark.parametrize(
    ("event", "member", "value"),
    [
        ("decided", "binds", "0" * 64),
        ("decided", "role", "edi"),
        ("advanced", "binds", "0" * 64),
        ("advanced", "verdicts", {}),
        ("advanced", "today", "2026-05-31"),
        ("advanced", "outcome", "passed_with_conditions"),
        ("advanced", "act", "stop"),
        ("advanced", "gate", None),
        ("refused", "verdicts", {}),
        ("refused", "gate", "no-gate"),
        ("refused", "version", 99),
        ("refused", "project", "CC-9"),
    ],
)
def test_another_answer_is_told(town: Town, event: str, member: str, value: object) -> None:
    """An answer in the ledger that is not the one the definition gives is told, with its index.

    Seen to fail when the judge compares nothing.
    """
    town.open()
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=SRO))
    town.pass_plan()
    with forging(town) as entries:
        seq = find(entries, event)
        entries[seq].leaf["body"][member] = value
    kinds = {(p["seq"], p["kind"]) for p in open_and_verify(town)["problems"]}
    assert (seq, "judged") in kinds or (seq, "permission") in kinds, kinds


def test_a_decision_left_out_is_missed(town: Town) -> None:
    """A gate that was passed without one of those who decide is told, where the versions were made to agree, too."""
    town.open()
    town.pass_plan()
    with forging(town) as entries:
        seq = find(entries, "decided")
        version = entries.pop(seq).leaf["version"]
        for later in entries:
            if later.leaf.get("project") == PROJECT and later.leaf["version"] > version:
                later.leaf["version"] -= 1
        passed = find(entries, "advanced")
    assert judged(town) == [passed]


def test_a_hold_is_kept(town: Town) -> None:
    """A decision that stands in a time of hold is told."""
    town.open()
    town.fill_plan()
    town.engine.hold(PROJECT, "A pause", actor=MANAGER)
    town.engine.resume(PROJECT, "Going on", actor=MANAGER)
    town.decide()
    with forging(town) as entries:
        resumed, decided = find(entries, "resumed"), find(entries, "decided")
        entries[resumed], entries[decided] = entries[decided], entries[resumed]
        times = sorted(e.leaf["at"] for e in entries)
        for version, entry in enumerate((e for e in entries if e.leaf.get("project") == PROJECT), 1):
            entry.leaf["version"] = version
        for entry, at in zip(entries, times, strict=True):
            entry.leaf["at"] = at
    assert resumed in judged(town)


def test_the_days_that_counted_are_on_record(town: Town) -> None:
    """Where extra holidays mattered they stand in the event, and whoever judges again needs no setting."""
    town.open()
    extra = settings_from({"COCYCLE_EXTRA_HOLIDAYS": "2026-06-11=A day of mourning"}).extra_holidays
    town.reopen(settings=Settings(str(town.path), extra_holidays=extra))
    town.pass_plan()
    town.reopen()
    leaves = {leaf["event"]: leaf["body"] for leaf in town.leaves()}
    assert leaves["decided"]["extra_holidays"] == leaves["advanced"]["extra_holidays"] == ["2026-06-11"]
    assert open_and_verify(town)["problems"] == []


def test_a_file_put_right_later_leaves_the_refusal_right(town: Town) -> None:
    """A gate that was shut because a stored file was altered was rightly shut, also after the file was put right."""
    town.open()
    town.fill_plan()
    _replace(town, "mandate", "MANDATE")
    refused(RulesRefused, "gate_shut", lambda: town.engine.decide(PROJECT, actor=COCHAIR))
    _replace(town, "MANDATE", "mandate")
    town.decide()
    assert "altered" in town.leaves()[-3]["body"]
    assert open_and_verify(town)["problems"] == []


def _replace(town: Town, old: str, new: str) -> None:
    with town.sql() as database:
        assert isinstance(database, sqlite.Connection)
        database.execute("UPDATE file SET content = CAST(replace(content, ?, ?) AS BLOB)", (old, new))


def erased(town: Town) -> tuple[Json, int]:
    """Passes the plan gate, erases a record whose words it rests on; returns what verifying says, and the entry."""
    town.engine.add_person(SECOND, "Sasha Second", roles=["admin"], actor=ADMIN)
    town.open(priority_groups="Roma,Deaf people")
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=SRO))
    evidence = town.add("outreach", facts={**QUORUM, "groups_heard": "Roma,Deaf people"})
    town.pass_plan()
    seq = int(town.engine.erase(evidence, "Request 7", SECOND, actor=ADMIN)["seq"])
    return open_and_verify(town), seq


def test_what_rested_on_erased_words_keeps_its_verdict(town: Town) -> None:
    """After an erasure all is intact; what was decided on the erased words is listed with it, and keeps its verdict.

    Seen to fail when the judge did not ask whether something had been erased.
    """
    found, seq = erased(town)
    assert found["problems"] == []
    assert [(e["seq"], e["items"]) for e in found["erasures"]] == [(seq, found["erased"])]
    assert found["erased"] > 0
    assert [one["erased_by"] for one in found["not_rejudged"]] == [seq, seq, seq], "two decisions and the passing"
    assert found["rejudged"] == 1, "the refusal came before the record"


def test_an_erasure_hides_no_other_forgery(town: Town) -> None:
    """Where one record of a gate was erased, the verdicts that do not look at it are compared all the same."""
    erased(town)
    with forging(town) as entries:
        seq = find(entries, "advanced")
        entries[seq].leaf["body"]["verdicts"]["mandate"] = ["waived", []]
    assert seq in judged(town)
