"""Puts an author's words into Markdown so that they stay words: no title can be markup, a link or a heading."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MARKS = re.compile(r"[\\`*_\[\]|~#$^{}]")
_LEADING = re.compile(r"^(?:([-+=!:])|(\d+)([.)])(?=\s|$))")
# what would become a link by itself is cut in two by a comment that nobody sees
_LINKS = re.compile(r"(?i)(:(?=//)|www(?=\.)|@)")
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


def plain(text: str) -> str:
    """Returns words on one line that Markdown and HTML show as they are, and that never become a link."""
    line = " ".join(_HIDDEN.sub(" ", text).split())
    line = re.sub(r"[&<>]", lambda found: _HTML[found[0]], line)
    line = _MARKS.sub(lambda found: f"\\{found[0]}", line)
    line = _LINKS.sub(lambda found: f"{found[1]}<!-- -->", line)
    return _LEADING.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", line)


def bullet(text: str, depth: int = 0) -> str:
    """Returns one item of a list; `text` is Markdown already."""
    return f"{'  ' * depth}- {text}"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Returns the lines of a table; the cells are Markdown already."""
    names = list(heads)
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows)]


def capital(text: str) -> str:
    """Returns words with a capital at their beginning."""
    return text[:1].upper() + text[1:]


def inside(title: str) -> str:
    """Returns a title as it stands inside a sentence: with a small first letter, unless it is an abbreviation."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
