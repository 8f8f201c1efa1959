"""Bases for the tests, kept in memory: what definitions build on without a file or a register."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definitions.extending.base import Base, NoBase

LAW = """
    - id: equality
      evidence: document
      law: true
      basis: {kind: law, source: "Equality Act 2010, section 149"}
"""
HEADING = {
    "cocycle": "cocycle: 1\n",
    "id": "id: mine\n",
    "version": 'version: "1.0"\n',
    "title": "title: Mine\n",
    "extends": "extends: small-service\n",
    "change": "change:\n  - set_field: {id: urgent, required: true}\n",
}


@dataclass(frozen=True)
class Shelf:
    """Finds bases by name among texts, as YAML or, where `canonical` has the name, as canonical forms."""

    texts: Mapping[str, bytes]
    identity: str = "mine"
    canonical: Mapping[str, bytes] = field(default_factory=dict)

    def find(self, name: str) -> Base:
        """Returns the base of a name; raises NoBase."""
        if name in self.canonical:
            return Base(name, name, self.canonical[name], True, self)
        if name not in self.texts:
            raise NoBase(f"There is no workflow {name} here.", sorted(self.texts))
        return Base(name, name, self.texts[name], False, Shelf(self.texts, name, self.canonical))


def page_bases(example: bytes) -> Shelf:
    """Returns what the examples in docs build on: the running example, the same with a requirement of law, itself."""
    with_law = example.decode().rstrip("\n") + "\n" + LAW.replace("\n    ", "\n      ")
    return Shelf({"small-service": example, "with-law": with_law.encode(), "itself": overlay_of("")}, "itself")


def overlay_of(piece: str) -> bytes:
    """Returns the definition that a piece makes of a small one that builds on another: its sections replace those."""
    parts = [part for part in re.split(r"^(?=[a-z_]+:)", piece, flags=re.MULTILINE) if part.strip()]
    ours = HEADING | {part.partition(":")[0]: part.rstrip("\n") + "\n" for part in parts}
    return "".join(ours.values()).encode()
