"""From a notice in the box to what is sent: whom it goes to, the letter, and the id it keeps at every try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import orjson

from engine.core.errors import NotFound
from engine.notices.box import digests_in, gone_into
from engine.notices.wanted import DECIDE, DIGEST, NOTHING_SENT, REFUSED, UNSOUND
from engine.store.outbox import Delivery
from engine.store.settings import setting
from engine.telling.at_gates import write_decide, write_refused, write_unsound
from engine.telling.digest import items_of, write_digest
from engine.telling.letter import Letter
from engine.telling.seen import NothingToSay, Seen, Writer, address_of, page_of

__all__ = ["NOTHING_SENT", "WRITERS", "Composed", "as_json", "compose", "notice_id"]

WRITERS: Final[Mapping[str, Writer]] = {
    DIGEST: write_digest,
    REFUSED: write_refused,
    DECIDE: write_decide,
    UNSOUND: write_unsound,
}
"""Who writes the letter of each kind of notice."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A notice as it is sent.

    Attributes:
        id: the same for e-mail and for every channel, and at every try.
        address: the e-mail of the person; no channel is told it.
        project: the project it is about; None where it is about several.
        due: the nearest day in a digest; None in other notices.
        origin: the name of the register.
        name: what the person is called.
    """

    id: str
    kind: str
    person: str
    address: str
    project: str | None
    due: str | None
    link: str
    origin: str
    letter: Letter
    name: str = ""


def compose(seen: Seen, one: Delivery) -> Composed:
    """Writes a notice as the register is seen.

    Raises:
        NothingToSay: by now there is nothing left to tell.
        NobodyToTell: this person cannot be told.
    """
    payload = orjson.loads(one.payload)
    person, kind, origin = payload["person"], payload["kind"], setting(seen.tx, "origin") or ""
    address = address_of(seen.tx, person)
    project, due, about = payload["project"], None, payload["about"]
    if kind == DIGEST:
        later = gone_into(seen.tx, one, seen.at)
        if later is not None and not seen.then:
            raise NothingToSay(f"What was in it is in the digest of {later}.")
        about = {**about, "earlier": digests_in(seen.tx, one)}
        items = items_of(seen, person, about["day"], *about["earlier"])
        projects = {item.sight.project.id for item in items}
        project = projects.pop() if len(projects) == 1 else None
        due = min((item.deadline.due.isoformat() for item in items), default=None)
    try:
        letter = WRITERS[kind](seen, person, {**about, "project": payload["project"]})
    except NotFound as gone:
        raise NothingToSay("The project is not in this register.") from gone
    link = f"{seen.base}{'/my-work' if project is None else page_of(seen.sight(project).project)}" if seen.base else ""
    return Composed(
        notice_id(origin, one.occurrence),
        kind,
        person,
        address,
        project,
        due,
        link,
        origin,
        letter,
        seen.names(person) or "",
    )


def notice_id(origin: str, occurrence: str) -> str:
    """Returns the id of a notice: the same for the same register and occurrence, and telling nothing else."""
    return sha256(f"{origin}\n{occurrence}".encode()).hexdigest()[:32]


def as_json(found: Composed) -> dict[str, Any]:
    """Returns a notice in the members of `engine.hookshapes.Notice`: what a channel is told, without the address."""
    return {
        "id": found.id,
        "kind": found.kind,
        "person": found.person,
        "project": found.project,
        "due": found.due,
        "subject": found.letter.subject,
        "text": found.letter.plain(),
        "link": found.link or None,
        "origin": found.origin,
    }
