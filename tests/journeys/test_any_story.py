"""Any story at all: people do whatever they like in any order, and what holds for every register holds for theirs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.api import CocycleError, Conflict, Engine, RulesRefused, SetClock, open_register

from .kept_rows import mistakes_in_rows
from .town import (
    AUDITOR,
    COCHAIR,
    DEPUTY,
    EDI,
    GOOD,
    IDLE,
    LEAD,
    MANAGER,
    PROJECT,
    QUORUM,
    SRO,
    START,
    UNKNOWN,
    Json,
    Town,
    found_town,
    refused,
)

PEOPLE = st.sampled_from([SRO, COCHAIR, LEAD, EDI, DEPUTY, MANAGER, AUDITOR, IDLE, UNKNOWN])
REQUIREMENTS = st.sampled_from([*GOOD, "early-sight", "notice-wait"])
ROLES = st.sampled_from([None, "sro", "lx_cochair", "edi"])
LEVELS = st.sampled_from([None, "informing", "engagement", "co_design", "co_production"])
REASONS = st.sampled_from(["", "A reason", "Ein Grund – ü 😀"])
WAYS = st.sampled_from([None, "advance", "send_back", "stop"])
FIELDS = st.sampled_from([{"regime": "psr"}, {"regime": ""}, {"priority_groups": "Roma"}, {"priority_groups": ""}])
Act = Callable[[Engine, str], Json]


@cache
def _template() -> tempfile.TemporaryDirectory[str]:
    """Makes the register that every story starts from; its folder goes when the process does."""
    folder = tempfile.TemporaryDirectory()
    found_town(Path(folder.name))
    return folder


class AnyStory(RuleBasedStateMachine):
    """People act on one project; each act is either an event or a refusal that left everything as it was."""

    @initialize(if_unsound=st.sampled_from(["warns", "freezes", "reopens"]))
    def begin(self, if_unsound: str) -> None:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "town.db"
        for end in ("", ".key", ".signed"):
            shutil.copy(Path(_template().name) / f"town.db{end}", f"{path}{end}")
        clock = SetClock(START)
        self.town = Town(path, open_register(path, clock=clock), clock)
        self.town.make_strict(if_unsound)
        self.town.open()
        self.keys = 0
        self.evidence: list[str] = []
        self.last: tuple[Act, Json] | None = None
        self.size, self.shown = self.town.size, self.town.engine.project(PROJECT)

    def attempt(self, act: Act) -> Json | CocycleError:
        """Does an act under a new key; checks that the ledger grew by its events, or at most by that it was refused."""
        self.keys += 1
        key = f"key {self.keys}"
        try:
            answer = act(self.town.engine, key)
        except CocycleError as refusal:
            seen = self.town.engine.project(PROJECT)
            assert seen | {"refused": None} == self.shown | {"refused": None}
            on_record = ["refused"] if "seq" in refusal.details else []
            assert self.town.recorded(self.size) == on_record
            self.size, self.shown = self.size + len(on_record), seen
            return refusal
        assert answer["seq"] == self.size + len(answer["events"]) - 1
        assert answer["version"] == self.shown["version"] + len(answer["events"])
        assert mistakes_in_rows(self.town.engine) == []
        self.last = (act, answer)
        self.size, self.shown = self.town.size, self.town.engine.project(PROJECT)
        assert self.size == answer["seq"] + 1
        return answer

    @rule(requirement=REQUIREMENTS, by=PEOPLE, level=LEVELS, good=st.booleans())
    def hand_in(self, requirement: str, by: str, level: str | None, good: bool) -> None:
        asked: dict[str, Any] = dict(GOOD.get(requirement, {})) if good else {"level": level, "facts": QUORUM}
        answer = self.attempt(lambda e, key: e.add_evidence(PROJECT, requirement, actor=by, key=key, **asked))
        if isinstance(answer, dict):
            self.evidence.append(answer["evidence"])

    @rule(requirement=REQUIREMENTS, by=PEOPLE, role=ROLES)
    def sign(self, requirement: str, by: str, role: str | None) -> None:
        self.attempt(lambda e, key: e.sign(PROJECT, requirement, role=role, actor=by, key=key))

    @rule()
    def do_what_is_asked(self) -> None:
        """Fills what the gate ahead asks for, as far as it can be filled."""
        for requirement in GOOD:
            self.attempt(lambda e, key: e.add_evidence(PROJECT, requirement, actor=LEAD, key=key, **GOOD[requirement]))  # noqa: B023  # called at once
            for by, role in ((SRO, "sro"), (COCHAIR, "lx_cochair"), (EDI, "edi")):
                self.attempt(lambda e, key: e.sign(PROJECT, requirement, role=role, actor=by, key=key))  # noqa: B023  # called at once

    @precondition(lambda self: self.evidence)
    @rule(which=st.integers(0, 5), by=st.sampled_from([LEAD, MANAGER, EDI]), reason=REASONS)
    def withdraw(self, which: int, by: str, reason: str) -> None:
        record = self.evidence[-1 - which % len(self.evidence)]
        self.attempt(lambda e, key: e.withdraw(record, reason, actor=by, key=key))

    @precondition(lambda self: self.evidence)
    @rule(which=st.integers(0, 5), level=st.sampled_from(["informing", "engagement", "none"]))
    def regrade(self, which: int, level: str) -> None:
        record = self.evidence[-1 - which % len(self.evidence)]
        self.attempt(lambda e, key: e.regrade(record, level, "Judged", actor=AUDITOR, key=key))

    @rule(requirement=REQUIREMENTS, days=st.integers(-1, 30), second=PEOPLE)
    def waive(self, requirement: str, days: int, second: str) -> None:
        until = (self.town.clock.moment + timedelta(days=days)).date().isoformat()
        self.attempt(lambda e, key: e.waive(PROJECT, requirement, "Soon", until, second, actor=SRO, key=key))

    @rule(by=st.sampled_from([SRO, COCHAIR, DEPUTY, LEAD]), dissent=st.sampled_from([None, None, "No"]), role=ROLES)
    def decide(self, by: str, dissent: str | None, role: str | None) -> None:
        self.attempt(lambda e, key: e.decide(PROJECT, role=role, dissent=dissent, actor=by, key=key))

    @rule(by=st.sampled_from([SRO, COCHAIR, DEPUTY, LEAD]), role=ROLES, which=st.integers(0, 3))
    def affirm(self, by: str, role: str | None, which: int) -> None:
        passed = [p["seq"] for p in self.shown["gates"]] or [0]
        seq = passed[which % len(passed)]
        answer = self.attempt(lambda e, key: e.affirm(PROJECT, seq, role=role, actor=by, key=key))
        if isinstance(answer, dict) and answer["heals"]:
            assert [p["sound"] for p in self.shown["gates"] if p["seq"] == seq] == [True]

    @rule(by=PEOPLE, number=st.integers(0, 2), reason=REASONS)
    def meet_a_condition(self, by: str, number: int, reason: str) -> None:
        seq = (self.shown["gates"] or [{"seq": 0}])[-1]["seq"]
        self.attempt(lambda e, key: e.meet_condition(PROJECT, seq, number, reason, actor=by, key=key))

    @rule(by=PEOPLE, fields=FIELDS)
    def set_fields(self, by: str, fields: Json) -> None:
        self.attempt(lambda e, key: e.set_fields(PROJECT, fields, actor=by, key=key))

    @rule(reason=REASONS)
    def hold_or_resume(self, reason: str) -> None:
        act = Engine.resume if self.shown["on_hold"] else Engine.hold
        self.attempt(lambda e, key: act(e, PROJECT, reason, actor=MANAGER, key=key))

    @rule(way=WAYS, by=PEOPLE, reason=REASONS)
    def move(self, way: str | None, by: str, reason: str) -> None:
        gate = self.town.engine.gate(PROJECT)
        answer = self.attempt(lambda e, key: e.advance(PROJECT, act=way, reason=reason or None, actor=by, key=key))
        if isinstance(answer, dict) and answer["gate"] is not None:
            assert gate["open"], "a gate that was shut let somebody through"
        if isinstance(answer, RulesRefused) and answer.code == "gate_shut":
            assert {name: answer.details[name] for name in gate} == gate

    @rule()
    def two_decide_and_advance(self) -> None:
        """An open gate lets the owner through at once; a shut one does not."""
        for by, role in ((SRO, "sro"), (COCHAIR, "lx_cochair")):
            self.attempt(lambda e, key: e.decide(PROJECT, role=role, actor=by, key=key))  # noqa: B023  # called at once
        gate = self.town.engine.gate(PROJECT)
        due = (self.town.clock.moment + timedelta(days=20)).date().isoformat()
        given = [("Mend the door", LEAD, due)] if gate["gate"] is not None else []
        moved = self.attempt(lambda e, key: e.advance(PROJECT, conditions=given, actor=SRO, key=key))
        if gate["gate"] is not None:
            assert isinstance(moved, dict) is (gate["open"] and not gate["on_hold"])

    @precondition(lambda self: self.last)
    @rule()
    def ask_again(self) -> None:
        """The last act, asked again under its key, gives its answer and no event; another act under it conflicts."""
        assert self.last is not None
        again, answer = self.last
        assert again(self.town.engine, answer["key"]) == answer | {"replayed": True}
        other = lambda: self.town.engine.resume(PROJECT, "something else", actor=MANAGER, key=answer["key"])  # noqa: E731  # a name makes the line below readable
        refused(Conflict, "key_reused", other)

    @rule(days=st.sampled_from([0, 1, 30, 200]))
    def wait(self, days: int) -> None:
        self.town.clock.set(self.town.clock.moment + timedelta(days=days, seconds=1))
        self.shown = self.town.engine.project(PROJECT)

    @rule()
    def reopen(self) -> None:
        self.town.reopen()
        assert self.town.engine.project(PROJECT) == self.shown

    @invariant()
    def the_answer_is_complete(self) -> None:
        """A shut gate says why and what opens it, and an open one asks for nothing."""
        if not hasattr(self, "town"):
            return
        gate = self.town.engine.gate(PROJECT)
        assert not (gate["open"] and gate["acts"])
        for found in gate["requirements"]:
            holds = found["state"] in ("met", "waived", "not_applicable")
            assert found["why"]
            assert not (holds and found["needs"])
        if not gate["open"] and not gate["frozen"]:  # while a gate before it is to be reopened, nothing opens it
            assert gate["acts"], "every gate of this workflow can be opened"

    def teardown(self) -> None:
        if hasattr(self, "town"):
            try:
                assert self.town.reopen().verify()["problems"] == []
                last = str(self.town.size - 1)
                then = self.town.engine.project(PROJECT, as_of=last, at=self.shown["as_of"])
                now = self.town.engine.project(PROJECT, at=self.shown["as_of"])
                for seen in (then, now):  # how often something was refused is counted between entries
                    seen["refused"] = [one | {"times": None} for one in seen["refused"]]
                    for asked in (seen["stuck"] or {"ask": []})["ask"]:  # nor is it told who held a role then
                        asked["people"] = None
                        asked.pop("granted_by", None)
                assert then == now
            finally:
                self.town.engine.close()
                self.folder.cleanup()


AnyStory.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    database=None,
)
test_any_story = AnyStory.TestCase
