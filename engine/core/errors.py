"""Every deliberate error. A class's docstring is what it means; its message is one sentence a person can act on.

An error carries a stable `code`. Exit codes and HTTP statuses are the edges' business and unknown here.
Being refused by the rules is not an error but an answer: see `core.decide`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


class CocycleError(Exception):
    """Something a person can understand and mend."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.details: dict[str, Any] = dict(details or {})


class InputRefused(CocycleError):
    """What was handed in cannot be used: usage, a field, a value, a file."""

    code = "input_refused"


class NotFound(CocycleError):
    """Nothing here has that name."""

    code = "not_found"


class NotPermitted(CocycleError):
    """This person may not do this: a role is missing, or duties must be kept apart."""

    code = "not_permitted"


class RulesRefused(CocycleError):
    """The rules say no, for now."""

    code = "refused"


class Conflict(CocycleError):
    """Someone else was there first: the project moved on, the id is taken, the key was used for something else."""

    code = "conflict"


class StorageUnavailable(CocycleError):
    """The register cannot be used just now: locked, full, read-only, unreachable, or made by a newer cocycle."""

    code = "storage_unavailable"


class IntegrityFailure(CocycleError):
    """What is stored is not what was recorded."""

    code = "integrity_failure"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place in another file: in the definition that is built on; line and column are 0 where it has none."""

    file: str
    line: int
    column: int
    path: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake or warning in a definition.

    Attributes:
        rule: the stable id of the rule that was broken, like `shape/unknown-key`.
        severity: error or warning.
        line: from 1; column: from 1; both 0 where no place applies.
        path: where in the document, like `gates.plan-gate.requires[0].level`.
        message: one sentence: what is wrong and what to do.
        example: a concrete project or path that shows it; empty where none helps.
        also: where in another file it shows, when a change to that file brings it about.
    """

    rule: str
    severity: str
    line: int
    column: int
    path: str
    message: str
    example: str = ""
    also: Elsewhere | None = None

    def as_json(self) -> dict[str, Any]:
        """Returns the problem in the shape of the public contract; `also` is there only where it says something."""
        found = {name: getattr(self, name) for name in self.__slots__ if name != "also"}
        return found if self.also is None else found | {"also": asdict(self.also)}


class DefinitionError(InputRefused):
    """A definition has mistakes; all of them are here."""

    code = "definition_refused"

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        errors = [p for p in problems if p.severity == "error"]
        count = f"{len(errors)} mistake{'s' if len(errors) != 1 else ''}"
        super().__init__(
            f"{source} has {count}; the first is at line {errors[0].line}: {errors[0].message}",
            details={"file": source, "problems": [p.as_json() for p in problems]},
        )
        self.source = source
        self.problems = tuple(problems)
