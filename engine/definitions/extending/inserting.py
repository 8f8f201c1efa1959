"""Puts a stage on the way that leads forward out of another: one that is written out, or one that a plugin brings."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.extending.making import Making
from engine.definitions.report import quoted
from engine.definitions.tree import Node
from engine.definitions.using.stages import place
from engine.definitions.words import text_at, titled

_NO_TITLE = "Advance"  # as a canonical form says it of an `advance` that was given no title


def insert_stage(making: Making, body: Node) -> bool:
    """Puts a stage on the way forward out of another; returns whether it could be put there."""
    stage, before = body.get("stage"), making.known("stage", body.get("after"))
    used = body.get("use") or (stage.get("use") if stage is not None else None)
    if used is not None:
        return _insert_used(making, body, stage, before)
    id = stage.get("id") if stage is not None else None
    gate = making.known("gate", body.get("gate")) if body.has("gate") else None
    if stage is None or id is None or id.word is None or before is None or not making.new("stage", id):
        return False
    if (final := stage.get("final")) is not None and final.flag:
        message = "A stage that is inserted lies on the way, so it cannot be final."
        return making.refuse("extends/way", final, message)
    if body.has("gate") and (gate is None or stage.has("transitions")):
        if gate is not None:
            message = "gate goes with a stage that brings no transitions; name it on the transition instead."
            making.refuse("shape/form", body.value["gate"], message)
        return False
    way = _way_forward(making, before, body)
    made = making.copy(stage)
    if way is None or before.parent is None or not making.fits(before.parent, made):
        return False
    _lay(making, before, way, made, id, body.get("gate"))
    making.note("stage", id.word, "adds")
    return True


def _way_forward(making: Making, before: Node, body: Node) -> Node | None:
    """Returns the advance out of a stage; None where it has none, which is reported."""
    ways = before.get("transitions")
    way = next((one for one in (ways.elements() if ways is not None else []) if text_at(one, "id") == "advance"), None)
    if before.parent is None or way is None or way.get("to") is None:
        message = f"{quoted(text_at(before, 'id') or '')} has no transition called advance for the new stage to lie on."
        making.refuse("extends/way", body.value["after"], message)
        return None
    return way


def _lay(making: Making, before: Node, way: Node, made: Node, id: Node, gate: Node | None) -> None:
    """Lays a stage on the way out of the one before it; without ways out it gets one, to where that way led.

    What the way was called, `Move to Procure`, goes with the way that still leads there.
    """
    listed = before.parent
    assert listed is not None  # a stage stands in a list
    led = {"to": way.value["to"]}
    if way.has("new_cycle"):  # it begins at the first stage, where the new way leads now
        led["new_cycle"] = way.value.pop("new_cycle")
    making.put(way, "to", making.text(id.text.strip(), id))
    if text_at(way, "title") not in (None, _NO_TITLE):
        led["title"] = way.value["title"]
        making.put(way, "title", making.text(f"Move to {titled(made, id.text.strip())}", id))
    if not made.has("transitions"):
        _way_on(making, made, led, gate)
    making.insert(listed, listed.value.index(before) + 1, made)


def _insert_used(making: Making, body: Node, stage: Node | None, before: Node | None) -> bool:
    """Inserts a stage that a plugin brings, with all it needs."""
    way = _way_forward(making, before, body) if before is not None else None
    if before is None or way is None or (body.has("use") and stage is not None):
        return False
    gate = making.known("gate", body.get("gate")) if body.has("gate") else None
    if body.has("gate") and gate is None:
        return False
    making.placing.kinds(making.root)
    made = making.copy(stage) if stage is not None else making.part("map", body)
    if stage is None:
        making.put(made, "use", making.copy(body.value["use"]))
    placed = place(making.placing, made)
    if placed is None:
        return False
    named = body.get("gate")
    if (final := made.get("final")) is not None and final.flag:
        return making.refuse("extends/way", body, "A stage that is inserted lies on the way, and this one is final.")
    if named is not None and (placed.gate is not None or made.has("transitions")):
        brought = f"this stage brings its own, {quoted(placed.gate)}" if placed.gate else "this stage has transitions"
        return making.refuse("plugin/stage", named, f"gate does not go with it: {brought}.")
    for what, id, node in placed.added:
        making.note(what, id, "adds")
        if what == "requirement":
            making.requirements.setdefault(id, node)
    guard = making.text(placed.gate, body) if placed.gate is not None else named
    _lay(making, before, way, made, made.value["id"], guard)
    return True


def _way_on(making: Making, stage: Node, led: Mapping[str, Node], gate: Node | None) -> None:
    """Gives an inserted stage its own advance, to where the way led before and with what it said then."""
    ways, way = making.part("list", stage), making.part("map", stage)
    making.put(way, "id", making.text("advance", stage))
    for key, node in led.items():
        making.put(way, key, node)
    if gate is not None:
        making.put(way, "gate", making.copy(gate))
    making.insert(ways, 0, way)
    making.put(stage, "transitions", ways)
