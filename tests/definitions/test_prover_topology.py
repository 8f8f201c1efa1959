"""Where the stages lead: what is said of random topologies is what walking them shows."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.core.definition import Stage, Transition, Workflow
from engine.core.machine import step
from engine.definitions.compile import compile_definition
from engine.definitions.prover.petri import pnml, sound
from engine.definitions.prover.topology import Topology

PLAIN = b"cocycle: 1\nid: w\nversion: 1\ntitle: W\nstages: [{id: s0, final: true}]\n"
Ways = list[list[tuple[int, bool]]]


def made(ways: Ways) -> Workflow:
    """Makes a workflow of stages with these ways out: to which stage, and whether a gate guards it; none is an end."""
    stages = {}
    for n, out in enumerate(ways):
        moves = tuple(
            Transition(f"t{k}", "T", f"s{to % len(ways)}", "g" if gate else None, False, (), False)
            for k, (to, gate) in enumerate(out)
        )
        stages[f"s{n}"] = Stage(f"s{n}", "S", not out, None, moves)
    return replace(compile_definition(PLAIN, "plain").workflow, stages=stages, digest=repr(ways))


def follow(ways: Ways, start: int, *, avoid: int | None = None) -> set[int]:
    """Walks from a stage by hand, never through a gate into `avoid`."""
    seen, todo = {start}, [start]
    while todo:
        for to, gate in ways[todo.pop()]:
            to %= len(ways)
            if to not in seen and not (gate and to == avoid):
                seen.add(to)
                todo.append(to)
    return seen


topologies = st.lists(st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=3), min_size=1, max_size=7)


@given(topologies)
def test_what_is_reached_and_left_is_what_walking_shows(ways: Ways) -> None:
    """Unreachable stages, stages without an end and soundness are what a walk by hand finds.

    Seen to fail when ends were looked for along the arrows instead of against them.
    """
    found = Topology(made(ways))
    reached = follow(ways, 0)
    lost = {n for n in reached if not any(not ways[m] for m in follow(ways, n))}
    assert set(found.unreached()) == {f"s{n}" for n in range(len(ways)) if n not in reached}
    assert {stage for group in found.traps() for stage in group} == {f"s{n}" for n in lost}
    everything = len(reached) == len(ways) and not lost
    assert found.sound == sound(made(ways)) == everything


@settings(max_examples=300)
@example([[(1, True), (2, False)], [(2, False)], [(1, False)]])  # the gate's stage is entered from behind
@given(topologies)
def test_a_way_round_is_found_exactly_where_there_is_one(ways: Ways) -> None:
    """A guarded stage is reported exactly where a walk through no gate into it still comes to it, with that walk.

    Seen to fail when the walk was let through the gates it should avoid.
    """
    workflow = made(ways)
    guarded = {to % len(ways) for out in ways for to, gate in out if gate}
    expected = {f"s{n}" for n in guarded if n != 0 and n in follow(ways, 0, avoid=n)}
    found = dict(Topology(workflow).ways_round())
    assert found.keys() == expected
    for target, path in found.items():
        here = "s0"
        for at, act, to in path:
            assert at == here
            way = next(t for t in workflow.stages[here].transitions if t.id == act)
            assert way.gate is None or way.to != target
            assert step(workflow, here, act, may_pass=way.gate is not None) == to
            here = to
        assert here == target


@pytest.mark.parametrize(
    ("ways", "round_"),
    [
        ([[(1, True)], [(2, True), (0, False)], []], set()),  # a send-back to where the project has been
        ([[(1, True)], [(2, True)], [(1, False), (3, True)], []], set()),  # a send-back to a guarded stage
        ([[(1, True), (1, False)], []], {"s1"}),  # a second door beside the gate
        ([[(1, True), (2, False)], [(2, True)], []], {"s2"}),  # past two gates at once
        ([[(1, False)], []], set()),  # no gate leads there, so it is free
        ([[(1, True), (0, True)], []], set()),  # the first stage is free at the beginning
    ],
)
def test_the_cases_the_language_names(ways: Ways, round_: set[str]) -> None:
    """Send-backs and free stages are no way round; a second door and a short cut are.

    Seen to fail when the comparison of a stage's dominator with its door was turned round.
    """
    assert {stage for stage, _ in Topology(made(ways)).ways_round()} == round_


@given(topologies)
def test_the_net_has_a_place_a_stage_and_an_arc_each_way(ways: Ways) -> None:
    """The exported net is well-formed and holds every stage, every way, the start and one end a final stage."""
    root = ElementTree.fromstring(pnml(made(ways)).split("\n", 1)[1])  # noqa: S314  # our own text, made on this line
    names = [element.tag.rpartition("}")[2] for element in root.iter()]
    moves = sum(len(out) for out in ways) + 1 + sum(not out for out in ways)
    assert names.count("place") == len(ways) + 2
    assert names.count("transition") == moves
    assert names.count("arc") == 2 * moves
