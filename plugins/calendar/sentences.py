"""What a calendar says of a deadline: a heading for the month's view, and sentences for whoever opens it.

It holds what stands in the workflow and the title of the project. Neither the names of people nor what they typed of a
condition goes in, and nothing that changes with the day on which the file is made.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

Deadline = Mapping[str, Any]

# the calendar's own words, since a month's view shows little more than the first of them
_HEADINGS = {
    "stage": "Last day for the stage: {title}",
    "wait": "Wait is over: {title}",
    "freshness": "Last day it counts: {title}",
    "waiver": "Waiver ends: {title}",
    "condition": "{what}: {title}",
    "timer": "{what}: {title}",
}
CATEGORIES = {
    "stage": "Stage",
    "wait": "Wait",
    "freshness": "Evidence expires",
    "waiver": "Waiver ends",
    "condition": "Condition",
    "timer": "To be published or told",
}


def heading(deadline: Deadline) -> str:
    """Returns the line that a calendar shows: what it is about, and which project."""
    said = _HEADINGS[deadline["kind"]].format(title=deadline["title"], what=deadline["what"])
    return clean(f"{said} ({which(deadline)})")


def which(deadline: Deadline) -> str:
    """Returns a project by its id and its title; a title that was erased is left out."""
    return clean(" ".join(filter(None, (deadline["project"], deadline["project_title"]))))


def description(deadline: Deadline) -> str:
    """Returns what whoever opens the deadline reads: a paragraph a line."""
    lines = [f"Project {which(deadline)}.", f"{deadline['what']}{_gate(deadline)}."]
    if deadline["one_of"]:
        lines.append(f"It is one of the ways to meet “{deadline['one_of']}”.")
    if deadline["act_by"] != deadline["due"]:
        lines.append(f"Nobody works on this day. Do it by {_day(deadline['act_by'])}.")
    if deadline["on_hold"]:
        lines.append("The project is on hold. The day stays.")
    if deadline["who_titles"]:
        asked = " or the ".join(_inside(title) for title in deadline["who_titles"])
        lines.append(f"Ask the {asked}{', or who owns the condition' if deadline['owner'] else ''}.")
    if deadline["basis"]:
        lines.append(f"{_binding(deadline)}: {deadline['basis']['source']}.")
    lines.append(f"To see more: cocycle gate {deadline['project']}")
    return "\n".join(clean(line) for line in lines)


def categories(deadline: Deadline) -> list[str]:
    """Returns the kind of a deadline, and that it is one of law where it is."""
    return [CATEGORIES[deadline["kind"]], *(["Law"] if deadline["severity"] == "law" else [])]


def clean(text: str) -> str:
    """Returns text without what no calendar may hold: control characters, and marks that hide in it."""
    if text.isprintable():
        return text.strip()
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text).strip()


def _gate(deadline: Deadline) -> str:
    if deadline["gate_title"] is None or deadline["kind"] in ("condition", "timer"):
        return ""
    gate = _inside(deadline["gate_title"])
    return f"; the {gate}, which was passed, rests on it" if deadline["passed"] else f", for the {gate}"


def _binding(deadline: Deadline) -> str:
    words = {"law": "Law", "guide": "Guide", "good_practice": "Good practice"}
    return words.get(deadline["basis"]["kind"], "Local practice")


def _inside(title: str) -> str:
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


# not from the locale: a calendar reads the same everywhere
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
