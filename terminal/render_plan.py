"""The plan of a project: stage by stage what was planned, what came of it, how far it slipped, and a forecast."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from terminal.scene import Scene
from terminal.screen import Page
from terminal.then import Then, say_then
from terminal.words import count, day, inside

Answer = Mapping[str, Any]


def render_plan(page: Page, found: Answer, scene: Scene, then: Then = None) -> None:
    """Writes the stages cycle by cycle, then the plans that were frozen, then the next command."""
    say_then(page, then)
    page.say(f"{found['project']}: {found['title'] or 'the title was erased'}")
    page.say(f"As of {day(found['as_of'])}. {_where(found)}")
    several = len({one["cycle"] for one in found["stages"]}) > 1
    for cycle, stages in groupby(found["stages"], key=lambda one: one["cycle"]):
        page.heading(f"Stages of cycle {cycle}" if several else "Stages")
        for one in stages:
            _stage(page, one, found["as_of"])
    page.heading("Plans that were frozen")
    for one in found["baselines"]:
        page.labelled(day(one["frozen_on"]), f"{_occasion(one)}, ledger entry {one['entry']}: {_dates(one)}")
    page.heading("Next")
    page.command(scene.asked.command("project", "show", found["project"], plain=True))


def _where(found: Answer) -> str:
    if found["final"]:
        return f"It has ended: {inside(found['stage_title'])}."
    held = " It is on hold; the days go on." if found["on_hold"] else ""
    if not found["expected_by"]:
        return f"It is in {found['stage_title']}, which has no target.{held}"
    return f"It is in {found['stage_title']}, expected by {day(found['expected_by'])}.{held}"


def _stage(page: Page, one: Answer, today: str) -> None:
    page.labelled(one["title"], _course(one, today))
    for line in (*_plans(one), *_forecast(one)):
        page.beside(line)


def _course(one: Answer, today: str) -> str:
    """Returns what came of a stage, or is expected of it, in a sentence."""
    back = "" if one["back_on"] is None else f", and again since {day(one['back_on'])}"
    match one["state"]:
        case "done":
            return f"Left on {day(one['left_on'])}."
        case "stopped":
            return f"Stopped on {day(one['left_on'])}."
        case "now" if one["expected"] is None:
            return f"Now, since {day(one['entered_on'])}{back}. No day is expected."
        case "now" if one["expected"] == today and (one["slip_last"] or 0) > 0:
            return f"Now, since {day(one['entered_on'])}{back}. It is overdue."
        case "now":
            return f"Now, since {day(one['entered_on'])}{back}. Expected by {day(one['expected'])}."
        case _:
            return "No day is expected." if one["expected"] is None else f"Expected by {day(one['expected'])}."


def _plans(one: Answer) -> list[str]:
    """Returns how that compares with the first plan, and with the last one where that is another."""
    first, last = one["planned_first"], one["planned_last"]
    if first is None or one["state"] == "stopped":
        return []
    so_far = (
        " so far" if one["state"] == "now" and one["expected"] and one["slip_last"] and one["slip_last"] > 0 else ""
    )
    if first == last:
        return [_compared(f"Planned for {day(first)}", one["slip_first"], so_far)]
    return [
        _compared(f"First planned for {day(first)}", one["slip_first"], so_far),
        _compared(f"Planned again for {day(last)}", one["slip_last"], so_far),
    ]


def _compared(planned: str, slip: int | None, so_far: str) -> str:
    return f"{planned}." if slip is None else f"{planned}: {slip_in_words(slip)}{so_far if slip > 0 else ''}."


def slip_in_words(slip: int) -> str:
    """Returns a slip in working days as people say it: `12 working days late`, `on time`."""
    if slip == 0:
        return "on time"
    return f"{count(abs(slip), 'working day')} {'late' if slip > 0 else 'early'}"


def _forecast(one: Answer) -> list[str]:
    said, silent = one["forecast"], one["no_forecast"]
    if said is None:
        return [] if silent is None else [silent["why"]]
    cases = count(said["cases"], "finished case")
    of = f"Of {cases} that lasted as long as this" if one["state"] == "now" else f"Of {cases}"
    return [
        f"{of}, half took {count(said['p50_days'], 'day')} or less, and 85 in 100 took"
        f" {count(said['p85_days'], 'day')} or less.",
        f"Forecast: as likely as not by {day(said['p50_on'])}, very likely (85 in 100) by {day(said['p85_on'])}.",
    ]


def _occasion(one: Answer) -> str:
    if one["gate"] is not None:
        return f"{one['gate_title']} passed"
    return "Opened" if one["cycle"] == 1 else f"Cycle {one['cycle']} begun"


def _dates(one: Answer) -> str:
    said = [f"{planned['title']} by {day(planned['by'])}" for planned in one["planned"] if planned["by"] is not None]
    return ", ".join(said) + "." if said else "no day could be told."
