"""As of: what stood then is rebuilt from the ledger alone, and answers as it answered then."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from engine.api import CocycleError, InputRefused, RulesRefused, SetClock, open_register

from .town import AUDITOR, COCHAIR, EDI, GOOD, LEAD, MANAGER, PROJECT, SRO, START, Json, Town, found_town, refused


def test_the_stored_state_is_not_looked_at(town: Town) -> None:
    """Whatever the rows of the project and of people say now, the past says what the ledger says.

    Seen to fail when the definition was taken from the project's row, and when names were taken from people's.
    """
    town.open()
    town.pass_plan()
    last = str(town.size - 1)
    before = town.engine.project(PROJECT, as_of=last), town.engine.gate(PROJECT, as_of=last)
    stood = town.engine.stood(PROJECT, last)
    town.wrecked = True
    with town.sql() as database:
        database.execute("PRAGMA foreign_keys=OFF")
        database.execute("UPDATE project SET snapshot = x'7b7d', stage = 'done', title = 'Forged', definition = 'gone'")
        database.execute("UPDATE person SET name = 'Forged'")
    town.reopen()
    assert (town.engine.project(PROJECT, as_of=last), town.engine.gate(PROJECT, as_of=last)) == before
    assert town.engine.stood(PROJECT, last) == stood
    with town.sql() as database:
        database.execute("DELETE FROM project")
    assert town.engine.gate(PROJECT, as_of=last) == before[1], "even where the row is gone"


def test_what_files_hold_now_is_not_looked_at(town: Town) -> None:
    """A stored file that was altered since shuts the gate of today, and leaves the answer of the past alone."""
    town.open()
    town.fill_plan()
    last = str(town.size - 1)
    then = town.engine.gate(PROJECT)
    town.wrecked = True
    with town.sql() as database:
        database.execute("UPDATE file SET content = x'00', size = 1")
    town.reopen()
    assert town.engine.gate(PROJECT, as_of=last) == then
    assert town.engine.gate(PROJECT)["open"] is False
    assert town.states()["mandate"] == "error"


def test_a_point_is_named_by_its_entry(town: Town) -> None:
    """The point that is meant is told with the project's last entry by then, and the moment."""
    opened = town.open()["seq"]
    other = town.open("CC-2")["seq"]
    town.on("2026-06-03")
    seq = town.engine.hold(PROJECT, "A pause", actor=MANAGER)["seq"]
    assert town.engine.stood(PROJECT, str(seq)) == {
        "project": PROJECT, "entry": seq, "index": seq, "at": town.leaves(seq)[0]["at"]
    }  # fmt: skip
    assert town.engine.stood(PROJECT, str(other))["entry"] == opened
    by_day = town.engine.stood(PROJECT, "2026-06-02")
    assert (by_day["entry"], by_day["index"]) == (opened, None)


def test_the_day_of_at_judges_what_stood_then(town: Town) -> None:
    """With --at as well, what stood at the point is judged as on the other day: a waiver given then has run out."""
    town.open()
    seq = town.engine.waive(PROJECT, "priorities", "No room", "2026-06-20", COCHAIR, actor=SRO)["seq"]
    town.add("priorities")
    assert town.states(as_of=str(seq))["priorities"] == "waived"
    assert town.states(as_of=str(seq), at="2026-06-21")["priorities"] == "unmet"


@pytest.mark.parametrize("when", ["2026-06-02", "999999", "2026-07-01T00:00:00Z"])
def test_what_is_to_come_is_no_past(town: Town, when: str) -> None:
    """A day, a moment or an index that is still to come is refused."""
    town.open()
    refused(InputRefused, None, lambda: town.engine.gate(PROJECT, as_of=when))


@cache
def _template() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory()
    found_town(Path(folder.name))
    return folder


class RefusedThen(RuleBasedStateMachine):
    """People do what they like; each answer and each refusal is kept, and asked for again when all is over."""

    @initialize(if_unsound=st.sampled_from(["warns", "freezes", "reopens"]))
    def begin(self, if_unsound: str) -> None:
        self.folder = tempfile.TemporaryDirectory()
        for name in ("town.db", "town.db.key"):
            shutil.copy(Path(_template().name) / name, self.folder.name)
        path = Path(self.folder.name) / "town.db"
        self.town = Town(path, open_register(path, clock=(clock := SetClock(START))), clock)
        self.town.make_strict(if_unsound)
        self.town.open()
        self.kept: list[tuple[str, Json]] = []
        self.shut: list[tuple[str, str | None, Json]] = []

    @rule(requirement=st.sampled_from(list(GOOD)), by=st.sampled_from([SRO, COCHAIR, EDI]))
    def hand_in_and_sign(self, requirement: str, by: str) -> None:
        self.attempt(lambda: self.town.add(requirement))
        self.attempt(lambda: self.town.sign(requirement, by))

    @rule(requirement=st.sampled_from(list(GOOD)))
    def waive(self, requirement: str) -> None:
        until = (self.town.clock.moment + timedelta(days=20)).date().isoformat()
        self.attempt(lambda: self.town.engine.waive(PROJECT, requirement, "Soon", until, COCHAIR, actor=SRO))

    @rule()
    def fill_and_decide(self) -> None:
        stage = self.town.engine.project(PROJECT)["stage"]
        self.attempt(self.town.fill_plan if stage == "plan" else self.town.fill_design)
        self.attempt(self.town.decide)

    @rule(which=st.integers(0, 9))
    def judge_down_or_withdraw(self, which: int) -> None:
        records = self.town.engine.evidence_list(PROJECT)["evidence"]
        if records:
            record = records[which % len(records)]["evidence"]
            act: Any = self.town.engine.withdraw
            if which % 2:
                self.attempt(lambda: self.town.engine.regrade(record, "informing", "Judged", actor=AUDITOR))
            else:
                self.attempt(lambda: act(record, "Wrong", actor=LEAD))

    @rule(way=st.sampled_from([None, "advance", "send_back"]))
    def move(self, way: str | None) -> None:
        try:
            self.town.engine.advance(PROJECT, act=way, reason="Because" if way == "send_back" else None, actor=SRO)
        except RulesRefused as no:
            if no.code == "gate_shut":
                answer = {
                    name: value for name, value in no.details.items() if name not in ("seq", "events", "recorded")
                }
                self.shut.append((self.town.clock.moment.isoformat(), way, answer))
        except CocycleError:
            pass

    @rule(days=st.sampled_from([1, 30, 400]))
    def wait(self, days: int) -> None:
        self.town.clock.set(self.town.clock.moment + timedelta(days=days))

    @rule()
    def look(self) -> None:
        self.kept.append((self.town.clock.moment.isoformat(), self.town.engine.gate(PROJECT)))

    def attempt(self, act: Any) -> None:
        """Does something that may be refused."""
        try:
            act()
        except CocycleError:
            return

    def teardown(self) -> None:
        """A refused advance, and each answer, is the same as of its moment as it was then."""
        if not hasattr(self, "town"):
            return
        try:
            with self.town.sql() as database:
                database.execute("UPDATE project SET snapshot = x'7b7d'")
            engine = self.town.reopen(read_only=True)
            for when, way, answer in self.shut:
                assert engine.gate(PROJECT, act=way, as_of=when) == answer
            for when, answer in self.kept:
                assert engine.gate(PROJECT, as_of=when) == answer
        finally:
            self.town.engine.close()
            self.folder.cleanup()


RefusedThen.TestCase.settings = settings(
    max_examples=5,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    database=None,
)
test_a_refusal_of_the_past_reads_as_it_read_then = RefusedThen.TestCase
