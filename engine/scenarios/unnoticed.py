"""Explanations for breaks that no story notices: each names a break and says why that is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.core.errors import Problem
from engine.definitions.reader import read_tree
from engine.definitions.report import Report
from engine.definitions.tree import Node


@dataclass(slots=True)
class Explanations:
    """The words for each break, by its id, and what is wrong with the file."""

    because: dict[str, str] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    _places: dict[str, Node] = field(default_factory=dict)

    def add(self, id: Node, because: str) -> None:
        """Adds an explanation, unless the break has one already."""
        name = id.word or ""
        if name in self.because:
            self.report.mistake(
                "scenario/explained-twice", id, f"This break is explained in line {self._line(name)}, too."
            )
            return
        self.because[name] = because
        self._places[name] = id

    def check(self, noticed: Mapping[str, str]) -> list[Problem]:
        """Returns what is wrong: also explanations for what was noticed, each break with who noticed it."""
        for name, by in noticed.items():
            if name in self._places:
                message = f"This break is noticed, {by}; take the explanation out."
                self.report.mistake("scenario/needless-explanation", self._places[name], message)
        return self.report.problems()

    def _line(self, name: str) -> int:
        return self._places[name].line


def explanations(raw: bytes, breaks: list[str]) -> Explanations:
    """Returns the explanations of a file; those for breaks that do not exist are mistakes."""
    found = Explanations()
    report = found.report
    root = read_tree(raw, report)
    listed = None if root is None else root.get("unnoticed")
    if root is not None and (listed is None or listed.kind != "list" or len(list(root.items())) != 1):
        message = "This file holds one list under unnoticed, of entries with break and because."
        report.mistake("scenario/value", listed or root, message, at_key=True)
    for entry in [] if listed is None else listed.elements():
        id, because = entry.get("break"), entry.get("because")
        known = set(entry.has("break", "because")) == {key for key, _ in entry.items()}
        if id is None or because is None or not id.word or not because.word or not known:
            report.mistake("scenario/value", entry, "An entry has break, the id of a break, and because, your reason.")
        elif id.word not in breaks:
            near = report.near(id.word, breaks)
            report.mistake("scenario/unknown-name", id, f"There is no break “{id.word[:100]}”.{near}")
        else:
            found.add(id, because.word)
    return found
