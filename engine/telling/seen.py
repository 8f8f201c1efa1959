"""What a letter is written from: a notice, whom it is for, and the register as it stands, or stood when it was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from engine.clock import day_in
from engine.core.answer_json import Names
from engine.core.calendar import in_words
from engine.core.definition import Workflow
from engine.core.project import Project
from engine.core.records import role_title
from engine.notices.people import roles_in
from engine.past import past
from engine.room import Room
from engine.sight import Sight
from engine.store import people
from engine.store.database import Transaction
from engine.telling.letter import Letter

ERASED_TITLE = "a project whose title was erased"


class NothingToSay(Exception):  # noqa: N818  # named after what happened
    """By now there is nothing left to tell; the message says why, in a sentence."""


class NobodyToTell(Exception):  # noqa: N818  # as above
    """This person cannot be told; the message says why, in a sentence without their address."""


@dataclass(slots=True)
class Seen:
    """The register as it is read for a letter.

    Attributes:
        at: the moment it is read at, as the ledger writes it.
        then: True where that moment is in the past, and the letter is written again as it read then.
        base: the address of the pages; empty where people type commands.
    """

    tx: Transaction
    room: Room
    at: str
    base: str = ""
    then: bool = False
    names: Names = field(init=False)
    _known: dict[str, Sight] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = self.room.names(self.tx)

    def sight(self, project: str) -> Sight:
        """Returns a project as it is seen at that moment; raises NotFound."""
        if project not in self._known:
            if self.then:
                found = past(self.tx, self.room, project, self.at)
                now, workflow = found.project, found.workflow
            else:
                now, workflow = self.room.load(self.tx, project)
            today = day_in(workflow.time_zone, self.at)
            self._known[project] = Sight(now, workflow, today, self.room.calendar(workflow))
        return self._known[project]

    def roles(self, person: str, sight: Sight) -> frozenset[str]:
        """Returns the roles somebody holds in a project; raises NothingToSay where they hold none any more."""
        found = roles_in(self.tx, person, sight.project.id, sight.workflow)
        if not found and not self.then:
            raise NothingToSay(f"They hold no role in {sight.project.id} any more.")
        return found

    def letter(self) -> Letter:
        """Returns an empty letter."""
        return Letter(self.base)


Writer = Callable[[Seen, str, Mapping[str, Any]], Letter]
"""Writes the letter for a person (by id) about something; raises NothingToSay."""


def called(project: Project) -> str:
    """Returns what people call a project, with its id."""
    return f"{project.title or ERASED_TITLE} ({project.id})"


def page_of(project: Project) -> str:
    """Returns the path of a project's page."""
    return f"/projects/{quote(project.id, safe='')}"


def titles(workflow: Workflow, roles: list[str]) -> str:
    """Returns roles as people list them: the one or the other."""
    named = [f"the {role_title(workflow, role)}" for role in roles]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}" if named else "nobody"


def address_of(tx: Transaction, person: str) -> str:
    """Returns the e-mail of a person; raises NobodyToTell for one who was erased."""
    row = people.person_by_id(tx, person)
    if row is None or not row.active or row.email is None:
        raise NobodyToTell("This person was erased and is not written to.")
    return row.email


def greeting(seen: Seen, letter: Letter, person: str) -> None:
    """Begins a letter with the name of whom it is for."""
    name = seen.names(person)
    letter.say(f"Hello {name}," if name else "Hello,")


def in_english(day: date) -> str:
    """Returns a day with its weekday: Tuesday 30 June 2026."""
    return f"{_DAYS[day.weekday()]} {in_words(day)}"


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
