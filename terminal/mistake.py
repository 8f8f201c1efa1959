"""A mistake in what was typed, found before the engine is asked."""

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
