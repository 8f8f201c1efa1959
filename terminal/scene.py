"""What a screen about one project needs beside the engine's answer: titles for ids, and people for roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from terminal.asked import Asked
from terminal.words import plain_id

if TYPE_CHECKING:
    from engine.api import Engine

REGISTER_ROLES: Mapping[str, str] = {
    "admin": "Admin",
    "programme_manager": "Programme manager",
    "auditor": "Auditor",
    "integrator": "Integrator",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can be asked to do something."""

    id: str
    email: str
    name: str


@dataclass(slots=True)
class Scene:
    """A project's titles and people, and what was asked for.

    `submitters` gives, for each requirement, who handed in the evidence that counts now; `document` is the canonical
    form of the project's definition. Of the `past` nobody is named: who holds a role today says nothing about then.
    """

    asked: Asked
    project: str
    titles: Mapping[str, Any]
    people: list[Mapping[str, Any]]
    submitters: Mapping[str, str] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)
    past: bool = False

    def role(self, name: str) -> str:
        """Returns what people call a role."""
        return str(self.titles["roles"].get(name) or REGISTER_ROLES.get(name) or plain_id(name))

    def stage(self, name: str) -> str:
        """Returns what people call a stage."""
        return str(self.titles["stages"].get(name) or plain_id(name))

    def requirement(self, name: str) -> str:
        """Returns what people call a requirement."""
        return str(self.titles["requirements"].get(name) or plain_id(name))

    def every_role(self, roles: Iterable[str]) -> bool:
        """True where the roles are all that anyone can hold in the project."""
        return set(roles) >= set(self.titles["roles"])

    def holders(self, roles: Iterable[str], avoid: Iterable[str] = ()) -> list[Person]:
        """Returns who holds one of the roles, in the register or in this project, the person acting first.

        Those whose ids are in `avoid` come last: somebody else should do it where somebody else can.
        """
        wanted = {scoped for role in roles for scoped in (role, f"{role}@{self.project}")}
        found = [
            Person(p["id"], p["email"] or "", p["name"] or p["email"] or p["id"])
            for p in self.people
            if p["active"] and wanted.intersection(p["roles"])
        ]
        late, me = set(avoid), (self.asked.person or "").casefold()
        return sorted(found, key=lambda p: (p.id in late, p.email.casefold() != me))

    def name_of(self, person: str) -> str:
        """Returns the name of a person by id, or that it was erased; the id where nobody is known by it."""
        erased = f"someone whose name was erased ({person})"
        return next((str(p["name"] or p["email"] or erased) for p in self.people if p["id"] == person), person)


def scene_of(engine: Engine, asked: Asked, project: str, definition: str | None = None) -> Scene:
    """Returns the scene of a project, as it stands in the register; `definition` is its digest, where it is known."""
    document = engine.workflow(definition or engine.project(project)["definition"])
    records = engine.evidence_list(project)["evidence"]
    submitters = {r["requirement"]: r["by"] for r in records if r["state"] == "current"}
    return Scene(asked, project, engine.titles(project), engine.people()["people"], submitters, document)
