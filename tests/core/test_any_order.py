"""Whatever people wish in whatever order, the laws of a project keep holding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from engine.core.commands import (
    Command,
)
from engine.core.decide import preview
from engine.core.definition import Workflow
from engine.core.outcome import Accepted
from engine.core.soundness import why_unsound
from engine.core.unsound import frozen_by

from .builders import (
    LEVELS,
    advance,
    affirm,
    decide_on,
    erase,
    hand_in,
    hold,
    meet,
    regrade,
    resume,
    set_fields,
    sign,
    waive,
    withdraw,
)
from .crowd import FREEZING, PEOPLE, REOPENING, WORLD, fresh, is_ruled, later, ready
from .story import Story
from .worlds import moderate

people = st.sampled_from(list(PEOPLE))
signers = st.sampled_from(["sro", "both", "cochair", "edi"])
requirements = st.sampled_from([r.id for r in WORLD.requirements.values() if r.type in ("evidence", "signature")])


class AnyOrder(RuleBasedStateMachine):
    """Several people do what they like; the story checks after every event that versions, replay and snapshot agree."""

    def __init__(self) -> None:
        super().__init__()
        self.told = fresh()
        self.lapsed: set[str] = set()
        self.decided_on: dict[str, Any] = {}

    @initialize(far=st.sampled_from([fresh, ready, later]), of=st.sampled_from([WORLD, FREEZING, REOPENING]))
    def begin(self, far: Callable[[Workflow], Story], of: Workflow) -> None:
        """Begins some way along."""
        self.told = far(of)

    @rule(by=signers | people, requirement=requirements, level=st.sampled_from(LEVELS), lived=st.integers(0, 2))
    def hand_in(self, by: str, requirement: str, level: str, lived: int) -> None:
        """Hands in a record that may do or not."""
        if WORLD.requirements[requirement].evidence == "notice":
            wish = hand_in(requirement, level, published_on=self.told.today.isoformat())
        else:
            wish = hand_in(requirement, level, present={"lived": lived, "carer": 1})
        is_ruled(self.told.when(wish, by=PEOPLE[by]).outcome)

    @rule()
    def all_is_done(self) -> None:
        """Hands in and signs what the gates ask for and has each role decide, so that gates do open."""
        self.told.when(hand_in("talk", "co_design", present={"lived": 2, "carer": 1}), by="lead")
        for requirement in ("paper", "paper"):
            self.told.when(hand_in(requirement), by="lead")
        self.told.when(hand_in("notice", published_on=self.told.today.isoformat()), by="lead")
        for requirement, role in (("talk", "sro"), ("notice", "sro"), ("notice", "edi")):
            self.told.when(sign(requirement), by=role)
        self.everyone_decides()

    @rule(by=signers, requirement=requirements, role=st.none() | st.sampled_from(list(WORLD.roles)))
    def sign(self, by: str, requirement: str, role: str | None) -> None:
        """Signs something."""
        is_ruled(self.told.when(sign(requirement, role), by=PEOPLE[by]).outcome)

    @rule(by=signers, requirement=requirements)
    def sign_ones_own(self, by: str, requirement: str) -> None:
        """Hands something in and signs it."""
        self.hand_in(by, requirement, "co_design", 2)
        for role in sorted(PEOPLE[by].held):
            is_ruled(self.told.when(sign(requirement, role), by=PEOPLE[by]).outcome)

    @rule(by=st.sampled_from(["lead", "sro", "manager"]), place=st.integers(0, 5), level=st.sampled_from(LEVELS))
    def take_back(self, by: str, place: int, level: str) -> None:
        """Withdraws a record, or has it judged down."""
        records = list(self.told.project.records)
        if records:
            record = records[-1 - place % len(records)]
            wish = withdraw(record) if level == LEVELS[0] else regrade(record, level)
            is_ruled(self.told.when(wish, by="auditor" if level != LEVELS[0] else PEOPLE[by]).outcome)

    @rule(place=st.integers(0, 5))
    def erase(self, place: int) -> None:
        """Erases a record: no passed gate is less sound for it, none that was unsound is sound, and none opens.

        Seen to fail when the record before an erased one counted again.
        """
        records = list(self.told.project.records)
        if records:
            sound = {p.seq: not self.why_unsound(p.seq) for p in self.told.project.passings}
            stage, held = self.told.project.stage, self.looked_at_holds()
            is_ruled(self.told.when(erase(records[-1 - place % len(records)])).outcome)
            if self.told.project.stage == stage:
                assert {p.seq: not self.why_unsound(p.seq) for p in self.told.project.passings} == sound
                assert held or not self.looked_at_holds()

    def looked_at_holds(self) -> bool:
        """True where nothing is missing at the gate ahead but decisions."""
        way = self.told.answer()
        return way.judgement is None or way.judgement.holds

    @rule(by=people, requirement=st.sampled_from(list(WORLD.requirements)), days=st.integers(0, 10))
    def waive(self, by: str, requirement: str, days: int) -> None:
        """Waives something, with the co-chair."""
        until = (self.told.today + timedelta(days=days)).isoformat()
        is_ruled(self.told.when(waive(requirement, until), by=PEOPLE[by]).outcome)

    @rule(by=signers, role=st.sampled_from([None, "sro", "cochair"]), dissent=st.sampled_from([None, None, "No."]))
    def decide(self, by: str, role: str | None, dissent: str | None) -> None:
        """Decides, and remembers what it was decided on."""
        outcome = self.told.when(decide_on(None, role, dissent), by=PEOPLE[by]).outcome
        is_ruled(outcome)
        if isinstance(outcome, Accepted):
            self.decided_on[outcome.events[0].body["decision"]] = self.looked_at()

    @rule()
    def everyone_decides(self) -> None:
        """Has each role decide that may."""
        for role in ("sro", "cochair", "edi"):
            self.decide(role, None, None)

    @rule(by=people, act=st.sampled_from([None, None, "send_back", "again"]))
    def advance(self, by: str, act: str | None) -> None:
        """Takes a way; a gated one is taken by those who may exactly where the gate was open and nothing is held."""
        before = self.told.answer()
        held = self.told.project.hold is not None
        outcome = self.told.when(advance(act=act, reason="Because."), by=PEOPLE[by]).outcome
        is_ruled(outcome)
        if act is None and before.transition is not None:
            may = PEOPLE[by].held or by == "manager"
            assert isinstance(outcome, Accepted) == bool(before.open and may and not held)

    @rule(by=signers, place=st.integers(0, 2), role=st.sampled_from([None, "sro", "cochair"]))
    def affirm(self, by: str, place: int, role: str | None) -> None:
        """Affirms a gate that was passed; the one who completes it leaves it sound."""
        if self.told.project.passings:
            seq = self.told.project.passings[place % len(self.told.project.passings)].seq
            outcome = self.told.when(affirm(seq, role), by=PEOPLE[by]).outcome
            is_ruled(outcome)
            if isinstance(outcome, Accepted) and outcome.events[0].body["heals"]:
                assert self.why_unsound(seq) == []

    @rule()
    def everyone_affirms(self) -> None:
        """Has what the gates ask for handed in and signed, conditions met, and everyone affirm each passing.

        Seen to fail when healing does not clear what was lost.
        """
        self.all_is_done()
        for place in range(len(self.told.project.passings)):
            self.meet_a_condition("cochair", place, 1)
            for by in ("sro", "cochair", "edi"):
                self.affirm(by, place, None)

    @rule()
    def lose_and_put_right(self) -> None:
        """Withdraws what the first gate rests on first, so that there is something to affirm."""
        records = [r.id for r in self.told.project.records_for("talk")]
        if records:
            self.told.when(withdraw(records[0]), by="manager")
        self.everyone_affirms()

    @rule(by=people, place=st.integers(0, 2), number=st.integers(0, 2))
    def meet_a_condition(self, by: str, place: int, number: int) -> None:
        """Has a condition accepted as met, late or not."""
        if self.told.project.passings:
            seq = self.told.project.passings[place % len(self.told.project.passings)].seq
            is_ruled(self.told.when(meet(seq, number), by=PEOPLE[by]).outcome)

    def why_unsound(self, seq: int) -> list[str]:
        """Returns why the gate passed at an entry is not sound today."""
        told = self.told
        (passing,) = [p for p in told.project.passings if p.seq == seq]
        return why_unsound(told.workflow, told.project, passing, told.today, told.calendar)

    @rule(wish=st.sampled_from([hold(), resume(), resume(), set_fields(size="1")]))
    def manage(self, wish: Command) -> None:
        """Holds, resumes, sets a field."""
        is_ruled(self.told.when(wish, by="manager").outcome)

    @rule(days=st.integers(1, 15))
    def days_pass(self, days: int) -> None:
        """Lets time pass."""
        self.told.on(self.told.today + timedelta(days=days))

    def looked_at(self) -> Any:
        """Returns what somebody who decides has before them: every state, record, signature and waiver."""
        judgement = self.told.answer().judgement
        assert judgement is not None
        return judgement.gate.id, [
            (name, v.state, v.evidence, [s.id for s in v.signatures], v.waiver and v.waiver.id)
            for name, v in judgement.by_id().items()
        ]

    def verdicts(self) -> dict[str, Any]:
        """Returns the verdicts of every gate."""
        return {id: v for name in WORLD.gates for id, v in self.told.judgement(name).by_id().items()}

    @invariant()
    def no_signature_by_a_sole_submitter_counts(self) -> None:
        """Whoever handed a record in is never the only one whose signature counts, be it met or not."""
        for verdict in self.verdicts().values():
            signers = [s.by for s in verdict.signatures]
            assert len(set(signers)) == len(signers)
            if verdict.requirement.type == "evidence" and len(signers) == len(verdict.requirement.signed_by) > 0:
                assert set(signers) - {self.told.project.records[verdict.evidence[0]].by}

    @invariant()
    def a_lapsed_signature_never_counts_again(self) -> None:
        """What lapsed once is never among what counts, and never stops being lapsed."""
        lapsed = {s.id for s in self.told.project.signatures if s.lapsed}
        assert self.lapsed <= lapsed
        self.lapsed = lapsed
        assert not lapsed & {s.id for v in self.verdicts().values() for s in v.signatures}

    @invariant()
    def a_decision_on_another_answer_never_counts(self) -> None:
        """Each decision that counts was made on exactly what the gate says now, by different people in their roles."""
        found = self.told.answer()
        for decision in found.decisions:
            assert self.decided_on[decision.id] == self.looked_at()
        assert len({d.by for d in found.decisions}) == len({d.role for d in found.decisions}) == len(found.decisions)

    @invariant()
    def a_gate_was_passed_only_with_everyones_decision(self) -> None:
        """Every passing has a decision without blocking dissent for each role, by as many people, and all held."""
        for passing in self.told.project.passings:
            gate = WORLD.gates[passing.gate]
            assert {d.role for d in passing.decisions} == set(gate.decided_by)
            assert len({d.by for d in passing.decisions}) == len(gate.decided_by)
            assert gate.dissent == "recorded" or not any(d.dissent for d in passing.decisions)
            asked = [passing.verdicts[r.id][0] for r in gate.requires]
            assert set(asked) <= {"met", "waived", "not_applicable"}

    @invariant()
    def nothing_is_decided_while_a_gate_that_is_strict_is_unsound(self) -> None:
        """While a newest passing that freezes or reopens is unsound, the next gate is shut and says so."""
        told = self.told
        frozen = frozen_by(told.workflow, told.project, told.today, told.calendar)
        answer = told.answer()
        if answer.judgement is not None:
            assert answer.frozen == frozen
            assert not (frozen and answer.open)
        for one in frozen:
            assert told.workflow.gates[one.passing.gate].if_unsound != "warns"
            assert not one.passing.reopened

    @invariant()
    def looking_ahead_changes_nothing(self) -> None:
        """A preview says of every way what deciding says, and leaves the project as it was."""
        before = len(self.told.entries)
        for one in preview(self.told.project, self.told.workflow, PEOPLE["sro"], self.told.moment):
            is_ruled(one.outcome)
        assert len(self.told.entries) == before


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = moderate(30, steps=30)
