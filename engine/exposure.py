"""What no outside checkpoint covers yet: events that whoever holds the register and its key could still rewrite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from engine.anchoring.places import Places
from engine.clock import stamp
from engine.core.errors import IntegrityFailure, NotFound
from engine.ledger.leaf import NotALeaf, read_leaf
from engine.room import Room
from engine.store import journal, settings
from engine.store.anchors import anchors
from engine.store.database import Transaction

NAME_ONE = "Name one in COCYCLE_ANCHOR_FOLDERS, COCYCLE_ANCHOR_MAIL or COCYCLE_WITNESSES."
LONGEST_SECONDS = 3600  # checkpoints go out every quarter of an hour; four missed are a finding


class Exposure(NamedTuple):
    """How many events no outside place covers, since when (None for none), and how many any place covers."""

    events: int
    since: str | None
    covered: int


def exposure(tx: Transaction, places: Places) -> Exposure:
    """Returns the exposure window, by what the configured places took of this ledger under its present name."""
    origin, rows = settings.setting(tx, "origin"), anchors(tx)
    taken = [rows[name] for name in places.labels() if name in rows]
    covered = max((row.size for row in taken if row.note.partition("\n")[0] == origin), default=0)
    size = journal.head(tx).size
    if covered >= size:
        return Exposure(0, None, size)
    try:
        since = read_leaf(journal.leaf(tx, covered)).at
    except (NotALeaf, NotFound):
        since = ""  # `verify` tells it
    return Exposure(size - covered, since, covered)


def outside_findings(tx: Transaction, places: Places, room: Room) -> Iterator[tuple[str, bool, str]]:
    """Yields (what, whether it is well, in words) for the exposure window and for each place."""
    labels, rows = places.labels(), anchors(tx)
    try:
        window = exposure(tx, places)
    except IntegrityFailure:
        return  # told elsewhere
    events = f"{window.events:,} event{'s' if window.events != 1 else ''}"
    if not labels:
        yield (
            "outside",
            True,
            f"No outside place keeps checkpoints, so {events} rest on this machine alone. {NAME_ONE}",
        )
        return
    if not window.events:
        yield "outside", True, "An outside checkpoint covers every event."
    else:
        late = bool(window.since) and _seconds(room, window.since or "") > LONGEST_SECONDS
        what = f"No outside checkpoint covers the last {events}, since {window.since} (cocycle ledger anchor)."
        yield "outside", not late, what
    for name, label in labels.items():
        row = rows.get(name)
        if row is None:
            yield label, True, f"{label[0].upper()}{label[1:]} was not tried yet (cocycle ledger anchor)."
        elif row.failure:
            last = f"It has the first {row.size:,} events." if row.size else "It never took one."
            yield label, False, f"At {row.tried_at}: {row.failure} {last}"
        else:
            yield label, True, f"{label[0].upper()}{label[1:]} has the first {row.size:,} events, since {row.at}."


def _seconds(room: Room, since: str) -> float:
    now = datetime.fromisoformat(stamp(room.clock.now()))
    return (now - datetime.fromisoformat(since)).total_seconds()
