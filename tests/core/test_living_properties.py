"""Universal laws of gates that were passed, in any workflow, whatever happened since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from engine.core.answer import Answer
from engine.core.commands import Command
from engine.core.evidence import Passing
from engine.core.outcome import Accepted
from engine.core.project import evolve
from engine.core.soundness import weigh
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
from .story import Story
from .worlds import INPUT, SIGNERS, begun, branch, do, leaf_ids, moderate, satisfying, workflows

Step = tuple[Command | int, str]
KINDS_OF_STEP = (
    "good",
    "poor",
    "sign",
    "withdraw",
    "withdraw",
    "regrade",
    "erase",
    "waive",
    "day",
    "meet",
    "affirm",
    "affirm",
)
REST = ("decide", "advance", "back", "again", "hold", "resume", "field")


@st.composite
def passed(draw: st.DrawFn, *if_unsound: str) -> Story:
    """Draws a project that has just passed the first gate of some workflow, perhaps with a condition or a waiver."""
    drawn = draw(workflows(most=3, depth=1, supporting=True))
    first = replace(drawn.gates["gate"], if_unsound=draw(st.sampled_from(if_unsound or ("warns",))))
    of = replace(drawn, gates={**drawn.gates, "gate": first})
    told = begun(draw, of, checked=False)
    if draw(st.booleans()):
        until = told.today + timedelta(days=draw(st.integers(3, 30)))
        told.when(waive(draw(st.sampled_from([r.id for r in of.gates["gate"].all_requirements()])), until.isoformat()))
    for _ in range(2):
        do(told, told.answer().acts)
    assume(told.answer().open)
    due = (told.today + timedelta(days=4)).isoformat()
    told.given(advance(conditions=[("Mend the door.", "lead", due)] if draw(st.booleans()) else ()))
    return told.given(hand_in(INPUT)) if draw(st.booleans()) else told


def wished(draw: st.DrawFn, told: Story, kinds: Iterable[str]) -> Step:
    """Draws what somebody does next: a wish and who has it, or how many days pass."""
    kind = draw(st.sampled_from(list(kinds)))
    evidence, records = leaf_ids(told.workflow, "evidence") or [INPUT], list(told.project.records) or ["a0"]
    some = draw(st.sampled_from(SIGNERS))
    seqs = [p.seq for p in told.project.passings] or [0]
    match kind:
        case "good":
            return satisfying(told, draw(st.sampled_from(evidence))), "lead"
        case "poor":
            return hand_in(draw(st.sampled_from(evidence)), draw(st.sampled_from(LEVELS)), few="3"), "lead"
        case "sign":
            return sign(draw(st.sampled_from(evidence))), some
        case "withdraw":
            return withdraw(draw(st.sampled_from(records))), "manager"
        case "erase":
            return erase(draw(st.sampled_from(records))), "admin"
        case "regrade":
            return regrade(draw(st.sampled_from(records)), draw(st.sampled_from(LEVELS))), "auditor"
        case "waive":
            until = told.today + timedelta(days=draw(st.integers(0, 9)))
            return waive(draw(st.sampled_from(list(told.workflow.requirements))), until.isoformat()), "sro"
        case "meet":
            return meet(draw(st.sampled_from(seqs))), some
        case "affirm":
            return affirm(draw(st.sampled_from(seqs))), some
        case "decide":
            return decide_on(), "edi"
        case "advance":
            return advance(), "lead"
        case "back":
            return advance(act="send_back", reason="Look again."), "lead"
        case "again":
            return advance(act="again"), "lead"
        case "hold" | "resume":
            return (hold() if kind == "hold" else resume()), "manager"
        case "field":
            return set_fields(known="3", summary="In a person's words.", groups="Roma"), "manager"
    return draw(st.integers(1, 9)), ""


def lost(told: Story) -> set[int]:
    """Returns the passings that have lost something for which putting it right is not enough."""
    return {p.seq for p in told.project.passings if weighed(told, p).lost}


def weighed(told: Story, passing: Passing) -> Any:
    return weigh(told.workflow, told.project, passing, told.today, told.calendar)


def frozen(told: Story) -> bool:
    return bool(frozen_by(told.workflow, told.project, told.today, told.calendar))


def strings(value: Any) -> Iterator[str]:
    """Yields every text inside a JSON value, names of members included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


@moderate(120)
@given(passed("warns", "freezes", "reopens"), st.data())
def test_a_gate_that_lost_something_stays_unsound_until_it_is_affirmed(told: Story, data: st.DataObject) -> None:
    """Whatever people do and however time goes by, only the last affirmation or reopening ends what was lost.

    Seen to fail when what was lost was forgotten once something as good was there again.
    """
    for _ in range(12):
        before, stood = lost(told), len(told.entries)
        wish, by = wished(data.draw, told, (*KINDS_OF_STEP, *REST))  # type: ignore[arg-type]  # draws as a DrawFn does
        if isinstance(wish, int):
            told.on(told.today + timedelta(days=wish))
        else:
            told.when(wish, by)
        events = [e.event for e in told.entries[stood:]]
        ended = {e.body["passing"] for e in events if e.name == "gate_reopened" or e.body.get("heals")}
        for passing in told.project.passings:
            if passing.seq in before - ended:
                assert not weighed(told, passing).sound, (wish, by)


@moderate(120)
@given(passed("freezes", "reopens"), st.data())
def test_nothing_passes_a_gate_while_one_freezes(told: Story, data: st.DataObject) -> None:
    """While a project is frozen no decision and no passing is recorded, whoever wishes it.

    Seen to fail when `decide_gate` did not ask whether the project is at a standstill.
    """
    for _ in range(12):
        was, stood = frozen(told), len(told.entries)
        wish, by = wished(data.draw, told, (*KINDS_OF_STEP, *REST, "advance", "decide"))  # type: ignore[arg-type]  # draws as a DrawFn does
        if isinstance(wish, int):
            told.on(told.today + timedelta(days=wish))
            continue
        told.when(wish, by)
        for event in (e.event for e in told.entries[stood:]):
            assert not (was and (event.name == "decided" or (event.name == "advanced" and event.body["gate"])))


@moderate(120)
@given(passed("reopens"), st.data())
def test_reopening_loses_and_invents_no_evidence(told: Story, data: st.DataObject) -> None:
    """What was handed in, signed and waived stands as it did, and the gate says now what it said when judged again.

    Seen to fail when the stage counted as entered anew.
    """
    fields = told.project.fields
    for _ in range(8):
        before, stood = told.project, len(told.entries)
        wish, by = wished(data.draw, told, KINDS_OF_STEP)  # type: ignore[arg-type]  # draws as a DrawFn does
        if isinstance(wish, int):
            told.on(told.today + timedelta(days=wish))
            continue
        told.when(wish, by)
        after = before
        for entry in told.entries[stood:]:
            if entry.event.name == "gate_reopened":
                then = {v.requirement.id: v.state for v in weighed_again(told, after, entry.event.body["passing"])}
                reopened = evolve(after, entry)
                assert (reopened.records, reopened.signatures) == (after.records, after.signatures)
                assert reopened.waivers == after.waivers
                assert reopened.fields == fields
                now = told.judgement().by_id()
                assert then == {name: now[name].state for name in then}
                return
            after = evolve(after, entry)


def weighed_again(told: Story, project: Any, seq: int) -> Any:
    """Returns the verdicts on a passing of a project, judged again before it was reopened."""
    (passing,) = [p for p in project.passings if p.seq == seq]
    return weigh(told.workflow, project, passing, told.today, told.calendar).verdicts


@moderate(120)
@given(passed("freezes"), st.data())
def test_doing_the_acts_of_a_frozen_gate_opens_it(told: Story, data: st.DataObject) -> None:
    """Where a project is frozen, the acts of the answer put everything right, on the day it named, and open the gate.

    Seen to fail when what expires while a wait runs, or a condition that falls due, was left out.
    """
    for _ in range(data.draw(st.integers(1, 5))):
        wish, by = wished(data.draw, told, KINDS_OF_STEP)  # type: ignore[arg-type]  # draws as a DrawFn does
        if isinstance(wish, int):
            told.on(told.today + timedelta(days=wish))
        else:
            told.when(wish, by)
    found: Answer = told.answer()
    assume(not found.open and found.earliest_open is not None)
    after = do(branch(told), found.acts)
    assert after.answer().open, ([(a.act, a.requirement, a.detail, a.not_before) for a in found.acts], after)
    assert after.today == found.earliest_open


@moderate(80)
@given(passed("warns", "freezes", "reopens"), st.data())
def test_no_leaf_holds_what_was_typed_or_a_small_number(told: Story, data: st.DataObject) -> None:
    """In clear stand ids, choices, dates and numbers; what people typed, and hidden numbers, stand in words alone.

    Seen to fail when hidden numbers were not taken for words. The state is the replay and the snapshot, all the way.
    """
    told.checked = True
    for _ in range(12):
        wish, by = wished(data.draw, told, (*KINDS_OF_STEP, *REST))  # type: ignore[arg-type]  # draws as a DrawFn does
        if isinstance(wish, int):
            told.on(told.today + timedelta(days=wish))
        else:
            outcome = told.when(wish, by).outcome
            assert not isinstance(outcome, Accepted) or outcome.events
    for event in (e.event for e in told.entries):
        assert not [s for s in strings(event.body) if " " in s or s == "Roma"], event
        known = {f.id: f for kind in told.workflow.evidence.values() for f in kind.fields.values()}
        known |= dict(told.workflow.fields)
        for name, value in {**event.body.get("facts", {}), **event.body.get("fields", {})}.items():
            assert value is None or not (known[name].small_hidden or known[name].type in ("text", "list")), event
