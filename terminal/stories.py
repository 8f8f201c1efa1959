"""A story of the demonstration: what a gate said on some days, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from terminal.playing import Played
from terminal.screen import Page
from terminal.words import STATES, day, together

Story = Mapping[str, Any]
Answer = Mapping[str, Any]


def tell(page: Page, story: Story, played: Played) -> None:
    """Writes what the gate of the story's project said on each of its days, every reason why not, and the passing."""
    project = story["project"]
    for look in story["looks"]:
        page.say(look["say"])
        answer = played.engine.gate(project, as_of=look.get("as_of"), at=look.get("at"))
        page.gap()
        page.say(f"{day(look.get('as_of') or look['at'])}: {answer['summary']}", 2)
        for requirement in answer["requirements"]:
            _why_not(page, requirement)
        page.gap()
    if "passed" in story:
        page.say(_passed(played, project, story["passed"]))


def _why_not(page: Page, requirement: Answer) -> None:
    """Writes a requirement that does not hold, with its reasons, and its parts where it is a group."""
    if requirement["state"] in ("met", "waived", "not_applicable"):
        return
    word, colour = STATES[requirement["state"]]
    law = " (required by law)" if requirement["law"] else ""
    page.labelled(word, f"{requirement['title']}{law}", 4, colour)
    for why in requirement["why"]:
        page.beside(why, 4)
    for part in requirement["of"]:
        _why_not(page, part)


def _passed(played: Played, project: str, gate: str) -> str:
    found = next(g for g in played.engine.project(project)["gates"] if g["gate"] == gate)
    who = together(d["name"] for d in found["decided_by"])
    still = "It is sound to this day." if found["sound"] else "It is no longer sound."
    return f"Passed on {day(found['at'][:10])}, decided by {who}. {still}"
