"""The projection of people: who the register knows and which roles they hold."""

from __future__ import annotations

from typing import Any, NamedTuple

from engine.core.errors import Conflict
from engine.core.events import ERASED, Entry
from engine.store import statements
from engine.store.database import Transaction
from engine.store.settings import put_setting

ADMIN = "admin"
WHOLE_REGISTER = ""


class PersonRow(NamedTuple):
    """A person; `email` (as it was given) and `name` are None once they were erased."""

    id: str
    email: str | None
    name: str | None
    active: bool


Grant = tuple[str, str]  # role and scope: a project's id, or WHOLE_REGISTER


def apply_register_entry(tx: Transaction, entry: Entry) -> None:
    """Projects an event of the register onto the rows of people and settings; others leave them alone.

    Raises:
        Conflict: `id_taken`, where a person's id or email is known already.
    """
    body, words = entry.event.body, entry.event.words
    match entry.event.name:
        case "register_opened":
            put_setting(tx, "origin", body["origin"])
            put_setting(tx, "public_key", body["public_key"])
            put_setting(tx, "opened_at", entry.at)
            return
        case "person_added":
            _add_person(tx, body["person"], words["email"], words["name"])
        case "role_granted":
            tx.execute(statements.ADD_GRANT, _grant(body))
        case "role_revoked":
            tx.execute(statements.REMOVE_GRANT, _grant(body))
        case "person_erased":
            blank_person(tx, body["person"])
        case _:
            return
    tx.execute(statements.BUMP_PEOPLE)


def person_by_email(tx: Transaction, email: str) -> PersonRow | None:
    """Returns the person with this email, large and small letters alike; None where there is none."""
    return _person(tx.execute(statements.PERSON_BY_EMAIL, {"which": email.casefold()}).fetchone())


def person_by_id(tx: Transaction, person: str) -> PersonRow | None:
    """Returns the person with this id; None where there is none."""
    return _person(tx.execute(statements.PERSON_BY_ID, {"which": person}).fetchone())


def people(tx: Transaction) -> list[PersonRow]:
    """Returns everyone, ordered by id."""
    return [PersonRow(id_, email, name, bool(active)) for id_, email, name, active in tx.execute(statements.PEOPLE)]


def grants_of(tx: Transaction, person: str) -> list[Grant]:
    """Returns the roles a person holds, ordered."""
    return tx.execute(statements.GRANTS_OF, {"which": person}).fetchall()


def actor(tx: Transaction, email: str) -> tuple[PersonRow, list[Grant]] | None:
    """Returns who acts and the roles they hold, in one query; None where nobody has this email."""
    rows = tx.execute(statements.ACTOR, {"which": email.casefold()}).fetchall()
    if not rows:
        return None
    person = PersonRow(rows[0][0], rows[0][1], rows[0][2], bool(rows[0][3]))
    return person, [(role, scope) for *_, role, scope in rows if role is not None]


def active_admins(tx: Transaction) -> int:
    """Returns how many active people are admin of the register."""
    count: int = tx.execute(statements.ACTIVE_HOLDERS, {"role": ADMIN, "scope": WHOLE_REGISTER}).fetchone()[0]
    return count


def blank_person(tx: Transaction, person: str) -> None:
    """Takes e-mail and name of a person away and makes them inactive; that there was somebody with this id stays."""
    tx.execute(
        statements.BLANK_PERSON,
        {"which": person, "email_folded": None, "email": None, "name": None, "active": False},
    )


def _add_person(tx: Transaction, person: str, email: Any, name: Any) -> None:
    known = None if email is ERASED else person_by_email(tx, email)
    if known is not None or person_by_id(tx, person) is not None:
        raise Conflict("This person is in the register already.", code="id_taken", details={"person": person})
    row = {
        "id": person,
        "email_folded": None if email is ERASED else email.casefold(),
        "email": None if email is ERASED else email,
        "name": None if name is ERASED else name,
        "active": True,
    }
    tx.execute(statements.ADD_PERSON, row)


def _grant(body: Any) -> dict[str, str]:
    return {name: body[name] for name in ("person", "role", "scope")}


def _person(row: tuple[str, str | None, str | None, int] | None) -> PersonRow | None:
    return None if row is None else PersonRow(row[0], row[1], row[2], bool(row[3]))
