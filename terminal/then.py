"""The past on the screens: what is shown of it, by which titles, and that it says plainly that it is the past."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from terminal.asked import Asked
from terminal.scene import Scene, scene_of
from terminal.screen import Page
from terminal.words import day

if TYPE_CHECKING:
    from engine.api import Engine

Then = Mapping[str, Any] | None
"""A point in the past as the engine gives it with `stood`; None for now."""


def scene_at(engine: Engine, asked: Asked, found: Mapping[str, Any], as_of: str | None) -> tuple[Scene, Then]:
    """Returns the scene of an answer about a project, and the point in the past that the answer is of; None for now.

    Of the past nothing that stands now is looked at but what people are called: who holds which role today is no answer
    about then.
    """
    project, definition = found["project"], found["definition"]
    if as_of is None:
        return scene_of(engine, asked, project, definition), None
    people: list[Mapping[str, Any]] = [{**person, "roles": []} for person in engine.people()["people"]]
    scene = Scene(asked, project, engine.titles_of(definition), people, {}, engine.workflow(definition), past=True)
    return scene, engine.stood(project, as_of)


def say_then(page: Page, then: Then) -> None:
    """Writes which point of the past is shown; nothing where it is the present."""
    if then is None:
        return
    if then["index"] is None:
        said = f"As it stood on {day(then['at'])}, entry {then['entry']}."
    else:
        last = "" if then["index"] == then["entry"] else f"; the last of this project was {then['entry']}"
        said = f"As it stood on {day(then['at'])}, entry {then['index']}{last}."
    page.say(f"{said} This is the past.")
    page.gap()
