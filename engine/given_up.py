"""What `doctor` says of what was given up: notices that reached nobody, and deliveries that no plugin took.

Nothing of it is lost, and nothing goes on by itself: somebody has to know that it is there. A notice is news for two
weeks, as long as one is tried at most. A delivery to a plugin that is active stays a gap until it is sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from engine.clock import Clock, stamp
from engine.notices.wanted import NOTICE
from engine.store import outbox
from engine.store.database import Transaction
from engine.store.outbox import OBSERVER

Finding = tuple[str, bool, str]
"""What was looked at, whether it is well, and a sentence."""

NEWS: Final = timedelta(days=14)  # so long a notice is tried at most
_LIST_NOTICES: Final = "See to whom, and why: cocycle notices --state dead. To send one again: cocycle notices resend."
_LIST_DELIVERIES: Final = (
    "See which, and why: cocycle plugin deliveries --state dead. Once more: cocycle plugin redeliver --all-dead."
)


def given_up_findings(tx: Transaction, clock: Clock, active: Iterable[str], *, by_mail: bool) -> Iterator[Finding]:
    """Yields what is known of notices and of deliveries that were given up.

    Args:
        active: the names of the active plugins; what one was to be told that is not active any more is no gap.
        by_mail: whether a mail server is set. Without one e-mails are given up when they are old, which is no fault.
    """
    since = stamp(clock.now() - NEWS)
    dead = outbox.dead_under(tx, NOTICE if by_mail else f"{NOTICE}:", since)
    lately = f"in the last {NEWS.days} days"
    words = f"No notice was given up {lately}."
    if dead:
        some = "1 notice to somebody was" if dead == 1 else f"{dead:,} notices to people were"
        words = f"{some} given up {lately}. {_LIST_NOTICES}"
    waiting = 0 if by_mail else outbox.counts(tx, NOTICE)[outbox.WAITING]
    if waiting:
        wait = "1 waits" if waiting == 1 else f"{waiting:,} wait"
        words += f" {wait}, and nobody is told by e-mail, since no mail server is set: see COCYCLE_MAIL_SERVER."
    yield "notices", not dead, words
    dead = sum(outbox.dead_under(tx, f"{OBSERVER}{name}/") for name in active)
    words = "No delivery to an active plugin was given up."
    if dead:
        some = "1 delivery to a plugin was" if dead == 1 else f"{dead:,} deliveries to plugins were"
        words = f"{some} given up. {_LIST_DELIVERIES}"
    yield "deliveries", not dead, words
