"""Places a stage that a plugin brings: the stage itself, and the roles, evidence, rules and gate that it needs.

What the definition has already, and means the same, is left as it is. What it has under the same id and means otherwise
is a mistake that names both places; then nothing of the stage is placed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.definitions.extending.layers import copied, everything
from engine.definitions.names import family, requirements_in
from engine.definitions.reader import MOST_NODES
from engine.definitions.report import quoted
from engine.definitions.tree import Node
from engine.definitions.using.alike import alike
from engine.definitions.using.kinds import Unusable
from engine.definitions.using.marks import unread
from engine.definitions.using.placing import Placing
from engine.definitions.using.stage_text import read_stage
from engine.definitions.words import section, text_at

_SECTIONS = {"role": "roles", "evidence": "evidence", "rule": "rules"}
_CALLED = {"role": "role", "evidence": "kind of evidence", "rule": "rule", "gate": "gate", "stage": "stage"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A stage that was placed: the gate it brought, and what was added, each as what it is, its id and where it is."""

    gate: str | None
    added: tuple[tuple[str, str, Node], ...]


def place_all(placing: Placing) -> None:
    """Places every stage of a definition that a plugin brings, each with a way on to the stage listed next."""
    listed = placing.root.get("stages")
    items = listed.elements() if listed is not None else []
    onward = [(item, placed) for item in items if (placed := place(placing, item)) is not None]
    for item, placed in onward:
        following = items[items.index(item) + 1 :]
        _way_on(placing, item, placed, following[0] if following else None)


def place(placing: Placing, item: Node) -> Placed | None:
    """Fills in a stage written `{use: PLUGIN/STAGE}`; None where there is none, or it could not be placed."""
    named = placing.named(item) if unread(item) else None
    placed = None if named is None else _place(placing, item, *named)
    if placed is None and unread(item):
        placing.report.excuse(item)  # what is wrong with it was told, once
    return placed


def _place(placing: Placing, item: Node, use: Node, name: str) -> Placed | None:
    found = read_stage(placing.brings, name)
    if isinstance(found, Unusable):
        placing.refuse(use, found)
        return None
    for problem in found.problems:
        placing.report.place_at(placing.layers.written(use), problem, found.source)
    if found.root is None or found.problems:
        return None
    layers = placing.layers
    layers.files[found.root] = found.source
    layers.placed[found.root] = layers.written(use)
    text = copied(found.root, layers.origin)
    placing.kinds(text)
    if not _fits(placing, use, text) or _clashes(placing, use, text):
        return None
    return _put(placing, item, text)


def _fits(placing: Placing, use: Node, text: Node) -> bool:
    placing.size += sum(1 for _ in everything(text))
    if placing.size <= MOST_NODES:
        return True
    message = f"With this stage the definition holds more than {MOST_NODES:,} keys and values."
    placing.report.mistake("yaml/too-many", use, message)
    return False


def _parts(text: Node) -> Iterator[tuple[str, str, Node]]:
    """Yields all that a text brings under an id, but for the stage itself and the requirements."""
    for what, under in _SECTIONS.items():
        for id, node in section(text, under):
            yield what, id, node
    gate = text.get("gate")
    if gate is not None:
        yield "gate", text_at(gate, "id") or "", gate


def _declared(placing: Placing, what: str) -> dict[str, Node]:
    if what == "stage":
        listed = placing.root.get("stages")
        found = listed.elements() if listed is not None else []
        return {id: node for node in found if (id := text_at(node, "id")) is not None}
    if what == "requirement":
        return {id: node for node in requirements_in(placing.root) if (id := text_at(node, "id")) is not None}
    return dict(section(placing.root, _SECTIONS.get(what, "gates")))


def _clashes(placing: Placing, use: Node, text: Node) -> bool:
    """True where something is brought under an id that means something else, each of which is reported."""
    found = [
        (what, node, ours)
        for what, id, node in _parts(text)
        if (ours := _declared(placing, what).get(id)) is not None
        and (what == "gate" or not (alike(what, ours, node) or unread(ours)))
    ]
    stage = text.value["stage"]
    if (ours := _declared(placing, "stage").get(text_at(stage, "id") or "")) is not None:
        found.append(("stage", stage, ours))
    gate, asked = text.get("gate"), _declared(placing, "requirement")
    for requirement in (r for top in _requires(gate) for r in family(top)):
        if (ours := asked.get(text_at(requirement, "id") or "")) is not None:
            found.append(("requirement", requirement, ours))
    layers = placing.layers
    for what, node, ours in found:
        id = text_at(node, "id") if what in ("stage", "gate", "requirement") else str(node.key)
        places = [layers.place_of(layers.written(one)) for one in (node, ours)]
        called = _CALLED.get(what, what)
        message = (
            f"{quoted(use.text)} brings the {called} {quoted(id or '')} ({places[0]}), and there is another {called} of"
            f" that id in {places[1]}; give that one another id."
        )
        placing.report.mistake("plugin/clash", use, message)
    return bool(found)


def _requires(gate: Node | None) -> list[Node]:
    listed = gate.get("requires") if gate is not None else None
    return listed.elements() if listed is not None else []


def _put(placing: Placing, item: Node, text: Node) -> Placed:
    root, added = placing.root, list[tuple[str, str, Node]]()
    use, gate = item.value["use"], text.get("gate")
    for what, id, node in _parts(text):
        under = _SECTIONS.get(what, "gates")
        if what == "gate":
            for requirement in (r for top in _requires(node) for r in family(top)):
                added.append(("requirement", text_at(requirement, "id") or "", requirement))
            node.value.pop("id", None)
        if root.get(under) is None:
            placing.put(root, under, {}, use)
        entries = root.value[under]
        if entries.kind == "map" and id not in entries.value:
            entries.value[id] = node
            node.parent, node.key = entries, id
            added.append((what, id, node))
    named = _gate_of(added, gate)
    ways = item.get("transitions")
    for key, child in text.value["stage"].items():
        item.value[key] = child
        child.parent = item
    del item.value["use"]
    for way in ways.elements() if ways is not None else ():
        # the gate guards the advance of its stage, unless another gate does
        if named is not None and text_at(way, "id") == "advance" and way.get("gate") is None and way.kind == "map":
            placing.put(way, "gate", named, use)
    added.append(("stage", text_at(item, "id") or "", item))
    placing.used[item] = use
    return Placed(named, tuple(added))


def _gate_of(added: list[tuple[str, str, Node]], gate: Node | None) -> str | None:
    return None if gate is None else next((id for what, id, _ in added if what == "gate"), None)


def _way_on(placing: Placing, item: Node, placed: Placed, following: Node | None) -> None:
    """Gives a stage that was placed without ways out an advance to the stage listed next."""
    final = item.get("final")
    if item.has("transitions") or (final is not None and final.flag):
        return
    use = placing.used[item]
    to = text_at(following, "id") if following is not None else None
    if to is None:
        placing.report.excuse(item)
    if following is None:
        message = (
            f"{quoted(use.text)} is listed last, so its way on leads nowhere; list a stage after it, or give it"
            " transitions."
        )
        placing.report.mistake("plugin/stage", use, message)
    elif to is not None:  # else it could not be placed itself, which was told
        way = {"id": "advance", "to": to} | ({} if placed.gate is None else {"gate": placed.gate})
        placing.put(item, "transitions", [way], use)
