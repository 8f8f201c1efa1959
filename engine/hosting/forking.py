"""What a fork begins with: no lock that a thread of its parent holds, and no process that answers its parent."""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class Forked(Protocol):
    """Something that holds locks or processes."""

    def after_fork(self) -> None:
        """Lets go of what belongs to the parent."""
        ...


_known: weakref.WeakSet[Forked] = weakref.WeakSet()


def at_fork(one: Forked) -> None:
    """Has `one` let go in every fork, as long as it is used."""
    _known.add(one)


def _let_go() -> None:
    for one in list(_known):
        one.after_fork()


os.register_at_fork(after_in_child=_let_go)
