"""What the command line itself refuses: a mistake in what was typed, an answer that cannot be printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click


class Mistake(click.ClickException):
    """Input refused by the command line itself: one sentence, a stable code, and details for programs."""

    exit_code = 2

    def __init__(self, message: str, *, code: str = "input_refused", details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.details = dict(details or {})


class Unprintable(Mistake):
    """The answer cannot be written to where standard output goes: a full disk, a closed stream."""

    exit_code = 5

    def __init__(self, error: OSError) -> None:
        why = f"What was asked for was done, but the answer cannot be printed: {error.strerror}."
        super().__init__(why, code="unprintable")
