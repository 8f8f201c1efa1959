"""What every change to a base needs: where things are, what earlier changes did, how parts are put in.

Everything here works on parts whose shape may be wrong, since all mistakes of a file are told at once: what cannot be
understood is left alone, and its own mistake has been told already.
"""

from __future__ import annotations

from engine.definitions.extending.layers import Layers, below, copied, depth, everything, height
from engine.definitions.names import family, requirements_in
from engine.definitions.reader import MOST_DEPTH, MOST_NODES
from engine.definitions.report import Report, quoted
from engine.definitions.tree import Node
from engine.definitions.using.placing import Placing
from engine.definitions.words import section, text_at

CALLED = {
    "role": ("role", "roles"),
    "evidence": ("kind of evidence", "evidence"),
    "rule": ("rule", "rules"),
    "gate": ("gate", "gates"),
    "field": ("field of the project", "fields"),
    "stage": ("stage", "stages"),
    "requirement": ("requirement", "gates"),
}


class Making:
    """A base while changes are made to it. `item` is the change that is being made; `placing` asks the plugins."""

    def __init__(self, layers: Layers, report: Report, placing: Placing) -> None:
        self.layers = layers
        self.placing = placing
        self.root = layers.root
        self.report = report
        self.item: Node = layers.root
        self.touched: dict[tuple[str, str], tuple[str, Node]] = {}
        self.requirements: dict[str, Node] = {}
        for requirement in requirements_in(self.root):
            self.requirements.setdefault(text_at(requirement, "id") or "", requirement)
        self.size = sum(1 for _ in everything(self.root))

    def refuse(self, rule: str, node: Node, message: str) -> bool:
        """Reports why the change cannot be made; returns False."""
        self.report.mistake(rule, node, message)
        return False

    def note(self, what: str, id: str, verb: str) -> None:
        """Remembers that this change adds, replaces, removes or sets something."""
        self.touched[what, id] = verb, self.item

    def against(self, what: str, id: str, verb: str, node: Node, *, after: tuple[str, ...]) -> bool:
        """True where an earlier change did one of `after` to the same thing, which is reported as a contradiction."""
        before = self.touched.get((what, id))
        if before is None or before[0] not in after:
            return False
        done, item = before
        message = (
            f"The change in line {item.line} {done} the {CALLED[what][0]} {quoted(id)}, and this one, in line"
            f" {self.item.line}, {verb} it; keep one of the two."
        )
        self.refuse("extends/contradiction", node, message)
        return True

    def entry(self, what: str, id: str) -> Node | None:
        """Returns a part by its id; None where there is none."""
        if what == "requirement":
            return self.requirements.get(id)
        if what == "stage":
            return next((node for node in self.stages() if text_at(node, "id") == id), None)
        return dict(section(self.root, CALLED[what][1])).get(id)

    def stages(self) -> list[Node]:
        """Returns the stages in their order."""
        listed = self.root.get("stages")
        return listed.elements() if listed is not None else []

    def known(self, what: str, node: Node | None) -> Node | None:
        """Returns the part that a name points at; reports a name that points nowhere."""
        if node is None or node.word is None:
            return None
        found = self.entry(what, node.word)
        if found is None and not self.against(what, node.word, "needs", node, after=("removes",)):
            called, under = CALLED[what]
            names = self.requirements if what == "requirement" else self._names(what, under)
            near = self.report.near(node.word, names)
            self.refuse("extends/unknown", node, f"There is no {called} {quoted(node.word)} to build on.{near}")
        return found

    def _names(self, what: str, under: str) -> list[str]:
        if what == "stage":
            return [text_at(node, "id") or "" for node in self.stages()]
        return [name for name, _ in section(self.root, under)]

    def new(self, what: str, node: Node | None, beside: Node | None = None) -> bool:
        """True where the id at a node is free, or is used inside `beside` only, which is to go; else reports it."""
        if node is None or node.word is None:
            return False
        found, id = self.entry(what, node.word), node.word
        if found is None or (beside is not None and any(found is one for one in family(beside))):
            return True
        if self.against(what, id, "adds", node, after=("adds", "replaces", "sets")):
            return False
        written = self.layers.written(found)
        source = self.layers.file_of(written)
        place = f"in {source}, line {written.line}" if written.line else f"in {source}"
        how = {
            "requirement": "to change it, use replace_requirement",
            "gate": "to change what it asks for, use add_requirement and its like",
        }.get(what, "leave it as it is")
        message = f"There is a {CALLED[what][0]} {quoted(id)} already, {place}; give this one another id, or {how}."
        return self.refuse("extends/exists", node, message)

    def part(self, kind: str, node: Node) -> Node:
        """Returns a new, empty list or map that was written, as it were, at a node."""
        made = Node("map" if kind == "map" else "list", {} if kind == "map" else [], "", node.line, node.column)
        self.layers.origin[made] = self.layers.written(node)
        return made

    def text(self, word: str, node: Node) -> Node:
        """Returns a new text that was written, as it were, at a node."""
        made = Node("text", word, word, node.line, node.column)
        self.layers.origin[made] = self.layers.written(node)
        return made

    def copy(self, node: Node) -> Node:
        """Returns a copy of what is written in the change, ready to be put in."""
        return copied(node, self.layers.origin)

    def section(self, under: str, node: Node) -> Node | None:
        """Returns the map of a section at the top, made where it is absent; None where it is no map."""
        found = self.root.get(under)
        if found is None:
            found = self.part("map", node)
            self.put(self.root, under, found)
        return found if found.kind == "map" else None

    def put(self, above: Node, key: str, child: Node) -> None:
        """Puts a value under a key of a map."""
        above.value[key] = child
        child.parent, child.key = above, key

    def insert(self, above: Node, place: int, child: Node) -> None:
        """Puts a value into a list."""
        above.value.insert(place, child)
        child.parent = above
        self.renumber(above)

    def renumber(self, above: Node) -> None:
        """Sets the keys of a list's items right."""
        for place, child in enumerate(below(above)):
            child.key = place

    def fits(self, above: Node, child: Node, instead: Node | None = None) -> bool:
        """True where a part may be put in here: not nested too deep, and the whole not too large."""
        grows = sum(1 for _ in everything(child)) - (sum(1 for _ in everything(instead)) if instead is not None else 0)
        if depth(above) + height(child) > MOST_DEPTH:
            message = f"In its place this is nested more than {MOST_DEPTH} levels deep."
            return self.refuse("yaml/too-deep", self.item, message)
        if self.size + grows > MOST_NODES:
            message = f"With this change the definition holds more than {MOST_NODES:,} keys and values."
            return self.refuse("yaml/too-many", self.item, message)
        self.size += grows
        return True
