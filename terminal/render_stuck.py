"""A project that is stuck: for how long, why, and whom to ask; and all that are, the longest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from terminal.asked import Asked
from terminal.screen import Page
from terminal.words import count, day, either, inside, together

Answer = Mapping[str, Any]


def render_stuck(page: Page, found: Answer, asked: Asked, today: str, filters: Sequence[str] = ()) -> None:
    """Writes a page of stuck projects, and the command for the next one.

    Args:
        page: where to write.
        found: the engine's answer.
        asked: what was asked for beside the command.
        today: the day they were looked at, ISO.
        filters: the words that they were chosen by beside `--stuck`, to be said again for the next page.
    """
    projects = found["projects"]
    if not projects:
        page.say(f"No project is stuck{' among these' if filters else ''}. As of {day(today)}.")
        page.heading("Next")
        page.command(asked.command("project", "list", plain=True))
        return
    more = " on this page" if found["next"] else ""
    page.say(f"{count(len(projects), 'stuck project')}{more}, the longest first. As of {day(today)}.")
    for one in projects:
        page.gap()
        title = one["title"] or "(title erased)"
        page.say(f"{one['project']} {title}, in {one['stage_title']} since {day(one['entered_at'])}", 2)
        page.say(f"Stuck for {how_long(one['stuck'])}. {one['stuck']['why']}", 6)
        for line in whom_to_ask(one["stuck"]):
            page.say(line, 6)
    page.heading("Next")
    if found["next"]:
        page.command(asked.command("project", "list", "--stuck", *filters, "--after", found["next"], plain=True))
    page.command(asked.command("gate", projects[0]["project"], plain=True))


def say_stuck(page: Page, stuck: Answer) -> None:
    """Writes that a project is stuck, for how long, why, and whom to ask."""
    page.labelled("Stuck", f"for {how_long(stuck)}. {stuck['why']}", 0, "yellow")
    for line in whom_to_ask(stuck):
        page.beside(line, 0)


def how_long(stuck: Answer) -> str:
    """Returns for how long a project is stuck, in working days where they are known and there is one."""
    working = stuck["working_days"]
    return count(working, "working day") if working else count(stuck["days"], "day")


def whom_to_ask(stuck: Answer) -> list[str]:
    """Returns whom to ask, in a sentence, and one for each role that nobody holds: who can grant it."""
    held = [one for one in stuck["ask"] if one["people"] or one["people"] is None]
    lines = [f"Ask {either(_holders(one) for one in held)}."] if held else []
    for one in stuck["ask"]:
        if one["people"] == []:
            who = either(str(person["name"] or person["id"]) for person in one["granted_by"])
            lines.append(f"Nobody holds the role {inside(one['title'])}; {who} can grant it.")
    return lines


def _holders(asked: Answer) -> str:
    if asked["people"] is None:
        return f"the {inside(asked['title'])}"
    names = [str(person["name"] or person["id"]) for person in asked["people"]]
    shown = names if len(names) <= 3 else [*names[:2], f"{len(names) - 2} others"]
    return f"{together(shown)} ({inside(asked['title'])})"
