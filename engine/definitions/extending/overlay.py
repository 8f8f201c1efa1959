"""From a definition that builds on another to the complete tree, and each mistake to the change that brings it about.

The base is found, made complete itself, and found sound; then the changes are made on a copy of its tree, in order,
and the outcome is judged like any definition. A mistake that shows in a part of the base was brought about by a
change. Which one is found by judging what the first few changes alone make of the base, in halves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from engine.core.canonical_form import workflow_from
from engine.core.errors import Elsewhere, Problem
from engine.definitions.brought import Brings
from engine.definitions.extending.base import Base, Bases, NoBase
from engine.definitions.extending.changes import make
from engine.definitions.extending.lawful import loosened_in
from engine.definitions.extending.layers import LayeredReport, Layers, copied, everything
from engine.definitions.extending.making import Making
from engine.definitions.extending.shapes import MOST_CHANGES, OVERLAY_KEYS
from engine.definitions.extending.unfold import unfolded
from engine.definitions.reader import read_tree
from engine.definitions.report import Report, quoted
from engine.definitions.shape import check_shape
from engine.definitions.tree import Node
from engine.definitions.using.placing import Placing, uses_plugins
from engine.definitions.using.stages import place_all

MOST_BASES = 8
SHOWN_OF_BASE = 3
# Finding the change behind a mistake judges the definition again and again; a hostile one could make that long.
MOST_JUDGED_AGAIN = 16
MOST_JUDGED_NODES = 2_000_000

Judge = Callable[[Node, Report, bool], dict[str, Any]]
"""Makes the canonical form of a complete tree and reports what is wrong in it; with proofs, or without."""
Found = tuple[str, Node, bool]


@dataclass(frozen=True, slots=True)
class Complete:
    """A complete tree and its canonical form."""

    layers: Layers
    document: dict[str, Any]


def builds_on_another(root: Node) -> bool:
    """True for a definition with `extends` or `change`."""
    return bool(root.has("extends", "change"))


def complete(
    root: Node,
    source: str,
    bases: Bases,
    report: Report,
    judge: Judge,
    brings: Brings,
    above: tuple[tuple[str, str], ...] = (),
) -> Complete | None:
    """Returns the complete tree of a definition whose shape has been checked; None where there are mistakes.

    Args:
        root: the tree of the file.
        source: what to call it.
        bases: finds what it builds on.
        report: takes the mistakes, at places of this file.
        judge: judges the complete tree; what another builds on is judged without proofs, since the outcome is proved.
        brings: knows what plugins bring into it, and into what it builds on.
        above: the definitions that build on this one, each by its identity and what it is called.
    """
    if not builds_on_another(root):
        layers, told = Layers(root, {}, {root: source}), report
        if uses_plugins(root):
            layers = layers.copy()
            told = LayeredReport(layers, root, report)
            _read_what_plugins_bring(Placing(layers, brings, told))
        document = judge(layers.root, told, not above)
        return None if report.refused else Complete(layers, document)
    base = _found(root, source, bases, report, judge, brings, above)
    listed = root.get("change")
    items = listed.elements() if listed is not None else []
    if base is None:
        return None
    if listed is not None and len(items) > MOST_CHANGES:
        message = f"There are {len(items):,} changes; {MOST_CHANGES} is the most. Write the definition out in full."
        report.mistake("extends/too-many", listed, message, at_key=True)
        return None
    overlay = _Overlay(base, root, source, items, judge, brings)
    made = overlay.judged(len(items), report, report, proofs=not above)
    overlay.tell(made, report)
    if not report.refused:
        overlay.keep_the_law(made, report)
    return None if report.refused else Complete(made.layers, made.document)


def _read_what_plugins_bring(placing: Placing) -> None:
    placing.kinds(placing.root)
    place_all(placing)
    placing.requirements()


@dataclass(frozen=True, slots=True)
class _Made:
    """What a number of changes make of a base."""

    layers: Layers
    document: dict[str, Any]
    elsewhere: dict[Found, tuple[str, str]]
    touched: dict[tuple[str, str], tuple[str, Node]]


class _Overlay:
    """A base and the changes that are made to it."""

    def __init__(self, base: Layers, root: Node, source: str, items: list[Node], judge: Judge, brings: Brings) -> None:
        self.base, self.root, self.source, self.items, self.judge = base, root, source, items, judge
        self.brings = brings
        self.size = sum(1 for _ in everything(base.root)) + 1
        self.kept: dict[int, frozenset[Found]] = {}
        self.proofs = False

    def judged(self, count: int, report: Report, told: Report, *, proofs: bool) -> _Made:
        """Makes the first changes and judges the outcome; mistakes of the changes themselves go to `report`."""
        layers = self.base.copy()
        layers.files[self.root] = self.source
        for key in OVERLAY_KEYS:
            layers.root.value.pop(key, None)
            if key not in ("extends", "change") and (child := self.root.get(key)) is not None:
                made = copied(child, layers.origin)
                made.parent = layers.root
                layers.root.value[key] = made
        layered = LayeredReport(layers, self.root, told)
        placing = Placing(layers, self.brings, layered)
        making = Making(layers, report, placing)
        for item in self.items[:count]:
            if not make(making, item):
                layered.lost |= {
                    child.word for child in everything(item) if child.key == "id" and child.word is not None
                }
        placing.kinds(layers.root)
        placing.requirements()
        document = self.judge(layers.root, layered, proofs)
        return _Made(layers, document, layered.elsewhere, making.touched)

    def tell(self, made: _Made, report: Report) -> None:
        """Reports what shows in the base, each at the change that brings it about; not what was there before."""
        if not made.elsewhere:
            return
        if any(found not in self._shown(len(self.items)) for found in made.elsewhere):
            self.kept, self.proofs = {}, True  # some of it shows only to a proof
        before = self._shown(0)
        for found, (severity, message) in made.elsewhere.items():
            if found in before and severity == "warning":
                continue
            rule, written, at_key = found
            cause = self._cause(found)
            line, column = (written.key_line, written.key_column) if at_key else (written.line, written.column)
            source = self.base.file_of(written)
            place = f"line {line}" if line else f"at {written.path or 'the top'}"
            said = f"After this change, in {source}, {place}: {message}"
            also = Elsewhere(source, line, column, written.path)
            example = report.example(rule, message)
            report.place(Problem(rule, severity, cause.line, cause.column, cause.path, said, example, also))

    def keep_the_law(self, made: _Made, report: Report) -> None:
        """Reports, at the change that does it, where less is asked of what the law asks for in the base."""
        base = self.judged(0, Report(), Report(), proofs=False)
        whole = workflow_from(base.document, "base")
        for found in loosened_in(whole, workflow_from(made.document, "made")):
            ids = [found.id]
            if found.what == "requirement":
                ids += [r.id for r in whole.requirements.values() if found.id in {inner.id for inner in r.family()}]
            items = [made.touched[found.what, id][1] for id in ids if (found.what, id) in made.touched]
            report.mistake("extends/law", (items or [self.root.value["change"]])[0], found.says)

    def _cause(self, found: Found) -> Node:
        """Returns the change after which something shows that did not show before it; `extends` where none is found."""
        low, high = 0, len(self.items)
        if found in self._shown(0) or not self.items:
            return self.root.value["extends"]  # type: ignore[no-any-return]  # values of a map are nodes
        while high - low > 1:
            middle = (low + high) // 2
            if middle not in self.kept and len(self.kept) >= min(MOST_JUDGED_AGAIN, MOST_JUDGED_NODES // self.size):
                return self.root.value["change"]  # type: ignore[no-any-return]  # values of a map are nodes
            low, high = (low, middle) if found in self._shown(middle) else (middle, high)
        return self.items[high - 1]

    def _shown(self, count: int) -> frozenset[Found]:
        """Returns what shows in the base after the first changes."""
        if count not in self.kept:
            self.kept[count] = frozenset(self.judged(count, Report(), Report(), proofs=self.proofs).elsewhere)
        return self.kept[count]


def _found(
    root: Node,
    source: str,
    bases: Bases,
    report: Report,
    judge: Judge,
    brings: Brings,
    above: tuple[tuple[str, str], ...],
) -> Layers | None:
    """Returns the complete tree of what a definition builds on; reports why there is none."""
    named = root.get("extends")
    if named is None or named.word is None:
        return None
    try:
        base = bases.find(named.word)
    except NoBase as error:
        report.mistake("extends/base", named, error.message + report.near(named.word, error.known))
        return None
    chain = (*above, (bases.identity, source))
    if base.identity in [identity for identity, _ in chain]:
        first = next(place for place, (identity, _) in enumerate(chain) if identity == base.identity)
        circle = [called for _, called in chain[first:]] + [base.source]
        message = f"These build on each other in a circle: {' -> '.join(circle)}. One of them must stand by itself."
        report.mistake("extends/circle", named, message)
        return None
    if len(chain) > MOST_BASES:
        message = f"More than {MOST_BASES} definitions build on each other here; write one of them out in full."
        report.mistake("extends/chain", named, message)
        return None
    inner = Report()
    found = _completed(base, inner, judge, brings, chain)
    if found is None:
        report.mistake(*_why(base, inner, named))
    return found


def _completed(
    base: Base, report: Report, judge: Judge, brings: Brings, above: tuple[tuple[str, str], ...]
) -> Layers | None:
    if base.canonical:
        root = unfolded(base.content)
        return Layers(root, {}, {root: base.source})
    read = read_tree(base.content, report)
    if read is None:
        return None
    check_shape(read, report)
    found = complete(read, base.source, base.bases, report, judge, brings, above) if read.kind == "map" else None
    return None if found is None or report.refused else found.layers


_PASSED_ON: Final = ("extends/circle", "extends/chain")


def _why(base: Base, inner: Report, named: Node) -> tuple[str, Node, str]:
    """Returns the one mistake that stands for all mistakes of a base."""
    errors = [p for p in inner.problems() if p.severity == "error"]
    for problem in errors:
        if problem.rule in _PASSED_ON:
            return problem.rule, named, problem.message
    count = f"{len(errors)} mistake{'s' if len(errors) != 1 else ''} of its own"
    shown = " ".join(f"Line {p.line}: {p.message}" for p in errors[:SHOWN_OF_BASE])
    return "extends/base", named, f"{quoted(base.source)} has {count}; mend it first. {shown}"
