"""Small readings of a scenario file: words, days, names and facts, each checked against the definition at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from engine.core.authority import REGISTER_ROLES
from engine.core.definition import Field, Workflow
from engine.core.values import BadValue, day, parse
from engine.definitions.report import Report, quoted
from engine.definitions.tree import Node, WrittenNumber
from engine.scenarios.cast import SUBMITTER

YES: Final = {"yes": True, "no": False, "true": True, "false": False}
NOBODY: Final = "nobody"


class Reading:
    """Reads the values of one file. What does not fit is put into the report, and something harmless is returned."""

    def __init__(self, workflow: Workflow, report: Report) -> None:
        self.workflow = workflow
        self.report = report
        self.people: set[str] = set()

    def wrong(self, node: Node, message: str, *, at_key: bool = False) -> None:
        """Reports a mistake."""
        self.report.mistake("scenario/value", node, message, at_key=at_key)

    def keys(self, node: Node, allowed: Iterable[str], what: str) -> None:
        """Reports keys that are not part of the language, and anything that is no mapping."""
        known = list(allowed)
        if node.kind != "map":
            self.wrong(node, f"{what} is a mapping of keys and values.")
        for key, child in node.items():
            if key not in known:
                near = self.report.near(key, known) or f" There is: {', '.join(known)}."
                message = f"{what} has no key {quoted(key)}.{near}"
                self.report.mistake("scenario/unknown-key", child, message, at_key=True)

    def name(self, node: Node | None, known: Iterable[str], what: str) -> str:
        """Returns a name that is known; reports another, with what may have been meant."""
        if node is None:
            return ""
        word, names = node.word, list(known)
        if word is None or word not in names:
            near = self.report.near(word or "", names)
            listed = f" There is: {', '.join(names)}." if not near and len(names) <= 12 else ""
            message = f"There is no {what} {quoted(node.text)}.{near}{listed}"
            self.report.mistake("scenario/unknown-name", node, message)
            return ""
        return word

    def names(self, node: Node | None, known: Iterable[str], what: str) -> tuple[str, ...]:
        """Returns the names of a list, or the one that stands alone."""
        if node is None:
            return ()
        found = node.elements() if node.kind == "list" else [node]
        return tuple(name for name in (self.name(one, known, what) for one in found) if name)

    def day(self, node: Node | None) -> date | None:
        """Returns a day; None where there is none, or where it is reported."""
        if node is None:
            return None
        try:
            return day(node.word, "This")
        except BadValue as bad:
            self.wrong(node, str(bad))
            return None

    def yes(self, node: Node | None) -> bool | None:
        """Returns yes or no; None where there is neither."""
        if node is None:
            return None
        found = YES.get(node.text.strip().lower()) if node.kind in ("text", "yes_no") else None
        if found is None:
            self.wrong(node, "Write yes or no.")
        return found

    def text(self, node: Node | None) -> str | None:
        """Returns a text."""
        if node is None:
            return None
        if node.word is None or not node.word:
            self.wrong(node, "This must be text.")
        return node.word

    def number(self, node: Node | None) -> int | None:
        """Returns a whole number from 1 on."""
        if node is None:
            return None
        if node.kind == "number" and isinstance(node.value, int) and node.value >= 1:
            return int(node.value)
        self.wrong(node, "Write a whole number, like 1.")
        return None

    # names of the definition and of the story

    def requirement(self, node: Node | None) -> str:
        """Returns the id of a requirement."""
        return self.name(node, self.workflow.requirements, "requirement")

    def roles(self, node: Node | None) -> tuple[str, ...] | None:
        """Returns roles; None where everybody is meant, none where nobody is."""
        if node is None or node.word == "all":
            return None
        return () if node.word == NOBODY else self.names(node, self.workflow.roles, "role")

    def person(self, node: Node | None) -> str | None:
        """Returns a person: one of the story's, or a role, which stands for who holds it."""
        if node is None:
            return None
        return self.name(node, self.everybody(), "person or role") or None

    def everybody(self) -> list[str]:
        """Returns every name a person can go by."""
        return [*sorted(self.people), *self.workflow.roles, *REGISTER_ROLES, SUBMITTER]

    # values of fields

    def facts(self, node: Node | None, fields: Mapping[str, Field], what: str) -> dict[str, Any]:
        """Returns values of fields as typed, each tried against its field; `x.part` gives one part of counts.

        A value of nothing (`~`) says that the field is left out.
        """
        if node is None:
            return {}
        if node.kind != "map":
            self.wrong(node, f"{what} are written as a mapping, like {{{next(iter(fields), 'field')}: …}}.")
        found = {}
        for key, child in node.items():
            whole, _, part = key.partition(".")
            field = fields.get(whole)
            if field is None or (part and field.type != "counts"):
                near = self.report.near(key, fields) or f" There is: {', '.join(fields) or 'none'}."
                message = f"There is no field {quoted(key)}.{near}"
                self.report.mistake("scenario/unknown-name", child, message, at_key=True)
                continue
            found[key] = value = _value(child)
            if value is not None:
                self._tried(child, field, {part: value} if part else value)
        return found

    def _tried(self, node: Node, field: Field, value: Any) -> None:
        if field.type == "records":
            for one in node.elements() if node.kind == "list" else [node]:
                self.requirement(one)
            return
        try:
            parse(field, value)
        except BadValue as bad:
            self.wrong(node, str(bad))


def _value(node: Node) -> Any:
    """Returns the plain value of a node; decimals as text."""
    if node.kind == "map":
        return {key: _value(child) for key, child in node.items()}
    if node.kind == "list":
        return [_value(child) for child in node.elements()]
    return node.value.text if isinstance(node.value, WrittenNumber) else node.value
