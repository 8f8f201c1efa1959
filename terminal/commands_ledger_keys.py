"""The commands about the ledger's signature: rotate-key, recover."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from terminal.act import Act
from terminal.asked import Asked
from terminal.screen import Page
from terminal.words import count

if TYPE_CHECKING:
    from engine.api import Engine

REASON = click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept with the entry.")
SECOND = click.option("--second", required=True, metavar="EMAIL", help="The second admin who answers for it.")


@click.command("rotate-key", cls=Act, short_help="Put a new signing key in the place of the old one.")
@REASON
@SECOND
@click.pass_obj
def rotate_key(asked: Asked, reason: str, second: str) -> None:
    """Put a new signing key in the place of the old one. It takes two admins.

    The old key signs for the new one, in the ledger, and is destroyed then. What was signed before stays good: whoever
    holds the old public key can follow to the new one. Give the new public key to those who check the ledger.
    """
    with _two_admins(asked) as engine:
        found = engine.rotate_key(reason, second, **asked.writing)

    def render(page: Page) -> None:
        _replayed(page, found["replayed"])
        page.say("The ledger has a new signing key; the old one signed for it and is destroyed.")
        page.say("Its public key, for those who check the ledger:")
        page.command(found["public_key"])
        page.heading("Next")
        page.command(asked.command("ledger", "checkpoint", plain=True))

    asked.answer(found, render)


@click.command("recover", cls=Act, short_help="Begin a new signature, where what was signed before is lost for ever.")
@REASON
@SECOND
@click.pass_obj
def recover(asked: Asked, reason: str, second: str) -> None:
    """Begin a new signature, where what was signed before is lost for ever. It takes two admins.

    Where an older copy of the register was put back, the signer refuses to sign it: others may hold proofs of what
    came after. If that register is gone for ever, this says so in the ledger, and signs from here on under a new name.
    Receipts and checkpoints of what was lost stay true of what was lost, and fit this ledger no more. It cannot be
    undone: look for a newer copy first.
    """
    with _two_admins(asked) as engine:
        found = engine.recover(reason, second, **asked.writing)

    def render(page: Page) -> None:
        _replayed(page, found["replayed"])
        page.say(f"The ledger goes on from here under the name {found['origin']}, with a new signing key.")
        here = count(found["size"], "entry", "entries")
        if found["lost_size"] is None:
            page.say(f"It holds {here}. What was signed before is not known; that is on record now.")
        else:
            page.say(
                f"It holds {here}. {count(found['lost_size'], 'entry', 'entries')} were signed; that is on record."
            )
        for warning in found.get("warnings", ()):
            page.say(f"Note: {warning}")
        page.say("Its public key, for those who check the ledger; tell them why it is another:")
        page.command(found["public_key"])
        page.heading("Next")
        page.command(asked.command("ledger", "verify", plain=True))

    asked.answer(found, render)


@contextmanager
def _two_admins(asked: Asked) -> Iterator[Engine]:
    from engine.api import NotPermitted

    with asked.changing() as engine:
        try:
            yield engine
        except NotPermitted as refused:
            refused.add_note(asked.command("person", "list", plain=True))
            raise


def _replayed(page: Page, replayed: bool) -> None:
    if replayed:
        page.say("This was done before under the same key; nothing was done again.")
