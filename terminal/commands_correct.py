"""The command that says beside an entry of the ledger that it is wrong, and what is right."""

from __future__ import annotations

import click

from terminal.act import Act
from terminal.asked import Asked
from terminal.done import tell_done


@click.command("correct", cls=Act, short_help="Say beside an entry of the ledger that it is wrong, and what is right.")
@click.argument("seq", type=int, metavar="SEQ")
@click.option("--reason", required=True, metavar="TEXT", help="What is wrong with it, and what is right.")
@click.option("--second", required=True, metavar="EMAIL", help="The second person who answers for it.")
@click.pass_obj
def correct(asked: Asked, seq: int, reason: str, second: str) -> None:
    """Say beside an entry of the ledger that it is wrong, and what is right. SEQ is its place in the ledger.

    The entry stays as it is, and so does everything that came of it: a correction is read beside it. What should be
    otherwise now is done by an act of its own, like withdrawing evidence or taking a role away. The person who made
    the entry, a programme manager or an admin may do this, with a second person: another programme manager or admin,
    or the project's sro.
    """
    from engine.api import NotPermitted

    with asked.changing() as engine:
        try:
            found = engine.correct(seq, reason, second, **asked.writing)
        except NotPermitted as refused:
            refused.add_note(asked.command("person", "list", plain=True))
            raise
        said = f"Entry {seq} is corrected by entry {found['seq']}. Nothing else was changed."
        tell_done(engine, asked, found, said)
