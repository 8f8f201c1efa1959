"""Writes deadlines in four groups, each day with its project, what it means, and whom to ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from terminal.asked import Asked
from terminal.screen import Page
from terminal.words import count, day, either, inside

Answer = Mapping[str, Any]

GROUPS: Mapping[str, str] = {
    "critically_overdue": "Critically overdue",
    "overdue": "Overdue",
    "due_soon": "Due soon",
    "not_due_yet": "Not due yet",
}
"""The heading of each state, in the order of the page."""


def render_deadlines(page: Page, found: Answer, asked: Asked, project: str | None, within: int | None) -> None:
    """Writes the groups that have something in them, then what cannot be told, then the next command."""
    every = found["deadlines"]
    until = "" if within is None else f" within {count(within, 'day')}"
    where = f" in {project}" if project else ""
    own, more = found.get("mine", False), found.get("next")
    page.say(_summary(every, where, until, own=own, page=more is not None) + f" As of {day(found['as_of'])}.")
    for state, heading in GROUPS.items():
        group = [one for one in every if one["state"] == state]
        if group:
            page.heading(f"{heading} ({len(group)})")
            for one in group:
                _deadline(page, one, named=project is None)
    if found["not_known"]:
        page.heading("The day cannot be told")
        for one in found["not_known"]:
            page.item(f"{one['project']}, {one['title']}: {one['why']}")
    if every or own:
        page.heading("Next")
    if every:
        page.command(asked.command("gate", every[0]["project"], plain=True))
    if own:
        page.say("For everybody's:")
        page.command(asked.command("deadlines", *_narrowed(project, within), "--all", plain=True))
    if more:
        page.say("For those that come after:")
        page.command(_next_page(asked, found, project, within))


def _narrowed(project: str | None, within: int | None) -> list[str]:
    words = [] if project is None else ["--project", project]
    return words + ([] if within is None else ["--within", str(within)])


def _next_page(asked: Asked, found: Answer, project: str | None, within: int | None) -> str:
    whose = ["--mine"] if found["mine"] else []
    paged = ["--limit", str(len(found["deadlines"])), "--after", found["next"]]
    return asked.command("deadlines", *_narrowed(project, within), *whose, *paged, plain=not found["mine"])


def _summary(every: list[Answer], where: str, until: str, *, own: bool, page: bool) -> str:
    if not every:
        return f"Nothing of yours is due{where}{until}." if own else f"Nothing is due{where}{until}."
    late = sum(one["days_left"] < 0 for one in every)
    said = f"{'The first ' if page else ''}{count(len(every), 'deadline')}{' of yours' if own else ''}{where}{until}"
    return f"{said}; {late} overdue." if late else f"{said}; none is overdue."


def _deadline(page: Page, one: Answer, *, named: bool) -> None:
    page.say(f"{day(one['due'])}, {_when(one)}", 2)
    page.say(f"{one['title']}{_project(one) if named else ''}", 6)
    page.say(meaning(one), 6)
    if one["act_by"] != one["due"] and one["days_left"] >= 0:
        page.say(f"Nobody works on that day: do it by {day(one['act_by'])}.", 6)
    if one["on_hold"]:
        page.say("The project is on hold; the day stays.", 6)
    if one["who_titles"] and one["kind"] != "wait":
        asked = either(inside(title) for title in one["who_titles"])
        page.say(f"Ask the {asked}, or who owns it." if one["owner"] else f"Ask the {asked}.", 6)


def _project(one: Answer) -> str:
    return f"  [{one['project']} {one['project_title'] or 'the title was erased'}]"


def meaning(one: Answer) -> str:
    """Returns what a deadline means, in a sentence or two."""
    said = f"{one['what']}{_at_gate(one)}."
    if one["one_of"]:
        said += f" One of the ways to meet “{one['one_of']}”."
    if one["says"]:
        said += f" “{one['says']}”"
    basis = one["basis"]
    if basis and basis["kind"] == "law" and one["severity"] == "law":
        said += f" The law asks for it ({basis['source']})."
    return said


def _at_gate(one: Answer) -> str:
    if one["gate_title"] is None or one["kind"] in ("condition", "timer"):
        return ""
    return (
        f"; the {inside(one['gate_title'])} rests on it" if one["passed"] else f", for the {inside(one['gate_title'])}"
    )


def _when(one: Answer) -> str:
    left, working = one["days_left"], one["working_days_left"]
    if -2 < left < 2:
        return ("yesterday", "today", "tomorrow")[left + 1]
    days = count(abs(left), "day") if not working or abs(left) > 100 else count(abs(working), "working day")
    return f"in {days}" if left > 0 else f"{days} ago"
