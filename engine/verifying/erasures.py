"""Whether what is missing was erased by an event that says so, and whether what was erased is gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.ledger.leaf import Leaf, commit_bytes
from engine.ledger.verify import Problem
from engine.store import everything
from engine.store.database import Transaction
from engine.store.everything import Word

ERASING = frozenset({"evidence_erased", "person_erased", "words_erased", "register_words_erased"})


class Erasures:
    """The words that are missing, and what the erasing events name.

    Attributes:
        told: each erasing event: `seq`, `what` it erased, and how many `items` (words and files) it names.
        words: by (index, name) of a word the index of the event that erased it.
        facts: by the index of a record's entry the index of the event that erased values of its fields.
        plain, sealed: by digest of a file the index of the event that erased it.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self.told: list[dict[str, Any]] = []
        self.words: dict[tuple[int, str], int] = {}
        self.facts: dict[int, int] = {}
        self.plain: dict[str, int] = {}
        self.sealed: dict[str, int] = {}
        self._missing: set[tuple[int, str]] = set()
        self._problems = problems

    @property
    def items(self) -> int:
        """How many words and files were erased."""
        return sum(act["items"] for act in self.told)

    def check_words(self, seq: int, leaf: Leaf, words: list[Word]) -> None:
        """Holds the words that are stored beside an entry against the commitments of its leaf."""
        commitments = leaf.commitments
        for name, value, salt in words:
            try:
                computed = commit_bytes(value, salt)
            except ValueError:
                computed = "no commitment, since the salt has the wrong length"
            if commitments.get(name) != computed:
                message = f"The words of {name} in entry {seq} are not those that were recorded."
                self._problems.append(Problem(seq, "word", message))
        if len(words) < len(commitments):
            here = {name for name, _, _ in words}
            self._missing.update((seq, name) for name in commitments if name not in here)

    def take(self, seq: int, leaf: Leaf) -> None:
        """Takes in an erasing event."""
        body, items = leaf.body, 0
        for of_seq, names in body["words"]:
            for name in names:
                self.words[of_seq, name] = seq
                if name.startswith("fact."):
                    self.facts[of_seq] = seq
                items += 1
        for file in body.get("files", ()):
            where = self.plain if "sha256" in file else self.sealed
            where[file["sha256" if "sha256" in file else "sealed"]] = seq
            items += 1
        of = next(member for member in ("evidence", "person", "entry") if member in body)
        what = f"{of} {body[of]}"
        self.told.append({"seq": seq, "what": what, "items": items})

    def end(self, tx: Transaction) -> Iterator[Problem]:
        """Yields what is missing without an erasure, and what is still there in spite of one."""
        for seq, name in sorted(self._missing):
            if self.words.get((seq, name), -1) <= seq:
                yield Problem(seq, "word", f"The words of {name} in entry {seq} are missing, and no erasure says so.")
        for (seq, name), by in self.words.items():
            if (seq, name) in self._missing:
                continue
            there = name in everything.words_of(tx, seq)
            told = "and they are still there" if there else "and that entry never had them"
            yield Problem(
                by, "erasure", f"Entry {by} says that the words of {name} in entry {seq} were erased, {told}."
            )
