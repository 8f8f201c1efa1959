"""The command that brings a register up to date: migrate."""

from __future__ import annotations

import click

from terminal.act import Act
from terminal.asked import Asked
from terminal.screen import Page


@click.command("migrate", cls=Act, short_help="Bring a register that an older cocycle made up to date.")
@click.option("--no-copy", is_flag=True, help="Do not keep a copy of the register as it is now.")
@click.pass_obj
def migrate(asked: Asked, no_copy: bool) -> None:
    """Bring a register that an older cocycle made up to date, so that this one can use it.

    A copy of it as it is now is kept beside it first. No entry of the ledger changes. Nobody else may have the
    register open meanwhile; an older cocycle cannot open it afterwards.
    """
    from engine.api import migrate_register

    asked.refuse_at()
    found = migrate_register(asked.register, copy=not no_copy)

    def render(page: Page) -> None:
        if found["from"] == found["to"]:
            page.say(f"The register {found['register']} is up to date; there was nothing to do.")
            return
        page.say(f"Brought the register {found['register']} up to date. No entry of its ledger was changed.")
        if found["copy"] is not None:
            page.say(f"A copy of it as it was is at {found['copy']}.")
            page.say(
                "The copy holds everything that the register held. What is erased from the register later stays in"
                " the copy: remove the copy once you have seen that all is well."
            )
        page.heading("Next")
        page.command(asked.command("ledger", "verify", plain=True))

    asked.answer(found, render)
