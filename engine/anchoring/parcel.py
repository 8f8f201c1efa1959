"""What is taken to an outside place, and the ways in which it may come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.ledger.checkpoint import Checkpoint, open_checkpoint
from engine.ledger.merkle import verify_consistency
from engine.ledger.note import BadNote, Verifier


class NotTaken(Exception):
    """The place could not be reached, or did not take it; the message is a sentence for people."""


class Overtaken(Exception):
    """The place has a newer checkpoint of this ledger already, which somebody else brought meanwhile."""


class Contradicted(Exception):
    """The place holds what this ledger contradicts; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A checkpoint to hand over.

    Attributes:
        note: the signed note; checkpoint: what it says; verifiers: the ledger's keys.
        consistency: gives the proof from an older size to this checkpoint.
        grown_to: gives the size of the ledger as it is by now.
        seconds: how long a place may take to answer.
    """

    note: str
    checkpoint: Checkpoint
    verifiers: tuple[Verifier, ...]
    consistency: Callable[[int], list[bytes]]
    grown_to: Callable[[], int]
    seconds: float

    def opened(self, note: str) -> Checkpoint | None:
        """Returns what a note says that an outside place holds; None where this ledger did not sign it."""
        try:
            checkpoint, _ = open_checkpoint(note, self.verifiers)
        except BadNote:
            return None
        return checkpoint if checkpoint.origin == self.checkpoint.origin else None

    def contradicts(self, kept: Checkpoint) -> str:
        """Returns how a checkpoint kept outside contradicts this one, in words; empty where it does not.

        Raises:
            Overtaken: it is of a larger ledger, and the ledger has grown that far meanwhile.
        """
        now = self.checkpoint
        if kept.size > now.size:
            if self.grown_to() >= kept.size:
                raise Overtaken
            return f"holds a checkpoint over {kept.size:,} entries, and the ledger here has {now.size:,}"
        try:
            proof = self.consistency(kept.size)
        except ValueError:
            proof = []
        if verify_consistency(kept.size, now.size, kept.root, now.root, proof):
            return ""
        return f"holds a checkpoint over {kept.size:,} entries with other entries than the ledger here"
