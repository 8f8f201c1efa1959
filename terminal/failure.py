"""What went wrong, in the form the contract tells it: an exit code, a stable code, a sentence, details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from terminal.asked import Asked
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
    """A failure as it is told. `hint` is a command that helps, `page` what is shown to people instead; or empty."""

    exit_code: int
    code: str
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)
    hint: str = ""
    page: str = ""


def failure_of(error: Exception, words: Sequence[str], asked: Asked) -> Failure:
    """Returns what an exception means; one that nobody meant becomes an incident."""
    if isinstance(error, Mistake):
        return Failure(error.exit_code, error.code, error.message, error.details)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return Failure(2, "usage", "Say which command.", page=error.message + "\n")
    if isinstance(error, click.UsageError):
        return Failure(2, "usage", _usage(error), hint=_help_of(error))
    if isinstance(error, click.ClickException):
        return Failure(2, "input_refused", _sentence(error.format_message()))
    return _of_the_engine(error, asked) or _incident(error, words)


def _of_the_engine(error: Exception, asked: Asked) -> Failure | None:
    try:
        from engine import api
    except Exception:  # noqa: BLE001  # an engine that cannot be loaded is itself the bug, and its error is at hand
        return None
    if not isinstance(error, api.CocycleError):
        return None
    exits: tuple[tuple[type[Exception], int], ...] = (
        (api.InputRefused, 2),
        (api.PluginBroke, 2),
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
            way_on = _WAYS_ON.get(error.code)
            hint = asked.command(*way_on, plain=True) if way_on else notes[0] if notes else ""
            return Failure(exit_code, error.code, error.message, error.details, hint)
    return None


_WAYS_ON: Mapping[str, tuple[str, ...]] = {
    "no_such_project": ("project", "list"),
    "no_such_stage": ("project", "list"),
    "no_such_workflow": ("workflow", "list"),
    "no_such_person": ("person", "list"),
    "unknown_person": ("person", "list"),
}
"""For some codes the command that helps."""


def _usage(error: click.UsageError) -> str:
    """Returns what is wrong with the words typed, with the nearest option where one is not known."""
    if not isinstance(error, click.NoSuchOption):
        return _sentence(error.format_message())
    from difflib import get_close_matches

    known = [] if error.ctx is None else [o for p in error.ctx.command.get_params(error.ctx) for o in p.opts]
    near = get_close_matches(error.option_name, [o for o in known if o.startswith("--")], n=1)
    return f"There is no option {error.option_name}." + (f" Did you mean {near[0]}?" if near else "")


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
    if failure.page:
        print_complaint(failure.page)
        return
    page = page_for("err")
    page.say(f"{EXITS[failure.exit_code]}: {failure.message}")
    for problem in failure.details.get("problems", ()):
        place = f"line {problem['line']}: " if problem.get("line") else ""
        if problem["message"] not in failure.message:
            page.say(f"- {place}{problem['message']}", 2)
    if "seq" in failure.details and "refused" in failure.details.get("events", ()):
        page.say(f"That it was refused is on record: ledger entry {failure.details['seq']}.")
    if failure.hint:
        page.command(failure.hint)
    print_complaint(page.text())


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "?", "!")) else text + "."


def _help_of(error: click.UsageError) -> str:
    return f"{error.ctx.command_path} --help" if error.ctx is not None else "cocycle --help"
