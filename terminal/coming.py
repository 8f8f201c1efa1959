"""The end of the demonstration's tour: what is due next in each project, and one that will be stuck if nobody acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from terminal.playing import Played
from terminal.render_stuck import how_long, whom_to_ask
from terminal.screen import Page
from terminal.words import count, day

Answer = Mapping[str, Any]
A_MONTH = 31
WAITS = "CC-007"
LATER = timedelta(days=10)


def tell_coming(page: Page, played: Played) -> None:
    """Writes a table of what is due within a month, or next, in each project, and what a later day would show."""
    found = played.engine.deadlines()
    page.heading(f"9. What is due next, as of {day(found['as_of'])}")
    page.say(
        "`cocycle deadlines` works it out from what is on record; nobody typed a day in. Of each project what is"
        " overdue or due within a month is shown, else what comes first."
    )
    page.gap()
    projects = [one["project"] for one in played.engine.projects()["projects"]]
    page.columns([row for project in projects for row in _rows(project, found["deadlines"])])
    _stuck(page, played)


def _rows(project: str, deadlines: list[Answer]) -> list[tuple[str, str, str, str]]:
    own = sorted((one for one in deadlines if one["project"] == project), key=lambda one: str(one["due"]))
    if not own:
        return [(project, "-", "", "Nothing is due.")]
    near = [one for one in own if one["days_left"] <= A_MONTH] or own[:1]
    return [(project, day(one["due"]), _when(one), f"{one['what']}: {one['title']}") for one in near]


def _when(one: Answer) -> str:
    left, working = one["days_left"], one["working_days_left"]
    days = count(abs(left), "day") if working is None else count(abs(working), "working day")
    return f"in {days}" if left >= 0 else f"overdue by {days}"


def _stuck(page: Page, played: Played) -> None:
    """Writes what `project list --stuck` would say of one project some days after it was expected to be over."""
    expected = played.engine.project(WAITS)["expected_by"]
    then = (date.fromisoformat(expected) + LATER).isoformat()
    now, found = (played.engine.projects(stuck=True, at=at)["projects"] for at in (None, then))
    today = f"Today there {'is' if len(now) == 1 else 'are'} {len(now)}" if now else "None is today"
    one = next(project for project in found if project["project"] == WAITS)
    page.gap()
    page.say(
        f"A project that waits longer than its workflow expects is stuck. {today}. If nobody acts on {WAITS},"
        f" `cocycle project list --stuck --at {then}` says so, and whom to ask:"
    )
    page.gap()
    page.say(f"{WAITS} {one['title']}: stuck for {how_long(one['stuck'])}. {one['stuck']['why']}", 2)
    for line in whom_to_ask(one["stuck"]):
        page.say(line, 2)
