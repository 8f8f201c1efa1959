"""Writes notices: to whom, about what, what became of each; and one of them as it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from terminal.asked import Asked
from terminal.screen import Page
from terminal.words import count, day, inside, moment, together

Answer = Mapping[str, Any]

STATES: Mapping[str, tuple[str, str]] = {
    "waiting": ("Waiting", "yellow"),
    "delivered": ("Sent", "green"),
    "dead": ("Given up", "red"),
}
"""The word and the colour of each state."""

MOST_NAMED = 4
"""Projects that a digest in the list is said to be about by their ids."""


def render_notices(page: Page, found: Answer, asked: Asked, whose: str | None) -> None:
    """Writes a list of notices, then what keeps them back, and the next command."""
    every = found["notices"]
    to = f" to {whose}" if whose else ""
    if not every:
        page.say(f"No notice{to} is listed here.")
    for one in every:
        word, colour = STATES[one["state"]]
        page.labelled(word, f"{one['id']}: {_to(one)}. {about(one)}.{_on(one)}", colour=colour)
        page.beside(_what_came(one))
    if not found["server"] and found["counts"]["waiting"]:
        page.gap()
        page.say(
            "No mail server is set, so none goes out by e-mail: see COCYCLE_MAIL_SERVER. After 14 days a notice that"
            " still waits is given up."
        )
    if every:
        page.heading("Next")
        page.command(asked.command("notices", "show", str(every[0]["id"]), plain=True))


def about(one: Answer) -> str:
    """Returns what a notice is about."""
    gate = inside(one["gate"]) if one["gate"] else "gate"
    if one["kind"] == "digest":
        return f"Digest of {day(one['day'])}: {count(len(one['reminders']), 'reminder')}{_where(one['reminders'])}"
    if one["kind"] == "refused":
        return f"Something is missing at the {gate} of {one['project']}"
    if one["kind"] == "decide":
        return f"A decision is needed at the {gate} of {one['project']}"
    return f"The {gate} of {one['project']} is no longer sound"


def _where(reminders: Sequence[Answer]) -> str:
    """Returns in which projects the reminders of a digest are; of many only how many projects."""
    projects = sorted({str(one["project"]) for one in reminders})
    if not projects:
        return ""
    return f", in {together(projects)}" if len(projects) <= MOST_NAMED else f", in {len(projects)} projects"


def render_notice(page: Page, found: Answer) -> None:
    """Writes one notice: its state, then the text as it was sent or would be."""
    word, colour = STATES[found["state"]]
    page.labelled(word, f"{about(found)}.{_on(found)}", colour=colour)
    page.beside(_what_came(found))
    page.labelled("To", f"{found['name'] or 'Somebody who was erased'}, {found['to'] or 'no e-mail address'}")
    if found["text"] is None:
        page.say("There is nothing to send.")
        return
    page.labelled("Subject", found["subject"])
    page.gap()
    page.raw(found["text"])


def render_again(page: Page, said: str, asked: Asked) -> None:
    """Writes what will happen with a notice, and the command that does it."""
    page.say(said)
    page.command(asked.command("sweep", plain=True))


def _to(one: Answer) -> str:
    return f"to {one['name']}" if one["name"] else "to somebody who was erased"


def _on(one: Answer) -> str:
    return "" if one["channel"] == "e-mail" else f" On the way {one['channel']}."


def _what_came(one: Answer) -> str:
    told = f" {one['told']}" if one["told"] else ""
    tries = count(one["tries"], "try", "tries")
    if one["state"] == "waiting":
        when = f"After {tries}, next on {moment(one['next_at'])}." if one["tries"] else f"Due {moment(one['next_at'])}."
        return f"{when}{told}"
    return f"{moment(one['done_at'])}, after {tries}.{told}"
