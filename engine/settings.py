"""The settings, read once into a value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from engine.anchoring.places import Places, places_from
from engine.core.bank_holidays import Extra
from engine.extra_holidays import extra_holidays_from

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside.

    Attributes:
        register: where the register is; `COCYCLE_DB`, else `cocycle.db` in the current folder.
        actor: the e-mail of the person acting; `COCYCLE_ACTOR`.
        log: the file the operator's log is appended to, or `stderr`; `COCYCLE_LOG`; empty for none.
        most_file_bytes: the largest file that is taken in as evidence; `COCYCLE_MAX_FILE_MB`, 64 MiB by default.
        extra_holidays: days that no calendar of this register counts, each with its name; `COCYCLE_EXTRA_HOLIDAYS`.
        places: where checkpoints go, and how mail is sent; five variables, see `engine.anchoring.places`.
    """

    register: str = "cocycle.db"
    actor: str | None = None
    log: str = ""
    most_file_bytes: int = 64 * MEBIBYTE
    extra_holidays: Extra = ()
    places: Places = Places()


def settings_from(environment: Mapping[str, str] = os.environ) -> Settings:
    """Returns the settings that the environment holds; a number that is none is left at its default.

    Raises:
        InputRefused: where the extra holidays or the outside places are not written as they should be; neither a date
            nor a place is ever left out quietly.
    """
    size = environment.get("COCYCLE_MAX_FILE_MB", "")
    return Settings(
        register=environment.get("COCYCLE_DB") or "cocycle.db",
        actor=environment.get("COCYCLE_ACTOR") or None,
        log=environment.get("COCYCLE_LOG", ""),
        most_file_bytes=int(size) * MEBIBYTE if size.isdecimal() and 0 < int(size) <= 512 else 64 * MEBIBYTE,
        extra_holidays=extra_holidays_from(environment.get("COCYCLE_EXTRA_HOLIDAYS", "")),
        places=places_from(environment),
    )
