"""A project as plain JSON values and back: the form in which the register keeps its state beside the ledger.

`to_json` and `from_json` are inverses, and two equal projects give equal JSON, so `ledger verify` can compare them. A
list of a project is written as rows, the values of attributes in their order: reading and writing a snapshot is a
large part of what an act costs, and rows cost half of what members do. `FORM` says which attributes there were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from engine.core.evidence import Condition, Decision, Examined, File, Passing, Record, Signature, Waiver
from engine.core.opinions import Source
from engine.core.project import Project

FORM = 6
"""The number of this form. It grows when an attribute does; a state kept in another form is read from the ledger."""


def to_json(project: Project) -> dict[str, Any]:
    """Returns the project as JSON values."""
    found = dict(zip(_PLAIN, _plain(project), strict=True))
    found["form"] = FORM
    found["records"] = [_record(r) for r in project.records.values()]
    found["signatures"] = [_signature(s) for s in project.signatures]
    found["waivers"] = [_waiver(w) for w in project.waivers]
    found["decisions"] = [_decision(d) for d in project.decisions]
    found["passings"] = [_passing(p) for p in project.passings]
    return found


def from_json(found: Mapping[str, Any]) -> Project:
    """Returns the project that `to_json` wrote."""
    project = Project(**{name: found[name] for name in _PLAIN})
    if project.hold is not None:
        project.hold = (project.hold[0], project.hold[1])
    for row in found["records"]:
        record = Record(*row)
        record.files = tuple([File(*f) for f in record.files])  # type: ignore[misc]  # what was read is a row yet
        record.erased = tuple(record.erased)
        record.stood = tuple([(seq, did) for seq, did in record.stood])
        if record.examined is not None:
            record.examined = _examined(record.examined)  # type: ignore[arg-type]  # what was read is a row yet
        project.records[record.id] = record
    project.signatures = [Signature(*row) for row in found["signatures"]]
    project.waivers = [Waiver(*row) for row in found["waivers"]]
    project.decisions = [Decision(*row) for row in found["decisions"]]
    for row in found["passings"]:
        passing = Passing(*row)
        passing.lost, passing.overdue = tuple(passing.lost), tuple(passing.overdue)
        passing.returns, passing.erased_fields = tuple(passing.returns), tuple(passing.erased_fields)
        passing.decisions = tuple([Decision(*d) for d in passing.decisions])  # type: ignore[misc]  # as above
        passing.conditions = tuple([Condition(*c) for c in passing.conditions])  # type: ignore[misc]  # as above
        passing.affirmations = tuple([Decision(*d) for d in passing.affirmations])  # type: ignore[misc]  # as above
        project.passings.append(passing)
    return project


_MANY = ("records", "signatures", "waivers", "decisions", "passings")
_PLAIN = tuple(f.name for f in fields(Project) if f.name not in _MANY)
_plain = attrgetter(*_PLAIN)


def _examined(row: Sequence[Any]) -> Examined:
    use, source, state, found = row
    return Examined(use, Source(*source), state, tuple([(code, severity, says) for code, severity, says in found]))


def _row_of(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*(f.name for f in fields(kind)))


_signature, _waiver, _decision = _row_of(Signature), _row_of(Waiver), _row_of(Decision)
_condition, _file = _row_of(Condition), _row_of(File)
_record_row, _passing_row = _row_of(Record), _row_of(Passing)
_FILES = [f.name for f in fields(Record)].index("files")
_LAST_THREE = [f.name for f in fields(Passing)][-3:]


def _record(record: Record) -> tuple[Any, ...]:
    row = _record_row(record)
    if record.examined is not None:
        e = record.examined
        row = (*row[:-1], (e.use, (e.source.plugin, e.source.version, e.source.digest), e.state, e.found))
    if not record.files:
        return row
    return (*row[:_FILES], [_file(f) for f in record.files], *row[_FILES + 1 :])


def _passing(passing: Passing) -> tuple[Any, ...]:
    assert _LAST_THREE == ["decisions", "conditions", "affirmations"]
    return (
        *_passing_row(passing)[:-3],
        [_decision(d) for d in passing.decisions],
        [_condition(c) for c in passing.conditions],
        [_decision(d) for d in passing.affirmations],
    )
