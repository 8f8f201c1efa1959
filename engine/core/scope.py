"""What a condition can see: the fields of a project and of a record, by path, and how their values read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.core.calendar import in_words
from engine.core.definition import Field
from engine.core.small_numbers import FEW, IN_WORDS, UNTOLD, covered, is_few
from engine.core.values import show

PROJECT = "project."


@lru_cache(maxsize=4096)
def _parts(path: str) -> tuple[bool, str, str]:
    """Returns a path taken apart: whether it is the project's, the field, the part of a counts field."""
    name, _, part = path.removeprefix(PROJECT).partition(".")
    return path.startswith(PROJECT), name, part


@dataclass(slots=True)  # not frozen: one is made for every record that is judged, and freezing triples the price
class Scope:
    """What a condition can see: the project's fields and, for a rule, the record's."""

    project: Mapping[str, Any]
    project_fields: Mapping[str, Field]
    record: Mapping[str, Any] = field(default_factory=dict)
    record_fields: Mapping[str, Field] = field(default_factory=dict)
    erased: frozenset[str] = frozenset()
    """The fields of the record whose words were erased: what they said is not known, which is not to be absent."""

    def was_erased(self, path: str | None) -> bool:
        """True for a path of the record that leads to erased words."""
        if path is None or not self.erased:
            return False
        of_project, name, _ = _parts(path)
        return not of_project and name in self.erased

    def value(self, path: str, less: str | None = None) -> Any:
        """Returns the value at `project.X`, `X` or `X.part`; None where it is absent.

        A part left out of a counts field that is there counts as 0; a counts field by itself is its total, and a field
        of records the number of them. `less` is the path of the counts of those who stood aside: they are taken away
        part by part, and never more than there are. Where nobody recorded that anyone did, nobody did.
        """
        found, part = self._found(path)
        if isinstance(found, dict):
            if less is not None:
                found = self._without(found, less)
            return found.get(part, 0) if part else sum(found.values())
        if isinstance(found, list) and self._is_records(path):
            return len(found)
        return found

    def is_empty(self, path: str, less: str | None = None) -> bool:
        """True where a list that is there has no items or a count is of nobody; the number 0 and a no say something."""
        found, _ = self._found(path)
        return self.value(path, less) == 0 if isinstance(found, dict) else found in ("", [])

    def _without(self, counts: Mapping[str, int], less: str) -> Mapping[str, int]:
        away, _ = self._found(less)
        if not isinstance(away, dict):
            return counts
        return {name: max(number - away.get(name, 0), 0) for name, number in counts.items()}

    def _found(self, path: str) -> tuple[Any, str]:
        """Returns the whole field at a path, and the part of it that is asked for."""
        of_project, name, part = _parts(path)
        return (self.project if of_project else self.record).get(name), part

    def _declared(self, path: str) -> Field | None:
        of_project, name, _ = _parts(path)
        return (self.project_fields if of_project else self.record_fields).get(name)

    def _is_records(self, path: str) -> bool:
        declared = self._declared(path)
        return declared is not None and declared.type == "records"

    # how it reads

    def name(self, path: str) -> str:
        """Returns what people call the field at `path`."""
        _, name, part = _parts(path)
        known = self._declared(path)
        title = known.title if known else name
        return f"{title}: {part.replace('_', ' ')}" if part else title

    def words(self, path: str, value: Any) -> str:
        """Returns a value that the definition or a list names, as people write it beside the field at `path`."""
        known = self._declared(path)
        if known is not None and known.type == "date" and isinstance(value, str):
            return in_words(value)
        return show(known, value, in_full=True)

    def told(self, path: str, less: str | None = None) -> str | None:
        """Returns the value at a path as people may read it; None for a number that must not be shown.

        A number that anyone could work a small one out from is not shown: a total of which a part is hidden, and what
        is left of a number once a hidden one was taken away.
        """
        value, known = self.value(path, less), self._declared(path)
        if known is None or not isinstance(value, int) or isinstance(value, bool):
            return self.words(path, value)
        found, part = self._found(path)
        if known.small_hidden and isinstance(found, dict):
            parts = covered(found)
            if parts.get(part) == FEW:
                return IN_WORDS[FEW]  # and what is left of fewer than 5 is fewer, too
            if parts.get(part) == UNTOLD or (not part and _hides_any(parts)):
                return None
        if less is not None and self._takes_hidden(path, less):
            return None
        return IN_WORDS[FEW] if known.small_hidden and is_few(value) else self.words(path, value)

    def _takes_hidden(self, path: str, less: str) -> bool:
        """True where what is taken away is itself not shown."""
        (away, _), (_, part), known = self._found(less), self._found(path), self._declared(less)
        if known is None or not known.small_hidden or not isinstance(away, dict):
            return False
        parts = covered(away)
        return isinstance(parts.get(part), str) if part else _hides_any(parts)


def _hides_any(parts: Mapping[str, int | str]) -> bool:
    return any(isinstance(number, str) for number in parts.values())
