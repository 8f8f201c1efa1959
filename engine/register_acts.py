"""The engine's acts on the register itself: people, their roles, definitions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.choke_point import Call, ChokePoint
from engine.core.errors import DefinitionError, InputRefused
from engine.core.outcome import Accepted, Actor, Outcome, Refused
from engine.core.rulings import register as rulings
from engine.room import new_id
from engine.store import definitions_shelf, people
from engine.store.database import Transaction

if TYPE_CHECKING:
    from engine.bases import Shelf
    from engine.definitions.compile import Compiled


class RegisterActs(ChokePoint):
    """The acts on people, roles and definitions; given and refused like those on projects."""

    def add_person(
        self,
        email: str,
        name: str,
        *,
        roles: Sequence[str] = (),
        project: str | None = None,
        actor: str | None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Adds a person with roles in the register or in one project; a register's first admin adds themself."""
        call = Call(actor, key, ["person add", email, name, list(roles), project])

        def ruling(tx: Transaction, person: Actor) -> Outcome:
            registry, scope = self.room.registry(tx), self.room.scope(tx, project)
            outcome = rulings.add_person(person, registry, new_id("p"), email.strip(), name, roles, scope)
            if isinstance(outcome, Accepted) and people.person_by_email(tx, email.strip()) is not None:
                return Refused("conflict", "id_taken", f"{email.strip()} is known here already.")
            return outcome

        return self._change_register(call, ruling, founding="admin" in roles)

    def grant(
        self, email: str, role: str, *, project: str | None = None, actor: str | None, key: str | None = None
    ) -> dict[str, Any]:
        """Gives a person a role."""

        def ruling(tx: Transaction, person: Actor) -> Outcome:
            whom = self.room.known_person(tx, email)
            held = (role, project or "") in people.grants_of(tx, whom)
            return rulings.grant(person, whom, role, self.room.scope(tx, project), held=held)

        return self._change_register(Call(actor, key, ["person grant", email, role, project]), ruling)

    def revoke(
        self, email: str, role: str, *, project: str | None = None, actor: str | None, key: str | None = None
    ) -> dict[str, Any]:
        """Takes a role from a person."""

        def ruling(tx: Transaction, person: Actor) -> Outcome:
            whom = self.room.known_person(tx, email)
            held = (role, project or "") in people.grants_of(tx, whom)
            scope = self.room.scope(tx, project)
            return rulings.revoke(person, self.room.registry(tx), whom, role, scope, held=held)

        return self._change_register(Call(actor, key, ["person revoke", email, role, project]), ruling)

    @contextmanager
    def shelf(self) -> Iterator[Shelf]:
        """Opens the register's definitions, for others to build on."""
        from engine.bases import shelf_of

        with shelf_of(self.database) as shelf:
            yield shelf

    def load_definition(
        self, raw: bytes, source: str, *, file: Path | None = None, actor: str | None, key: str | None = None
    ) -> dict[str, Any]:
        """Loads a definition from its text; of its workflow it is the current one from now on.

        `file` is where it lies, where it may build on a file beside it; text from elsewhere builds on workflows only.
        """
        from engine.bases import FileBases
        from engine.definitions.compile import compile_definition

        late: InputRefused | None = None
        found: Compiled | None = None
        try:
            found = compile_definition(raw, source, FileBases(file, self.shelf), self.host.brings())
        except DefinitionError as error:
            late = error
        call = Call(actor, key, ["workflow load", hashlib.sha256(raw).hexdigest()])

        def ruling(tx: Transaction, person: Actor) -> Outcome:
            if found is None:
                return Accepted(())  # what is wrong with it is told in its place, after a key that was used before
            current = definitions_shelf.current_definition(tx, found.workflow.id)
            same = current is not None and current.digest == found.digest
            text = self.room.text_digest(raw)
            outcome = rulings.load_definition(person, found.workflow.id, found.digest, text, current=same)
            if isinstance(outcome, Accepted):
                self.room.shelve(tx, found, raw)
            return outcome

        answer = self._change_register(call, ruling, late=late)
        if found is None:
            return answer
        return answer | {"warnings": [p.as_json() for p in found.warnings]}
