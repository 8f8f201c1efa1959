"""What is missing at the gates ahead of a project: a row for each requirement, or part of one, that does not hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from engine.hookspecs import Json
from plugins.spreadsheet.cells import Cell, cell_of, day_of, words

HEADINGS: Final = (
    "Project",
    "Title",
    "Gate",
    "Requirement",
    "Part of",
    "State",
    "Why",
    "What would do",
    "Not before",
    "Required by",
    "Source",
)
_HOLDS: Final = ("met", "waived", "not_applicable")
_ACTS: Final = {
    "add_evidence": "Hand in a record",
    "sign": "Sign",
    "decide": "Decide",
    "wait": "Wait",
    "set_field": "Set a field",
}


def is_missing(requirement: Json) -> bool:
    """True where a requirement does not hold."""
    return requirement["state"] not in _HOLDS


def rows_of(project: Json) -> Iterator[Sequence[Cell]]:
    """Yields the rows of a project, gate by gate; decisions that are still to be made come last."""
    for gate in project["gates_ahead"]:
        for requirement in gate["requirements"]:
            yield from _requirement(project, gate, requirement, None)
        for act in gate["acts"]:
            if act["act"] == "decide":
                yield _row(project, gate, f"Decision of the {_roles(act)}", None, "to do", "", [act], {})


def _requirement(project: Json, gate: Json, requirement: Json, around: str | None) -> Iterator[Sequence[Cell]]:
    if not is_missing(requirement):
        return
    state, why = requirement["state"], " ".join(requirement["why"])
    yield _row(project, gate, requirement["title"], around, state, why, requirement["needs"], requirement)
    for part in requirement["of"]:
        yield from _requirement(project, gate, part, requirement["title"])


def _row(
    project: Json, gate: Json, title: str, around: str | None, state: str, why: str, acts: Sequence[Json], said: Json
) -> Sequence[Cell]:
    days = [act["not_before"] for act in acts if act["not_before"]]
    basis = said.get("basis") or {}
    return (
        project["project"],
        project["title"],
        gate["gate_title"],
        title,
        around,
        words(state),
        why,
        "; ".join(_act(act) for act in acts),
        day_of(max(days, default=None)),
        words(basis["kind"]) if basis else None,
        cell_of(basis.get("source")),
    )


def _act(act: Json) -> str:
    done = _ACTS.get(act["act"], words(act["act"]))
    detail = act["detail"]
    if act["act"] == "add_evidence":
        return f"{done} ({detail['title']})"
    if act["act"] == "set_field":
        return f"{done} ({detail['title']})"
    return f"{done} ({_roles(act)})" if act["roles"] else done


def _roles(act: Json) -> str:
    return ", ".join(words(role) for role in act["roles"])
