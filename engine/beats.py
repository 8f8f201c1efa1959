"""Whether a worker is alive: each notes that it is with every round, and whoever asks sees since when none was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import orjson

from engine.clock import Clock, stamp
from engine.clocks import Clocks
from engine.known_time import in_words, since
from engine.store import beats, outbox
from engine.store.beats import Beat
from engine.store.database import Transaction

LATELY: Final = timedelta(minutes=5)  # a worker makes a round each minute
NEVER: Final = (
    "No worker was ever seen here. Without one nobody is reminded and no notice goes out, unless somebody runs"
    " `cocycle sweep`. Start one: cocycle worker."
)
"""What is said of a register that nobody put to work; no fault, since one to try things in needs no worker."""
KEPT: Final = timedelta(days=1)  # a worker that ended is remembered so long, and the last one for ever


class Seen(NamedTuple):
    """What is known of the workers: when the last was seen (empty for never), and those that are alive now."""

    last: str
    alive: tuple[str, ...]


class Health(Clocks):
    """What others ask to know whether all is well, a machine that watches this one for example."""

    def health(self) -> dict[str, Any]:
        """Returns whether the time-driven work is being done.

        Returns:
            `ok`: the clock is fine, and a worker is alive or none ever was here; `now`; `clock`, its `state` as in
            `clock_state`; `last_seen`, when a worker was last seen, or None; `alive`, how many are; `workers`, each
            with `name`, `at`, `alive`, `rounds` and `problems` (each with `part` and `code`) of its last round; and
            `waiting` and `dead`, deliveries that are still to be sent and those that were given up.
        """
        clock = self.clock_state()
        with self.database.read() as tx:
            known, waiting, dead = beats.beats(tx), outbox.waiting_under(tx), outbox.dead_under(tx)
            seen = workers_seen(tx, self.clock)
        return {
            "ok": clock["state"] == "fine" and (bool(seen.alive) or not seen.last),
            "now": clock["now"],
            "clock": clock["state"],
            "last_seen": seen.last or None,
            "alive": len(seen.alive),
            "workers": [_worker(one, seen) for one in known],
            "waiting": waiting,
            "dead": dead,
        }


def beat(tx: Transaction, name: str, at: str, said: Mapping[str, Any]) -> None:
    """Notes that a worker is alive at a moment, with what it says of itself; forgets those that ended long ago."""
    beats.put_beat(tx, Beat(name, at, orjson.dumps(said).decode()))
    beats.prune_beats(tx, stamp(datetime.fromisoformat(at) - KEPT))


def workers_seen(tx: Transaction, clock: Clock) -> Seen:
    """Returns what is known of the workers. One seen in the time to come was seen by a clock that was wrong."""
    now, known = stamp(clock.now()), beats.beats(tx)
    alive = tuple(one.name for one in known if abs(since(one.at, now)) <= LATELY)
    return Seen(known[0].at if known else "", alive)


def worker_finding(tx: Transaction, clock: Clock) -> tuple[str, bool, str]:
    """Returns what `doctor` says of the workers: the check, whether it is well, and a sentence."""
    seen = workers_seen(tx, clock)
    if not seen.last:
        return "worker", True, NEVER
    if seen.alive:
        number = "A worker is" if len(seen.alive) == 1 else f"{len(seen.alive)} workers are"
        return "worker", True, f"{number} at work, last seen on {in_words(seen.last)}."
    return "worker", False, f"No worker has been seen since {in_words(seen.last)}. Start one: cocycle worker."


def _worker(one: Beat, seen: Seen) -> dict[str, Any]:
    said = orjson.loads(one.said)
    return {"name": one.name, "at": one.at, "alive": one.name in seen.alive, **said}
