"""A record that does all that its requirement asks, and everything that is asked for a requirement or a gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import timedelta
from typing import Any, Final

from engine.core.calendar import NEXT_DAY, OutsideCalendar, add, last_day
from engine.core.contradictions import contradictions
from engine.core.definition import GROUPS, Condition, Requirement, Wait
from engine.core.evidence import Record
from engine.core.gates import HOLDS, NOT_APPLICABLE
from engine.scenarios.solve import Facts, Unsolvable, required, solved
from engine.scenarios.world import World

SLACK: Final = timedelta(days=14)
"""How long a wait that is ready has been over, so that nothing about its last day is tested by chance."""
MOST_DAYS_BACK: Final = 4_000


class NotReady(Exception):
    """What a step speaks of cannot be had: nothing is there, or nobody could make it; the message says why."""


def asked_of(world: World, names: tuple[str, ...] | None, without: tuple[str, ...]) -> list[Requirement]:
    """Returns the requirements to make ready that apply and do not hold yet, in the order to hand them in.

    Groups are opened as far as they are needed: the first parts that can be made ready. Those that records of others
    are cited by come last.
    """
    workflow = world.workflow
    tops: list[Requirement] = []
    if names is None:
        tops = [r for gate in world.gates_here() for r in gate.requires]
    for name in names or ():
        if name not in workflow.gates and name not in workflow.requirements:  # a break took it away
            raise NotReady(f"There is no requirement {name} any more.")
        tops += workflow.gates[name].requires if name in workflow.gates else [workflow.requirements[name]]
    found = {r.id: r for top in tops for r in _opened(world, top, without)}
    return sorted(found.values(), key=lambda r: _cites(world, r))


def _opened(world: World, requirement: Requirement, without: tuple[str, ...]) -> Iterator[Requirement]:
    """Yields what has to be handed in or signed for a requirement; nothing where it holds or does not apply."""
    verdict = world.verdict(requirement.id)
    if requirement.id in without or verdict is None or verdict.state in HOLDS:
        return
    if requirement.type not in GROUPS:
        yield requirement
        return
    applying = [r for r in requirement.of if _applies(world, r)]
    need = {"any_of": 1, "all_of": len(applying), "at_least": requirement.at_least}[requirement.type]
    chosen = [r for r in applying if r.id not in without]
    for part in chosen if requirement.type == "all_of" else chosen[:need]:
        yield from _opened(world, part, without)


def _applies(world: World, requirement: Requirement) -> bool:
    verdict = world.verdict(requirement.id)
    return verdict is not None and verdict.state != NOT_APPLICABLE


def _cites(world: World, requirement: Requirement) -> bool:
    kind = world.workflow.evidence.get(requirement.evidence or "")
    return kind is not None and any(f.type == "records" for f in kind.fields.values())


def ready_facts(world: World, requirement: Requirement, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Returns the facts of a record that does all that a requirement asks today, as they are kept.

    The waits that count from it are over for a while, but for those in `without`. It claims nothing that its facts do
    not carry, where that can be had as well.

    Raises:
        NotReady: no such record was found.
    """
    workflow = world.workflow
    kind = workflow.evidence[str(requirement.evidence)]
    records = [r.id for r in world.project.records.values() if not r.withdrawn and r.requirement != requirement.id]
    made = Facts(kind.fields, world.project.fields, workflow.fields, records[:50], world.today, {})
    required(made)
    for wait in _waits_on(world, requirement, without):
        begun = _long_ago(world, wait)
        made.facts[wait.field] = min(begun, str(made.facts.get(wait.field, begun)))
    asked = [workflow.rules[name].condition for name in requirement.rules]
    before = deepcopy(made.facts)
    try:
        return solved(made, [*asked, *_unless(world, requirement)])
    except Unsolvable:
        made.facts = before
    try:
        return solved(made, asked)
    except Unsolvable as unsolvable:
        raise NotReady(f"No record for {requirement.id} does all that is asked: {unsolvable}") from unsolvable


def _waits_on(world: World, requirement: Requirement, without: tuple[str, ...]) -> Iterator[Wait]:
    for other in world.workflow.requirements.values():
        if other.wait is not None and other.wait.requirement == requirement.id and other.id not in without:
            yield other.wait


def _long_ago(world: World, wait: Wait) -> str:
    """Returns the newest day from which a wait has been over for a while; the earliest there is where none does."""
    day = world.today - SLACK
    for _ in range(MOST_DAYS_BACK):
        try:
            end = last_day(day, wait.length, wait.counting_from, world.calendar.called(wait.calendar))
            if add(end, NEXT_DAY) <= world.today - SLACK:
                break
        except OutsideCalendar as outside:
            raise NotReady(f"The wait cannot be counted: {outside}") from outside
        day -= timedelta(days=1)
    return day.isoformat()


def _unless(world: World, requirement: Requirement) -> list[Condition]:
    """Returns what the facts must carry so that the record claims nothing beyond them."""
    workflow = world.workflow
    rank = workflow.level_rank(requirement.level)
    return [
        c.unless
        for c in workflow.contradictions
        if requirement.evidence in c.evidence and (c.level is None or 0 <= workflow.level_rank(c.level) <= rank)
    ]


def as_typed(world: World, requirement: Requirement, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Returns kept values as a person would type them: money in pounds, the rest as it is."""
    fields = world.workflow.evidence[str(requirement.evidence)].fields
    typed = {}
    for name, value in facts.items():
        field = fields[name]
        if field.type == "money":
            value = f"{value // 100}.{value % 100:02d}"
        elif field.type == "list" and field.of[:1] == ("money",):
            value = [f"{pence // 100}.{pence % 100:02d}" for pence in value]
        typed[name] = value
    return typed


def claims_of(world: World, record: Record) -> tuple[str, ...]:
    """Returns the ids of what a record claims beyond its facts."""
    return tuple(claim.id for claim in contradictions(world.workflow, record, world.project))
