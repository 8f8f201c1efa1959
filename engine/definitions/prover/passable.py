"""Whether each gate can be passed: by a witness that is run through the judge, or by why there can be none.

A gate is tried in every case its conditions can tell apart. Where the judge lets a project through, and the engine
then moves it, the gate can be passed in that case. Where it does not, a finding is made only of what was shown:

- rules that no record can meet together, whatever the project says (`solver`);
- a group that asks for more parts than apply in that case, or whose parts can none of them be met;
- a principle that nothing which applies in that case evidences;
- a wait that no calendar can count.

A rule that looks at the project's own fields asks something of the project, in the author's words, and a field that
is not set yet can be set. So a case that only such a rule or such a field keeps out is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.core.definition import GROUPS, Gate, Requirement, Stage, Transition, Workflow
from engine.core.gates import ERROR, HOLDS, NOT_APPLICABLE, PENDING, UNMET, Verdict, judge, needed_of
from engine.definitions.prover.applies import Applying, project_fields_in
from engine.definitions.prover.cases import Case, Cases, cases_of, in_words, key_of
from engine.definitions.prover.findings import Findings
from engine.definitions.prover.solver import Found, Impossible, Outcome, Space
from engine.definitions.prover.witness import Attempt, Witnesses
from engine.definitions.report import quoted


@dataclass(slots=True)
class Tried:
    """A gate with the cases it was tried in: those it lets through and those it keeps out."""

    gate: Gate
    cases: Cases
    tried: list[Case] = field(default_factory=list)
    passed: list[Case] = field(default_factory=list)
    kept_out: list[tuple[Case, Attempt]] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    moved: bool = False


@dataclass(slots=True)
class Passing:
    """Tries every gate of a workflow and says what was found."""

    workflow: Workflow
    applying: Applying
    findings: Findings
    witnesses: Witnesses = field(init=False)
    _possible: dict[str, Outcome] = field(default_factory=dict)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.witnesses = Witnesses(self.workflow)

    def prove(self) -> list[Tried]:
        """Tries every gate, and returns in which cases each lets a project through."""
        ways: dict[str, tuple[Stage, Transition]] = {}
        for stage in self.workflow.stages.values():
            for way in stage.transitions:
                if way.gate is not None and (way.gate not in ways or ways[way.gate][1].follows is not None):
                    ways[way.gate] = (stage, way)
        tried = [self._try(gate, ways.get(gate.id)) for gate in self.workflow.gates.values()]
        for one in tried:
            for case, attempt in one.kept_out:
                self._weigh(one, case, attempt)
            self._alternatives(one.gate)
        return tried

    def _try(self, gate: Gate, lead: tuple[Stage, Transition] | None) -> Tried:
        tried = Tried(gate, cases_of(self.workflow, gate, self.applying))
        known: set[str] = set()
        for case in tried.cases.around():
            known.add(key_of(case))
            if self._try_in(tried, lead, case) and len(tried.passed) == 1 and tried.kept_out:
                break  # the ordinary case does not pass, and this one does: go on from here
        if tried.kept_out and tried.passed:
            for case in tried.cases.around(tried.passed[0]):
                if key_of(case) not in known:
                    self._try_in(tried, lead, case)
        return tried

    def _try_in(self, tried: Tried, lead: tuple[Stage, Transition] | None, case: Case) -> bool:
        """Tries a gate in one case; True where it lets the project through."""
        attempt = self.witnesses.attempt(tried.gate, lead, case)
        tried.tried.append(case)
        tried.asked.update(name for name, v in attempt.judgement.by_id().items() if v.state != NOT_APPLICABLE)
        holds = attempt.judgement.holds
        if holds and lead is not None and not tried.moved:
            tried.moved = holds = self.witnesses.passes(attempt, lead)
        if holds:
            tried.passed.append(case)
        else:
            tried.kept_out.append((case, attempt))
        return holds

    def possible(self, requirement: Requirement) -> Outcome:
        """Returns whether any record of any project can do what a requirement asks where it is asked."""
        found = self._possible.get(requirement.id)
        if found is None:
            kind = self.workflow.evidence[str(requirement.evidence)]
            rules = [self.workflow.rules[name].condition for name in requirement.rules]
            space = Space(kind.fields, self.workflow.fields)
            found = space.solve([*self.applying.conditions(requirement), *rules])
            if isinstance(found, Impossible) and isinstance(
                space.solve(self.applying.conditions(requirement)), Impossible
            ):
                found = Found({})  # it is never asked, which is said elsewhere
            self._possible[requirement.id] = found
        return found

    def _weigh(self, tried: Tried, case: Case, attempt: Attempt) -> None:
        """Says why a gate keeps a case out, where that was shown."""
        shut = [v for v in attempt.judgement.verdicts if v.state not in HOLDS]
        causes = [cause for verdict in shut for cause in self._causes(verdict, attempt)]
        if any(cause is None for cause in causes):
            return  # something is asked of the project here, or nothing was shown: no claim about this case
        shown = [cause for cause in causes if cause is not None]
        if any(rule in ("proof/quorum", "proof/principle") for rule, _ in shown) and self._may_be_set(tried, case):
            return
        for rule, verdict in shown:
            self._tell(rule, verdict, tried, case, attempt)
        if not shut and not self._may_be_set(tried, case):
            for principle in attempt.judgement.unevidenced:
                self._tell_principle(principle, tried, case, attempt)

    def _causes(self, verdict: Verdict, attempt: Attempt) -> Iterator[tuple[str, Verdict] | None]:
        """Yields the rule that was broken and where; None where nothing can be said for certain."""
        requirement = verdict.requirement
        if requirement.type == "evidence":
            shown = verdict.state == UNMET and isinstance(attempt.records.get(requirement.id), Impossible)
            yield ("proof/contradiction", verdict) if shown and self._never(requirement) else None
        elif requirement.type == "wait":
            broken = verdict.state == ERROR and self.witnesses.too_long(requirement)
            yield ("proof/wait-too-long", verdict) if broken else None
        elif requirement.type not in GROUPS or verdict.state == PENDING:
            yield None
        else:
            yield from self._causes_in(verdict, attempt)

    def _causes_in(self, verdict: Verdict, attempt: Attempt) -> Iterator[tuple[str, Verdict] | None]:
        applying = [v for v in verdict.of if v.state != NOT_APPLICABLE]
        need = needed_of(verdict.requirement, len(applying))
        shut = [v for v in applying if v.state not in HOLDS]
        inner = [cause for v in shut for cause in self._causes(v, attempt)]
        if any(cause is None for cause in inner):
            yield None
        elif need > len(applying):
            yield "proof/quorum", verdict
        elif verdict.requirement.type == "all_of":
            yield from inner
        else:
            yield "proof/no-way-through", verdict

    def _never(self, requirement: Requirement) -> bool:
        return isinstance(self.possible(requirement), Impossible)

    def _may_be_set(self, tried: Tried, case: Case) -> bool:
        """True where a field that is not set yet, once set, may let the case through."""
        unset = [name for name in tried.cases.values if name not in case]
        if not unset or not tried.cases.all_of_them:
            return bool(unset)
        return any(all(other.get(name) == value for name, value in case.items()) for other in tried.passed)

    def _tell(self, rule: str, verdict: Verdict, tried: Tried, case: Case, attempt: Attempt) -> None:
        requirement = verdict.requirement
        if (rule, requirement.id) in self._told:
            return
        self._told.add((rule, requirement.id))
        named, gate = quoted(requirement.id), quoted(tried.gate.id)
        match rule:
            case "proof/contradiction":
                rules = self._clashing(requirement)
                message = (
                    f"No record can meet {_listed(rules)} for {named}, so {gate} can never be passed where it is asked."
                )
                keys: tuple[str, ...] = ("rules",)
            case "proof/wait-too-long":
                message = f"The wait {named} is longer than its calendar can count, so {gate} can never be passed."
                keys = ("wait",)
            case "proof/quorum":
                applying = sum(v.state != NOT_APPLICABLE for v in verdict.of)
                asked = needed_of(requirement, applying)
                message = f"{named} asks for {asked} of its parts, and in this case only {applying} of them apply."
                keys = ("at_least",)
            case _:
                message = f"{named} has no way through: none of its parts that apply can be met often enough."
                keys = ("any_of", "at_least")
        names = self._fields_of(list(requirement.family()))
        self.findings.add(
            rule,
            self.findings.requirement(requirement.id, *keys),
            message,
            self._example(tried, case, names, verdict, attempt),
        )

    def _tell_principle(self, principle: str, tried: Tried, case: Case, attempt: Attempt) -> None:
        if ("proof/principle", f"{tried.gate.id} {principle}") in self._told:
            return
        self._told.add(("proof/principle", f"{tried.gate.id} {principle}"))
        carriers = [r for r in tried.gate.all_requirements() if principle in r.principles]
        node = self.findings.gate(tried.gate.id)
        node = node.get("every_principle") or node
        gate, named = quoted(tried.gate.id), quoted(principle)
        if carriers:
            message = (
                f"{gate} insists on every principle, and in this case no requirement that applies carries {named}."
            )
        else:
            message = f"{gate} insists on every principle, and none of its requirements carries {named}."
        names = self._fields_of(carriers)
        said = f"“{self.workflow.principles[principle]}” is evidenced by nothing that was met"
        taken = in_words(self.workflow, case, names)
        example = f"Take {taken}. Everything that is asked is handed in and signed; the judge says: {said}."
        self.findings.add("proof/principle", node, message, example)

    def _fields_of(self, requirements: Sequence[Requirement]) -> list[str]:
        """Returns the project's fields that say when requirements apply and what their rules ask."""
        conditions = [c for r in requirements for c in self.applying.conditions(r)]
        conditions += [self.workflow.rules[name].condition for r in requirements for name in r.rules]
        return project_fields_in(conditions)

    def _example(self, tried: Tried, case: Case, names: list[str], verdict: Verdict, attempt: Attempt) -> str:
        """Returns the counter-example in words, with what the judge says to it."""
        told = judge(self.workflow, tried.gate, attempt.project, attempt.today, self.witnesses.calendar).by_id()
        parts = [v for v in told[verdict.requirement.id].family() if not v.of and v.state not in HOLDS]
        said = " ".join(f"“{v.requirement.title}”: {' '.join(v.why)}" for v in parts[:3])
        said = said or " ".join(told[verdict.requirement.id].why)
        taken = in_words(self.workflow, case, names)
        return f"Take {taken}. What is asked is handed in and signed as well as can be; the judge says: {said}"

    def _clashing(self, requirement: Requirement) -> list[str]:
        """Returns the fewest rules of a requirement that no record can meet together, in their order."""
        kind = self.workflow.evidence[str(requirement.evidence)]
        space = Space(kind.fields, self.workflow.fields)
        whens = self.applying.conditions(requirement)
        left = list(requirement.rules)
        for name in requirement.rules:
            fewer = [self.workflow.rules[n].condition for n in left if n != name]
            if len(left) > 1 and isinstance(space.solve([*whens, *fewer]), Impossible):
                left.remove(name)
        return left

    def _alternatives(self, gate: Gate) -> None:
        """Warns of parts of a group that can never be met although the group can."""
        for group in gate.all_requirements():
            if group.type in ("any_of", "at_least") and ("proof/no-way-through", group.id) not in self._told:
                for child in group.of:
                    told = ("proof/contradiction", child.id) in self._told
                    if child.type == "evidence" and child.rules and not told and self._never(child):
                        rules = _listed(self._clashing(child))
                        part = f"this part of {quoted(group.id)} is of no use"
                        message = f"No record can meet {rules} for {quoted(child.id)}, so {part}."
                        example = f"Whatever a record for {quoted(child.id)} says, it fails one of these: {rules}."
                        node = self.findings.requirement(child.id, "rules")
                        self.findings.add("proof/dead-alternative", node, message, example, warning=True)


def _listed(rules: Sequence[str]) -> str:
    named = [quoted(rule) for rule in rules]
    if not named:
        return "the rules"
    return f"the rule {named[0]}" if len(named) == 1 else f"the rules {', '.join(named[:-1])} and {named[-1]} together"
