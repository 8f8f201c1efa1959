"""The command `notices`: what people were told and are to be told, one notice as it reads, and sending one again."""

from __future__ import annotations

import click

from terminal.act import Family
from terminal.asked import Asked
from terminal.mistake import Mistake

STATES = ("waiting", "delivered", "dead")


@click.group(
    "notices",
    cls=Family,
    invoke_without_command=True,
    short_help="List what people were told, and what is still to be sent.",
)
@click.option("--mine", is_flag=True, help="Only those to you: see --as.")
@click.option("--person", metavar="EMAIL", help="Only those to this person.")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state; dead is given up.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, metavar="N", help="The most.")
@click.pass_context
def notices(ctx: click.Context, mine: bool, person: str | None, state: str | None, limit: int) -> None:
    """List what people were told, and what is still to be sent, newest first.

    Each line says to whom, about what, on which way, and what came of it. What was sent or given up is listed for 90
    days. They go out with `cocycle sweep`.
    """
    if ctx.invoked_subcommand is not None:
        return
    from terminal.render_notices import render_notices

    asked: Asked = ctx.obj
    if mine and person is not None:
        raise Mistake("Say --mine or --person, not both.", code="usage")
    if mine and asked.person is None:
        raise Mistake("Say who you are, so that yours can be found: --as EMAIL, or set COCYCLE_ACTOR.", code="usage")
    with asked.reading() as engine:
        found = engine.notices(person, mine=asked.person if mine else None, state=state, limit=limit)
    asked.answer(found, lambda page: render_notices(page, found, asked, asked.person if mine else person))


@notices.command("show", short_help="Show a notice as it was sent, or will be.")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.pass_obj
def show(asked: Asked, number: int) -> None:
    """Show a notice as it was sent, or as it would be sent now.

    A notice holds no words; they are read from the register. So one that was sent is shown as the register stood then,
    without what was erased since.
    """
    from terminal.render_notices import render_notice

    with asked.reading() as engine:
        found = engine.notice(number)
    asked.answer(found, lambda page: render_notice(page, found))


@notices.command("resend", short_help="Have a notice sent once more.")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.pass_obj
def resend(asked: Asked, number: int) -> None:
    """Have a notice sent once more with the next sweep, whatever became of it. It keeps the id it had."""
    with asked.changing() as engine:
        found = engine.resend(number)
    said = "is being sent at this moment." if found["busy"] else "will be sent with the next sweep."
    from terminal.render_notices import render_again

    asked.answer(found, lambda page: render_again(page, f"Notice {number} {said}", asked))
