"""The one reading of all entries: each is hashed, parsed and compared once; what later checks need is kept of it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.ledger.leaf import Leaf
from engine.ledger.verify import LedgerCheck, Problem
from engine.store import everything, inspect
from engine.store.database import Transaction
from engine.store.everything import StoredEntry
from engine.verifying.erasures import ERASING, Erasures
from engine.verifying.refusals import Refusals
from engine.verifying.register import Register
from engine.verifying.register_rules import RegisterRules
from engine.verifying.shape import Shapes
from engine.verifying.tally import Tally


class Entries:
    """What one reading of all entries tells.

    Attributes:
        problems: what was found so far.
        check: the tree, and the version of each project's last entry.
        erasures, register, refusals: what the entries say of these; rules: whether the register's own were allowed.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.check = LedgerCheck()
        self.check.problems = self.problems
        self.erasures = Erasures(self.problems)
        self.register = Register(self.problems)
        self.rules = RegisterRules(self.register.roles, self.problems)
        self.refusals = Refusals()
        self._shapes = Shapes()
        self._keys, self._evidence = Tally(), Tally()
        self._act: tuple[str | None, int, int] = (None, 0, 0)  # the key of the last act, its first and last entry
        self._last: tuple[int, str | None] = (-1, "")  # the last entry and its time; None where it cannot be read

    def read(self, tx: Transaction) -> None:
        """Reads all entries with their words."""
        for entry in everything.stored_entries(tx):
            if entry.leaf is None:
                message = f"Words are kept of entry {entry.seq}, which is not there."
                self.problems.append(Problem(_index(entry.seq), "word", message))
                continue
            leaf = self.check.take(entry.seq, entry.leaf, entry.leaf_hash, entry.root)
            self._last = (entry.seq, None if leaf is None else leaf.at)
            if leaf is not None:
                self._take(entry, leaf)
        if self._act[0] is not None:
            self._keys.recorded(_row(*self._act))
        row = everything.head(tx)
        size, root = (row[0], row[1]) if row is not None else (0, b"")
        self.check.end(size, root)

    def _take(self, entry: StoredEntry, leaf: Leaf) -> None:
        seq = entry.seq
        if entry.filed != (leaf.project, leaf.version, leaf.name, leaf.at, leaf.by):
            # the tree does not cover the columns that entries are found by, so one could be hidden from its project
            message = f"Entry {seq} is filed under something else than it says."
            self.problems.append(Problem(seq, "filing", message))
        if entry.words or leaf.commitments:
            self.erasures.check_words(seq, leaf, entry.words)
        if leaf.key is not None and leaf.key == self._act[0]:
            self._act = (leaf.key, self._act[1], seq)
        else:
            if self._act[0] is not None:
                self._keys.recorded(_row(*self._act))
            self._act = (leaf.key, seq, seq)
        if fault := self._shapes.fault(leaf):
            self.problems.append(Problem(seq, "leaf", f"Entry {seq} {fault}."))
        try:
            if leaf.name in ERASING:
                self.erasures.take(seq, leaf)
            if leaf.name == "evidence_added":
                self._evidence.recorded(_row(leaf.body["evidence"], leaf.project, seq))
            elif leaf.project is None:
                self.rules.take(seq, leaf, self.check.versions)
                self.register.take(seq, leaf, entry.words, self.check.tree)
                if leaf.name == "refused":
                    self.refusals.take(seq, leaf)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            message = f"Entry {seq} does not say what an event {leaf.name} says: {error}."
            self.problems.append(Problem(seq, "leaf", message))

    def end(self, tx: Transaction) -> Iterator[Problem]:
        """Yields where the rows beside the entries are not what the entries make."""
        yield from self._head(tx)
        yield from self._nodes(tx)
        for row in everything.keys(tx):
            self._keys.stored(_row(*row))
        if not self._keys.agrees:
            yield from inspect.key_problems(tx)
        for place in everything.places_of_evidence(tx):
            self._evidence.stored(_row(*place))
        if not self._evidence.agrees:
            yield from inspect.evidence_problems(tx)
        yield from self.erasures.end(tx)
        yield from self.register.problems(tx)
        yield from self.rules.end(tx)
        yield from self.refusals.problems(tx)

    def _head(self, tx: Transaction) -> Iterator[Problem]:
        """`check` compares size and root; here the right edge, from which the next root comes, and the time."""
        row = everything.head(tx)
        if row is None:
            yield Problem(None, "head", "The register has lost the row that says where its ledger ends.")
            return
        if row[2] != self.check.tree.edge_bytes():
            yield Problem(None, "head", "The edge that the tree grows from is not the edge of the tree recorded.")
        last = self._last[1]
        if last is not None and row[3] != last:
            yield Problem(
                None, "head", f"The ledger is said to end at {row[3] or 'no time'}, and its last entry at {last}."
            )

    def _nodes(self, tx: Transaction) -> Iterator[Problem]:
        """The stored roots of complete trees, from which proofs are made."""
        due = dict(self.check.tree.nodes)
        for level, place, stored in everything.nodes(tx):
            if due.pop((level, place), None) != stored:
                yield Problem(None, "node", f"The stored hash {place} of level {level} is not the one of the tree.")
        for level, place in due:
            yield Problem(place << 8 * level, "node", f"The stored hash {place} of level {level} is missing.")


def _row(name: object, first: object, second: object) -> str:
    return f"{name!r} {first!r} {second!r}"


def _index(seq: object) -> int | None:
    return seq if type(seq) is int else None
