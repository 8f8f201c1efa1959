"""Scenarios on the screen: what was kept, what came instead, what was covered, which breaks nobody noticed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from terminal.screen import Page
from terminal.words import count

Document = Mapping[str, Any]

MOST_NAMED: Final = 12
"""How many requirements are named in one line; `--json` has them all."""

_MISSING: Final = (
    ("not_asserted_met", "Never expected to be met"),
    ("not_asserted_unmet", "Never expected to be missing"),
    ("not_asserted_pending", "Never expected to be waiting"),
)


def render_scenarios(page: Page, found: Document, *, mutate: bool) -> None:
    """Writes what came of scenarios: file by file, then coverage, then what breaking the definition showed."""
    for file in found["files"]:
        _file(page, file)
    for workflow, covered in found["coverage"].items():
        _coverage(page, workflow, covered)
    for workflow, figures in found["mutants"].items():
        _breaks(page, workflow, figures)
    if mutate and len(found["mutants"]) < len(found["coverage"]):
        page.gap()
        page.say("A workflow is broken on purpose only once all its scenarios are kept.")


def _file(page: Page, file: Document) -> None:
    stories = file["scenarios"]
    kept = sum(s["ok"] for s in stories)
    said = f"all {count(kept, 'scenario')} kept" if file["ok"] else f"{kept} of {count(len(stories), 'scenario')} kept"
    page.say(f"{file['file']}: {said}.")
    for story in stories:
        if story["ok"]:
            continue
        page.labelled("Broken", f"line {story['line']}: {story['title']}", colour="red")
        for expected, came in zip(story["expected"], story["came"], strict=True):
            page.beside(f"Expected: {expected}.")
            page.beside(f"Came: {came}")
        page.gap()


def _coverage(page: Page, workflow: str, covered: Document) -> None:
    page.heading(f"Coverage of {workflow}")
    asserted, many = covered["asserted"], len(covered["requirements"])
    parts = [f"{asserted[state]} {word}" for state, word in _ASSERTED]
    page.say(f"Of {count(many, 'requirement')} scenarios expect: {', '.join(parts)}.", 2)
    for key, label in _MISSING:
        if covered[key]:
            shown, more = covered[key][:MOST_NAMED], len(covered[key]) - MOST_NAMED
            page.say(f"{label}: {', '.join(shown)}{f' and {more} more' if more > 0 else ''}.", 2)


_ASSERTED: Final = (
    ("met", "met"),
    ("unmet", "missing"),
    ("pending", "waiting"),
    ("waived", "waived"),
    ("not_applicable", "not asked for"),
)


def _breaks(page: Page, workflow: str, figures: Document) -> None:
    page.heading(f"Breaking {workflow} on purpose")
    noticed = figures["noticed"] + figures["refused"]
    page.say(f"{noticed} of {count(figures['breaks'], 'break')} noticed.", 2)
    rows = [(f"{n['noticed']} of {n['breaks']}", kind) for kind, n in figures["kinds"].items()]
    page.columns(rows, 4)
    for survivor in figures["survivors"]:
        explained = survivor["because"] is not None
        word, colour = ("Explained", "cyan") if explained else ("Unnoticed", "red")
        page.labelled(word, f"{survivor['words']} [{survivor['break']}]", colour=colour)
        if explained:
            page.beside(f"Because: {survivor['because']}")
