"""The command that takes the newest checkpoint to the outside places: ledger anchor."""

from __future__ import annotations

import sys
import time
from typing import Any

import click

from terminal.act import Act
from terminal.asked import Asked
from terminal.screen import Page, print_complaint
from terminal.words import count


@click.command("anchor", cls=Act, short_help="Take the newest checkpoint to the outside places.")
@click.option(
    "--every",
    type=click.FloatRange(0, 15, min_open=True),
    metavar="MINUTES",
    help="Go on until it is stopped, once in so many minutes, 15 at most.",
)
@click.pass_context
def anchor(ctx: click.Context, every: float | None) -> None:
    """Take the newest checkpoint to the outside places, and send the receipts that wait.

    `cocycle worker` does this by itself; without a worker, have this run with --every 15. The settings name the
    places: folders, e-mail addresses, witnesses. A place that has the newest checkpoint already is left in peace. It
    exits with 5 where a place did not take it, and with 3 where a place holds what this ledger contradicts. With
    --every it says what is new only, tries again the next time where a place or the register was out of order, and ends
    by itself only where it would exit with 3.
    """
    asked: Asked = ctx.obj
    if every is None:
        found = _anchored(asked)
        asked.answer(found, lambda page: _render(page, found))
        if _failed(found):
            ctx.exit(5)
        return
    told: object = None
    while True:
        told = _round(asked, told)
        time.sleep(every * 60)


def _anchored(asked: Asked) -> dict[str, Any]:
    with asked.changing() as engine:
        return engine.anchor()


def _failed(found: dict[str, Any]) -> list[str]:
    return [place["failure"] for place in found["places"] if place["failure"]]


def _round(asked: Asked, told: object) -> object:
    """Goes to the places once and says how it went, unless that is what was `told` the last time; returns it."""
    from engine.api import StorageUnavailable

    try:
        found = _anchored(asked)
    except StorageUnavailable as error:  # locked, or the disk is full: the next round may find it in order
        if error.message != told:
            print_complaint(f"{error.message} It is tried again.\n")
        return error.message
    news = (found["size"], _failed(found))
    if news != told:
        asked.answer(found, lambda page: _render(page, found))
        sys.stdout.flush()
    return news


def _render(page: Page, found: dict[str, Any]) -> None:
    page.say(f"The newest checkpoint is over {count(found['size'], 'entry', 'entries')}.")
    if not found["places"]:
        page.say(
            "No outside place is set to keep it. Name one in COCYCLE_ANCHOR_FOLDERS, COCYCLE_ANCHOR_MAIL or"
            " COCYCLE_WITNESSES."
        )
    for place in found["places"]:
        if place["failure"]:
            page.labelled("Look here", f"{place['place']}: {place['failure']}", colour="red")
        else:
            has = count(place["size"], "entry", "entries")
            page.labelled("Good", f"{place['place']} has it, over {has}.", colour="green")
    letters = found["letters"]
    if letters["sent"] or letters["waiting"]:
        page.say(f"Receipts sent: {letters['sent']}. Still waiting: {letters['waiting']}.")
    for warning in found["warnings"]:
        page.say(f"Note: {warning}")
