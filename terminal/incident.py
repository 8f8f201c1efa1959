"""An incident: a bug is told by a number on the screen, and by where it happened in the operator's log alone."""

from __future__ import annotations

import json
import os
import secrets
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime


def _places(error: BaseException | None) -> list[str]:
    """Returns the places that an error came by, and then its type; the errors that led to it first."""
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        places = traceback.format_tb(error.__traceback__)
        lines[:0] = [*places, f"{type(error).__module__}.{type(error).__qualname__}\n"]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def record(error: BaseException, words: Sequence[str]) -> tuple[str, str]:
    """Records a bug in the log that `COCYCLE_LOG` names.

    Of the words only the first, the command, is recorded: the others may hold what people typed. So may the text of an
    error, which quotes what it could not read; of errors only their types are recorded, and the places they came by.

    Returns:
        A random number to quote, and a sentence that says where the record is.
    """
    number = secrets.token_hex(4)
    place = os.environ.get("COCYCLE_LOG", "")
    ask = "Nothing was changed by half. Please report it with that number."
    if place in ("", "stderr"):  # a traceback belongs in a file; on a screen it helps nobody
        return number, f"{ask} Set COCYCLE_LOG to a file to have the particulars recorded."
    line = json.dumps(
        {
            "timestamp": datetime.now(UTC).isoformat(),
            "level": "error",
            "event": "incident",
            "incident": number,
            "command": words[0] if words else "",
            "traceback": "".join(_places(error)),
        }
    )
    try:
        with open(place, "a", encoding="utf-8") as log:
            log.write(line + "\n")
    except OSError:
        return number, f"{ask} The log that COCYCLE_LOG names could not be written to."
    return number, f"{ask} The particulars are in the log that COCYCLE_LOG names."
