"""The commands about the conditions that gates were passed with: list them, accept that one is met."""

from __future__ import annotations

import click

from terminal.act import Family
from terminal.asked import Asked
from terminal.complete import projects
from terminal.done import changing_project, tell_done
from terminal.words import plain_id

PROJECT = click.argument("project", metavar="PROJECT", shell_complete=projects)


@click.group("condition", cls=Family, short_help="List the conditions a gate was passed with, and accept them as met.")
def condition() -> None:
    """List the conditions that gates were passed with, and accept that one is met."""


@condition.command("list", short_help="Show the conditions of a project, and which are met.")
@PROJECT
@click.pass_obj
def listing(asked: Asked, project: str) -> None:
    """Show the conditions that the gates of a project were passed with, oldest first, and which are met."""
    from terminal.render_project import render_conditions
    from terminal.scene import scene_of

    with asked.reading() as engine:
        found = engine.conditions(project)
        asked.answer(found, lambda page: render_conditions(page, found["conditions"], scene_of(engine, asked, project)))


@condition.command("met", short_help="Accept that a condition is met.")
@PROJECT
@click.argument("seq", type=int, metavar="SEQ")
@click.argument("number", type=int, metavar="N")
@click.option("--reason", required=True, metavar="TEXT", help="How it was met, in words.")
@click.pass_obj
def met(asked: Asked, project: str, seq: int, number: int, reason: str) -> None:
    """Accept that a condition is met: the Nth of the gate passed at the entry SEQ of the ledger.

    Somebody who decides at the gate accepts it, and never the person who owns the condition. One that is met late
    leaves the gate unsound until it is affirmed: `cocycle decide PROJECT --affirm SEQ`.
    """
    with changing_project(asked, project, passed=True) as engine:
        found = engine.meet_condition(project, seq, number, reason, **asked.writing)
        titles = {} if asked.json else engine.titles(project).get("gates", {})
        passed = {} if asked.json else {p["passing"]: p for p in engine.conditions(project)["conditions"]}
        gate = passed.get(seq, {}).get("gate", "")
        at = titles.get(gate, plain_id(gate))
        tell_done(engine, asked, found, f"Accepted that condition {number} of “{at}” is met.", project)
