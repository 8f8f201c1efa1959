"""The end of the demonstration's tour: what is due next in each project, and one that will be stuck if nobody acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from terminal.playing import Played
from terminal.render_stuck import how_long, whom_to_ask
from terminal.screen import Page
from terminal.words import count, day, weekday

Answer = Mapping[str, Any]
A_MONTH = 31
FAR = 100  # days; so far off nobody counts in working days
WAITS = "CC-007"
LATER = timedelta(days=10)


def tell_coming(page: Page, played: Played) -> None:
    """Writes what is due within a month, or next, in each project, and what a later day would show."""
    found = played.engine.deadlines()
    page.heading(f"9. What is due next, as of {day(found['as_of'])}")
    page.say(
        "`cocycle deadlines` works it out from what is on record; nobody typed a day in. Of each project what is"
        " overdue or due within a month is shown, else what comes first."
    )
    page.gap()
    for one in played.engine.projects()["projects"]:
        page.say(f"{one['project']} {one['title']}", 2)
        for line in due_lines(one["project"], found["deadlines"]):
            page.say(line, 6)
    _stuck(page, played)


def due_lines(project: str, deadlines: Sequence[Answer]) -> list[str]:
    """Returns what is overdue or due within a month, a sentence each; where nothing is, what comes first."""
    own = sorted((one for one in deadlines if one["project"] == project), key=lambda one: str(one["due"]))
    near = [_line(one) for one in own if one["days_left"] <= A_MONTH]
    if near:
        return near
    return [f"Nothing within a month. {_line(own[0])}" if own else "Nothing is due."]


def _line(one: Answer) -> str:
    left, working = one["days_left"], one["working_days_left"]
    days = count(abs(left), "day") if not working or abs(left) > FAR else count(abs(working), "working day")
    if left < 0:
        return f"Overdue by {days}, since {day(one['due'])}: {one['name']}."
    near = "Due today" if left == 0 else f"Due in {days}"
    return f"{near}, on {weekday(one['due'])}: {one['name']}."


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
