"""Puts notices into the outbox, in the transaction of whatever they are about.

At once, a notice is a row of its own: one for e-mail, and one for each channel that a plugin brings. A reminder is kept
for the person's digest of the day, and there is one digest a person a day: it goes out at seven in the morning, or as
soon as there is something in it, where that is later. A digest that was sent, or that somebody is at, takes no more in;
what comes then goes into the next day's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from engine.clock import day_in, stamp
from engine.notices.wanted import DIGEST, LOOK, LOOKS, NOTHING_SENT, NOTICE, REMINDER, REMINDERS, NoticeWanted
from engine.store import outbox
from engine.store.database import Transaction
from engine.store.outbox import DEAD, DELIVERED, WAITING, Delivery
from engine.store.settings import put_setting, setting

ZONE: Final = "Europe/London"  # a person works in many projects, and a digest has one day
DIGEST_AT: Final = time(7, 0)
_CHANNELS: Final = "notice_channels"


def put(tx: Transaction, wanted: NoticeWanted, at: str) -> bool:
    """Puts a notice into the box; False where the same one is there already, sent or not.

    Args:
        tx: from `Database.write`; it is in the box once that has committed.
        at: now, as the ledger writes it.
    """
    if wanted.kind == LOOK:
        return outbox.put_one(tx, LOOKS, wanted.occurrence, _payload(wanted), at, at)
    if wanted.kind == REMINDER:
        return _into_digest(tx, wanted, at)
    return _put(tx, wanted.key, _payload(wanted), at, at)


def digest_key(person: str, day: str) -> str:
    """Returns what somebody's digest of a day is known by in the box."""
    return f"{person}/{DIGEST}/{day}"


def reminders_in(tx: Transaction, person: str, day: str) -> list[Mapping[str, Any]]:
    """Returns the payloads of the reminders in somebody's digest of a day, oldest first."""
    found = (orjson.loads(row.payload) for row in outbox.under(tx, REMINDERS + person))
    return [one for one in found if one["digest"] == day]


def gone_into(tx: Transaction, digest: Delivery, at: str) -> str | None:
    """Returns the day of the later digest that a digest's contents go out in; None where it goes out itself.

    After days without a mail server nobody is to find a digest of each day in their mail: the newest holds all of it.
    One that somebody asked for once more, whatever became of it, goes out itself.
    """
    if digest.told is not None and digest.tries == 0:
        return None
    today = digest_key(_person(digest), day_in(ZONE, at).isoformat())
    later = [one for one in _digests(tx, digest) if digest.occurrence < one.occurrence <= today and one.state != DEAD]
    return _day(later[-1]) if later else None


def digests_in(tx: Transaction, digest: Delivery) -> list[str]:
    """Returns the days of earlier digests that were never sent on this way, and go out in this one."""
    found: list[str] = []
    for one in reversed(_digests(tx, digest)):
        if one.occurrence >= digest.occurrence:
            continue
        if _was_sent(one) or (one.state == DELIVERED and gone_into(tx, one, one.done_at or "") is None):
            break
        found.append(_day(one))
    return found


def channels(tx: Transaction) -> list[str]:
    """Returns the channels of plugins that notices go to, as PLUGIN/CHANNEL."""
    found: list[str] = orjson.loads(setting(tx, _CHANNELS) or "[]")
    return found


def put_channels(tx: Transaction, names: Sequence[str]) -> None:
    """Notes to which channels of plugins notices go from now on; an act does not ask the plugins."""
    put_setting(tx, _CHANNELS, orjson.dumps(sorted(names)).decode())


def _into_digest(tx: Transaction, wanted: NoticeWanted, at: str) -> bool:
    day = day_in(ZONE, at)
    while not _takes_more(tx, wanted.person, day):
        day += timedelta(days=1)
    payload = orjson.dumps({**_members(wanted), "digest": day.isoformat()}).decode()
    told = f"In the digest of {day.isoformat()}."
    if not outbox.put_ended(tx, REMINDERS + wanted.person, wanted.occurrence, payload, at, told):
        return False
    digest = {"person": wanted.person, "project": None, "kind": DIGEST, "about": {"day": day.isoformat()}}
    due = max(at, stamp(datetime.combine(day, DIGEST_AT, ZoneInfo(ZONE))))
    _put(tx, digest_key(wanted.person, day.isoformat()), orjson.dumps(digest).decode(), at, due)
    return True


def _takes_more(tx: Transaction, person: str, day: date) -> bool:
    """True where a digest is not there yet, or was never tried by anybody on any way.

    One that was tried may have arrived, and a longer one under the same Message-ID would be taken for a copy of it.
    Nor is a new one made where an older one went out on that day, late.
    """
    key = digest_key(person, day.isoformat())
    rows = [outbox.about(tx, topic, key) for topic in topics(tx)]
    if any(rows):
        return all(row is None or _untouched(row) for row in rows)
    older = [one for topic in topics(tx) for one in outbox.all_about(tx, topic, digest_key(person, ""))]
    return not any(_was_sent(one) and one.done_at and day_in(ZONE, one.done_at) == day for one in older)


def _digests(tx: Transaction, digest: Delivery) -> list[Delivery]:
    """Returns the digests of the same person on the same way, oldest first."""
    return outbox.all_about(tx, digest.topic, digest_key(_person(digest), ""))


def _person(digest: Delivery) -> str:
    return digest.occurrence.partition("/")[0]


def _day(digest: Delivery) -> str:
    return digest.occurrence.rpartition("/")[2]


def _was_sent(one: Delivery) -> bool:
    return one.state == DELIVERED and not (one.told or "").startswith(NOTHING_SENT)


def _untouched(row: Delivery) -> bool:
    return row.state == WAITING and row.told is None and row.claimed_until is None


def _put(tx: Transaction, key: str, payload: str, made: str, due: str) -> bool:
    mail, *others = topics(tx)
    new = outbox.put_one(tx, mail, key, payload, made, due)
    if new:
        for topic in others:
            outbox.put_one(tx, topic, key, payload, made, due)
    return new


def topics(tx: Transaction) -> list[str]:
    """Returns the topics that a notice is put under: e-mail's first, then that of each channel."""
    return [NOTICE, *(f"{NOTICE}:{channel}" for channel in channels(tx))]


def _payload(wanted: NoticeWanted) -> str:
    return orjson.dumps(_members(wanted)).decode()


def _members(wanted: NoticeWanted) -> dict[str, Any]:
    return {
        "person": wanted.person,
        "project": wanted.project,
        "kind": wanted.kind,
        "about": dict(wanted.about),
    }
