"""What went wrong, in the form the contract tells it: an exit code, a stable code, a sentence, details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from terminal.mistake import Mistake
from terminal.screen import page_for, print_complaint, print_json

BUG = 70
EXITS: Mapping[int, str] = {
    2: "Not accepted",
    3: "Integrity failure",
    4: "Refused by the rules",
    5: "The register cannot be used",
    6: "Not permitted",
    7: "Conflict",
    8: "Not found",
    BUG: "Something broke",
}
"""The exit codes of the contract, each with the words its message begins with."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure as it is told. `hint` is a command or a sentence that helps; empty where none does."""

    exit_code: int
    code: str
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)
    hint: str = ""


def failure_of(error: Exception, words: Sequence[str]) -> Failure:
    """Returns what an exception means; one that nobody meant becomes an incident."""
    if isinstance(error, Mistake):
        return Failure(error.exit_code, error.code, error.message, error.details)
    if isinstance(error, click.UsageError):
        return Failure(2, "usage", _sentence(error.format_message()), hint=_help_of(error))
    if isinstance(error, click.ClickException):
        return Failure(2, "input_refused", _sentence(error.format_message()))
    return _of_the_engine(error) or _incident(error, words)


def _of_the_engine(error: Exception) -> Failure | None:
    try:
        from engine import api
    except Exception:  # noqa: BLE001  # an engine that cannot be loaded is itself the bug, and its error is at hand
        return None
    if not isinstance(error, api.CocycleError):
        return None
    exits: tuple[tuple[type[Exception], int], ...] = (
        (api.InputRefused, 2),
        (api.IntegrityFailure, 3),
        (api.RulesRefused, 4),
        (api.StorageUnavailable, 5),
        (api.NotPermitted, 6),
        (api.Conflict, 7),
        (api.NotFound, 8),
    )
    for kind, exit_code in exits:
        if isinstance(error, kind):
            notes = getattr(error, "__notes__", [])  # where the command knew the way on, it noted it
            hint = _HINTS.get(error.code) or (notes[0] if notes else "")
            return Failure(exit_code, error.code, error.message, error.details, hint)
    return None


_HINTS: Mapping[str, str] = {
    "no_such_project": "See them all:  cocycle project list",
    "no_such_workflow": "See them all:  cocycle workflow list",
    "no_such_person": "See them all:  cocycle person list",
    "unknown_person": "See who is known:  cocycle person list",
    "no_register": "Make one:  cocycle init --admin EMAIL",
    "moved": "Look again:  cocycle gate …",
}


def _incident(error: Exception, words: Sequence[str]) -> Failure:
    from terminal.incident import record

    number, where = record(error, words)
    message = f"This is a bug in cocycle, incident {number}. {where}"
    return Failure(BUG, "bug", message, {"incident": number})


def tell(failure: Failure, *, as_json: bool) -> None:
    """Prints a failure: one JSON object on standard output, or sentences for people on standard error."""
    if as_json:
        told = {"code": failure.code, "message": failure.message, "details": failure.details}
        print_json({"error": told})
        return
    page = page_for("err")
    page.say(f"{EXITS[failure.exit_code]}: {failure.message}")
    for problem in failure.details.get("problems", ()):
        place = f"line {problem['line']}: " if problem.get("line") else ""
        if problem["message"] not in failure.message:
            page.say(f"- {place}{problem['message']}", 2)
    if failure.hint:
        page.command(failure.hint)
    print_complaint(page.text())


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "?", "!")) else text + "."


def _help_of(error: click.UsageError) -> str:
    return f"{error.ctx.command_path} --help" if error.ctx is not None else "cocycle --help"
