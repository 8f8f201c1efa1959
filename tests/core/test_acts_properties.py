"""Universal laws of the acts an answer proposes: they open the gate, each is needed, and no smaller set would do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations

from hypothesis import assume, given

from engine.core.answer import Act

from .story import Story
from .worlds import MENDING, branch, do, leaf_ids, moderate, situations


@moderate(90)
@given(situations())
def test_doing_exactly_the_acts_opens_the_gate(told: Story) -> None:
    """Whoever does exactly the acts of the answer, in their order, has the gate open, on the day it named.

    Seen red: with the days of waits left out, with a wait whose record is not handed in.
    """
    found = told.answer()
    assume(not found.open and found.earliest_open is not None)
    after = do(branch(told), found.acts)
    assert after.answer().open, told.acts()
    assert after.today == found.earliest_open


@moderate(90)
@given(situations())
def test_leaving_any_one_act_out_leaves_the_gate_shut(told: Story) -> None:
    """Whoever leaves any one of the acts out has the gate shut still.

    Waits run side by side, so one carries a shorter one along; the law is for gates that wait for one thing.
    """
    assume(len(leaf_ids(told.workflow, "wait")) <= 1)
    acts = told.answer().acts
    for place, left_out in enumerate(acts):
        assert not do(branch(told), acts[:place] + acts[place + 1 :]).answer().open, left_out


@moderate(50)
@given(situations())
def test_a_shut_gate_without_acts_can_never_open(told: Story) -> None:
    """`acts` is empty where nothing opens the gate; else `earliest_open` is the last day any act waits for."""
    found = told.answer()
    assume(not found.open)
    days = [a.not_before for a in found.acts if a.not_before is not None]
    if found.earliest_open is None:
        assert found.acts == ()
    else:
        assert found.acts
        assert found.earliest_open == max(days, default=told.today)


def universe(told: Story) -> list[Act]:
    """Returns everything that anyone could do towards the gate, decisions aside."""
    acts = [Act("set_field", None, (), {"field": f}, None) for f in MENDING if f not in told.project.fields]
    for name in leaf_ids(told.workflow, "evidence"):
        acts += [Act("add_evidence", name, (), {}, None)] * (told.workflow.requirements[name].count or 1)
    for requirement in told.workflow.requirements.values():
        acts += [Act("sign", requirement.id, (role,), {}, None) for role in requirement.signed_by]
    return acts + [Act("wait", name, (), {}, told.today) for name in leaf_ids(told.workflow, "wait")]


def opens(told: Story, acts: tuple[Act, ...]) -> bool:
    """True where doing these, the waits for as long as they take then, leaves nothing missing but decisions."""
    after = do(branch(told), [a for a in acts if a.act != "wait"])
    for act in acts:
        if act.act == "wait":
            over_on = after.verdict(str(act.requirement)).over_on
            do(after, [replace(act, not_before=over_on or after.today)])
    return after.judgement().holds


def subsets(acts: list[Act], fewer_than: int) -> Iterator[tuple[Act, ...]]:
    return chain.from_iterable(combinations(acts, n) for n in range(fewer_than))


@moderate(90)
@given(situations(most=2, depth=1, so_far=5))
def test_the_set_is_a_smallest_one(told: Story) -> None:
    """No set with fewer acts opens the gate, whatever they are.

    Setting a field only so that an alternative comes to apply is no act that is proposed, so nothing has a `when` here;
    and what expires while a wait runs is left to the laws above.
    """
    asked = told.workflow.requirements.values()
    waits = leaf_ids(told.workflow, "wait")
    expiring = [r for r in asked if r.fresh not in (None, "this stage")]
    every, found = universe(told), told.answer()
    assume(not any(r.when for r in asked) and not found.open)
    assume(len(every) <= 8 and len(waits) <= 1 and not (waits and expiring))
    needed = [a for a in found.acts if a.act != "decide"]
    possible = found.earliest_open is not None
    for acts in subsets(every, len(needed) if possible else len(every) + 1):
        assert not opens(told, acts), (acts, needed)
