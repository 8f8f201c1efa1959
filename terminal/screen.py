"""Puts words on the screen: wrapped and coloured on a terminal only, and never a control character of stored text."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import click

from terminal.mistake import Unprintable

Stream = Literal["out", "err"]
LABEL = 16
"""The width of the column for the word that a line begins with."""

# control characters, and the marks that turn the direction of text round or hide in it
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_BLANK = re.compile(r"[\n\r\t]+")


def safe(text: object) -> str:
    """Returns text as one line that is safe to print: line ends become spaces, other control characters are escaped."""
    return _UNSAFE.sub(_escaped, _BLANK.sub(" ", str(text)))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


class Page:
    """A page of text that is being written. `width` None means that nothing is wrapped."""

    def __init__(self, width: int | None = None, *, colour: bool = False) -> None:
        self.width = width
        self.colour = colour
        self._lines: list[str] = []

    def say(self, text: object, indent: int = 0) -> None:
        """Writes a paragraph."""
        self._wrapped(" " * indent, " " * indent, safe(text))

    def heading(self, text: object) -> None:
        """Writes a heading, with an empty line before it."""
        self.gap()
        self._lines.append(self._styled(safe(text), bold=True))

    def gap(self) -> None:
        """Writes an empty line, unless there is one or nothing was written yet."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def labelled(self, label: str, text: object, indent: int = 2, colour: str | None = None) -> None:
        """Writes a word in a column of its own and a paragraph beside it."""
        label, wide = safe(label), indent + LABEL
        before = " " * indent + label.ljust(LABEL - 1) + " "
        first = len(self._lines)
        self._wrapped(before, " " * max(wide, len(before)), safe(text))
        if colour is not None:
            self._lines[first] = (
                " " * indent + self._styled(label, fg=colour) + self._lines[first][indent + len(label) :]
            )

    def beside(self, text: object, indent: int = 2) -> None:
        """Writes a paragraph under the text of `labelled`, its column left empty."""
        self.say(text, indent + LABEL)

    def item(self, text: object, indent: int = 2) -> None:
        """Writes one item of a list without an order."""
        self._wrapped(" " * indent + "- ", " " * (indent + 2), safe(text))

    def numbered(self, number: int, text: object) -> None:
        """Writes one step of a list."""
        before = f"{number:3}. "
        self._wrapped(before, " " * len(before), safe(text))

    def command(self, line: str) -> None:
        """Writes a command to copy: on one line, whatever its length."""
        self._lines.append("  " + self._styled(safe(line), bold=True))

    def columns(self, rows: Sequence[Sequence[object]], indent: int = 2) -> None:
        """Writes rows in columns that line up; on a terminal the last column is wrapped.

        Where the columns before it are wider than the terminal, all from the third on go below the first two.
        """
        cells = [[safe(cell) for cell in row] for row in rows]
        widths = [max(len(row[n]) for row in cells) for n in range(len(cells[0]) - 1)] if cells else []
        if self.width is not None and len(widths) > 2 and indent + sum(widths) + 2 * len(widths) > self.width:
            below = ["  ".join(filter(None, row[2:])) for row in cells]
            cells, widths = [[row[0], row[1]] for row in cells], widths[:1]
        else:
            below = [""] * len(cells)
        for row, rest in zip(cells, below, strict=True):
            before = " " * indent + "".join(cell.ljust(w) + "  " for cell, w in zip(row[:-1], widths, strict=True))
            self._wrapped(before, " " * len(before), row[-1])
            if rest:
                self.say(rest, indent + 4)

    def raw(self, text: str) -> None:
        """Writes lines of ours as they are, each made safe: a listing, a diagram."""
        self._lines += [_UNSAFE.sub(_escaped, line) for line in text.splitlines()]

    def text(self) -> str:
        """Returns the page, ending in a line end."""
        return "\n".join(line.rstrip() for line in self._lines) + "\n"

    def _wrapped(self, before: str, after: str, text: str) -> None:
        if self.width is None:
            self._lines.append(before + text)
            return
        import textwrap

        if len(before) > self.width - 24 and before.strip():  # no room beside the label: go on below it
            self._lines.append(before.rstrip())
            before = after = " " * 6
        lines = textwrap.wrap(
            text,
            self.width,
            initial_indent=before,
            subsequent_indent=after,
            break_long_words=False,
            break_on_hyphens=False,
        )
        self._lines += lines or [before]

    def _styled(self, text: str, *, bold: bool | None = None, fg: str | None = None) -> str:
        return click.style(text, fg=fg, bold=bold) if self.colour else text


def page_for(stream: Stream) -> Page:
    """Returns an empty page that suits where a stream goes: a pipe gets neither colour nor wrapping."""
    found = sys.stdout if stream == "out" else sys.stderr
    if not found.isatty():
        return Page()
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Page(max(shutil.get_terminal_size((80, 24)).columns, 40), colour=colour)


def print_answer(text: str) -> None:
    """Prints on standard output; raises Unprintable where it cannot be written to."""
    with _printing():
        sys.stdout.write(text)
        sys.stdout.flush()


@contextmanager
def _printing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unprintable(error) from error


def print_complaint(text: str) -> None:
    """Prints on standard error."""
    sys.stderr.write(text)
    sys.stderr.flush()


def print_bytes(found: bytes) -> None:
    """Prints bytes on standard output, nothing added."""
    with _printing():
        sys.stdout.flush()
        sys.stdout.buffer.write(found)
        sys.stdout.buffer.flush()


def print_json(found: Mapping[str, Any]) -> None:
    """Prints one JSON object on standard output; what a terminal might obey is escaped, as JSON allows inside text."""
    text = json.dumps(found, ensure_ascii=False, indent=2, default=str)
    print_answer("\n".join(_UNSAFE.sub(_escaped, line) for line in text.split("\n")) + "\n")
