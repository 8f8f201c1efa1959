"""From the text of a definition to its canonical form and its `Workflow`, or to everything that is wrong with it.

The text is read into a tree with places; the tree is checked for its shape, for names that point nowhere, and for what
its parts mean together, all in one go, so that an author sees every mistake at once. Where there is none the canonical
form is complete: every default filled in, every value parsed, everything that has an order in an array. Its RFC 8785
bytes are what is hashed, recorded and pinned. A definition that builds on another is put together first (`overlay`);
its canonical form is that of the whole and does not tell how it came about.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson

from engine.core.canonical_form import workflow_from
from engine.core.definition import Workflow
from engine.core.errors import DefinitionError, Problem
from engine.definitions.brought import NO_PLUGINS, Brings
from engine.definitions.contradictions import contradictions_of
from engine.definitions.extending.base import Bases, NoBases
from engine.definitions.extending.overlay import complete
from engine.definitions.fields import canonical_field
from engine.definitions.heading import heading_of
from engine.definitions.names import Names, names_of
from engine.definitions.prover.prove import prove
from engine.definitions.reader import read_tree
from engine.definitions.report import Report
from engine.definitions.requirements import RuleUses, gates_of
from engine.definitions.rulebook import profiles_of, rules_of
from engine.definitions.shape import check_shape
from engine.definitions.stages import stages_of
from engine.definitions.tree import Node
from engine.definitions.unused import warn_of_unused
from engine.definitions.using.marks import EXAMINER
from engine.definitions.words import section, text_at, titled
from engine.ledger.canonical import encode


@dataclass(frozen=True)
class Compiled:
    """A definition that can be used. `canonical` is RFC 8785 JSON, `digest` its SHA-256 in hexadecimal."""

    workflow: Workflow
    canonical: bytes
    digest: str
    warnings: tuple[Problem, ...]


def compile_definition(
    raw: bytes, source: str, bases: Bases | None = None, brings: Brings = NO_PLUGINS, *, proofs: bool = True
) -> Compiled:
    """Returns the compiled definition.

    Args:
        raw: the bytes of the file.
        source: what to call the file in messages.
        bases: finds what it builds on; None where nothing can be looked up.
        brings: knows what plugins bring into it, and into what it builds on.
        proofs: False for a definition that is known to be sound, like those that come with cocycle and its tests.

    Raises:
        DefinitionError: with every mistake and every warning, in the order of the file.
    """
    compiled, problems = problems_in(raw, source, bases, brings, proofs=proofs)
    if compiled is None:
        raise DefinitionError(source, problems)
    return compiled


def problems_in(
    raw: bytes, source: str, bases: Bases | None = None, brings: Brings = NO_PLUGINS, *, proofs: bool = True
) -> tuple[Compiled | None, list[Problem]]:
    """Returns the compiled definition, None where it has mistakes, and all mistakes and warnings; never raises.

    Takes what `compile_definition` takes.
    """
    report = Report()
    root = read_tree(raw, report)
    if root is None:
        return None, report.problems()
    check_shape(root, report)
    judge = _canonical if proofs else _unproved
    found = complete(root, source, bases or NoBases(), report, judge, brings) if root.kind == "map" else None
    problems = report.problems()
    if report.refused or found is None:
        return None, problems
    canonical = encode(found.document)
    digest = hashlib.sha256(canonical).hexdigest()
    return Compiled(workflow_from(found.document, digest), canonical, digest, tuple(problems)), problems


def form_of_base(raw: bytes, bases: Bases, brings: Brings = NO_PLUGINS) -> bytes | None:
    """Returns the canonical form of what a definition builds on; None where it is written out in full.

    Raises:
        DefinitionError: the base has mistakes. The definition itself is taken to have none.
        NoBase: there is no such base.
    """
    root = read_tree(raw, Report())
    named = None if root is None else text_at(root, "extends")
    if named is None:
        return None
    base = bases.find(named)
    if base.canonical:
        return base.content
    return compile_definition(base.content, base.source, base.bases, brings, proofs=False).canonical


def workflow_of(canonical: bytes, digest: str | None = None) -> Workflow:
    """Returns the workflow of a canonical form; `digest` is its SHA-256 where that is known already."""
    return workflow_from(orjson.loads(canonical), digest or hashlib.sha256(canonical).hexdigest())


def _canonical(root: Node, report: Report, proofs: bool) -> dict[str, Any]:
    """Returns the canonical form; complete only where nothing was reported as a mistake. Proofs take longest."""
    names, uses = names_of(root, report), RuleUses()
    stages, gates = stages_of(root, names), gates_of(root, names, uses)
    document = {
        **heading_of(root, report),
        "principles": [
            {"id": id, "title": titled(node, id), "help": text_at(node, "help")}
            for id, node in section(root, "principles")
        ],
        "levels": list(names.declared["level"]),
        "roles": [{"id": id, "title": titled(node, id)} for id, node in section(root, "roles")],
        "fields": [canonical_field(field) for field in names.fields.values() if field is not None],
        "evidence": _kinds(root, names),
        "rules": rules_of(root, names, uses),
        "contradictions": contradictions_of(root, names),
        "profiles": profiles_of(root, names),
        "stages": stages,
        "gates": gates,
    }
    if not report.refused:
        warn_of_unused(names)
        if proofs:
            prove(document, names, report)
    return document


def _unproved(root: Node, report: Report, proofs: bool) -> dict[str, Any]:
    return _canonical(root, report, False)


def _kinds(root: Node, names: Names) -> list[dict[str, Any]]:
    return [
        {
            "id": id,
            "title": titled(node, id),
            "file": text_at(node, "file") or "optional",
            "fields": [canonical_field(field) for field in names.kinds.get(id, {}).values() if field is not None],
            **({"examiner": text_at(node, EXAMINER)} if node.has(EXAMINER) else {}),
        }
        for id, node in section(root, "evidence")
    ]
