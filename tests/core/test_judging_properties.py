"""Universal laws of judging: deterministic, monotone, and no way past a gate that is shut."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from engine.core.answer_json import answer_json
from engine.core.commands import Advance, Command, ConditionGiven
from engine.core.decide import decide
from engine.core.gates import HOLDS, MET, judge
from engine.core.outcome import Accepted

from .builders import LEVELS, hand_in
from .story import Story, actor
from .worlds import SATISFYING, SIGNERS, branch, do, histories, leaf_ids, moderate, situations, workflows

EVERYONE = actor("everyone", *SIGNERS, "lead", register=("admin", "programme_manager", "auditor"))
some = st.sampled_from


@moderate(40)
@given(situations(), st.randoms(use_true_random=False))
def test_an_answer_is_the_same_again_whatever_the_order_of_members(told: Story, random: object) -> None:
    """Judging is deterministic and does not depend on the order of members: same question, same answer and digest."""
    before = answer_json(told.answer(), str)
    project = deepcopy(told.project)
    project.fields = dict(sorted(project.fields.items(), reverse=True))
    for record in project.records.values():
        record.facts = dict(sorted(record.facts.items(), reverse=True))
    other = branch(told)
    other.project_ = project
    assert answer_json(other.answer(), str) == before
    assert other.judgement().binds == told.judgement().binds


@moderate(80)
@given(situations())
def test_a_gate_holds_only_if_every_requirement_holds(told: Story) -> None:
    """A gate is open only where each requirement is met, waived or does not apply, and nothing is left to decide."""
    found, judgement = told.answer(), told.judgement()
    states = {v.state for v in judgement.verdicts}
    assert judgement.holds == (states <= HOLDS and not judgement.unevidenced)
    assert found.open == (judgement.holds and not found.undecided)
    met = {v.requirement.id for v in judgement.by_id().values() if v.state == MET}
    assert all(met.issuperset(by) for by in judgement.principles.values())


@st.composite
def moves(draw: st.DrawFn) -> tuple[Story, Command]:
    """Draws a project before its gate and any way of asking to move on."""
    told = draw(situations(most=2, depth=1))
    condition = ConditionGiven("Do it.", "lead", "2030-01-01")
    command = Advance(
        draw(some([None, "build", "done", "plan", "stopped", "nowhere"])),
        draw(some([None, "advance", "stop", "again", "send_back", "leap", "to_build"])),
        draw(some([None, "Because."])),
        draw(some([(), (condition,)])),
    )
    return told, command


@moderate(120)
@given(moves())
def test_a_shut_gate_is_passed_by_nobody_with_no_command(asked: tuple[Story, Command]) -> None:
    """Whatever is asked and whoever asks, a project stays where it is while its gate is shut, unless it is stopped."""
    told, command = asked
    was_open = told.answer().open
    outcome = decide(told.project, command, told.workflow, EVERYONE, told.moment)
    if isinstance(outcome, Accepted):
        (event,) = outcome.events
        assert event.body["to"] == "stopped" or (was_open and event.body["to"] == "build")
        assert (event.body["gate"] == "gate") == (event.body["to"] == "build")


@moderate(40)
@given(situations(most=3, depth=1), st.data())
def test_a_lower_level_never_opens_a_higher_requirement(told: Story, data: st.DataObject) -> None:
    """Monotone: one more record of a lower level never makes met what asks for a higher one."""
    levelled = [r for r in told.workflow.requirements.values() if r.type == "evidence" and r.level in LEVELS[1:]]
    for requirement in levelled:
        lower = data.draw(some(LEVELS[: LEVELS.index(str(requirement.level))]))
        before = told.state(requirement.id)
        after = branch(told)
        facts = {"published_on": "2026-01-01"} if requirement.evidence == "notice" else SATISFYING
        after.given(hand_in(requirement.id, lower, **facts))
        assert before == after.state(requirement.id) if requirement.count else after.state(requirement.id) != MET


@moderate(40)
@given(st.data())
def test_history_is_replayed_to_the_same_state(data: st.DataObject) -> None:
    """Whatever happened, the state is the replay of the events, and a snapshot of it reads back the same."""
    told = data.draw(histories(data.draw(workflows(most=2, depth=1)), 12, checked=True))
    do(told, told.answer().acts).when(Advance())
    assert told.project.version == len(told.entries)


@moderate(40)
@given(situations(), some([1, 9, 40, 400]))
def test_a_later_day_moves_only_what_time_moves(told: Story, days: int) -> None:
    """Another day moves only waits, freshness and waivers: a verdict that has none of them is the same on every day."""
    later = judge(
        told.workflow,
        told.workflow.gates["gate"],
        told.project,
        told.today.fromordinal(told.today.toordinal() + days),
        told.calendar,
    ).by_id()
    for name in leaf_ids(told.workflow, "evidence", "signature"):
        now, asked = told.judgement().by_id().get(name), told.workflow.requirements[name]
        if now is not None and now.waiver is None and asked.fresh in (None, "this stage"):
            assert later[name] == now
