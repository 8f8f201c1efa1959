"""Reads a small, safe subset of YAML 1.2 into a tree with places; nothing in the file can run, refer or expand.

libyaml turns the text into a flat stream of events, one at a time, so that a file that goes too deep or too far is
left as soon as that shows. The tree is built here, with our own reading of scalars: only `true`, `false`, `null`,
`~` and plain numbers are anything but text.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from engine.core.errors import DefinitionError, Problem
from engine.definitions.report import Report, quoted
from engine.definitions.syntax import syntax_problem
from engine.definitions.tree import Node, WrittenNumber, scalar

MOST_BYTES = 8 * 1024 * 1024
MOST_DEPTH = 40
MOST_NODES = 400_000

# Everything YAML 1.2 calls unprintable, and the three line ends that editors do not count as lines.
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


class _Frame:
    """A list or map that is being read. In a map, `key` waits for its value; None then means: drop the value."""

    __slots__ = ("awaits_key", "key", "node")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.awaits_key = node.kind == "map"
        self.key: tuple[str, int, int] | None = None


def read_tree(raw: bytes, report: Report) -> Node | None:
    """Reads one document; None where it could not be read to its end, with the reasons in `report`."""
    text = _decoded(raw, report)
    if text is None:
        return None
    parser = yaml.CSafeLoader(text)
    try:
        return _Builder(report).build(parser)
    except yaml.YAMLError as error:
        report.place(syntax_problem(error, text))
        return None
    finally:
        parser.dispose()


def read_values(raw: bytes, source: str) -> Any:
    """Returns the plain values of a small YAML file: dict, list, str, int, bool, None; decimals as text.

    Raises:
        DefinitionError: with every mistake of the file; `source` names it in the message.
    """
    report = Report()
    root = read_tree(raw, report)
    if root is None or report.refused:
        raise DefinitionError(source, report.problems())
    return _values(root)


def _values(node: Node) -> Any:
    if node.kind == "map":
        return {key: _values(child) for key, child in node.items()}
    if node.kind == "list":
        return [_values(child) for child in node.elements()]
    return node.value.text if isinstance(node.value, WrittenNumber) else node.value


def _decoded(raw: bytes, report: Report) -> str | None:
    if len(raw) > MOST_BYTES:
        message = f"The file has {len(raw):,} bytes; {MOST_BYTES:,} is the most."
        report.place(Problem("yaml/too-large", "error", 0, 0, "", message))
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        line, column = _place(before, len(before))
        message = "The file is not UTF-8 text from here on; save it as UTF-8."
        report.place(Problem("yaml/encoding", "error", line, column, "", message))
        return None
    text = text.removeprefix("\ufeff")
    forbidden = list(_FORBIDDEN.finditer(text)) if _FORBIDDEN.search(text) else []
    for match in forbidden[:20]:
        line, column = _place(text, match.start())
        message = f"The character U+{ord(match.group()):04X} is invisible or a control character; take it out."
        report.place(Problem("yaml/character", "error", line, column, "", message))
    return None if forbidden else text


def _place(text: str, index: int) -> tuple[int, int]:
    before = re.split("\r\n|\r|\n", text[:index])
    return len(before), len(before[-1]) + 1


class _Builder:
    """Builds the tree from events and reports what the subset does not allow."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.stack: list[_Frame] = []
        self.root: Node | None = None
        self.nodes = 0

    def build(self, parser: Any) -> Node | None:
        """Reads events to the end of the stream; None where reading had to stop."""
        documents = 0
        while True:
            event = parser.get_event()
            kind = type(event)
            if kind is yaml.ScalarEvent:
                going = self._scalar(event)
            elif kind in (yaml.MappingStartEvent, yaml.SequenceStartEvent):
                going = self._open(event, "map" if kind is yaml.MappingStartEvent else "list")
            elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
                self.stack.pop()
                continue
            elif kind is yaml.AliasEvent:
                going = self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if self._is_another(event, documents):
                    return self._finished()
                continue
            elif kind is yaml.StreamEndEvent:
                return self._finished()
            else:
                continue
            if not going:
                return None

    def _finished(self) -> Node | None:
        if self.root is None or self.root.kind == "nothing":
            self.report.place(Problem("yaml/empty", "error", 1, 1, "", "The file is empty."))
            return None
        return self.root

    def _is_another(self, event: Any, documents: int) -> bool:
        """True where a second document begins; the first one is complete by then and is checked all the same."""
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if event.version or event.tags:
            message = "Lines that begin with % are not part of the language; take this one out."
            self.report.place(Problem("yaml/directive", "error", line, column, "", message))
        if documents == 1:
            return False
        message = "A second document begins here; a file holds one. Put it in a file of its own."
        self.report.place(Problem("yaml/several-documents", "error", line, column, "", message))
        return True

    def _scalar(self, event: Any) -> bool:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        node = scalar(event.value, not event.style, line, column)
        if event.anchor is not None or event.tag is not None:
            self._marked(event, node)
        frame = self.stack[-1] if self.stack else None
        if frame is None or not frame.awaits_key:
            return self._attach(node)
        frame.awaits_key = False
        frame.key = self._key(frame.node, node, plain=not event.style)
        return self._counted(node)

    def _key(self, parent: Node, node: Node, plain: bool) -> tuple[str, int, int] | None:
        key, wrong = node.text, ("", "")
        if plain and key == "<<":
            wrong = "yaml/merge-key", "Merging with << is not part of the language; write the keys out."
        elif node.kind != "text":
            what = f"The key {key}" if key else "An empty key"
            wrong = "yaml/key", f"{what} is not text; a key is a word."
        elif key in parent.value:
            first = parent.value[key].key_line
            wrong = "yaml/duplicate-key", f"The key {quoted(key)} already stands in line {first}; keep one of the two."
        if not wrong[0]:
            return key, node.line, node.column
        path = f"{parent.path}.{key[:80]}".removeprefix(".")
        self.report.place(Problem(wrong[0], "error", node.line, node.column, path, wrong[1]))
        return None

    def _open(self, event: Any, kind: Any) -> bool:
        mark = event.start_mark
        node = Node(kind, {} if kind == "map" else [], "", mark.line + 1, mark.column + 1)
        if event.anchor is not None or event.tag is not None:
            self._marked(event, node)
        if not self._attach(node):
            return False
        if len(self.stack) >= MOST_DEPTH:
            self.report.mistake("yaml/too-deep", node, f"This is nested more than {MOST_DEPTH} levels deep.")
            return False
        self.stack.append(_Frame(node))
        return True

    def _alias(self, event: Any) -> bool:
        node = Node("broken", None, "", event.start_mark.line + 1, event.start_mark.column + 1)
        going = self._attach(node)
        message = (
            f"*{event.anchor[:60]} repeats another part by reference, which is not part of the language; write it out."
        )
        self.report.place(Problem("yaml/alias", "error", node.line, node.column, node.path, message))
        return going

    def _marked(self, event: Any, node: Node) -> None:
        """Reports an anchor or a tag; what it marks is read as if it had none."""
        path = self.stack[-1].node.path if self.stack else ""
        if event.anchor is not None:
            message = (
                f"&{event.anchor[:60]} marks this for use elsewhere, which is not part of the language; take it out."
            )
            self.report.place(Problem("yaml/anchor", "error", node.line, node.column, path, message))
        if event.tag is not None:
            message = "A tag that begins with ! is not part of the language; take it out."
            self.report.place(Problem("yaml/tag", "error", node.line, node.column, path, message))

    def _attach(self, node: Node) -> bool:
        """Puts a value in its place; a list, a map or an alias where a key should be is refused and dropped."""
        if not self.stack:
            self.root = node
            return self._counted(node)
        frame = self.stack[-1]
        above = frame.node
        if above.kind == "list":
            node.parent, node.key = above, len(above.value)
            above.value.append(node)
        elif frame.awaits_key:
            frame.awaits_key, frame.key = False, None
            if node.kind != "broken":
                message = "A list or a mapping stands where a key should be; a key is a word."
                self.report.place(Problem("yaml/key", "error", node.line, node.column, above.path, message))
        else:
            if frame.key is not None:
                node.parent = above
                node.key, node.key_line, node.key_column = frame.key
                above.value[node.key] = node
            frame.awaits_key = True
        return self._counted(node)

    def _counted(self, node: Node) -> bool:
        self.nodes += 1
        if self.nodes <= MOST_NODES:
            return True
        self.report.mistake("yaml/too-many", node, f"The file holds more than {MOST_NODES:,} keys and values.")
        return False
