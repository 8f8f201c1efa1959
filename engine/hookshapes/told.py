"""What plugins are told: entries of the ledger to observers, notices of people to channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.hookshapes.plain import Json


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger as an observer sees it: what stands in the ledger in clear, and no words of people.

    Attributes:
        seq: its place in the ledger, from 0.
        at: the moment it was recorded, RFC 3339 in UTC.
        by: the id of the person who acted.
        name: what happened, like `evidence_added`; see docs/events.md.
        project: the id of the project; None where it belongs to none.
        version: the version of the project after it.
        body: what happened, member by member; see docs/events.md.
        origin: the name of the register.
    """

    seq: int
    at: str
    by: str
    name: str
    project: str | None
    version: int
    body: Json
    origin: str


@dataclass(frozen=True, slots=True)
class Observer:
    """Is told of every entry after it is recorded, at least once, in order as long as nothing fails.

    Attributes:
        id: small letters, digits, `_` and `-`.
        title: for the operator.
        observe: `observe(entry, settings)`; returns a short line for the delivery log. What it raises is logged, and it
            is tried again later, `DeliveryFailed` with the delay it names.
        wants: `wants(entry) -> bool`; False for what is of no concern. All where None.
    """

    id: str
    title: str
    observe: Callable[[Entry, Mapping[str, str]], str]
    wants: Callable[[Entry], bool] | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that one person is told: a digest of their deadlines, or what concerns them at a gate.

    Its words are those of the e-mail, so they hold what people typed: titles, and the names of people.

    Attributes:
        id: the same at every try; a receiver that keeps it knows what it has had.
        kind: digest, refused, unsound or decide.
        person: the id of the person; their e-mail address is not told.
        project: the id of the project; None where it is about several.
        due: the nearest day in a digest; None in other notices.
        subject: in one line.
        text: all of it, as plain text.
        link: where the person can go on; None where no address of pages is set.
        origin: the name of the register.
    """

    id: str
    kind: str
    person: str
    project: str | None
    due: str | None
    subject: str
    text: str
    link: str | None
    origin: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A way on which people are told beside e-mail: each notice to each person, at least once.

    Attributes:
        id: small letters, digits, `_` and `-`.
        title: for the operator.
        deliver: `deliver(notice, settings)`; returns a short line for the list of notices, an empty one where it sends
            nothing. What it raises is logged, and it is tried again later, `DeliveryFailed` with the delay it names.
    """

    id: str
    title: str
    deliver: Callable[[Notice, Mapping[str, str]], str]
