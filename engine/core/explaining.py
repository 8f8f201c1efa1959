"""Works out from one judgement which acts would open the gate, in an order that works, and on which day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Any

from engine.core.acts import (
    ADD,
    DECIDE,
    ORDER,
    SET_FIELD,
    SIGN,
    WAIT,
    Key,
    Planner,
    Way,
    expires_before,
    record_key,
    setting,
    shared_keys,
    unions,
    wait_over_on,
)
from engine.core.answered import Act
from engine.core.bench import Bench
from engine.core.conditions import SOMETHING
from engine.core.definition import Workflow
from engine.core.gates import HOLDS, NOT_APPLICABLE, Judgement, Verdict, judge_from
from engine.core.opinions import Remembering
from engine.core.project import Project

MOST_LOOKS = 25
"""How often the day a gate could open is put off by looking again on the day that was found."""


class Explainer:
    """Works out acts from one judgement; what is looked up often is looked up once here."""

    def __init__(self, bench: Bench, judgement: Judgement) -> None:
        self.now = self.then = judgement.by_id()
        if any(v.opinion is not None for v in self.now.values()):  # many ways are tried, on the same few days
            bench = copy(bench)
            bench.workflow = replace(bench.workflow, judges=Remembering(bench.workflow.judges))
        self.bench, self.judgement = bench, judgement
        self.shared = shared_keys(judgement.gate)
        self.missing = frozenset(judgement.unevidenced)
        self.today = Planner(bench, self.now, self.missing, self.shared)
        self.place = {name: n for n, name in enumerate([*bench.workflow.requirements, *bench.workflow.roles])}

    def way(self) -> Way | None:
        """Returns a smallest way to make the gate hold: the best of those that set these or those of its fields.

        Usually no field that is missing would help, and there is one way to look at.
        """
        worlds = unions(frozenset({name}) for name in self.today.wanted_fields())
        ways = [(way, then) for fields in worlds for way, then in self.way_with(fields)]
        best, self.then = min(ways, key=lambda found: found[0].cost(), default=(None, self.now))
        return best

    def way_with(self, fields: frozenset[str]) -> Iterator[tuple[Way, dict[str, Verdict]]]:
        """Yields the smallest way on which these fields are set, if there is one, and the verdicts it was found on.

        What is good today may have expired by the day the last wait is over, and would have to be handed in anew; and
        what does not apply yet may apply once a field is set. So the day is worked out, the gate judged then, and the
        way found again, until the day stays. A plugin that puts its day off whenever it is asked is not followed for
        ever.
        """
        day, then, missing = self.bench.today, self.now, self.missing
        if fields:
            then, missing = self.foreseen(day, fields)
        for _ in range(MOST_LOOKS):
            planner = Planner(self.bench, then, self.missing | missing, self.shared, day)
            way = planner.together(self.judgement.verdicts, setting(fields))
            if way is None:
                return
            last = max(self.days(way.keys, then).values(), default=day)
            if last <= day:
                yield way, then
                return
            day, before = last, then
            then, missing = self.foreseen(day, fields)
            _remember_waits(before, then)

    def foreseen(self, day: date, fields: frozenset[str]) -> tuple[dict[str, Verdict], frozenset[str]]:
        """Returns the verdicts as they will be on a day, once these fields are set, and the principles missing then.

        What a field will say is not known; it is set so that rules hold. So a verdict stands as it is, unless its
        requirement does not apply yet and will once the field says something.
        """
        bench, gate = self.bench, self.judgement.gate
        project = bench.project
        later = judge_from(_on(bench, day, project), gate)
        found = later.by_id()
        if fields:
            fuller = copy(project)
            fuller.fields = dict.fromkeys(fields, SOMETHING) | project.fields
            for name, verdict in judge_from(_on(bench, day, fuller), gate).by_id().items():
                if name not in found or found[name].state == NOT_APPLICABLE:
                    found[name] = verdict
        return found, frozenset(later.unevidenced).intersection(self.judgement.principles)

    def days(self, keys: Collection[Key], then: Mapping[str, Verdict]) -> dict[str, date]:
        """Returns the day on which each wait among the keys is over."""
        found = {}
        for act, name, _ in keys:
            if act == WAIT:
                requirement = self.bench.workflow.requirements[name]
                renewed = requirement.wait is not None and record_key(requirement) in keys
                found[name] = wait_over_on(self.bench, then[name], renewed=renewed)
        return found

    def needs(self, verdict: Verdict) -> tuple[Act, ...]:
        """Returns the acts that would satisfy one requirement alone."""
        if verdict.state in HOLDS:
            return ()
        way = min(self.today.ways_to_count(verdict), key=Way.cost, default=None)
        return () if way is None else self.acts(way.keys)

    def acts(self, keys: Collection[Key]) -> tuple[Act, ...]:
        """Returns acts by their keys, in an order that works.

        A record that would not be fresh any more when the last wait is over is handed in, and signed, after it.
        """
        days = self.days(keys, self.then)
        last = max(days.values(), default=None)
        late = self._late(keys, last)
        found = []
        for key in keys:
            act, name, which = key
            on = days.get(name) if act == WAIT else last if act == DECIDE or name in late else None
            after_waits = act == DECIDE or name in late
            cites = act == ADD and self._cites(name)  # what a record answers is handed in before it
            places = self.place.get(name, -1), self.place.get(which, -1)
            turn = (after_waits, ORDER.index(act), on or date.min, cites, *places)
            found.append((turn, which, self._act(key, on)))
        return tuple(one for _, _, one in sorted(found, key=lambda f: f[:2]))

    def _cites(self, name: str) -> bool:
        """True where a record for the requirement can say which other records it answers."""
        kind = self.bench.workflow.evidence[str(self.bench.workflow.requirements[name].evidence)]
        return any(field.type == "records" for field in kind.fields.values())

    def _late(self, keys: Collection[Key], last: date | None) -> set[str]:
        """Returns the requirements whose records are handed in after the last wait, and the decisions they support."""
        asked = self.bench.workflow.requirements
        late: set[str] = set()
        for _, name, _ in (key for key in keys if key[0] == ADD and last is not None):
            if last is not None and expires_before(self.bench, asked[name], last, self.today.waited):
                late.add(name)
                # a decision is never older than what supports it, nor than what supports that
                supported = asked[name].supports
                while supported is not None and (ADD, supported, "1") in keys and supported not in late:
                    late.add(supported)
                    supported = asked[supported].supports
        return late

    def _act(self, key: Key, not_before: date | None) -> Act:
        act, name, which = key
        workflow = self.bench.workflow
        match act:
            case "set_field":
                title = workflow.fields[which].title
                return Act(SET_FIELD, None, ("programme_manager", "admin"), {"field": which, "title": title}, None)
            case "add_evidence":
                return Act(ADD, name, tuple(workflow.roles), asked(workflow, name), not_before)
            case "sign":
                return Act(SIGN, name, (which,), {"role": which}, not_before)
            case "wait":
                wait = workflow.requirements[name].wait
                if wait is None:  # a plugin says how long
                    return Act(WAIT, name, (), {"plugin": str(workflow.requirements[name].use)}, not_before)
                detail = {"length": str(wait.length), "after": wait.requirement, "field": wait.field}
                return Act(WAIT, name, (), detail, not_before)
            case _:
                return Act(DECIDE, None, (which,), {"role": which}, not_before)


def _remember_waits(before: Mapping[str, Verdict], then: Mapping[str, Verdict]) -> None:
    """Keeps the day that a plugin named where, asked for that day, it has nothing to wait for any more."""
    for name, verdict in then.items():
        if verdict.opinion is not None and verdict.over_on is None and verdict.state in HOLDS and name in before:
            verdict.over_on = before[name].over_on


def _on(bench: Bench, day: date, project: Project) -> Bench:
    """Returns a bench like this one for another day and another state of the project."""
    order, cycle = bench.entered_order, bench.cycle
    return Bench(
        bench.workflow, project, day, bench.calendar, order, cycle, altered=bench.altered, passing=bench.passing
    )


def asked(workflow: Workflow, name: str) -> dict[str, Any]:
    """Returns what a record for a requirement must be, for people and for programs."""
    requirement = workflow.requirements[name]
    kind = workflow.evidence[str(requirement.evidence)]
    return {
        "kind": kind.id,
        "title": kind.title,
        "file": kind.file,
        "level": requirement.level,
        "fields": [f.id for f in kind.fields.values() if f.required],
        "rules": [workflow.rules[r].otherwise for r in requirement.rules],
        "fresh": None if requirement.fresh is None else str(requirement.fresh),
    }
