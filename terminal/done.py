"""The end of a write: a sentence of what happened, and what is sensible to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from terminal.asked import Asked
from terminal.screen import Page, page_for, print_complaint

if TYPE_CHECKING:
    from engine.api import Engine

Answer = Mapping[str, Any]
CONSEQUENCES = frozenset({"gate_unsound", "gate_reopened", "decisions_lapsed"})
"""What an act may bring with it that nobody typed, and so must be told."""


def tell_done(
    engine: Engine,
    asked: Asked,
    found: Answer,
    sentence: str,
    project: str | None = None,
    *,
    passed: bool = False,
    more: Callable[[Page], None] | None = None,
) -> None:
    """Prints the answer to a write; for people the sentence, and for a project how its gate stands now.

    With `passed` it goes on with what still puts a gate right that was passed before; `more` writes what belongs to
    the sentence.
    """

    def render(page: Page) -> None:
        if found["replayed"]:
            page.say("This was done before under the same key; nothing was done again.")
        page.say(sentence)
        if more is not None:
            more(page)
        if project is not None and not CONSEQUENCES.isdisjoint(found["events"]):
            _tell_consequences(page, engine, asked, found, project)
        if found.get("receipt"):
            _tell_receipt(page, engine, asked, found)
        if project is not None and passed:
            _next_to_right(page, engine, asked, project)
        elif project is not None:
            _next_step(page, engine, asked, project)

    asked.answer(found, render)
    if not asked.json and found.get("warnings") and "receipt" in found:
        page = page_for("err")
        for warning in found["warnings"]:
            page.say(f"Note: {warning}")
        print_complaint(page.text())


def _tell_receipt(page: Page, engine: Engine, asked: Asked, found: Answer) -> None:
    """Says how to keep the proof of a decision."""
    seq = str(engine.receipt_seq(found))
    page.heading("Your receipt, the proof of what you did, to keep")
    page.command(f"{asked.command('ledger', 'receipt', seq, plain=True)} > receipt-{seq}.tlog-proof")


def _tell_consequences(page: Page, engine: Engine, asked: Asked, found: Answer, project: str) -> None:
    from terminal.happened import happened
    from terminal.scene import scene_of

    first = found["seq"] - len(found["events"]) + 1
    history = engine.history(project)["history"]
    brought = [e for e in history if first <= e["seq"] <= found["seq"] and e["event"] in CONSEQUENCES]
    scene = scene_of(engine, asked, project)
    for entry in brought:
        page.say(happened(entry, scene))


def _next_step(page: Page, engine: Engine, asked: Asked, project: str) -> None:
    from engine.api import CocycleError
    from terminal.render_gate import command_after
    from terminal.scene import scene_of

    try:
        gate = engine.gate(project)
        line = command_after(gate, scene_of(engine, asked, project, gate["definition"]))
    except CocycleError:  # what was asked for is done; that the next step cannot be told is no reason to fail
        return
    page.say(gate["summary"])
    if line:
        page.heading("Next")
        page.command(line)


def _next_to_right(page: Page, engine: Engine, asked: Asked, project: str) -> None:
    from terminal.render_project import next_for
    from terminal.scene import scene_of

    found = engine.project(project)
    page.heading("Next")
    page.command(next_for(found, scene_of(engine, asked, project, found["definition"]))[0])


@contextmanager
def changing_project(asked: Asked, project: str, *, passed: bool = False) -> Iterator[Engine]:
    """Opens the register for a write on a project; a refusal is told with the way on.

    A shut gate prints its whole answer, as `gate` does, on standard error. Other refusals name the command that
    shows how the project stands: its gate ahead, or the gates it `passed` where the write is about one of those.
    """
    from engine.api import CocycleError, NotPermitted, RulesRefused

    with asked.changing() as engine:
        try:
            yield engine
        except RulesRefused as refused:
            if asked.json or "requirements" not in refused.details:
                look = ("project", "show") if passed else ("gate",)
                refused.add_note(asked.command(*look, project, plain=True))
                raise
            try:
                _tell_shut(engine, asked, refused.details)
            except CocycleError:
                raise refused from None
            raise click.exceptions.Exit(4) from None
        except NotPermitted as refused:
            refused.add_note(asked.command("person", "list", plain=True))
            raise


def _tell_shut(engine: Engine, asked: Asked, gate: Answer) -> None:
    from terminal.render_gate import render_gate
    from terminal.scene import scene_of

    scene = scene_of(engine, asked, gate["project"], gate["definition"])
    page = page_for("err")
    page.say(f"Refused by the rules; nothing was changed.{_on_record(gate)}")
    render_gate(page, gate, scene)
    print_complaint(page.text())


def _on_record(refused: Answer) -> str:
    return f" That it was refused is on record: ledger entry {refused['seq']}." if "seq" in refused else ""
