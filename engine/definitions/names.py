"""Everything a definition declares by name, and whether what points at a name finds one.

Names are gathered before anything else is judged, and also from parts whose shape is wrong, so that one mistake
does not bring forth others that would vanish with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.core.definition import Field
from engine.definitions.fields import declared_field
from engine.definitions.report import Report, quoted
from engine.definitions.tree import Node
from engine.definitions.using.marks import unread
from engine.definitions.words import entries_of, section

_WHAT = {
    "stage": ("stage", "stages"),
    "gate": ("gate", "gates"),
    "role": ("role", "roles"),
    "rule": ("rule", "rules"),
    "level": ("level", "levels"),
    "principle": ("principle", "principles"),
    "evidence": ("kind of evidence", "evidence"),
    "profile": ("profile", "profiles"),
}
_LISTS = ("levels", "stages")
_BROUGHT = ("stages", "gates", "roles", "evidence", "rules")
KINDS: Final = "fields of evidence"
"""In `unsure` where the fields of a kind of evidence are not known."""
# Roles of the register: a definition that declared one would hand out, or seem to hand out, the register's powers.
RESERVED_ROLES = frozenset({"admin", "programme_manager", "auditor", "integrator"})


@dataclass
class Names:
    """What is declared. A field is None where its declaration is too broken to compare anything with it.

    `unsure` has the sections that are written so wrongly that nobody can tell what they declare; a name that is not
    found there is no second mistake. A kind of evidence whose fields cannot be told is not in `kinds`.
    """

    report: Report
    declared: Mapping[str, Mapping[str, Node]]
    fields: Mapping[str, Field | None]
    kinds: Mapping[str, Mapping[str, Field | None]]
    requirements: Mapping[str, Node]
    unsure: frozenset[str]
    used: set[tuple[str, str]] = field(default_factory=set)

    def point(self, what: str, node: Node | None) -> str | None:
        """Returns the name written at a node where it is declared; reports it where it is not."""
        if node is None or node.word is None:
            return None
        known, word = self.declared[what], node.word
        if word in known:
            self.used.add((what, word))
            return word
        if not self.report.is_wrong(node) and _WHAT[what][1] not in self.unsure:
            called, place = _WHAT[what]
            near = self.report.near(word, known)
            message = f"There is no {called} {quoted(word)} under {place}.{near}"
            self.report.mistake(_NAME_RULES[what], node, message)
        return None

    def points(self, what: str, node: Node | None, *, must_say: bool = False) -> list[str]:
        """Returns the declared names of a list; reports the others, repetition and, if asked, emptiness."""
        words = entries_of(node, self.report, must_say=must_say)
        return [word for item, word in words if self.point(what, item) is not None]


_NAME_RULES = {
    "stage": "name/stage",
    "gate": "name/gate",
    "role": "name/role",
    "rule": "name/rule",
    "level": "name/level",
    "principle": "name/principle",
    "evidence": "name/evidence",
    "profile": "name/profile",
}


def names_of(root: Node, report: Report) -> Names:
    """Gathers the names a definition declares; reports ids that are used twice or reserved."""
    stages = _by_id(_listed(root, "stages"), "stage", report)
    for stage in _listed(root, "stages"):
        _by_id(_below(stage, "transitions"), "transition of this stage", report)
    _reserved(root, report)
    levels = {word: item for item, word in entries_of(root.get("levels"), report)}
    declared = section(root, "evidence")
    kinds = {name: _fields(kind.get("fields"), report, of_record=True) for name, kind in declared if not unread(kind)}
    return Names(
        report,
        {
            "stage": stages,
            "level": levels,
            **{what: dict(section(root, f"{what}s")) for what in ("gate", "role", "rule", "principle", "profile")},
            "evidence": dict(section(root, "evidence")),
        },
        _fields(root.get("fields"), report, of_record=False),
        kinds,
        _by_id(list(requirements_in(root)), "requirement", report),
        frozenset(key for key, node in root.items() if node.kind != ("list" if key in _LISTS else "map"))
        | _not_brought(root),
    )


def _not_brought(root: Node) -> frozenset[str]:
    """Returns the sections of which nobody can tell what they declare, since a plugin did not bring what it should."""
    found = frozenset(_BROUGHT if any(unread(stage) for stage in _listed(root, "stages")) else ())
    return found | ({KINDS} if any(unread(kind) for _, kind in section(root, "evidence")) else set())


def requirements_in(root: Node) -> Iterator[Node]:
    """Yields every requirement of every gate, those inside groups included."""
    for _, gate in section(root, "gates"):
        for requirement in _below(gate, "requires"):
            yield from family(requirement)


def family(requirement: Node) -> Iterator[Node]:
    """Yields a requirement and every one inside it, parents first."""
    yield requirement
    for child in children_of(requirement):
        yield from family(child)


def children_of(requirement: Node) -> list[Node]:
    """Returns the requirements directly inside a group; empty for any other requirement."""
    found = _below(requirement, "any_of") + _below(requirement, "all_of")
    at_least = requirement.get("at_least")
    return found + _below(at_least, "of") if at_least is not None else found


def _below(node: Node, key: str) -> list[Node]:
    found = node.get(key)
    return found.elements() if found is not None else []


def _listed(root: Node, key: str) -> list[Node]:
    return _below(root, key)


def _by_id(nodes: list[Node], what: str, report: Report) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for node in nodes:
        id = node.get("id")
        if id is None or id.word is None:
            continue
        if id.word in found:
            first = found[id.word].line
            message = f"The id {quoted(id.word)} already names the {what} in line {first}; give this one another."
            report.mistake("name/twice", id, message)
        else:
            found[id.word] = node
    return found


def _fields(node: Node | None, report: Report, *, of_record: bool) -> dict[str, Field | None]:
    if node is None:
        return {}
    if of_record and (clash := node.get("project")) is not None:
        message = 'A field of a record cannot be called "project", which in conditions means the project.'
        report.mistake("name/reserved", clash, message, at_key=True)
    return {name: declared_field(name, child, report, of_record=of_record) for name, child in node.items()}


def _reserved(root: Node, report: Report) -> None:
    for name, role in section(root, "roles"):
        if name in RESERVED_ROLES:
            message = f"{name} is a role of the register; give this role another id."
            report.mistake("name/reserved", role, message, at_key=True)
