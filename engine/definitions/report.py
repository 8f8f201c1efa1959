"""Collects what is wrong with a definition, each problem once and at its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from engine.core.errors import Problem
from engine.definitions.tree import Node

MOST_PROBLEMS = 1_000
# Looking for near words costs time that grows with the number of names; a hostile file could have many of both.
MOST_SUGGESTIONS = 60
MOST_CANDIDATES = 600
LONGEST_WORD = 64

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def quoted(text: str) -> str:
    """Returns what the author wrote in quotation marks, shortened, with nothing in it that could disturb a screen."""
    short = text if len(text) <= LONGEST_WORD else text[: LONGEST_WORD - 1] + "…"
    return f'"{_UNPRINTABLE.sub("·", short)}"'


class Report:
    """The problems of one file, in the order of the file, and which parts of it were found wrong."""

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}
        self._wrong: set[Node] = set()
        self._examples: dict[tuple[str, str], str] = {}
        self._suggestions = 0
        self._untold = False

    def mistake(self, rule: str, node: Node, message: str, *, at_key: bool = False, example: str = "") -> None:
        """Adds a mistake at a value, or at its key; nothing is said about a part that could not be read at all."""
        self._examples.setdefault((rule, message), example)
        self._add(rule, "error", node, message, at_key)

    def warning(self, rule: str, node: Node, message: str, *, example: str = "") -> None:
        """Adds a warning at the key of a value."""
        self._examples.setdefault((rule, message), example)
        self._add(rule, "warning", node, message, True)

    def example(self, rule: str, message: str) -> str:
        """Returns the example that goes with a message; empty where it has none."""
        return self._examples.get((rule, message), "")

    def _add(self, rule: str, severity: str, node: Node, message: str, at_key: bool) -> None:
        self._wrong.add(node)
        if node.kind == "broken":
            return
        line, column = (node.key_line, node.key_column) if at_key else (node.line, node.column)
        self.place(Problem(rule, severity, line, column, node.path, message, self.example(rule, message)))

    def place(self, problem: Problem) -> None:
        """Adds a problem whose place is already known."""
        if len(self._problems) < MOST_PROBLEMS:
            self._problems[problem] = None
        elif problem not in self._problems:
            self._untold = True

    def excuse(self, node: Node) -> None:
        """Marks a part as found wrong without saying more about it."""
        self._wrong.add(node)

    def is_wrong(self, node: Node) -> bool:
        """True where something was already said about this very part, so that no follow-on is needed."""
        return node in self._wrong

    @property
    def refused(self) -> bool:
        """True where there is a mistake."""
        return any(p.severity == "error" for p in self._problems)

    def near(self, word: str, known: Iterable[str]) -> str:
        """Returns ` Did you mean "x"?` where a known word is near, else nothing."""
        self._suggestions += 1
        if self._suggestions > MOST_SUGGESTIONS:
            return ""
        candidates = {name.lower(): name for _, name in zip(range(MOST_CANDIDATES), known, strict=False)}
        found = difflib.get_close_matches(word[:LONGEST_WORD].lower(), candidates, n=1, cutoff=0.6)
        return f' Did you mean "{candidates[found[0]]}"?' if found else ""

    def problems(self) -> list[Problem]:
        """Returns all problems, ordered by place."""
        found = sorted(self._problems, key=lambda p: (p.line, p.column, p.severity, p.rule, p.message))
        if self._untold:
            last = found[-1]
            message = f"There are more mistakes than these {MOST_PROBLEMS:,}; mend these first."
            found.append(Problem("language/more-mistakes", "error", last.line, last.column, "", message))
        return found
