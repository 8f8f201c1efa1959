"""What whoever signs sees first: the record whole, what the rules say of it, and what it claims beyond its facts."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from terminal.asked import Asked
from terminal.render_evidence import render_contents, render_contradictions
from terminal.scene import Scene
from terminal.screen import Page, page_for, print_complaint
from terminal.words import STATES, day, either, inside, level, moment

if TYPE_CHECKING:
    from engine.api import Engine


def look_at(asked: Asked, project: str, requirement: str) -> None:
    """Prints what would be signed now; writes nothing."""
    from terminal.scene import scene_of

    with asked.reading() as engine:
        found = engine.to_sign(project, requirement)
        asked.answer(found, lambda page: render_to_sign(page, found, scene_of(engine, asked, project)))


def render_to_sign(page: Page, found: Mapping[str, Any], scene: Scene) -> None:
    """Writes the record that would be signed, what the rules say, and each contradiction in a frame."""
    signers = either(inside(scene.role(r)) for r in found["signed_by"])
    page.say(f"To sign “{found['requirement_title']}” in {found['project']}, by {signers}.")
    page.gap()
    record = found["record"]
    if record is None:
        page.say(" ".join(found["why"]))
    else:
        page.labelled("Record", f"{record['evidence']}: {record['kind_title']}", 0)
        page.labelled("Happened on", day(record["happened_on"]), 0)
        by = record["name"] or scene.name_of(record["by"])
        page.labelled("Handed in", f"{moment(record['recorded_at'])}, by {by}", 0)
        page.labelled("Level claimed", level(record["claimed_level"] or "none"), 0)
        if record["claimed_level"] != record["level"]:
            page.labelled("Level judged", level(record["level"]), 0)
        render_contents(page, record, scene)
        if found["rules"]:
            page.heading("What the rules say")
        for rule in found["rules"]:
            word, colour = ("Kept", "green") if rule["holds"] else ("Not kept", "red")
            page.labelled(word, rule["title"], colour=colour)
            for why in rule["why"]:
                page.beside(why)
        page.heading("How the requirement stands")
        word, colour = STATES[found["state"]]
        page.labelled(word, " ".join(found["why"]), colour=colour)
        render_contradictions(page, found["contradictions"])
    page.heading("Next")
    page.command(scene.asked.command("sign", found["project"], found["requirement"]))


def seen_first(engine: Engine, asked: Asked, project: str, requirement: str) -> int | None:
    """Shows on a terminal what contradicts the record and asks; returns the version that was seen, None elsewhere.

    Whoever was asked signs what they saw: where the project moved on meanwhile, the signature is refused.

    Raises:
        click.Abort: they would rather not.
    """
    from engine.api import CocycleError

    if not _at_a_terminal():
        return None
    try:
        found = engine.to_sign(project, requirement)
    except CocycleError:
        return None  # signing itself says what is wrong, in the order in which it is always said
    if not found["contradictions"]:
        return None
    _complain(found["contradictions"])
    if not click.confirm("Sign it all the same?", default=False, err=True):
        print_complaint("Nothing was signed.\n")
        raise click.Abort
    return int(found["version"])


def show_again(engine: Engine, asked: Asked, signed: Mapping[str, Any], seen: int | None) -> None:
    """Prints on standard error what whoever signed must know: contradictions nobody asked about, rules not kept."""
    if asked.json and not signed["contradictions"]:
        return
    found = engine.to_sign(signed["project"], signed["requirement"])
    if seen is None and signed["contradictions"]:
        _complain([one for one in found["contradictions"] if one["id"] in signed["contradictions"]])
    if not asked.json:
        _warn(found, engine.titles(signed["project"])["levels"])


def _warn(found: Mapping[str, Any], levels: Sequence[str]) -> None:
    """Warns where the record that was signed does not keep the rules or claims too low a level."""
    broken = [" ".join([f"{rule['title']}:", *rule["why"]]) for rule in found["rules"] if not rule["holds"]]
    asked, claimed = found["level_asked"], (found["record"] or {}).get("level")
    if asked is not None and (claimed is None or levels.index(claimed) < levels.index(asked)):
        broken.insert(0, f"The level asked for is {level(asked)}; the record is at {level(claimed or 'none')}.")
    if broken:
        page = page_for("err")
        page.say("Your signature stands, but the record does not do as it is:")
        for why in broken:
            page.item(why)
        print_complaint(page.text())


def _complain(contradictions: list[Mapping[str, Any]]) -> None:
    page = page_for("err")
    render_contradictions(page, contradictions)
    print_complaint(page.text())


def _at_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
