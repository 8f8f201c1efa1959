"""The end of a write: a sentence of what happened, and what is sensible to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from terminal.asked import Asked
from terminal.screen import Page, page_for, print_complaint

if TYPE_CHECKING:
    from engine.api import Engine

Answer = Mapping[str, Any]


def tell_done(engine: Engine, asked: Asked, found: Answer, sentence: str, project: str | None = None) -> None:
    """Prints the answer to a write; for people the sentence, and for a project how its gate stands now."""

    def render(page: Page) -> None:
        if found["replayed"]:
            page.say("This was done before under the same key; nothing was done again.")
        page.say(sentence)
        if project is not None:
            _next_step(page, engine, asked, project)

    asked.answer(found, render)


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


@contextmanager
def changing_project(asked: Asked, project: str) -> Iterator[Engine]:
    """Opens the register for a write on a project; a refusal is told with the way on.

    A shut gate prints its whole answer, as `gate` does, on standard error. Other refusals name the command that
    shows how the project stands.
    """
    from engine.api import CocycleError, NotPermitted, RulesRefused

    with asked.changing() as engine:
        try:
            yield engine
        except RulesRefused as refused:
            if asked.json or "requirements" not in refused.details:
                refused.add_note(asked.command("gate", project, plain=True))
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
    page.say("Refused by the rules; nothing was changed.")
    render_gate(page, gate, scene)
    print_complaint(page.text())
