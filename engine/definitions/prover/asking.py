"""Whether what is written is ever asked: requirements, profiles, and the records that waits count from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.core.definition import Condition, Requirement, Workflow
from engine.definitions.prover.applies import Applying, project_fields_in
from engine.definitions.prover.cases import Case, in_words
from engine.definitions.prover.findings import Findings
from engine.definitions.prover.passable import Tried
from engine.definitions.prover.solver import Found, Impossible, Space
from engine.definitions.report import quoted

MOST_PROFILES = 60
"""Whether a profile can hold is asked of so many; each is weighed against all those before it."""


@dataclass(slots=True)
class Asking:
    """Says what is never asked of any project."""

    workflow: Workflow
    applying: Applying
    findings: Findings

    def prove(self, tried: Sequence[Tried]) -> None:
        """Adds a finding for each profile, requirement and record of a wait that nothing asks for."""
        asked = {name for one in tried for name in one.asked}
        self._profiles()
        for requirement in self.workflow.requirements.values():
            if requirement.id not in asked:
                self._never_asked(requirement)
        standing = {way.gate for stage in self.workflow.stages.values() for way in stage.transitions}
        cases = {one.gate.id: one.tried for one in tried}
        for requirement in self.workflow.requirements.values():
            if requirement.wait is not None:
                self._wait(requirement, standing, cases)

    def _impossible(self, conditions: list[Condition]) -> bool:
        return isinstance(Space({}, self.workflow.fields).solve(conditions), Impossible)

    def _profiles(self) -> None:
        for profile in self.workflow.profiles[:MOST_PROFILES]:
            condition = self.applying.profile(profile.id)
            if condition is None or not self._impossible([condition]):
                continue
            named, alone = quoted(profile.id), profile.condition
            if alone is not None and self._impossible([alone]):
                message = f"The condition of the profile {named} can never hold."
                example = "No values of the project's fields make it hold."
            else:
                message = f"No project can have the profile {named}: another profile holds wherever it would."
                example = self._shadowed(alone)
            self.findings.add("proof/profile-never", self.findings.profile(profile.id), message, example, warning=True)

    def _shadowed(self, condition: Condition | None) -> str:
        """Returns a project for which a shadowed profile would hold, and the one it has instead."""
        conditions = [] if condition is None else [condition]
        found = Space({}, self.workflow.fields).solve(conditions)
        fields = found.project if isinstance(found, Found) else {}
        names = project_fields_in([p.condition for p in self.workflow.profiles if p.condition is not None])
        chosen = next((p.id for p in self.workflow.profiles if self._has(p.id, fields)), None)
        has = "another profile" if chosen is None else f"the profile {quoted(chosen)}"
        return f"Take {in_words(self.workflow, fields, names)}: it has {has}."

    def _has(self, profile: str, fields: Mapping[str, object]) -> bool:
        condition = self.applying.profile(profile)
        found = Space({}, self.workflow.fields, fields).solve([] if condition is None else [condition])
        return isinstance(found, Found)

    def _never_asked(self, requirement: Requirement) -> None:
        """Warns of a requirement that applies to no project; said once, of the outermost."""
        *outer, _ = self.applying.outer[requirement.id]
        own = list(self.applying.own(requirement))
        before = [condition for part in outer for condition in self.applying.own(part)]
        if own and not self._impossible(before) and self._impossible([*before, *own]):
            together = " together with that of the group it stands in" if before and not self._impossible(own) else ""
            message = f"{quoted(requirement.id)} is never asked: its condition{together} can never hold."
            example = "No values of the project's fields make it apply."
            node = self.findings.requirement(requirement.id, "when", "profiles")
            self.findings.add("proof/never-asked", node, message, example, warning=True)

    def _wait(self, requirement: Requirement, standing: set[str | None], cases: Mapping[str, Sequence[Case]]) -> None:
        """Says where a wait counts from a record that nothing asks for."""
        wait = requirement.wait
        assert wait is not None
        source = self.workflow.requirements[wait.requirement]
        gate, here = self.workflow.gate_of[source.id], self.workflow.gate_of[requirement.id]
        node = self.findings.requirement(requirement.id, "wait")
        node = node.get("after") or node
        named, other = quoted(requirement.id), quoted(source.id)
        if gate not in standing and here in standing:
            why = f"its gate {quoted(gate)} stands on no transition"
            message = f"{named} waits for {other}, and nothing ever asks for that: {why}."
            example = (
                f"A project comes to {quoted(here)} and has never been asked for {other}, so the wait has not begun."
            )
            self.findings.add("proof/wait-for-nothing", node, message, example)
            return
        mine, theirs = self.applying.conditions(requirement), self.applying.conditions(source)
        if not theirs or mine[: len(theirs)] == theirs:
            return
        names = project_fields_in([*mine, *theirs])
        alone: Case | None = None
        for case in cases[here]:
            if self.applying.holds(requirement, case):
                if self.applying.holds(source, case):
                    break
                alone = alone or case
        else:
            if self._impossible([*mine, *theirs]) and not self._impossible(mine):
                message = f"{named} waits for {other}, and where the wait applies that is never asked for."
                self.findings.add("proof/wait-for-nothing", node, message, self._alone(alone, names, other))
                return
        unasked = Space({}, self.workflow.fields).solve(
            [*mine, Condition("none", of=(Condition("all", of=tuple(theirs)),))]
        )
        if isinstance(unasked, Found):
            case = unasked.project
            message = f"{named} waits for {other}, and there are projects to which the wait applies and that does not."
            self.findings.add("proof/wait-unasked", node, message, self._alone(case, names, other), warning=True)

    def _alone(self, case: Case | None, names: list[str], other: str) -> str:
        told = "a project to which the wait applies" if case is None else in_words(self.workflow, case, names)
        return f"Take {told}: {other} does not apply to it, so nothing asks for the record, and the wait has not begun."
