"""Projects that are stuck: since when, why, and whom to ask; and where to look for them, the longest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from engine.core.answer import Answer
from engine.core.authority import ADMIN, MANAGER
from engine.core.definition import Workflow
from engine.core.errors import InputRefused
from engine.core.stuck import stuck
from engine.room import Room, calendar_of
from engine.sight import Sight, a_day, who_can_help
from engine.store import deadlines, outbox, people, waiting
from engine.store.database import Transaction
from engine.store.waiting import Late

Json = dict[str, Any]
START = Late("", "")
PAGE = 100
TITLES = {ADMIN: "Admin", MANAGER: "Programme manager"}


def stuck_json(tx: Transaction, sight: Sight, ways: Sequence[Answer], *, now: bool) -> Json | None:
    """Returns why a project is stuck and whom to ask; None where it is not.

    Args:
        ways: what the gates of its stage say.
        now: False for a point in the past: who held a role then is not told, and `people` is None.
    """
    found = stuck(sight.workflow, sight.project, sight.today, sight.calendar, calendar_of(sight.workflow))
    if found is None:
        return None
    return {
        "since": found.since.isoformat(),
        "days": found.days,
        "working_days": found.working_days,
        "kind": found.kind,
        "subject": found.subject,
        "why": found.why,
        "ask": [asked_json(tx, sight.workflow, sight.project.id, role, now=now) for role in roles_to_ask(sight, ways)],
    }


def roles_to_ask(sight: Sight, ways: Sequence[Answer]) -> list[str]:
    """Returns the roles that can supply what is missing; where that is a day or a move, those that can move it."""
    roles = who_can_help(sight, ways)
    if roles:
        return roles
    moves = [way for way in ways if way.transition is not None]
    for way in sorted(moves, key=lambda way: not way.open):
        assert way.transition is not None
        gate = way.transition.gate
        found = way.transition.by or (() if gate is None else sight.workflow.gates[gate].decided_by)
        if found:
            return list(found)
    return [MANAGER]


def asked_json(tx: Transaction, workflow: Workflow, project: str, role: str, *, now: bool = True) -> Json:
    """Returns a role with those who hold it in a project; where nobody does, with those who can grant it."""
    people = _people(tx, role, project) if now else None
    asked: Json = {"role": role, "title": workflow.roles.get(role) or TITLES.get(role, role), "people": people}
    if people == []:
        asked["granted_by"] = _people(tx, ADMIN, project)
    return asked


def _people(tx: Transaction, role: str, project: str) -> list[Json]:
    found = [people.person_by_id(tx, person) for person in outbox.holders(tx, role, project)]
    known = sorted((one for one in found if one is not None), key=lambda one: (one.name or "", one.id))
    return [{"id": one.id, "name": one.name} for one in known]


def cursor_of(text: str | None) -> Late:
    """Returns the place in the list of stuck projects that a cursor means; raises InputRefused."""
    if text is None:
        return START
    since, slash, project = text.partition("/")
    if not slash or not project:
        raise InputRefused("Go on after the `next` of the page before, like 2026-06-30/CC-005.")
    return Late(a_day(since).isoformat(), project)


def may_be_stuck(tx: Transaction, room: Room, today: str, after: Late) -> Iterator[Late]:
    """Yields projects that may be stuck, the longest first, each with the day that would be since when.

    Those past their target come by one index, those of stages without a target by their kept deadlines. Where every
    stage of every definition has a target nobody looks for the second.
    """
    targets = _pages(tx, waiting.past_target, today, after)
    if not _some_without_target(tx, room):
        yield from targets
        return
    others = _pages(tx, waiting.past_deadline, today, after)
    one, other = next(targets, None), next(others, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one <= other):
            assert one is not None
            yield one
            one = next(targets, None)
        else:
            yield other
            other = next(others, None)


def _pages(tx: Transaction, page: Any, today: str, after: Late) -> Iterator[Late]:
    while True:
        some = page(tx, today, after, PAGE)
        for one in some:
            if one != after:
                yield one
            after = one
        if len(some) < PAGE:
            return


def _some_without_target(tx: Transaction, room: Room) -> bool:
    return any(_lacks_target(room.workflow(tx, digest)) for digest in deadlines.definitions(tx))


def _lacks_target(workflow: Workflow) -> bool:
    return any(stage.target is None and not stage.final for stage in workflow.stages.values())
