"""The operator's log: one JSON line an act, by structlog, where the settings ask for it.

It is for whoever runs cocycle, not for auditors: what counts stands in the ledger. No words that people typed, no
secrets, no file contents are written to it. structlog is loaded only where a log is asked for, because it takes longer
to import than most commands take to run.
"""

from __future__ import annotations

import sys
from typing import Any, Protocol


class Log(Protocol):
    """Takes one line."""

    def __call__(self, event: str, **facts: Any) -> None:
        """Writes `event` with `facts`."""
        ...


def silence(event: str, **facts: Any) -> None:
    """Writes nothing."""


def open_log(where: str) -> Log:
    """Returns the log at `where`: a file's path, `stderr`, or nothing for silence."""
    if not where:
        return silence
    import structlog

    stream = sys.stderr if where == "stderr" else open(where, "a", encoding="utf-8", buffering=1)  # noqa: SIM115  # it stays open as long as the process
    logger = structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),  # escapes control characters: one line an event, whatever it holds
        ],
    )

    def write(event: str, **facts: Any) -> None:
        logger.info(event, **facts)

    return write
