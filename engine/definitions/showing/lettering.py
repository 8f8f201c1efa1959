"""How wide words are in a diagram, near enough to wrap them: no font is at hand where a diagram is drawn."""

from __future__ import annotations

import unicodedata
from typing import Final

_NARROW: Final = frozenset("iljtfrI.,:;!|'()[]- ")
_BROAD: Final = frozenset("mwMWQO@%&")


def width_of(text: str, size: float) -> float:
    """Returns about how wide a text is in a system font of `size` pixels, on the generous side."""
    return sum(_share_of_size(c) for c in text) * size


def _share_of_size(c: str) -> float:
    if c in _NARROW:
        return 0.36
    if c in _BROAD:
        return 0.92
    if c < "\u0300":
        return 0.68 if c.isupper() else 0.57
    if unicodedata.combining(c):
        return 0.0
    return 1.05 if unicodedata.east_asian_width(c) in "WF" else 0.75


def wrapped(text: str, width: float, size: float, most: int) -> list[str]:
    """Returns a text in lines no wider than `width`, at most `most` of them; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        for piece in _pieces(word, width, size):
            if lines and width_of(f"{lines[-1]} {piece}", size) <= width:
                lines[-1] += f" {piece}"
            else:
                lines.append(piece)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width_of(f"{last}…", size) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def _pieces(word: str, width: float, size: float) -> list[str]:
    """Cuts a word that is wider than the line."""
    pieces = [""]
    for c in word:
        if pieces[-1] and width_of(pieces[-1] + c, size) > width:
            pieces.append("")
        pieces[-1] += c
    return pieces
