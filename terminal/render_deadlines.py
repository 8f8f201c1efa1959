"""Writes deadlines in four groups, each day with its project, what it means, and whom to ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from terminal.asked import Asked
from terminal.render_stuck import whom_to_ask
from terminal.screen import Page
from terminal.words import count, day, either, inside, together, weekday

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
    critical = sum(one["state"] == "critically_overdue" for one in every)
    said = f"{'The first ' if page else ''}{count(len(every), 'deadline')}{' of yours' if own else ''}{where}{until}"
    if not late:
        return f"{said}; none is overdue."
    if critical == late:
        return f"{said}; {late} critically overdue."
    return f"{said}; {late} overdue{f', {critical} of them critically' if critical else ''}."


def _deadline(page: Page, one: Answer, *, named: bool) -> None:
    soon = one["state"] == "due_soon"
    page.say(f"{weekday(one['due']) if soon else day(one['due'])}, {_when(one)}", 2)
    page.say(f"{one['name']}{_project(one) if named else ''}", 6)
    page.say(one["means"], 6)
    if one["act_by"] != one["due"] and one["days_left"] >= 0:
        page.say(f"Nobody works on that day: do it by {weekday(one['act_by'])}.", 6)
    if one["on_hold"]:
        page.say("The project is on hold; the day stays.", 6)
    for line in _whose(one):
        page.say(line, 6)


def _project(one: Answer) -> str:
    return f"  [{one['project']} {one['project_title'] or 'the title was erased'}]"


def _whose(one: Answer) -> list[str]:
    """Returns who is to do something about it: you, whoever answers for it, or those who hold a role that can."""
    yours = one["yours"] or {"roles": [], "owner": False}
    if yours["owner"]:
        return ["You answer for it."]
    said = [] if one["owner"] is None else [f"{one['owner_name'] or 'Somebody who was erased'} answers for it."]
    if yours["roles"]:
        does = "You can accept it once it is met" if one["owner"] else "You decide there" if _decided(one) else "Yours"
        return [*said, f"{does}, as {together(inside(title) for title in yours['roles'])}."]
    if said or one["kind"] == "wait" or not one["who"]:
        return said
    if one["ask"] is None:
        return [f"Ask the {either(inside(title) for title in one['who_titles'])}."]
    return whom_to_ask(one)


def _decided(one: Answer) -> bool:
    return one["kind"] in ("stage", "wait")


def _when(one: Answer) -> str:
    left, working = one["days_left"], one["working_days_left"]
    if -2 < left < 2:
        return ("yesterday", "today", "tomorrow")[left + 1]
    days = count(abs(left), "day") if not working or abs(left) > 100 else count(abs(working), "working day")
    return f"in {days}" if left > 0 else f"{days} ago"
