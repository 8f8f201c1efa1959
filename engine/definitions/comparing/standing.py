"""How a requirement stands in its gate: what is around it, whether it always applies, whether it can be waived."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.definition import Gate, Requirement


@dataclass(frozen=True, slots=True)
class Place:
    """Where a requirement stands: its gate, and the groups around it in both definitions, outermost first.

    `insists` is true where the gate wants every principle shown in both definitions; `moved` where the requirement, or
    what it stands in, stood elsewhere in the first.
    """

    gate: Gate
    where: str
    insists: bool
    around: tuple[tuple[Requirement, Requirement], ...] = ()
    moved: bool = False

    @property
    def plain(self) -> bool:
        """True where nothing moved and every group around, in both definitions, wants all of its parts."""
        return not self.moved and all(group.type == "all_of" for pair in self.around for group in pair)

    def inside(self, was: Requirement, now: Requirement) -> Place:
        """Returns the place of what stands in a group."""
        return Place(self.gate, self.where, self.insists, (*self.around, (was, now)), self.moved)


def always_applies(requirement: Requirement) -> bool:
    """True for a requirement that applies to every project."""
    if requirement.when is not None or requirement.profiles:
        return False
    return not requirement.of or any(always_applies(child) for child in requirement.of)


def unwaivable(gate: Gate) -> set[str]:
    """Returns the ids of the requirements of a gate that nobody can waive; the same as `bench.is_law`, in one pass."""
    found: set[str] = set()
    law: dict[str, bool] = {}

    def look(requirement: Requirement) -> bool:
        inner = [look(child) for child in requirement.of]
        law[requirement.id] = requirement.law or any(inner)
        return law[requirement.id]

    def mark(requirement: Requirement, bound: bool) -> None:
        way_round = requirement.law or (requirement.type != "all_of" and law[requirement.id])
        if bound or law[requirement.id]:
            found.add(requirement.id)
        for child in requirement.of:
            mark(child, bound or way_round)

    for requirement in gate.requires:
        look(requirement)
        mark(requirement, False)
    return found
