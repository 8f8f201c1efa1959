"""Universal laws of deadlines, over random workflows and histories."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.core.bench import Bench
from engine.core.deadlines import FRESHNESS, WAIT, WAIVER, Deadline, WorkingDays, placed
from engine.core.deadlines_derived import derive
from engine.core.gates import HOLDS, PENDING, Verdict, verdict_on
from engine.core.project import Project
from engine.core.soundness import resting_on, why_unsound

from .builders import advance, all_of, any_of, decide_on, gate, needs, span, wait, workflow
from .story import Story
from .worlds import INPUT, RICHER_FIELDS, RICHER_KINDS, branch, do, histories, moderate, situations

days = st.integers(-40, 60)
spans = st.sampled_from([span(3, "days"), span(10, "days"), span(2, "weeks")])


@st.composite
def timely(draw: st.DrawFn) -> Story:
    """Draws a project whose gate hangs on days: a notice with a wait, evidence that expires, one of it counted."""
    n, unit = draw(st.integers(1, 12)), draw(st.sampled_from(["days", "working_days"]))
    pause = wait("pause", "notice.published_on", n, unit, draw(st.sampled_from(["same_day", "next_day"])))
    parts = [
        needs("talk", fresh=draw(spans)),
        needs("talks", count=draw(st.integers(1, 2)), fresh=draw(spans)),
        draw(st.sampled_from([any_of, all_of]))("either", pause, needs("other", fresh=draw(spans))),
    ]
    asked = gate(needs("notice", "notice"), *draw(st.permutations(parts)), waived_by=["sro", "cochair"])
    other = gate(needs(INPUT), id="next", decided_by=["edi"])
    return draw(histories(workflow(asked, other, kinds=RICHER_KINDS, fields=RICHER_FIELDS), 12))


stories = timely() | situations()


def derived(told: Story, today: date | None = None, project: Project | None = None) -> tuple[Deadline, ...]:
    """Returns the deadlines of a story."""
    found = derive(told.workflow, project or told.project, today or told.today, told.calendar)
    assert not found.not_known
    return found.deadlines


def tops(told: Story) -> dict[str, str]:
    """Returns for each requirement of the first gate that of the gate's own which holds it."""
    gate = told.workflow.gates["gate"]
    return {part.id: top.id for top in gate.requires for part in top.family()}


def holds_on(told: Story, requirement: str, day: date) -> bool:
    """Returns whether a requirement of the gate ahead holds on a day, given what stands now."""
    project = told.project
    bench = Bench(told.workflow, project, day, told.calendar, project.entered_order, project.cycle)
    return verdict_on(bench, told.workflow.requirements[requirement]).state in HOLDS


@moderate(40)
@given(stories, st.permutations(range(4)))
def test_the_order_of_unrelated_records_makes_no_difference(told: Story, order: list[int]) -> None:
    """Records may lie in any order among those of other requirements: the deadlines are the same.

    Seen to fail when the newest record of any requirement is looked at instead of the newest of its own.
    """
    ranks = {name: order[n % 4] for n, name in enumerate(sorted(told.workflow.requirements))}
    shuffled = copy(told.project)
    shuffled.records = dict(sorted(told.project.records.items(), key=lambda item: ranks[item[1].requirement]))
    assert derived(told, project=shuffled) == derived(told)


@moderate(40)
@given(stories, days)
def test_another_day_changes_only_how_near_a_deadline_is(told: Story, n: int) -> None:
    """Asked on any day, the deadlines are the same; what changes is how many days are left, and the state.

    Seen to fail when evidence that has expired by the day one looks is left out.
    """
    there, working = told.today + timedelta(n), WorkingDays(told.calendar)
    assert derived(told, there) == derived(told)
    for one in derived(told):
        now, then = placed(one, told.today, working), placed(one, there, working)
        if now is not None and then is not None:
            assert now.days_left - then.days_left == n
            assert (now.deadline, now.act_by) == (then.deadline, then.act_by)
        else:
            assert one.kind == WAIT
            assert one.due < max(told.today, there)


def running(verdicts: Iterator[Verdict] | tuple[Verdict, ...]) -> Iterator[Verdict]:
    """Yields the verdicts on waits that run."""
    for top in verdicts:
        for verdict in top.family():
            if verdict.requirement.type == "wait" and verdict.state == PENDING:
                yield verdict


@moderate(40)
@given(stories)
def test_every_wait_that_runs_is_a_deadline(told: Story) -> None:
    """Each wait that the gate says is running has a deadline on the day it is over, and no wait is one by itself.

    So has every day before which the gate's answer says an act on such a wait, or a decision after it, cannot be.
    Seen to fail when waits inside groups are left out.
    """
    waits = {d.subject: d.due for d in derived(told) if d.kind == WAIT and not d.passed}
    answer = told.answer()
    if answer.judgement is None:
        return
    pending = {v.requirement.id: v.over_on for v in running(answer.judgement.verdicts)}
    assert pending.items() <= waits.items()
    by_id = answer.judgement.by_id()
    for act in answer.acts:
        if act.act == "wait" and act.requirement in pending and not any(a.act == "add_evidence" for a in answer.acts):
            assert act.not_before == waits[act.requirement]
    assert all(by_id[name].over_on == over for name, over in waits.items())


@moderate(40)
@given(stories)
def test_after_the_last_day_something_is_missing(told: Story) -> None:
    """The day after evidence expires, or a waiver ends, the requirement of the gate that holds it does not hold."""
    top_of = tops(told)
    for one in derived(told):
        if one.kind in (FRESHNESS, WAIVER) and not one.passed:
            assert not holds_on(told, top_of[one.subject], one.due + timedelta(1))


@moderate(40)
@given(stories)
def test_what_holds_and_will_not_hold_is_a_deadline(told: Story) -> None:
    """A requirement that holds today and, with nothing done, stops holding on some day has a deadline the day before.

    Seen to fail when the last day itself is asked about in place of the day after it.
    """
    ends = {d.due for d in derived(told)}
    for requirement in told.workflow.gates["gate"].requires:
        day = told.today
        if not holds_on(told, requirement.id, day):
            continue
        for _ in range(45):
            day += timedelta(1)
            if not holds_on(told, requirement.id, day):
                assert day - timedelta(1) in ends
                break


@moderate(30)
@given(timely() | situations(most=3, depth=1, waits=False))
def test_a_passed_gate_that_loses_its_ground_had_a_deadline(told: Story) -> None:
    """Where time alone makes a passed gate unsound, a deadline was due the day before."""
    other = do(branch(told), told.answer().acts)
    for role in ("sro", "cochair", "edi"):
        other.when(decide_on(), by=role)

    other.when(advance())
    ends = {d.due for d in derived(other)}
    for passing in resting_on(other.project):
        day = other.today
        if why_unsound(other.workflow, other.project, passing, day, other.calendar):
            continue
        for _ in range(45):
            day += timedelta(1)
            if why_unsound(other.workflow, other.project, passing, day, other.calendar):
                assert day - timedelta(1) in ends
                break


@moderate(30)
@given(stories, days)
def test_every_deadline_has_an_id_of_its_own(told: Story, n: int) -> None:
    """No two deadlines of a project have the same id, they are in the order of their days, and an id keeps its kind."""
    found = derived(told, told.today + timedelta(n))
    assert len({d.id for d in found}) == len(found)
    assert [d.due for d in found] == sorted(d.due for d in found)
    assert all(d.id.startswith(f"CC-1/{d.kind}/") for d in found)
