"""Whether a gate that was passed is still sound: judged again with what stands now, as it was asked then.

What a gate rested on and has lost is lost: evidence that comes later does not bring it back by itself, and a condition
met late was still late. So wherever an act changes a project, `losses` says what the gates that were passed have lost,
and an event records it; only people who affirm the gate take it back.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from datetime import date

from engine.core.bench import Bench
from engine.core.calendar import Calendar, in_words
from engine.core.definition import GROUPS, Gate, Requirement, Workflow
from engine.core.events import Event
from engine.core.evidence import Decision, Passing, Record, digest_of
from engine.core.fields_asked import asked_by, asked_by_gate
from engine.core.gates import ERROR, HOLDS, MET, NOT_APPLICABLE, WAIVED, Verdict, group_state, judge_from, needed_of
from engine.core.project import Project

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a passed gate says when it is judged again.

    Attributes:
        verdicts: what the requirements that held when it was passed say now.
        wrong: what does not stand as things are, a sentence each.
        lasting: what was lost and made good since, a sentence each; it counts until people affirm the gate.
        lost: True where something was lost for which putting it right is not enough.
    """

    verdicts: tuple[Verdict, ...] = ()
    wrong: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()
    lost: bool = False

    @property
    def sound(self) -> bool:
        """True where nothing is wrong and nothing is left to affirm."""
        return not self.wrong and not self.lasting


def resting_on(project: Project) -> list[Passing]:
    """Returns the passings a project rests on, oldest first: of each gate the newest in each cycle, none reopened.

    Of the others it is still told whether they are sound; the project is not called unsound for them.
    """
    newest = {(p.cycle, p.gate): p for p in project.passings if not p.reopened}
    return sorted(newest.values(), key=lambda p: p.seq)


def weigh(
    workflow: Workflow,
    project: Project,
    passing: Passing,
    today: date,
    calendar: Calendar,
    altered: frozenset[str] = NOTHING,
) -> Weighed:
    """Returns what a passed gate says now; one that was reopened says nothing any more.

    `altered` are the records whose stored files are not the bytes that were handed in. A newer record that is as good
    keeps a gate sound, and fields of the project that changed since leave it alone. So does an erasure: what it rested
    on is judged by what is left of it, and by what was on record of it when its words went; of a requirement that hangs
    on a field of the project that was erased since, the recorded verdict stands.
    """
    if passing.reopened:
        return Weighed()
    verdicts = judged_again(workflow, project, passing, today, calendar, altered)
    wrong, lasting, lost = [], [], bool(passing.lost or passing.overdue)
    for verdict in verdicts:
        title = verdict.requirement.title
        if verdict.state not in HOLDS:
            wrong.append(f"{title}: {' '.join(_reasons(verdict))}")
            lost = lost or is_lost(verdict)
        elif altered and altered.intersection(_was_under(passing, verdict)):
            lasting.append(
                f"{title}: The stored bytes of a file it rested on were altered; what it rests on now is not."
            )
            lost = True
        elif verdict.requirement.id in passing.lost:
            lasting.append(f"{title}: What it rested on was lost; what was handed in since does not heal it by itself.")
    unmet = overdue(passing, today)
    for place, condition in enumerate(passing.conditions):
        due = in_words(condition.due)
        if place in unmet:
            wrong.append(f"Condition {place + 1}{_quoted(condition.text)}: It was due on {due} and is not met.")
            lost = True
        elif condition.met_on is not None and place in passing.overdue:
            met = in_words(condition.met_on)
            lasting.append(f"Condition {place + 1}{_quoted(condition.text)}: It was due on {due} and met on {met}.")
    return Weighed(tuple(verdicts), tuple(wrong), tuple(lasting), lost)


def overdue(passing: Passing, today: date) -> list[int]:
    """Returns the conditions, by their place from 0, whose due day has ended without their being met."""
    day = today.isoformat()
    return [place for place, c in enumerate(passing.conditions) if c.met_on is None and day > c.due]


def bound_to(passing: Passing, weighed: Weighed) -> str:
    """Returns the digest that an affirmation is bound to: the passing, what it rests on now, and its conditions."""
    conditions = [[c.met_on, c.due] for c in passing.conditions]
    return digest_of([passing.seq, [v.rests_on() for v in weighed.verdicts], conditions])


def affirming(passing: Passing, weighed: Weighed) -> tuple[Decision, ...]:
    """Returns the affirmations that count: those made on exactly what the gate rests on now, where all of it holds."""
    if weighed.wrong or not passing.affirmations:
        return ()
    binds = bound_to(passing, weighed)
    return tuple(a for a in passing.affirmations if a.binds == binds)


def _quoted(words: str | None) -> str:
    return "" if words is None else f" (“{words}”)"


def why_unsound(
    workflow: Workflow,
    project: Project,
    passing: Passing,
    today: date,
    calendar: Calendar,
    altered: frozenset[str] = NOTHING,
) -> list[str]:
    """Returns why a passed gate is no longer sound, a sentence each; empty while it is sound."""
    found = weigh(workflow, project, passing, today, calendar, altered)
    return [*found.wrong, *found.lasting]


def losses(
    before: Project,
    after: Project,
    workflow: Workflow,
    today: date,
    calendar: Calendar,
    altered: frozenset[str] = NOTHING,
    *,
    judging: bool = True,
) -> list[Event]:
    """Returns an event for each passed gate that has lost something by now, and did not say so yet.

    Both sides of an act are looked at: what ran out before it is as lost as what it takes away. Without `judging` only
    the days of conditions are looked at, which costs next to nothing.
    """
    known = {p.seq: p for p in before.passings}
    events = []
    for passing in after.passings:
        if passing.reopened or passing.seq not in known:
            continue
        lost, changed = _lost(before, after, workflow, passing, today, calendar, altered) if judging else (set(), set())
        new = [name for name in passing.verdicts if name in lost and name not in passing.lost]
        late = [place for place in overdue(known[passing.seq], today) if place not in passing.overdue]
        if new or late:
            body = {"gate": passing.gate, "passing": passing.seq, "requirements": new}
            if late:
                body["conditions"] = late
            if new and changed:
                body["altered"] = sorted(changed)
            events.append(Event("gate_unsound", after.id, body))
    return events


def _lost(
    before: Project,
    after: Project,
    workflow: Workflow,
    passing: Passing,
    today: date,
    calendar: Calendar,
    altered: frozenset[str],
) -> tuple[set[str], set[str]]:
    """Returns the requirements whose ground is gone before an act or after it, and the altered records among it."""
    lost: set[str] = set()
    changed: set[str] = set()
    for project in (before, after):
        for verdict in judged_again(workflow, project, passing, today, calendar, altered):
            were = altered.intersection(_was_under(passing, verdict)) if altered else NOTHING
            if were or is_lost(verdict):
                lost.add(verdict.requirement.id)
                changed |= were.union(altered.intersection(_broken(verdict)) if altered else NOTHING)
    return lost, changed


def is_lost(verdict: Verdict) -> bool:
    """True where what a verdict rested on is gone; a newer record that only waits for its signatures is as good."""
    return _but_for_signatures(verdict) not in HOLDS


def _but_for_signatures(verdict: Verdict) -> str:
    requirement = verdict.requirement
    if requirement.type in GROUPS and verdict.state not in HOLDS:
        states = [_but_for_signatures(child) for child in verdict.of if child.state != NOT_APPLICABLE]
        return group_state(states, needed_of(requirement, len(states)))
    if verdict.unsigned and verdict.evidence and verdict.good:
        return MET
    return verdict.state


def judged_again(
    workflow: Workflow,
    project: Project,
    passing: Passing,
    today: date,
    calendar: Calendar,
    altered: frozenset[str] = NOTHING,
) -> list[Verdict]:
    """Returns what the requirements that held when the gate was passed say now; what holds, without words."""
    bench = bench_of(workflow, project, passing, today, calendar, altered)
    verdicts = judge_from(bench, _as_it_applied(workflow, passing)).verdicts
    held = [v for v in verdicts if passing.verdicts[v.requirement.id][0] in (MET, WAIVED)]
    return [v for v in held if not _beyond_judging(workflow, project, passing, v)] if passing.erased_fields else held


def _as_it_applied(workflow: Workflow, passing: Passing) -> Gate:
    """Returns a passed gate in which what applied then applies now, though the field it hung on was erased since."""
    gate, gone = workflow.gates[passing.gate], passing.erased_fields
    if not gone:
        return gate

    def applying(requirement: Requirement) -> Requirement:
        of = tuple(applying(child) for child in requirement.of)
        alone = replace(requirement, of=(), rules=())  # when it applies, and nothing else
        then = passing.verdicts[requirement.id][0] != NOT_APPLICABLE
        if then and not asked_by(workflow, alone).isdisjoint(gone):
            return replace(requirement, of=of, when=None, profiles=())
        return replace(requirement, of=of)

    return replace(gate, requires=tuple(applying(r) for r in gate.requires))


def _beyond_judging(workflow: Workflow, project: Project, passing: Passing, verdict: Verdict) -> bool:
    """True where a requirement fails now and hangs on a field erased since, and nothing under it was withdrawn."""
    if verdict.state in HOLDS or asked_by(workflow, verdict.requirement).isdisjoint(passing.erased_fields):
        return False
    return not any(project.records[e].withdrawn for e in _was_under(passing, verdict))


def fields_erased_under(workflow: Workflow, passing: Passing) -> list[str]:
    """Returns the fields of the project that a gate looked at when it was passed, and that were erased since."""
    if not passing.erased_fields:
        return []
    return sorted(asked_by_gate(workflow, workflow.gates[passing.gate]).intersection(passing.erased_fields))


def bench_of(
    workflow: Workflow,
    project: Project,
    passing: Passing,
    today: date,
    calendar: Calendar,
    altered: frozenset[str] = NOTHING,
) -> Bench:
    """Returns what the judge has in front of it when a passed gate is judged again, as it was asked then."""
    then = copy(project)
    then.fields = dict(passing.fields)
    return Bench(
        workflow,
        then,
        today,
        calendar,
        passing.entered_order,
        passing.cycle,
        quiet=True,
        altered=altered,
        passing=passing.seq,
    )


def evidence_under(workflow: Workflow, project: Project, passing: Passing) -> set[str]:
    """Returns the records that a passed gate rested on, and those that stand in their place now; no erased ones."""
    found = set(rested_on(passing))
    if passing.lost and asks_plugin(workflow.gates[passing.gate]):  # it is asked anew, of all there is
        found.update(e for e, r in project.records.items() if not r.withdrawn and r.cycle <= passing.cycle)
    seen = set()
    for record in reversed(project.records.values()):
        if record.withdrawn or record.cycle > passing.cycle or record.requirement not in passing.verdicts:
            continue
        if record.requirement not in seen or workflow.requirements[record.requirement].count is not None:
            seen.add(record.requirement)
            found.add(record.id)
    return {e for e in found if project.records[e].erased_by is None}


def rested_on(passing: Passing) -> list[str]:
    """Returns the records that a gate rested on when it was passed, or when it was affirmed last; each once."""
    met = (evidence for state, evidence in passing.verdicts.values() if state == MET)
    return list(dict.fromkeys(e for evidence in met for e in evidence))


def rests_on_erased(project: Project, passing: Passing) -> list[Record]:
    """Returns the records among those whose words were erased since, by the order of their being handed in."""
    found = (project.records[e] for e in rested_on(passing))
    return sorted((r for r in found if r.erased_by is not None), key=lambda r: r.order)


def evidence_ahead(workflow: Workflow, project: Project, gate: Gate) -> list[str]:
    """Returns the records with files that a gate looks at now, newest first; a plugin may look at every one."""
    asked = {r.wait.requirement if r.wait else r.id for r in gate.all_requirements()}
    if any(r.use is not None for r in gate.all_requirements()):  # a plugin may look at any record
        asked = set(workflow.requirements)
    every = asks_plugin(gate)
    found, seen = [], set()
    for record in reversed(project.records.values()):
        requirement = workflow.requirements[record.requirement]
        counts = record.cycle == project.cycle or requirement.carries_over
        if record.withdrawn or not counts or not (every or requirement.id in asked):
            continue
        erased = record.erased_by is not None
        if record.files and not erased and (every or requirement.id not in seen or requirement.count is not None):
            found.append(record.id)
        seen.add(requirement.id)
    return found


def asks_plugin(gate: Gate) -> bool:
    """True where some requirement of a gate is judged by a plugin, which is shown every record that counts."""
    return any(r.type == "plugin" for r in gate.all_requirements())


def _broken(verdict: Verdict) -> set[str]:
    return {e for v in verdict.family() if v.state == ERROR for e in v.evidence}


def _was_under(passing: Passing, verdict: Verdict) -> set[str]:
    then = (passing.verdicts.get(v.requirement.id, (None, ())) for v in verdict.family())
    return {e for state, evidence in then if state == MET for e in evidence}


def _reasons(verdict: Verdict) -> list[str]:
    """Returns why a verdict does not hold; of a group, why its parts do not, each by its title."""
    if not verdict.of:
        return list(verdict.why)
    parts = [v for child in verdict.of for v in child.family() if not v.of and v.state not in HOLDS]
    return [f"“{v.requirement.title}”: {' '.join(v.why)}" for v in parts]
