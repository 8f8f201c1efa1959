"""The operations of `change`, each made on the tree of a base: what is put in, taken out and led elsewhere.

An operation reports what stands against it and then changes nothing. Operations see the outcome of those before them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from engine.definitions.extending.inserting import insert_stage
from engine.definitions.extending.law import inside_law, loosened, of_law
from engine.definitions.extending.making import CALLED, Making
from engine.definitions.extending.shapes import OPERATIONS
from engine.definitions.names import family
from engine.definitions.report import quoted
from engine.definitions.tree import Node
from engine.definitions.words import text_at

Operation = Callable[[Making, Node], bool]

# What says what a value of the type may be: it starts anew where a change gives a field another type.
_OF_THE_TYPE = ("of", "options", "default", "small_numbers")


def make(making: Making, item: Node) -> bool:
    """Makes one change; returns whether it could be made. What is no single operation is left alone."""
    asked = item.has(*OPERATIONS)
    if len(asked) != 1:
        return False
    making.item = item
    return _MAKE[asked[0]](making, item.value[asked[0]])


def _add(what: str) -> Operation:
    """Returns the operation that adds an entry to a section that maps ids."""

    def made(making: Making, body: Node) -> bool:
        id = body.get("id")
        if id is None or id.word is None or not making.new(what, id):
            return False
        asked = body.get("requires") if what == "gate" else None
        if asked is not None and not _free(making, [one for top in asked.elements() for one in family(top)]):
            return False
        section = making.section(CALLED[what][1], making.item)
        entry = _without(making, body, "id")
        if section is None or not making.fits(section, entry):
            return False
        making.put(section, id.word, entry)
        making.note(what, id.word, "adds")
        requires = entry.get("requires") if what == "gate" else None
        for top in requires.elements() if requires is not None else []:
            _enlist(making, top, "adds")
        return True

    return made


def _without(making: Making, body: Node, *keys: str) -> Node:
    made = making.copy(body)
    for key in keys:
        made.value.pop(key, None)
    return made


def _free(making: Making, requirements: list[Node], beside: Node | None = None) -> bool:
    """True where every one of these requirements has an id that is free."""
    ids = [id for one in requirements if (id := one.get("id")) is not None and id.word is not None]
    return [making.new("requirement", id, beside) for id in ids].count(False) == 0  # every one is asked, and told


def _enlist(making: Making, requirement: Node, verb: str) -> None:
    for one in family(requirement):
        if (id := text_at(one, "id")) is not None:
            making.requirements.setdefault(id, one)
            making.note("requirement", id, verb)


def _strike(making: Making, requirement: Node, verb: str) -> None:
    for one in family(requirement):
        id = text_at(one, "id") or ""
        if making.requirements.get(id) is one:
            del making.requirements[id]
            making.note("requirement", id, verb)


def _add_requirement(making: Making, body: Node) -> bool:
    gate, new = making.known("gate", body.get("gate")), body.get("requirement")
    before, after = body.get("before"), body.get("after")
    if before is not None and after is not None:
        return making.refuse("shape/form", after, "A requirement comes before another or after one; say one of them.")
    if gate is None or new is None or new.kind != "map" or gate.kind != "map" or not _free(making, list(family(new))):
        return False
    beside, where = before or after, gate.get("requires")
    if where is None:
        where = making.part("list", making.item)
        making.put(gate, "requires", where)
    place = len(where.elements())
    if beside is not None:
        neighbour = making.known("requirement", beside)
        if neighbour is None:
            return False
        if neighbour.parent is not where:
            message = f"{quoted(beside.text)} does not stand in the list of this gate, but inside a group or elsewhere."
            return making.refuse("extends/unknown", beside, message)
        place = where.value.index(neighbour) + (beside is after)
    made = making.copy(new)
    if where.kind != "list" or not making.fits(where, made):
        return False
    making.insert(where, place, made)
    _enlist(making, made, "adds")
    return True


def _replace_requirement(making: Making, body: Node) -> bool:
    new = body.get("requirement")
    named = body.get("id") or (new.get("id") if new is not None else None)
    if new is None or new.kind != "map" or named is None or named.word is None:
        return False
    old = making.known("requirement", named)
    if old is None or _touched_inside(making, old, "replaces", named) or not _free(making, list(family(new)), old):
        return False
    if said := inside_law(old) or loosened(old, new):
        return making.refuse("extends/law", named, said)
    where, made = old.parent, making.copy(new)
    assert where is not None  # a requirement stands in a list
    if not making.fits(where, made, instead=old):
        return False
    _strike(making, old, "removes")
    place = where.value.index(old)
    del where.value[place]
    making.insert(where, place, made)
    _enlist(making, made, "replaces")
    return True


def _remove_requirement(making: Making, body: Node) -> bool:
    named = body.get("requirement") if body.kind == "map" else body
    old = making.known("requirement", named)
    if named is None or old is None or _touched_inside(making, old, "removes", named):
        return False
    if said := inside_law(old):
        return making.refuse("extends/law", named, said)
    law = of_law(old)
    if law is not None:
        which = text_at(law, "id") or ""
        said = "is a requirement of law" if law is old else f"holds the requirement of law {quoted(which)}"
        message = f"{quoted(named.text)} {said}, which a definition that builds on another cannot take out."
        return making.refuse("extends/law", named, message)
    where = old.parent
    assert where is not None  # a requirement stands in a list
    _strike(making, old, "removes")
    where.value.remove(old)
    making.renumber(where)
    return True


def _touched_inside(making: Making, requirement: Node, verb: str, node: Node) -> bool:
    """True where an earlier change brought in a requirement or something inside it, which is reported."""
    ids = [id for one in family(requirement) if (id := text_at(one, "id")) is not None]
    return any(making.against("requirement", id, verb, node, after=("adds", "replaces")) for id in ids)


def _set_field(making: Making, body: Node) -> bool:
    id = body.get("id")
    if id is None or id.word is None or making.against("field", id.word, "sets", id, after=("sets",)):
        return False
    fields, old = making.section("fields", making.item), making.entry("field", id.word)
    if fields is None:
        return False
    made = _without(making, body, "id")
    if old is None and body.get("type") is None:
        near = making.report.near(id.word, [key for key, _ in fields.items()])
        message = f"{quoted(id.word)} is a new field, and a new field needs a type.{near}"
        return making.refuse("shape/missing-key", id, message)
    if old is not None:
        anew = body.get("type") is not None and text_at(body, "type") != text_at(old, "type")
        kept = {key: child for key, child in old.items() if not (anew and key in _OF_THE_TYPE)}
        own = dict(made.items())
        for key, child in (kept | own).items():
            making.put(made, key, child)
    if not making.fits(fields, made, instead=old):
        return False
    making.put(fields, id.word, made)
    making.note("field", id.word, "sets")
    return True


_MAKE: Final[dict[str, Operation]] = {
    "insert_stage": insert_stage,
    "add_requirement": _add_requirement,
    "replace_requirement": _replace_requirement,
    "remove_requirement": _remove_requirement,
    "set_field": _set_field,
    "add_role": _add("role"),
    "add_evidence": _add("evidence"),
    "add_rule": _add("rule"),
    "add_gate": _add("gate"),
}
