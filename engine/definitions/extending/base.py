"""What a definition builds on: the base that was found, and who looks for it.

Looking is done above this floor, since it reads files and registers; here is only the shape of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class NoBase(Exception):
    """There is nothing to build on by that name; the message is one sentence, `known` are names that exist."""

    def __init__(self, message: str, known: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.known = tuple(known)


class Bases(Protocol):
    """Finds what one particular definition builds on."""

    @property
    def identity(self) -> str:
        """The definition that asks: the same text for the same file, however it is named; empty where unknown."""

    def find(self, name: str) -> Base:
        """Returns the base that stands behind `extends: NAME`.

        Raises:
            NoBase: there is none, or it may not be read.
        """


@dataclass(frozen=True, slots=True)
class Base:
    """A definition to build on.

    Attributes:
        source: what to call it in messages.
        identity: the same text for the same definition, to recognise a circle.
        content: the bytes of its file, or its canonical form.
        canonical: True where `content` is the canonical form, which has no lines.
        bases: finds what it builds on itself.
    """

    source: str
    identity: str
    content: bytes
    canonical: bool
    bases: Bases


class NoBases:
    """Finds nothing: for definitions that come from nowhere in particular."""

    identity = ""

    def find(self, name: str) -> Base:
        """Raises NoBase, whatever the name."""
        raise NoBase("Nothing can be looked up here to build on; write the definition out in full.")
