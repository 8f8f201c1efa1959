"""What is known about the time: the last entry, the last a worker was seen, and how the clock stands to them.

A clock that was set wrong by a month would write entries that cannot be taken back, and every right clock after it
would be behind them. So a machine's clock that is more than 24 hours ahead of what is known writes nothing until an
admin has confirmed it. Where a worker runs, what is known is never older than its last round.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from engine.clock import Clock, stamp
from engine.core.errors import RulesRefused
from engine.store import beats, journal
from engine.store.database import Transaction

MOST_BEHIND: Final = timedelta(seconds=2)
MOST_AHEAD: Final = timedelta(hours=24)


class KnownTime(NamedTuple):
    """Moments as the ledger writes them: this clock's, the last entry's, and the newest beat's; empty for none."""

    now: str
    last_entry: str
    last_beat: str = ""

    @property
    def known(self) -> str:
        """The newest moment that is known beside this clock's; empty where nothing is."""
        return max(self.last_entry, self.last_beat)

    @property
    def ahead(self) -> bool:
        """True where the clock is further ahead of what is known than anybody takes without asking."""
        if not self.known or self.now[:10] == self.known[:10]:  # most of the time, and cheap
            return False
        return since(self.known, self.now) > MOST_AHEAD

    @property
    def behind(self) -> bool:
        """True where the clock is further behind the last entry than anybody bears."""
        return bool(self.last_entry) and since(self.now, self.last_entry) > MOST_BEHIND


def known_time(tx: Transaction, clock: Clock) -> KnownTime:
    """Returns what is known about the time."""
    return KnownTime(stamp(clock.now()), journal.head(tx).at, beats.newest_beat(tx))


def since(earlier: str, later: str) -> timedelta:
    """Returns how much time is between two moments as the ledger writes them."""
    return datetime.fromisoformat(later) - datetime.fromisoformat(earlier)


def refuse_behind(time: KnownTime) -> None:
    """Refuses a clock that is behind the last entry.

    Raises:
        RulesRefused: `clock_behind`.
    """
    if time.behind:
        seconds = since(time.now, time.last_entry).total_seconds()
        raise RulesRefused(
            f"The clock of this machine is {seconds:,.0f} seconds behind the last entry of the register"
            f" ({time.last_entry}). Set the clock right, then try again; nothing was written.",
            code="clock_behind",
        )


def refuse_ahead(time: KnownTime) -> None:
    """Refuses a clock that is ahead of what is known.

    Raises:
        RulesRefused: `clock_ahead`, with both moments as `details`.
    """
    if time.ahead:
        raise RulesRefused(
            f"The clock of this machine says {in_words(time.now)}, and nothing is known here since"
            f" {in_words(time.known)}: that is {gap_in_words(time.known, time.now)}. If the clock is right, an admin"
            " confirms it: cocycle clock confirm. If it is wrong, set it right. Nothing was written.",
            code="clock_ahead",
            details={"now": time.now, "known": time.known},
        )


def in_words(moment: str) -> str:
    """Returns a moment as people read it, like 30 June 2026, 09:00 UTC."""
    at = datetime.fromisoformat(moment)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def gap_in_words(earlier: str, later: str) -> str:
    """Returns how much time is between two moments: in days from two days on, else in hours."""
    hours = int(since(earlier, later).total_seconds() // 3600)
    days = hours // 24
    return f"{days:,} days" if days > 1 else f"{hours} hour{'' if hours == 1 else 's'}"
