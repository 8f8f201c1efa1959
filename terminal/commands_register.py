"""The commands about the register as a whole: init, demo, doctor, backup."""

from __future__ import annotations

import click

from terminal.act import Act
from terminal.asked import Asked
from terminal.read_file import refuse_folder
from terminal.screen import Page
from terminal.words import size

DAMAGE = ("pages", "guards", "signer")
"""The checks of `doctor` that fail only where what is stored was damaged or changed."""


@click.command("init", cls=Act, short_help="Make a register and its signing key.")
@click.option("--origin", metavar="NAME", help="The name its ledger is known by, like ledger.example.nhs.uk.")
@click.option("--admin", metavar="EMAIL", help="Its first admin.")
@click.option("--name", metavar="NAME", help="The name of the admin.")
@click.pass_obj
def init(asked: Asked, origin: str | None, admin: str | None, name: str | None) -> None:
    """Make a register and its signing key, with the workflows that come with cocycle."""
    from engine.api import create_register

    asked.refuse_at()
    refuse_folder(asked.register)
    engine, found = create_register(asked.register, origin=origin, admin=admin, name=name)
    engine.close()

    def render(page: Page) -> None:
        page.say(f"Made the register {found.get('register') or asked.register} and its signing key.")
        if found.get("public_key"):
            page.say("Its public key, for those who check its ledger:")
            page.command(found["public_key"])
        page.heading("Next")
        if admin:
            page.command(
                asked.command("person", "add", "EMAIL", "--name", "NAME", "--role", "programme_manager", actor=admin)
            )
            page.command(asked.command("workflow", "list", plain=True))
        else:
            page.command(asked.command("person", "add", "EMAIL", "--name", "NAME", "--role", "admin", actor="EMAIL"))

    asked.answer(found, render)


@click.command("demo", cls=Act, short_help="Make a register of sample projects, and show the tour of it.")
@click.option("--serve", is_flag=True, help="Show it in the browser, too; not in this version yet.")
@click.pass_obj
def demo(asked: Asked, serve: bool) -> None:
    """Make a register of sample projects, and show the tour of it."""
    from terminal.demo import run

    asked.refuse_at()
    run(asked, serve=serve)


@click.command("doctor", cls=Act, short_help="Check that this machine and the register are in order.")
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Check that this machine and the register are in order.

    It exits with 3 where what is stored was damaged, and with 5 where something else needs looking after.
    """
    asked: Asked = ctx.obj
    with asked.reading() as engine:
        found = engine.doctor()

    def render(page: Page) -> None:
        page.say("Everything is in order." if found["ok"] else "Something needs looking after.")
        for one in found["checks"]:
            word, colour = ("Good", "green") if one["ok"] else ("Look here", "red")
            page.labelled(word, f"{one['check']}: {one['message']}", colour=colour)

    asked.answer(found, render)
    if not found["ok"]:
        ctx.exit(3 if any(c["check"] in DAMAGE and not c["ok"] for c in found["checks"]) else 5)


@click.command("backup", cls=Act, short_help="Copy the register to a file, while it is in use.")
@click.argument("file", metavar="FILE", type=click.Path())
@click.pass_obj
def backup(asked: Asked, file: str) -> None:
    """Copy the register to a new file, while it is in use, with its key and the signer's memory beside it."""
    from pathlib import Path

    with asked.reading() as engine:
        refuse_folder(file)
        found = engine.backup(Path(file))

    def render(page: Page) -> None:
        page.say(f"Copied the register to {found['file']} ({size(found['size'])}).")
        page.say(
            "Its key and what it signed last were copied beside it: keep all three together, where only you can read."
        )
        page.heading("Next")
        from terminal.command_line import command_line

        page.command(command_line(["ledger", "verify", "--db", str(found["file"])]))

    asked.answer(found, render)
