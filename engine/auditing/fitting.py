"""What of a project's evidence another definition can read, and what it cannot: fields and kinds that are not the same.

Two fields mean the same where they have one id and one type, and what was recorded is among what the other knows: the
options of a choice, the parts of a count, the items of a list. Anything else cannot be compared, and is said so rather
than judged: a missing field would make a rule fail that nobody was ever asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import replace
from typing import Any

from engine.core.definition import Condition, EvidenceKind, Field, Requirement, Workflow
from engine.core.evidence import Record
from engine.core.project import Project
from engine.core.records import show_level
from engine.core.scope import PROJECT


class Fitting:
    """One project under two definitions: its `own`, and `other`.

    `project` is a copy of it in which only what `other` can read is left.
    """

    def __init__(self, project: Project, own: Workflow, other: Workflow) -> None:
        self.own, self.other, self._all = own, other, project
        fields = {n: v for n, v in project.fields.items() if not _unlike(own.fields.get(n), other.fields.get(n), v)}
        records = {r.id: self._readable(r) for r in project.records.values() if self._kind_of(r) is not None}
        self.project = copy(project)
        self.project.fields, self.project.records = fields, records

    def asked_of(self, requirement: Requirement) -> list[str]:
        """Returns why it cannot be said whether a requirement of the other definition applies; mostly empty."""
        found = [] if requirement.when is None else list(self._of_project(requirement.when))
        if requirement.profiles:
            for profile in self.other.profiles:
                found += [] if profile.condition is None else self._of_project(profile.condition)
        return list(dict.fromkeys(found))

    def held_by(self, requirement: Requirement) -> list[str]:
        """Returns why it cannot be said whether what was handed in does what a requirement asks; mostly empty."""
        if requirement.type == "evidence":
            return self._evidence(requirement)
        if requirement.type == "plugin":  # which fields it looks at nobody knows, so all of them have to be alike
            kind = self.other.evidence.get(requirement.evidence or "")
            return [] if kind is None else self._records_of(requirement, list(kind.fields))
        if requirement.wait is not None:
            source = self.other.requirements[requirement.wait.requirement]
            return self._records_of(source, [requirement.wait.field])
        return []

    def _evidence(self, requirement: Requirement) -> list[str]:
        conditions = [self.other.rules[name].condition for name in requirement.rules]
        paths = [path for condition in conditions for path in paths_of(condition)]
        found = self._records_of(requirement, [path for path in paths if not path.startswith(PROJECT)])
        if not self._handed_in(requirement):
            return found  # nothing was handed in, so nothing is lost in translation
        for condition in conditions:
            found += self._of_project(condition)
        if requirement.level is not None:
            levels = dict.fromkeys(r.standing_level for r in self._handed_in(requirement) if r.standing_level)
            found += [
                f"The level {show_level(level)} is not known there."
                for level in levels
                if level not in self.other.levels
            ]
        if requirement.supports is not None:
            found += self._records_of(self.other.requirements[requirement.supports], [])
        return list(dict.fromkeys(found))

    def _records_of(self, requirement: Requirement, paths: list[str]) -> list[str]:
        """Returns what of the records of a requirement cannot be compared, as far as these fields of theirs go."""
        records = self._handed_in(requirement)
        if not records:
            return []
        there = self.other.evidence[str(requirement.evidence)]
        kinds = {r.kind for r in records if r.kind != there.id}
        if kinds:
            named = " and ".join(f"“{self.own.evidence[kind].title}”" for kind in sorted(kinds))
            return [f"What was handed in is {named}, and “{there.title}” is asked for there."]
        here = self.own.evidence[there.id]
        found = []
        if there.file == "required" and any(not r.files for r in records):
            found.append(f"“{there.title}” needs a file there, and none was asked for here.")
        for name in dict.fromkeys(path.partition(".")[0] for path in paths):
            found += [_said(name, here, there, why) for r in records if (why := self._unlike_in(r, name, here, there))]
        return list(dict.fromkeys(found))

    def _unlike_in(self, record: Record, name: str, here: EvidenceKind, there: EvidenceKind) -> str:
        if name in record.erased or record.erased_by is not None:
            return "was erased since"
        return _unlike(here.fields.get(name), there.fields.get(name), record.facts.get(name))

    def _handed_in(self, requirement: Requirement) -> list[Record]:
        """Returns the records that were handed in for a requirement of this id, whatever they are."""
        return self._all.records_for(requirement.id, any_cycle=requirement.carries_over)

    def _of_project(self, condition: Condition) -> Iterator[str]:
        for name in dict.fromkeys(p.removeprefix(PROJECT).partition(".")[0] for p in _project_paths(condition)):
            here, there = self.own.fields.get(name), self.other.fields.get(name)
            why = _unlike(here, there, self._all.fields.get(name))
            if why:
                field = there or here
                yield f"The project's “{field.title if field else name}” {why}."

    def _kind_of(self, record: Record) -> EvidenceKind | None:
        """Returns what a record is there; None where its requirement asks for something else, or is not there."""
        requirement = self.other.requirements.get(record.requirement)
        if requirement is None or requirement.evidence != record.kind:
            return None
        return self.other.evidence[record.kind]

    def _readable(self, record: Record) -> Record:
        here, there = self.own.evidence[record.kind].fields, self.other.evidence[record.kind].fields
        facts = {n: v for n, v in record.facts.items() if not _unlike(here.get(n), there.get(n), v)}
        return replace(record, facts=facts)


def paths_of(condition: Condition) -> Iterator[str]:
    """Yields every path that a condition looks at: `X`, `X.part` or `project.X`."""
    for path in (condition.field, condition.less, *condition.fields):
        if path:
            yield path
    if condition.project_field is not None:
        yield f"{PROJECT}{condition.project_field}"
    for child in condition.of:
        yield from paths_of(child)


def _project_paths(condition: Condition) -> Iterator[str]:
    return (path for path in paths_of(condition) if path.startswith(PROJECT))


def _unlike(here: Field | None, there: Field | None, value: Any) -> str:
    """Returns why a value that was recorded here means nothing, or something else, there; empty where it does not."""
    if here is None:
        return "is asked for there only"
    if there is None:
        return "is asked for here only"
    if here.type != there.type:
        return f"is {_TYPES[here.type]} here and {_TYPES[there.type]} there"
    if here.type == "counts" and (new := [name for name in there.of if name not in here.of]):
        return f"counts {' and '.join(name.replace('_', ' ') for name in new)} there, too"
    if here.type == "counts" and isinstance(value, Mapping) and any(value[n] for n in value if n not in there.of):
        return "counts people here who are not counted there"
    if here.type == "choice" and value is not None and value not in there.of:
        return f"is {str(value).replace('_', ' ')} here, which is no choice there"
    if here.type == "list" and here.of[:1] != there.of[:1]:
        return "lists other things there"
    return ""


_TYPES: Mapping[str, str] = {
    "text": "text",
    "integer": "a number",
    "money": "money",
    "date": "a date",
    "choice": "a choice",
    "yes_no": "a yes or no",
    "list": "a list",
    "counts": "a count of people",
    "records": "other evidence",
}
"""What people call each type of field."""


def _said(name: str, here: EvidenceKind, there: EvidenceKind, why: str) -> str:
    field = there.fields.get(name) or here.fields.get(name)
    return f"“{field.title if field else name}” of “{there.title}” {why}."
