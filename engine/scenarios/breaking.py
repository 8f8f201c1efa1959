"""One break of a definition: what it is in words, how it is made, and whether what comes would still load.

A break is made on the canonical form. It says what it is in words, so that a survivor reads as a finding: “Nobody
noticed that …”. Its id names the part and the change, like `mandate: level co_design -> engagement`, and is what an
explanation in `unnoticed.yaml` points at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """One break.

    Attributes:
        id: readable and stable; no two breaks of a definition have the same.
        kind: what sort of break it is, for the figures.
        words: what was done, so that it can follow “Nobody noticed that”.
        about: the ids of the requirements it may change.
        where: the gates or stages it changes something in; empty where it may change anything.
        edits: what is put where in the canonical form; `GONE` takes an element of a list out.
    """

    id: str
    kind: str
    words: str
    about: tuple[str, ...]
    where: tuple[str, ...]
    edits: tuple[tuple[Path, Any], ...]


GONE = object()


def broken(document: Json, one: Break) -> Json:
    """Returns the canonical form with a break made; the one handed in is left as it was."""
    found = document
    for path, value in one.edits:
        found = _with(found, path, value)
    return found


def _with(part: Any, path: Path, value: Any) -> Any:
    """Returns a copy of a part with one value in it replaced; only what lies on the path is copied."""
    head, rest = path[0], path[1:]
    copied: Any = list(part) if isinstance(part, list) else dict(part)
    if rest:
        copied[head] = _with(part[head], rest, value)
    elif value is GONE:
        del copied[head]
    else:
        copied[head] = value
    return copied


def requirements_in(document: Json) -> Iterator[tuple[Path, Json]]:
    """Yields every requirement with its path, parents first."""
    for g, gate in enumerate(document["gates"]):
        for n, requirement in enumerate(gate["requires"]):
            yield from family(("gates", g, "requires", n), requirement)


def family(path: Path, requirement: Json) -> Iterator[tuple[Path, Json]]:
    """Yields a requirement with its path and every one inside it, parents first."""
    yield path, requirement
    for n, child in enumerate(requirement["of"]):
        yield from family((*path, "of", n), child)


def gates_with(document: Json, names: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the gates that ask for one of the named requirements."""
    return tuple(
        gate["id"]
        for gate in document["gates"]
        if any(r["id"] in names for top in gate["requires"] for _, r in family((), top))
    )


def refused(document: Json) -> str | None:
    """Returns why a broken definition would be refused when it is loaded; None where it would not be."""
    known = {r["id"]: r for _, r in requirements_in(document)}
    for _, requirement in requirements_in(document):
        wait = requirement["wait"]
        points = [wait["requirement"] if wait else None, requirement.get("supports")]
        lost = [name for name in points if name is not None and name not in known]
        if lost:
            return f"{requirement['id']} speaks of {lost[0]}, which nobody asks for."
        if requirement["type"] in ("any_of", "all_of", "at_least") and len(requirement["of"]) < max(
            1, requirement["at_least"] if requirement["type"] == "at_least" else 1
        ):
            return f"{requirement['id']} asks for more parts than it has."
    for gate in document["gates"]:
        if not gate["requires"] and not gate["decided_by"]:
            return f"{gate['id']} asks for nothing."
    for stage in document["stages"]:
        for way in stage["transitions"]:
            if way.get("follows") is not None and way["follows"]["requirement"] not in known:
                return f"{stage['id']}.{way['id']} follows a decision that nobody asks for."
    return None
