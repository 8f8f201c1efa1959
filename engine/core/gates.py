"""`judge`: what a gate says about a project on a day, every requirement, met or not, and why.

Pure: the same project, definition, day and calendar give the same judgement, for ever and anywhere. Each kind of
requirement has one function below; the acts that would open the gate are worked out elsewhere, from the judgement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.core.bench import Bench
from engine.core.by_plugin import opinion_on, unexamined
from engine.core.calendar import Calendar, OutsideCalendar, in_words
from engine.core.conditions import holds, reasons
from engine.core.counting import counted, explained
from engine.core.definition import GROUPS, Gate, Requirement, Workflow
from engine.core.evidence import Record, Signature, Waiver, digest_of
from engine.core.opinions import Opinion
from engine.core.project import Project
from engine.core.records import (
    altered_words,
    examined_words,
    faults,
    fresh_until,
    listing,
    looked_at,
    role_title,
    was_examined,
)

MET, UNMET, PENDING, WAIVED, NOT_APPLICABLE, ERROR = "met", "unmet", "pending", "waived", "not_applicable", "error"
HOLDS = frozenset({MET, WAIVED, NOT_APPLICABLE})


@dataclass(slots=True)  # not frozen: many are made for every act, and freezing triples the price
class Verdict:
    """What one requirement says.

    Attributes:
        would: the state it would have without its waiver; the same as `state` where there is none.
        why: sentences for people, the reasons for the state.
        evidence: the ids of the records it looked at, newest first.
        signatures: the signatures that count.
        unsigned: the roles still to sign the record that is looked at, or the requirement that has none.
        good: how many records (of `count`, else of 1) hold all that is asked, signatures aside.
        mendable: for each record that does not do, the project fields that, set rightly, may be all it lacks.
        spent: True where roles are still to sign a record whose words were erased: nobody can sign that any more, and
            a new one has to be handed in.
        over_on: the day a running wait is over, or the last day a fresh record still counts; None where neither.
        opinion: what a plugin said, where a plugin judges the requirement; None where the core does.
        of: the verdicts of the children of a group.
    """

    requirement: Requirement
    state: str
    would: str
    why: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    unsigned: tuple[str, ...] = ()
    good: int = 0
    mendable: tuple[frozenset[str], ...] = ()
    spent: bool = False
    over_on: date | None = None
    waiver: Waiver | None = None
    of: tuple[Verdict, ...] = ()
    opinion: Opinion | None = None

    def family(self) -> list[Verdict]:
        """Returns this verdict and those inside it, parents first."""
        if not self.of:
            return [self]
        return [self, *(v for child in self.of for v in child.family())]

    def rests_on(self) -> list[Any]:
        """Returns what a decision is bound to: the state, the records, the signatures, the waiver; children last."""
        signatures = [s.id for s in self.signatures]
        waiver = self.waiver.id if self.waiver else None
        children = [child.rests_on() for child in self.of]
        return [self.requirement.id, self.state, list(self.evidence), signatures, waiver, children]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a gate says: a verdict a requirement, and by which met requirements each principle is evidenced."""

    gate: Gate
    verdicts: tuple[Verdict, ...]
    principles: dict[str, tuple[str, ...]]

    def by_id(self) -> dict[str, Verdict]:
        """Returns every verdict by its requirement's id, those inside groups included."""
        return {v.requirement.id: v for top in self.verdicts for v in top.family()}

    @property
    def holds(self) -> bool:
        """True when nothing is missing but the decisions of people."""
        return all(v.state in HOLDS for v in self.verdicts) and not self.unevidenced

    @property
    def unevidenced(self) -> tuple[str, ...]:
        """The principles that the gate insists on and that no met requirement evidences."""
        if not self.gate.every_principle:
            return ()
        return tuple(p for p, by in self.principles.items() if not by)

    @property
    def binds(self) -> str:
        """The digest a decision is bound to; another once any verdict, or what it rests on, is another."""
        return digest_of([v.rests_on() for v in self.verdicts])


def judge(
    workflow: Workflow,
    gate: Gate,
    project: Project,
    today: date,
    calendar: Calendar,
    *,
    quiet: bool = False,
    altered: frozenset[str] = frozenset(),
) -> Judgement:
    """Returns what `gate` says about `project` on the day `today`; where `quiet`, without words for what holds.

    `altered` are the records whose stored files were found to be other bytes than were handed in.
    """
    order, cycle = project.entered_order, project.cycle
    return judge_from(Bench(workflow, project, today, calendar, order, cycle, quiet, altered), gate)


def judge_from(bench: Bench, gate: Gate) -> Judgement:
    """Returns what `gate` says, from a bench that may stand in the past (a passed gate is judged as it was asked)."""
    verdicts = tuple(verdict_on(bench, r) for r in gate.requires)
    met = [v for top in verdicts for v in top.family() if v.state == MET]
    principles = {
        p: tuple(v.requirement.id for v in met if p in v.requirement.principles) for p in bench.workflow.principles
    }
    return Judgement(gate, verdicts, principles)


def verdict_on(bench: Bench, requirement: Requirement) -> Verdict:
    """Returns what one requirement says, its waiver taken into account."""
    plain = _without_waiver(bench, requirement)
    if plain.state not in (UNMET, PENDING):
        return plain
    waiver = bench.waiver(requirement)
    if waiver is None:
        return plain
    why = f"Waived until {in_words(waiver.until)}. Without the waiver it would be {plain.state}:"
    return replace(plain, state=WAIVED, why=(why, *plain.why), waiver=waiver)


def _without_waiver(bench: Bench, requirement: Requirement) -> Verdict:
    if requirement.profiles and bench.profile not in requirement.profiles:
        asked, own = " and ".join(requirement.profiles), bench.profile or "of no profile"
        return _plain(requirement, NOT_APPLICABLE, f"Asked of {asked} projects only; this one is {own}.")
    if requirement.when is not None and not holds(requirement.when, bench.scope()):
        return _plain(
            requirement, NOT_APPLICABLE, "Does not apply. " + " ".join(reasons(requirement.when, bench.scope()))
        )
    try:
        if requirement.type == "evidence":
            count = requirement.count
            return _one_record(bench, requirement) if count is None else _several(bench, requirement, count)
        if requirement.type == "signature":
            return _signed(bench, requirement, None, [])
        if requirement.type == "wait":
            return _wait(bench, requirement)
        if requirement.type == "plugin":
            return _judged_by_plugin(bench, requirement)
        assert requirement.type in GROUPS
        return _group(bench, requirement)
    except OutsideCalendar as outside:
        return _plain(requirement, ERROR, str(outside))


def _plain(requirement: Requirement, state: str, *why: str) -> Verdict:
    return Verdict(requirement, state, state, why)


def _one_record(bench: Bench, requirement: Requirement) -> Verdict:
    records = bench.records(requirement)
    kind = bench.workflow.evidence[str(requirement.evidence)]
    if not records:
        return _plain(requirement, UNMET, f"{_nothing_there(bench, requirement)} Needed: {kind.title}.")
    record = records[0]
    why, fields = faults(bench, requirement, record)
    if not why:
        return _signed(bench, requirement, record, [] if bench.quiet else [looked_at(bench, record)])
    found = bench.signatures(requirement, record)
    unsigned = tuple(role for role in requirement.signed_by if role not in found)
    signatures, mendable = tuple(found.values()), (fields,) if fields else ()
    state = ERROR if record.id in bench.altered or not was_examined(record) else UNMET
    return Verdict(requirement, state, state, tuple(why), (record.id,), signatures, unsigned, 0, mendable)


def _nothing_there(bench: Bench, requirement: Requirement) -> str:
    """Returns why there is no record: whoever handed one in would not believe that nothing ever was."""
    gone = bench.withdrawn(requirement)
    if not gone:
        return "Nothing has been handed in yet."
    return f"What was handed in on {in_words(gone[0].recorded_on)} was withdrawn, and nothing stands in its place."


def _signed(bench: Bench, requirement: Requirement, record: Record | None, why: list[str]) -> Verdict:
    if record is not None and not requirement.signed_by:
        over_on = fresh_until(requirement, record)
        return Verdict(requirement, MET, MET, tuple(why), (record.id,), good=1, over_on=over_on)
    found = bench.signatures(requirement, record)
    unsigned = tuple(role for role in requirement.signed_by if role not in found)
    for s in bench.lapsed(requirement):
        if s.role in unsigned:
            why.append(f"The signature of the {role_title(bench.workflow, s.role)} lapsed: {s.lapsed}.")
    why = list(dict.fromkeys(why))
    if unsigned:
        titles = [role_title(bench.workflow, role) for role in unsigned]
        why.append(f"Not yet signed by {listing(titles)}.")
    elif not bench.quiet:
        titles = [role_title(bench.workflow, role) for role in requirement.signed_by]
        why.append(f"Signed by {listing(titles)}.")
    state = UNMET if unsigned else MET
    return Verdict(
        requirement,
        state,
        state,
        tuple(why),
        () if record is None else (record.id,),
        tuple(found[role] for role in requirement.signed_by if role in found),
        unsigned,
        good=1,
        spent=bool(unsigned) and record is not None and record.erased_by is not None,
        over_on=None if record is None else fresh_until(requirement, record),
    )


def _several(bench: Bench, requirement: Requirement, count: int) -> Verdict:
    records = bench.records(requirement)
    good, bad, mendable = [], [], []
    for record in records:
        why, fields = faults(bench, requirement, record)
        if not why:
            good.append(record)
            continue
        bad.append(f"{looked_at(bench, record)} {' '.join(why)}")
        if fields:
            mendable.append(fields)
    lacking = max(count - len(good), 0)
    said = f"{len(good)} of {count} records do what is asked."
    fresh = [f for f in (fresh_until(requirement, r) for r in good[:count]) if f is not None]
    broken = any(record.id in bench.altered or not was_examined(record) for record in records)
    state = MET if not lacking else ERROR if broken else UNMET
    return Verdict(
        requirement,
        state,
        state,
        (said, *bad) if lacking else (said,),
        tuple(r.id for r in (records if lacking else good[:count])),
        good=min(len(good), count),
        mendable=tuple(mendable),
        over_on=min(fresh, default=None),
    )


def _wait(bench: Bench, requirement: Requirement) -> Verdict:
    wait = requirement.wait
    assert wait is not None
    source = bench.workflow.requirements[wait.requirement]
    record = next(iter(bench.records(source)), None)
    if record is not None and record.id in bench.altered:
        return Verdict(requirement, ERROR, ERROR, (altered_words(record),), (record.id,))
    asked = f"{wait.length} after “{source.title}”"
    start = None if record is None else record.facts.get(wait.field)
    if record is None or start is None:
        lacks = "has no record yet" if record is None else "does not say the date"
        return _plain(requirement, UNMET, f"Wait of {asked}: that {lacks}, so the wait has not begun.")
    count = counted(wait, date.fromisoformat(start), bench.calendar)
    state = MET if bench.today >= count.over_on else PENDING
    why: tuple[str, ...] = ()
    if state == PENDING or not bench.quiet:
        field = bench.workflow.evidence[record.kind].fields[wait.field]
        why = explained(count, f"“{source.title}” ({field.title}: {in_words(start)})", bench.today)
        if record.erased_on is not None:
            why += (f"The words of that record were erased on {in_words(record.erased_on)}; its date was not.",)
    return Verdict(requirement, state, state, why, (record.id,), over_on=count.over_on)


def _judged_by_plugin(bench: Bench, requirement: Requirement) -> Verdict:
    opinion = opinion_on(bench, requirement)
    state, why, evidence = opinion.state, opinion.why, opinion.evidence
    broken = next((r for e in evidence if (r := bench.project.records[e]).id in bench.altered), None)
    if broken is not None:
        return Verdict(requirement, ERROR, ERROR, (altered_words(broken),), evidence, opinion=opinion)
    unfit = unexamined(bench, requirement) if state == UNMET else None
    if unfit is not None and unfit.examined is not None:  # the plugin was not shown it
        state = UNMET if was_examined(unfit) else ERROR
        why, evidence = (*examined_words(unfit.examined), *why), (*evidence, unfit.id)
    good = int(state == MET)
    return Verdict(requirement, state, state, why, evidence, good=good, over_on=opinion.not_before, opinion=opinion)


def needed_of(requirement: Requirement, applying: int) -> int:
    """Returns how many of the children that apply a group needs."""
    return {"any_of": 1, "all_of": applying, "at_least": requirement.at_least}[requirement.type]


def _group(bench: Bench, requirement: Requirement) -> Verdict:
    children = tuple(verdict_on(bench, child) for child in requirement.of)
    applying = [v for v in children if v.state != NOT_APPLICABLE]
    if not applying:
        return Verdict(requirement, NOT_APPLICABLE, NOT_APPLICABLE, ("None of its parts applies.",), of=children)
    need = needed_of(requirement, len(applying))
    state = group_state([v.state for v in applying], need)
    met = [v for v in applying if v.state == MET]
    words = {"any_of": "one", "all_of": "all", "at_least": f"at least {need}"}[requirement.type]
    reached = [f"“{v.requirement.title}”" for v in applying if v.state in (MET, WAIVED)]
    why = f"Needs {words} of {len(applying)}; so far {', '.join(reached) if reached else 'none'}."
    evidence = tuple(dict.fromkeys(e for v in met for e in v.evidence))
    return Verdict(requirement, state, state, (why,), evidence, of=children)


def group_state(states: Sequence[str], need: int) -> str:
    """Returns the best of met, waived, pending that enough children reach; error where only a broken one is missing."""
    reached = 0
    for state in (MET, WAIVED, PENDING, ERROR):
        reached += states.count(state)
        if reached >= need:
            return state
    return UNMET
