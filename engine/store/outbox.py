"""What is to be sent out of the register, who is at it, and what became of it; and how far each observer was told.

Nothing here sends anything. A delivery is claimed in one transaction, sent outside any, and noted in another. A crash
between the last two leaves it claimed until the claim runs out; then it is sent again, under the same id. So each goes
out at least once, and never again after its success was noted, but where somebody asks for that.

Of one topic only one worker has claims at a time. So what one observer is told keeps its order, however many workers
there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from engine.core.errors import IntegrityFailure
from engine.ledger.leaf import Leaf, NotALeaf, read_leaf
from engine.store import statements, statements_outbox
from engine.store.database import Transaction
from engine.store.driver import as_bytes

OBSERVER: Final = "observer:"
"""What the topic of an observer begins with; PLUGIN/OBSERVER follows."""

WAITING: Final = "waiting"
DELIVERED: Final = "delivered"
DEAD: Final = "dead"
STATES: Final = (WAITING, DELIVERED, DEAD)
MOST_SAID: Final = 500  # characters of what is kept about how a delivery ended


class Delivery(NamedTuple):
    """One thing to send. `topic` says what sends it, `occurrence` what it is about; see `tables.OutboxTable`."""

    id: int
    topic: str
    occurrence: str
    payload: str
    state: str
    tries: int
    made_at: str
    next_at: str
    claimed_until: str | None
    done_at: str | None
    told: str | None


def observer_place(tx: Transaction, observer: str) -> int | None:
    """Returns the index of the next entry for an observer; None where it was never seen."""
    row = tx.execute(statements_outbox.OBSERVER, {"which": observer}).fetchone()
    return None if row is None else int(row[0])


def observer_places(tx: Transaction) -> dict[str, int]:
    """Returns how far each observer that was ever active was told: the index of the next entry for it."""
    return dict(tx.execute(statements_outbox.OBSERVERS))


def put_observer(tx: Transaction, observer: str, next_seq: int) -> None:
    """Puts an observer's place, new or not."""
    if tx.execute(statements_outbox.MOVE_OBSERVER, {"which": observer, "next_seq": next_seq}).rowcount == 0:
        tx.execute(statements_outbox.ADD_OBSERVER, {"observer": observer, "next_seq": next_seq})


def leaves(tx: Transaction, first: int, last: int) -> Iterator[tuple[int, Leaf]]:
    """Yields entries as they stand in the ledger in clear, both ends included: no word of anybody is put back.

    Raises:
        IntegrityFailure: an entry cannot be read.
    """
    for seq, leaf in tx.execute(statements.ENTRIES, {"first": first, "last": last}):
        try:
            yield seq, read_leaf(as_bytes(leaf))
        except NotALeaf as error:
            raise IntegrityFailure(f"Entry {seq} of the ledger cannot be read: {error}.") from error


def put(tx: Transaction, topic: str, contents: Iterable[tuple[str, str]], now: str) -> None:
    """Puts (occurrence, payload) pairs into the box, due at once; an occurrence that lies there already stays as it is.

    Anything that is to be sent exactly when something else is recorded is put here in the same transaction.
    """
    rows = [_row(topic, occurrence, payload, now, now) for occurrence, payload in contents]
    if rows:
        tx.executemany(statements_outbox.ADD_DELIVERY, rows)


def put_one(tx: Transaction, topic: str, occurrence: str, payload: str, now: str, due: str) -> bool:
    """Puts one thing into the box, due at a moment; False where its occurrence lies there already, in any state."""
    return bool(tx.execute(statements_outbox.ADD_DELIVERY, _row(topic, occurrence, payload, now, due)).rowcount)


def put_ended(tx: Transaction, topic: str, occurrence: str, payload: str, now: str, told: str) -> bool:
    """Keeps what goes out inside something else, so that it is there once; False where it is there already."""
    row = {**_row(topic, occurrence, payload, now, now), "state": DELIVERED, "done_at": now, "told": said(told)}
    return bool(tx.execute(statements_outbox.ADD_ENDED, row).rowcount)


def _row(topic: str, occurrence: str, payload: str, now: str, due: str) -> dict[str, Any]:
    return {
        "topic": topic,
        "occurrence": occurrence,
        "payload": payload,
        "state": WAITING,
        "tries": 0,
        "made_at": now,
        "next_at": due,
    }


def waiting(tx: Transaction, topic: str) -> int:
    """Returns how many deliveries of a topic wait."""
    return int(tx.execute(statements_outbox.COUNT_WAITING, {"which": topic}).fetchone()[0])


def waiting_under(tx: Transaction, inside: str = OBSERVER) -> int:
    """Returns how many deliveries wait, of the topics that begin so; what was delivered is not gone through."""
    return int(tx.execute(statements_outbox.COUNT_WAITING_UNDER, _under(inside)).fetchone()[0])


def dead_under(tx: Transaction, inside: str = OBSERVER, since: str = "") -> int:
    """Returns how many deliveries were given up since a moment, of the topics that begin so; only those are read."""
    asked = {"since": since, **_under(inside)}
    return int(tx.execute(statements_outbox.COUNT_DEAD_UNDER, asked).fetchone()[0])


def claim(tx: Transaction, topic: str, now: str, until: str, most: int, longest: str = "9999") -> list[Delivery] | None:
    """Claims what is due of a topic, oldest first, until a moment; None while somebody else is at that topic.

    Args:
        longest: the latest moment until which anybody can have claimed something now. A claim that goes on for longer
            was made by a clock that was ahead; it lasts until `until` then, in which time whoever made it can end.
    """
    (newest,) = tx.execute(statements_outbox.NEWEST_CLAIM, {"which": topic}).fetchone()
    if newest is not None and newest > longest:
        tx.execute(statements_outbox.SHORTEN_CLAIMS, {"of_topic": topic, "latest": longest, "claimed_until": until})
    if newest is not None and newest > now:
        return None
    found = tx.execute(statements_outbox.DUE_DELIVERIES, {"topic": topic, "now": now, "limit": most}).fetchall()
    tx.executemany(statements_outbox.CLAIM_DELIVERY, [{"which": row[0], "claimed_until": until} for row in found])
    return [Delivery(*row)._replace(claimed_until=until) for row in found]


def release(tx: Transaction, topic: str, lease: str) -> None:
    """Gives back what is still claimed until `lease` and was not sent."""
    tx.execute(statements_outbox.RELEASE_DELIVERIES, {"of_topic": topic, "lease": lease})


def delivered(tx: Transaction, delivery: Delivery, now: str, told: str) -> None:
    """Notes a success; also where the claim ran out meanwhile, since it will not be less sent for that."""
    tx.execute(statements_outbox.DELIVERED, {"which": delivery.id, "done_at": now, "told": said(told)})


def not_delivered(tx: Transaction, delivery: Delivery, now: str, next_at: str | None, told: str) -> None:
    """Notes a failure: to be tried again at `next_at`, never where that is None.

    Where the claim ran out meanwhile it is not noted: whoever has it now will say how it ended.
    """
    ended: dict[str, Any] = {"state": WAITING, "next_at": next_at, "done_at": None}
    if next_at is None:
        ended = {"state": DEAD, "next_at": delivery.next_at, "done_at": now}
    lease = delivery.claimed_until
    tx.execute(statements_outbox.NOT_DELIVERED, {**ended, "which": delivery.id, "lease": lease, "told": said(told)})


def forget(tx: Transaction, unwanted: Iterable[Delivery]) -> None:
    """Takes out what its observer did not want."""
    tx.executemany(statements_outbox.FORGET_DELIVERY, [{"which": one.id} for one in unwanted])


def delivered_before(tx: Transaction, before: str) -> int:
    """Returns how many were delivered before a moment."""
    return int(tx.execute(statements_outbox.COUNT_OLD_DELIVERIES, {"before": before}).fetchone()[0])


def prune(tx: Transaction, before: str) -> None:
    """Takes out what was delivered before a moment."""
    tx.execute(statements_outbox.PRUNE_DELIVERIES, {"before": before})


def again(tx: Transaction, number: int, now: str) -> bool:
    """Makes a delivery due once more, whatever became of it; False while somebody is at it."""
    return bool(tx.execute(statements_outbox.DELIVER_AGAIN, {"which": number, "now": now}).rowcount)


def dead_again(tx: Transaction, now: str, inside: str = OBSERVER) -> int:
    """Makes everything due once more that was given up, of the topics that begin so; returns how many."""
    return int(tx.execute(statements_outbox.DELIVER_DEAD_AGAIN, {"now": now, **_under(inside)}).rowcount)


def delivery(tx: Transaction, number: int) -> Delivery | None:
    """Returns a delivery by its number."""
    row = tx.execute(statements_outbox.DELIVERY, {"which": number}).fetchone()
    return None if row is None else Delivery(*row)


def about(tx: Transaction, topic: str, occurrence: str) -> Delivery | None:
    """Returns what lies in the box about an occurrence; None where nothing does."""
    row = tx.execute(statements_outbox.DELIVERY_ABOUT, {"topic": topic, "occurrence": occurrence}).fetchone()
    return None if row is None else Delivery(*row)


def all_about(tx: Transaction, topic: str, beginning: str) -> list[Delivery]:
    """Returns what lies in the box about the occurrences that begin so, in their order."""
    given = {"topic": topic, "first": beginning, "beyond": _beyond(beginning)}
    return [Delivery(*row) for row in tx.execute(statements_outbox.DELIVERIES_ABOUT, given)]


def under(tx: Transaction, topic: str) -> list[Delivery]:
    """Returns all of one topic, oldest first."""
    return [Delivery(*row) for row in tx.execute(statements_outbox.DELIVERIES_UNDER, {"topic": topic})]


def stale(tx: Transaction, inside: str, before: str, now: str) -> int:
    """Returns how many wait, of the topics that begin so, that were due before a moment; none that is being sent."""
    asked = {"inside": inside, "before": before, "now": now}
    return int(tx.execute(statements_outbox.COUNT_STALE, asked).fetchone()[0])


def give_up_stale(tx: Transaction, inside: str, before: str, now: str, told: str) -> int:
    """Gives them up, which it says of each; returns how many."""
    asked = {"inside": inside, "before": before, "now": now, "done_at": now, "told": said(told)}
    return int(tx.execute(statements_outbox.GIVE_UP_STALE, asked).rowcount)


def prune_stale(tx: Transaction, inside: str, before: str, now: str) -> None:
    """Takes them out instead, so that nobody has to read of what is long past."""
    tx.execute(statements_outbox.PRUNE_STALE, {"inside": inside, "before": before, "now": now})


def dead_before(tx: Transaction, inside: str, before: str) -> int:
    """Returns how many were given up before a moment, of the topics that begin so."""
    return int(tx.execute(statements_outbox.COUNT_FORGOTTEN, {"before": before, **_under(inside)}).fetchone()[0])


def prune_dead(tx: Transaction, inside: str, before: str) -> None:
    """Takes them out."""
    tx.execute(statements_outbox.PRUNE_DEAD, {"before": before, **_under(inside)})


def holders(tx: Transaction, role: str, project: str) -> list[str]:
    """Returns the ids of the active people who hold a role, in a project or in the whole register, in order."""
    return [row[0] for row in tx.execute(statements_outbox.HOLDERS, {"role": role, "project": project})]


def deliveries(tx: Transaction, topic: str | None, state: str | None, most: int) -> list[Delivery]:
    """Returns deliveries, newest first, in one state or in any: of one topic, or of those that begin so (`:`, `/`)."""
    query, given = statements_outbox.DELIVERIES, {"limit": most, "topic": topic, "inside": topic, "state": state}
    if topic is not None:
        query = (
            statements_outbox.DELIVERIES_OF_TOPIC if state is None else statements_outbox.DELIVERIES_OF_TOPIC_IN_STATE
        )
        given["inside"] = topic if topic.endswith(("/", ":")) else f"{topic}/"
    elif state is not None:
        query = statements_outbox.DELIVERIES_IN_STATE
    return [Delivery(*row) for row in tx.execute(query, given)]


def counts(tx: Transaction, inside: str = OBSERVER) -> dict[str, int]:
    """Returns how many deliveries stand in each state, of the topics that begin so."""
    return dict.fromkeys(STATES, 0) | dict(tx.execute(statements_outbox.COUNT_DELIVERIES, {"inside": inside}))


def said(text: str) -> str:
    """Returns what is said about a delivery as it is kept: one line that can be printed, not too long."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MOST_SAID]


def _under(inside: str) -> dict[str, str]:
    return {"inside": inside, "beyond": _beyond(inside)}


def _beyond(beginning: str) -> str:
    """Returns what comes after everything that begins so."""
    return beginning[:-1] + chr(ord(beginning[-1]) + 1)
