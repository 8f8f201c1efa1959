"""Who acts in a story: the people it names, and for every role it leaves free one person named after the role."""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.authority import REGISTER_ROLES
from engine.core.definition import Workflow
from engine.core.outcome import Actor

SUBMITTER = "submitter"
SPARE = "second "


class Cast:
    """Finds people by name, by role, or by what they are needed for."""

    def __init__(self, workflow: Workflow, people: Mapping[str, tuple[str, ...]]) -> None:
        self.workflow = workflow
        self._named = {name: _person(name, roles) for name, roles in people.items()}
        self._holders: dict[str, Actor] = {}
        for person in self._named.values():
            for role in (*person.held, *person.register):
                self._holders.setdefault(role, person)

    def holder(self, role: str) -> Actor:
        """Returns the person who holds a role: the first one named with it, else one named after it."""
        found = self._holders.get(role)
        if found is None:
            found = self._holders[role] = _person(role, (role,))
        return found

    def person(self, name: str) -> Actor:
        """Returns somebody by name, by role, or the submitter."""
        found = self._named.get(name)
        if found is not None:
            return found
        return self.submitter() if name == SUBMITTER else self.holder(name)

    def submitter(self) -> Actor:
        """Returns who hands things in where nobody is named: somebody with a role, who signs and decides nothing."""
        return self._named.get(SUBMITTER) or _person(SUBMITTER, tuple(self.workflow.roles)[:1])

    def two_of(self, roles: tuple[str, ...]) -> list[Actor]:
        """Returns two different people who each hold one of the roles; a second holder is made where there is none."""
        found = list({p.person: p for p in map(self.holder, roles)}.values())
        return (found + [_person(f"{SPARE}{role}", (role,)) for role in roles[:2]])[:2]


def _person(name: str, roles: tuple[str, ...]) -> Actor:
    register = frozenset(roles).intersection(REGISTER_ROLES)
    return Actor(name, name, register, frozenset(roles) - register)
