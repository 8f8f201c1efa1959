"""When a requirement applies: the conditions of its groups, its own, and that of its profiles, as conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.core.conditions import PROJECT, Scope, holds
from engine.core.definition import Condition, Requirement, Workflow
from engine.definitions.prover.literals import comparisons, roots


@dataclass(slots=True)
class Applying:
    """Knows for every requirement of a workflow the conditions that must hold for it to be asked."""

    workflow: Workflow
    outer: dict[str, tuple[Requirement, ...]] = field(default_factory=dict)
    _profiles: dict[str, Condition | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for gate in self.workflow.gates.values():
            for requirement in gate.requires:
                self._note(requirement, ())
        for profile in self.workflow.profiles:
            self._profiles[profile.id] = self._of_profile(profile.id)

    def _note(self, requirement: Requirement, outer: tuple[Requirement, ...]) -> None:
        chain = (*outer, requirement)
        self.outer[requirement.id] = chain
        for child in requirement.of:
            self._note(child, chain)

    def _of_profile(self, wanted: str) -> Condition | None:
        """Returns the condition under which a project has this profile; None where it always has."""
        before: list[Condition] = []
        own: list[Condition] = []
        for profile in self.workflow.profiles:
            if profile.id == wanted and profile.condition is not None:
                own = [profile.condition]
                break
            if profile.condition is not None:
                before.append(profile.condition)
        # the one that holds otherwise gives way to all the others, wherever it stands
        none = [Condition("none", of=tuple(before))] if before else []
        parts = (*own, *none)
        return Condition("all", of=parts) if parts else None

    def profile(self, id: str) -> Condition | None:
        """Returns the condition under which a project has a profile; None where it always has."""
        return self._profiles[id]

    def own(self, requirement: Requirement) -> Iterator[Condition]:
        """Yields what a requirement itself says about when it is asked."""
        if requirement.when is not None:
            yield requirement.when
        if requirement.profiles:
            found = [self._profiles[p] for p in requirement.profiles]
            if None not in found:
                yield Condition("any", of=tuple(c for c in found if c is not None))

    def conditions(self, requirement: Requirement) -> list[Condition]:
        """Returns every condition that must hold for a requirement to be asked, those of its groups first."""
        return [condition for part in self.outer[requirement.id] for condition in self.own(part)]

    def holds(self, requirement: Requirement, fields: Mapping[str, Any]) -> bool:
        """True where a requirement is asked of a project with these fields."""
        scope = Scope(fields, self.workflow.fields)
        return all(holds(condition, scope) for condition in self.conditions(requirement))


def project_fields_in(conditions: list[Condition]) -> list[str]:
    """Returns the ids of the project's fields that conditions look at, each once."""
    keys = [key for c in conditions for part in comparisons(c) for key in roots(part)]
    return list(dict.fromkeys(key.removeprefix(PROJECT) for key in keys if key.startswith(PROJECT)))
