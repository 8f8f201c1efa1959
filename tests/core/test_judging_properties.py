"""Universal laws of judging: deterministic, monotone, and no way past a gate that is shut."""

from __future__ import annotations

from copy import copy, deepcopy

from hypothesis import given
from hypothesis import strategies as st

from engine.core.answer_json import answer_json
from engine.core.commands import (
    AddEvidence,
    Advance,
    Command,
    ConditionGiven,
    Decide,
    Hold,
    Regrade,
    Resume,
    SetFields,
    Sign,
    Waive,
    Withdraw,
)
from engine.core.decide import decide
from engine.core.gates import HOLDS, MET, judge
from engine.core.outcome import Accepted

from .builders import LEVELS, hand_in
from .story import Story, actor
from .worlds import SATISFYING, SIGNERS, branch, do, histories, leaf_ids, moderate, situations, workflows

EVERYONE = actor("everyone", *SIGNERS, "lead", register=("admin", "programme_manager", "auditor"))
some = st.sampled_from


@moderate(100)
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


@moderate(150)
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


@moderate(200)
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


@moderate(100)
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


@moderate(60)
@given(st.data())
def test_history_is_replayed_to_the_same_state(data: st.DataObject) -> None:
    """Whatever happened, the state is the replay of the events, and a snapshot of it reads back the same."""
    told = data.draw(histories(data.draw(workflows(most=2, depth=1)), 12, checked=True))
    do(told, told.answer().acts).when(Advance())
    assert told.project.version == len(told.entries)


@moderate(60)
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


GARBAGE = st.text(st.characters(codec=None), max_size=12) | st.sampled_from(
    ["\ud800", "\x00", "9" * 5000, "٣", "2026-02-30", "20260630", "9999-12-31", "plan", "lead", "sro", " "]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**4000) | st.floats() | GARBAGE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(GARBAGE, inner, max_size=3),
    max_leaves=5,
)


def texts(*known: str) -> st.SearchStrategy[str]:
    return some(known) | GARBAGE


def commands(told: Story) -> st.SearchStrategy[Command]:
    """Draws any wish, its members known names or typed garbage."""
    requirement, role = texts(*told.workflow.requirements), st.none() | texts(*SIGNERS)
    record, level = texts(*told.project.records, "a1"), texts(*LEVELS)
    names = texts(
        "score", "cost", "held_on", "present", "present.lived", "present.", "heard", "groups", "value", "size"
    )
    facts = st.dictionaries(names, JSON, max_size=4)
    day = texts("2026-06-01", "2030-01-01")
    conditions = st.lists(st.builds(ConditionGiven, GARBAGE, GARBAGE, day), max_size=2).map(tuple)
    second = some([actor("cochair", "cochair"), actor(""), EVERYONE])
    to, act = st.none() | texts(*told.workflow.stages), st.none() | texts("advance", "stop")
    return st.one_of(
        st.builds(SetFields, facts),
        st.builds(AddEvidence, st.just("x1"), requirement, facts, st.none() | level, happened_on=st.none() | day),
        st.builds(Withdraw, record, GARBAGE),
        st.builds(Regrade, record, level, GARBAGE),
        st.builds(Sign, st.just("x2"), requirement, role),
        st.builds(Waive, st.just("x3"), requirement, GARBAGE, day, second),
        st.builds(Decide, st.just("x4"), to, role, st.none() | GARBAGE),
        st.builds(Advance, to, act, st.none() | GARBAGE, conditions),
        st.builds(Hold, GARBAGE),
        st.builds(Resume, GARBAGE),
    )


@moderate(80)
@given(st.data())
def test_whatever_is_typed_is_ruled_on(data: st.DataObject) -> None:
    """Typed garbage of any kind is accepted or refused in words; deciding raises nothing and changes nothing itself.

    Seen red: an end of a waiver written 20260630, and an amount of 5,000 digits.
    """
    told = data.draw(situations(most=2, depth=1, so_far=4))
    command = data.draw(commands(told))
    before = copy(told.project)
    outcome = decide(told.project, command, told.workflow, EVERYONE, told.moment)
    assert told.project == before
    if isinstance(outcome, Accepted):
        told.when(command, by=EVERYONE)
        assert told.answer().today == told.today
    else:
        assert outcome.message
