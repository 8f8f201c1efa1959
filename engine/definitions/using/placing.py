"""Puts what plugins bring into the tree of a definition, so that all of it is read like what the author wrote.

First the kinds of evidence, then the stages with all they need, then the requirements; each is read once, and a tree in
which everything was read is left as it is. What could not be brought in stays as it was written, and is told.
"""

from __future__ import annotations

from engine.definitions.brought import Brings
from engine.definitions.extending.layers import LayeredReport, Layers, everything
from engine.definitions.names import requirements_in
from engine.definitions.schema import FORMS
from engine.definitions.tree import Node, node_of
from engine.definitions.using.alike import alike
from engine.definitions.using.kinds import Unusable, evidence_kind, requirement_kind
from engine.definitions.using.marks import BROUGHT, EXAMINER, OPTIONS, unread
from engine.definitions.using.options import options_of
from engine.definitions.words import section, text_at

_OTHER_FORMS = (*(form for form in FORMS if form != "use"), "signed_by")


def uses_plugins(root: Node) -> bool:
    """True where something in a tree uses a plugin."""
    return any(node.key == "use" for node in everything(root))


class Placing:
    """What plugins bring, while it is put into one tree."""

    def __init__(self, layers: Layers, brings: Brings, report: LayeredReport) -> None:
        self.layers, self.brings, self.report = layers, brings, report
        self.root = layers.root
        self.size = sum(1 for _ in everything(layers.root))
        self.used: dict[Node, Node] = {}  # of each stage that was placed, the `use` that it was written as

    def refuse(self, use: Node, found: Unusable) -> None:
        """Reports at a `use` why it cannot be followed."""
        id = use.text.strip().partition("/")[2]
        self.report.mistake(found.rule, use, found.says + self.report.near(id, found.known))

    def named(self, node: Node) -> tuple[Node, str] | None:
        """Returns the `use` of a part and what it names; None where its shape is wrong, which was told."""
        use = node.get("use")
        if use is None or use.kind != "text" or self.report.is_wrong(use):
            return None
        return use, use.text

    def put(self, above: Node, key: str, value: object, use: Node) -> None:
        """Puts a value of the plugin under a key, as if it were written at the `use`."""
        made = node_of(value, use.line, use.column)
        for node in everything(made):
            self.layers.origin[node] = self.layers.written(use)
        above.value[key] = made
        made.parent, made.key = above, key

    def kinds(self, root: Node) -> None:
        """Reads the kinds of evidence in a tree that plugins bring."""
        for _, node in section(root, "evidence"):
            if unread(node) and (named := self.named(node)) is not None:
                self._kind(node, *named)

    def _kind(self, node: Node, use: Node, name: str) -> bool:
        found = evidence_kind(self.brings, name)
        if isinstance(found, Unusable):
            self.refuse(use, found)
            return False
        del node.value["use"]
        said = {"file": found.file, "fields": dict(found.fields), BROUGHT: name}
        said |= {"title": found.title} if not node.has("title") and found.title else {}
        for key, value in (said | ({EXAMINER: name} if found.examined else {})).items():
            self.put(node, key, value, use)
        return True

    def requirements(self) -> None:
        """Reads the requirements that plugins judge, and brings in the kinds of evidence that go with them."""
        for requirement in list(requirements_in(self.root)):
            # one that is another form as well is told where forms are
            if not unread(requirement) or requirement.has(*_OTHER_FORMS):
                continue
            if (named := self.named(requirement)) is not None:
                self._requirement(requirement, *named)

    def _requirement(self, node: Node, use: Node, name: str) -> None:
        found = requirement_kind(self.brings, name)
        if isinstance(found, Unusable):
            self.refuse(use, found)
            return
        kind, fields = found
        options = options_of(node, use, fields, self.report)
        brought = kind.evidence is None or self._brought(node, use, f"{name.partition('/')[0]}/{kind.evidence}")
        if options is None or not brought:
            return
        node.value.pop("with", None)
        said = {"title": kind.title, "help": kind.help, "evidence": kind.evidence}
        for key, value in said.items():
            if value and not node.has(key):
                self.put(node, key, value, use)
        self.put(node, OPTIONS, options, use)

    def _brought(self, node: Node, use: Node, kind: str) -> bool:
        """True where the kind of evidence that goes with a requirement is declared, or could be brought in."""
        id = kind.partition("/")[2]
        there = dict(section(self.root, "evidence")).get(id)
        if there is None:
            return self._bring(id, use, kind)
        if unread(there) or text_at(there, BROUGHT) == kind:
            return True
        from_form = not self.layers.written(there).line  # of such a base only the canonical form is left
        if from_form and self._holds_the_same(there, use, kind):
            return True
        place = self.layers.place_of(self.layers.written(there))
        message = (
            f'The plugin brings the kind of evidence "{id}" with this, and there is another one of that id in {place};'
            f" write {{use: {kind}}} there, or give it another id."
        )
        self.report.mistake("plugin/clash", use, message)
        return False

    def _holds_the_same(self, there: Node, use: Node, kind: str) -> bool:
        made = self._written(use, kind)
        return self._kind(made, made.value["use"], kind) and alike("evidence", there, made)

    def _written(self, use: Node, kind: str) -> Node:
        """Returns a kind of evidence as an author would have written it, as if at a `use`."""
        made = Node("map", {}, "", use.line, use.column)
        self.layers.origin[made] = self.layers.written(use)
        self.put(made, "use", kind, use)
        return made

    def _bring(self, id: str, use: Node, kind: str) -> bool:
        evidence, made = self.root.get("evidence"), self._written(use, kind)
        if not self._kind(made, made.value["use"], kind):
            return False
        if evidence is None:
            self.put(self.root, "evidence", {}, use)
            evidence = self.root.value["evidence"]
        if evidence.kind == "map":  # else nobody can tell what it declares, which was told
            evidence.value[id] = made
            made.parent, made.key = evidence, id
            made.key_line, made.key_column = use.line, use.column
        return True
