"""The command that takes the newest checkpoint to the outside places: ledger anchor."""

from __future__ import annotations

from typing import Any

import click

from terminal.act import Act
from terminal.asked import Asked
from terminal.screen import Page
from terminal.words import count


@click.command("anchor", cls=Act, short_help="Take the newest checkpoint to the outside places.")
@click.pass_context
def anchor(ctx: click.Context) -> None:
    """Take the newest checkpoint to the outside places, and send the receipts that wait.

    Have it run every 15 minutes. The settings name the places: folders, e-mail addresses, witnesses. A place that has
    the newest checkpoint already is left in peace. It exits with 5 where a place did not take it, and with 3 where a
    place holds what this ledger contradicts.
    """
    asked: Asked = ctx.obj
    with asked.changing() as engine:
        found = engine.anchor()
    asked.answer(found, lambda page: _render(page, found))
    if any(place["failure"] for place in found["places"]):
        ctx.exit(5)


def _render(page: Page, found: dict[str, Any]) -> None:
    page.say(f"The newest checkpoint is over {count(found['size'], 'entry', 'entries')}.")
    if not found["places"]:
        page.say("No outside place is set to keep it; docs/anchors.md says how to name one.")
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
