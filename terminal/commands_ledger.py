"""The commands about the ledger: verify, leaf."""

from __future__ import annotations

from typing import Any

import click

from terminal.act import Family
from terminal.asked import Asked
from terminal.mistake import Mistake
from terminal.screen import Page, print_bytes
from terminal.words import count


@click.group("ledger", cls=Family, short_help="Verify the ledger, print an entry of it.")
def ledger() -> None:
    """Verify the ledger, print an entry of it. These commands never write."""


@ledger.command("verify", short_help="Check that what is stored is what was recorded.")
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Check that what is stored is what was recorded: every entry, every word, every file, every project's state.

    It exits with 3 where anything was altered, and says what and where.
    """
    asked: Asked = ctx.obj
    found = _verified(asked)
    asked.answer(found, lambda page: _render(page, found, asked))
    if not found["ok"]:
        ctx.exit(3)


def _verified(asked: Asked) -> dict[str, Any]:
    """Returns what the engine found; a register too damaged to be read is an answer as well, in the same shape."""
    import os

    from engine.api import CocycleError, StorageUnavailable
    from terminal.incident import record

    try:
        with asked.reading() as engine:
            return engine.verify()
    except (Mistake, StorageUnavailable):
        raise
    except CocycleError as wreck:
        if not os.path.exists(asked.register):
            raise
        return _wrecked(wreck.code, wreck.message)
    except Exception as error:  # noqa: BLE001  # what was tampered with may break any reader; verify must still answer
        number, where = record(error, ("ledger", "verify"))
        return _wrecked("unreadable", f"The register cannot be read to its end, incident {number}. {where}")


def _wrecked(kind: str, message: str) -> dict[str, Any]:
    problem = {"seq": None, "kind": kind, "message": message}
    return {"ok": False, "size": 0, "root": "", "problems": [problem], "erased": 0, "states_checked": 0}


def _render(page: Page, found: dict[str, Any], asked: Asked) -> None:
    if found["ok"]:
        page.say(f"Intact: {count(found['size'], 'entry', 'entries')} of the ledger, and everything they recorded.")
        page.labelled("Projects", f"{found['states_checked']} replayed and found as stored", 0)
        page.labelled("Erased", count(found["erased"], "item"), 0)
        page.labelled("Root", found["root"], 0)
        return
    page.say(f"Altered: {count(len(found['problems']), 'problem')}. What is stored is not what was recorded.")
    for problem in found["problems"]:
        place = "The register" if problem["seq"] is None else f"Entry {problem['seq']}"
        page.labelled(place, f"{problem['message']} [{problem['kind']}]", colour="red")
    page.gap()
    page.say("Keep this copy as it is, and compare it with a backup.")
    page.heading("Next")
    page.command(asked.command("doctor", plain=True))


@ledger.command("leaf", short_help="Print the exact bytes of an entry.")
@click.argument("seq", metavar="SEQ", type=int)
@click.pass_obj
def leaf(asked: Asked, seq: int) -> None:
    """Print the exact bytes of an entry of the ledger, nothing added."""
    with asked.reading() as engine:
        print_bytes(engine.leaf(seq))
