"""The clock of this machine: clock shows it, and clock confirm is an admin's word that it is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from terminal.act import Family
from terminal.asked import Asked
from terminal.done import tell_done
from terminal.screen import Page
from terminal.words import moment

STATES = {"fine": ("Good", "green"), "ahead": ("Look here", "yellow"), "behind": ("Look here", "red")}


@click.group("clock", cls=Family, invoke_without_command=True, short_help="Look at this machine's clock, confirm it.")
@click.pass_context
def clock(ctx: click.Context) -> None:
    """Show what this machine's clock says, and what the register knows of the time.

    A clock that is more than 24 hours ahead of all that is known here writes nothing until an admin has confirmed it.
    What is known is the last entry, or the last round of a worker.
    """
    if ctx.invoked_subcommand is not None:
        return
    asked: Asked = ctx.obj
    with asked.reading() as engine:
        found = engine.clock_state()
    asked.answer(found, lambda page: _render(page, found, asked))


@clock.command("confirm", short_help="Say that this machine's clock is right, as an admin.")
@click.pass_obj
def confirm(asked: Asked) -> None:
    """Say that this machine's clock is right, although nothing was recorded for more than 24 hours. Admins only.

    Look at the date and the time first: what is recorded under a time that is still to come cannot be taken back, and
    a right clock is behind it from then on.
    """
    with asked.changing() as engine:
        found = engine.confirm_clock(**asked.writing)
        was, now = moment(found["was"]), moment(found["now"])
        tell_done(
            engine, asked, found, f"Confirmed that it is {now}. Nothing was known since {was}. Everybody can go on."
        )


def _render(page: Page, found: Mapping[str, Any], asked: Asked) -> None:
    page.say(f"This machine's clock: {moment(found['now'])}.")
    page.say(f"The last entry of the ledger: {moment(found['last_event'])}.")
    beat = found["last_beat"]
    page.say(f"The last a worker was seen: {moment(beat)}." if beat else "No worker was ever seen here.")
    if found["ahead"]:
        page.say(f"The clock is {found['ahead']} ahead of that.")
    word, colour = STATES[found["state"]]
    page.labelled(word, found["message"], colour=colour)
    if found["state"] == "ahead":
        page.command(asked.command("clock", "confirm"))
