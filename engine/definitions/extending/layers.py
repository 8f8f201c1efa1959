"""A complete tree that was put together from several files, and the report that knows which file each part is from.

The tree is made of copies. `origin` leads from a copy to the value as it was written, whose place and path are those
of its own file; so a mistake is told where an author can mend it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.core.errors import Elsewhere, Problem
from engine.definitions.report import Report
from engine.definitions.tree import Node


@dataclass(frozen=True, slots=True)
class Layers:
    """A complete tree.

    Attributes:
        root: its top.
        origin: from each copy in it to the value as it was written; a value that is no copy was written as it is.
        files: what each file is called, by the top of its own tree.
        placed: for the text of each stage that a plugin brought, by the top of its tree, the `use` that placed it.
    """

    root: Node
    origin: dict[Node, Node]
    files: dict[Node, str]
    placed: dict[Node, Node] = field(default_factory=dict)

    def written(self, node: Node) -> Node:
        """Returns the value as it stands in its file."""
        return self.origin.get(node, node)

    def file_of(self, written: Node) -> str:
        """Returns what the file of a written value is called."""
        return self.files.get(top_of(written), "")

    def copy(self) -> Layers:
        """Returns the same tree in new copies, which may be changed."""
        origin: dict[Node, Node] = {}
        return Layers(copied(self.root, origin, self.origin), origin, dict(self.files), dict(self.placed))

    def place_of(self, written: Node) -> str:
        """Returns where a written value stands, as people say it: its file and its line."""
        source = self.file_of(written)
        return f"{source}, line {written.line}" if written.line else source


def top_of(node: Node) -> Node:
    """Returns the top of the tree that a value stands in."""
    while node.parent is not None:
        node = node.parent
    return node


def copied(node: Node, origin: dict[Node, Node], before: dict[Node, Node] | None = None) -> Node:
    """Returns a copy of a value and everything in it, noting for each copy where it was written.

    Args:
        node: what is copied.
        origin: the notes that are added to.
        before: where `node` and what is in it were written, where they are copies themselves.
    """
    made = Node(node.kind, node.value, node.text, node.line, node.column)
    made.key, made.key_line, made.key_column = node.key, node.key_line, node.key_column
    origin[made] = node if before is None else before.get(node, node)
    if node.kind == "map":
        made.value = {key: copied(child, origin, before) for key, child in node.value.items()}
    elif node.kind == "list":
        made.value = [copied(child, origin, before) for child in node.value]
    for child in below(made):
        child.parent = made
    return made


def below(node: Node) -> Iterator[Node]:
    """Yields what stands directly in a map or list."""
    if node.kind == "map":
        yield from node.value.values()
    elif node.kind == "list":
        yield from node.value


def everything(node: Node) -> Iterator[Node]:
    """Yields a value and all that is in it."""
    todo = [node]
    while todo:
        here = todo.pop()
        yield here
        todo.extend(below(here))


def height(node: Node) -> int:
    """Returns how many levels of maps and lists a value has."""
    return 1 + max(map(height, below(node)), default=0) if node.kind in ("map", "list") else 0


def depth(node: Node) -> int:
    """Returns how many levels of maps and lists stand above a value, itself included."""
    count, here = 0, node.parent
    while here is not None:
        count, here = count + 1, here.parent
    return count + 1


class LayeredReport(Report):
    """Collects what is wrong with a complete tree; goes on where the report of the checked file stopped.

    What lies in the checked file is told at once, and what a plugin brought there at the `use` that says so. What lies
    in a base is kept in `elsewhere`, by rule, written value
    and whether it is told at the key, with its severity and message, until it is known which change brings it about.

    `lost` are ids that a change would have declared which could not be made; that they are missing is no new mistake.

    Args:
        layers: the tree.
        here: the top of the checked file.
        report: what was found wrong in the checked file so far; it is added to.
    """

    def __init__(self, layers: Layers, here: Node, report: Report) -> None:
        super().__init__()
        self._problems, self._wrong, self._suggestions = report._problems, report._wrong, report._suggestions
        self._examples = report._examples
        self._layers, self._here = layers, here
        self.lost: set[str] = set()
        self.elsewhere: dict[tuple[str, Node, bool], tuple[str, str]] = {}

    def _add(self, rule: str, severity: str, node: Node, message: str, at_key: bool) -> None:
        written = self._layers.written(node)
        if rule.startswith("name/") and node.word is not None and not self.lost.isdisjoint(node.word.split(".")):
            self._wrong.add(written)
        elif top_of(written) is self._here:
            super()._add(rule, severity, written, message, at_key)
        elif (use := self._layers.placed.get(top_of(written))) is not None and top_of(use) is self._here:
            self._wrong.add(written)
            line, column = (written.key_line, written.key_column) if at_key else (written.line, written.column)
            inside = Problem(rule, severity, line, column, written.path, message, self.example(rule, message))
            self.place_at(use, inside, self._layers.file_of(written))
        else:
            self._wrong.add(written)
            self.elsewhere.setdefault((rule, written, at_key), (severity, message))

    def place_at(self, use: Node, problem: Problem, source: str) -> None:
        """Adds a problem in what a plugin brought, called `source`, at the `use` that brought it in."""
        place = f"{source}, line {problem.line}" if problem.line else source
        said = f"In what the plugin brings ({place}): {problem.message}"
        also = Elsewhere(source, problem.line, problem.column, problem.path)
        where = use.line, use.column, use.path
        self.place(Problem(problem.rule, problem.severity, *where, said, problem.example, also))

    def excuse(self, node: Node) -> None:
        """Marks a part as found wrong without saying more about it."""
        super().excuse(self._layers.written(node))

    def is_wrong(self, node: Node) -> bool:
        """True where something was already said about this very part."""
        return super().is_wrong(self._layers.written(node))

    @property
    def refused(self) -> bool:
        """True where there is a mistake, in whichever file."""
        return super().refused or any(severity == "error" for severity, _ in self.elsewhere.values())
