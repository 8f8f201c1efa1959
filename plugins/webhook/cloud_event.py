"""An entry of the ledger, or a notice to a person, as a CloudEvent 1.0, in the structured JSON form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from engine.hookspecs import Entry, Notice

CONTENT_TYPE: Final = "application/cloudevents+json"
TYPE: Final = "org.cocycle.{name}.v1"
"""The type. `v1` is the form of `data` as it is here; an event's own members are only ever added to."""

_OF_A_REFERENCE = "/:@!$&'()*+,;=?-._~"


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: an id that stays the same however often it is sent, and the exact bytes."""

    id: str
    body: bytes


def cloud_event(entry: Entry) -> Message:
    """Returns the message about an entry: the same entry gives the same id and the same bytes, always."""
    event: dict[str, object] = {
        "specversion": "1.0",
        "id": str(entry.seq),
        "source": quote(entry.origin, safe=_OF_A_REFERENCE) or "/",
        "type": TYPE.format(name=entry.name),
        "time": entry.at,
        "datacontenttype": "application/json",
    }
    if entry.project is not None:
        event["subject"] = entry.project
    event["data"] = {
        "seq": entry.seq,
        "event": entry.name,
        "by": entry.by,
        "project": entry.project,
        "version": entry.version,
        "body": _plain(entry.body),
    }
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":"), sort_keys=False).encode()
    return Message(f"evt_{sha256(entry.origin.encode()).hexdigest()[:16]}_{entry.seq}", body)


def cloud_event_of_notice(notice: Notice) -> Message:
    """Returns the message about a notice: the same notice has the same id at every try; no e-mail address is in it."""
    event: dict[str, object] = {
        "specversion": "1.0",
        "id": notice.id,
        "source": quote(notice.origin, safe=_OF_A_REFERENCE) or "/",
        "type": TYPE.format(name=f"notice.{notice.kind}"),
        "datacontenttype": "application/json",
    }
    if notice.project is not None:
        event["subject"] = notice.project
    event["data"] = {
        "kind": notice.kind,
        "person": notice.person,
        "project": notice.project,
        "due": notice.due,
        "title": notice.subject,
        "text": notice.text,
        "link": notice.link,
    }
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":"), sort_keys=False).encode()
    return Message(f"ntc_{sha256(notice.origin.encode()).hexdigest()[:16]}_{notice.id}", body)


def _plain(value: object) -> object:
    """Returns a value as JSON knows it; what a plugin is handed may be read-only."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
