"""A letter: a subject and what stands under it, written as plain text and as HTML that says the very same.

Both are made from the same blocks, so neither can say what the other does not. The HTML has no image, no script, no
form and nothing that is fetched when it is opened. Every word that comes from the register is made one printable line
first, and escaped in the HTML.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from html import escape
from typing import Final, Literal

WIDTH: Final = 72
LONGEST_SUBJECT: Final = 150

Kind = Literal["heading", "paragraph", "item", "step"]

_STYLE: Final = (
    "font-family: Arial, Helvetica, sans-serif; font-size: 16px; line-height: 1.5; color: #212b32;"
    " background: #ffffff; max-width: 40em; padding: 16px; overflow-wrap: anywhere;"
)


JOINERS: Final = "\u200c\u200d"
"""What joins letters or keeps them apart: no Persian word and few a picture can be written without them."""


def one_line(text: object) -> str:
    """Returns text as one line that can be printed: no line end, no control character, none that turns text round."""
    return " ".join("".join(c if c.isprintable() or c in JOINERS else " " for c in str(text)).split())


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `under` are lines that belong to an item; `how` is the link or the command that leads on from it."""

    kind: Kind
    text: str
    under: tuple[str, ...] = ()
    how: str = ""


@dataclass(slots=True)
class Letter:
    """A letter that is being written. `base` is the address of the pages; empty where people type commands."""

    base: str = ""
    subject: str = ""
    blocks: list[Block] = field(default_factory=list)

    def about(self, subject: str) -> None:
        """Sets the subject: one line, not too long."""
        line = one_line(subject)
        self.subject = line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"

    def say(self, text: str) -> None:
        """Writes a paragraph."""
        self.blocks.append(Block("paragraph", one_line(text)))

    def heading(self, text: str) -> None:
        """Writes a heading."""
        self.blocks.append(Block("heading", one_line(text)))

    def item(self, text: str, *under: str, command: str = "", path: str = "") -> None:
        """Writes an item of a list, with lines that belong to it; an item without a path has no link of its own."""
        lines = tuple(one_line(line) for line in under if line)
        self.blocks.append(Block("item", one_line(text), lines, self._how(command, path)))

    def step(self, text: str, command: str, path: str) -> None:
        """Writes something to do: the link to its page where there are pages, else the command to type."""
        self.blocks.append(Block("step", one_line(text), how=self._how(command, path)))

    def _how(self, command: str, path: str) -> str:
        if self.base:
            return one_line(self.base + path) if path else ""
        return one_line(command)

    def plain(self) -> str:
        """Returns the letter as plain text, in lines of at most 72 characters but for what is to be copied."""
        parts = [_plain(block) for block in self.blocks]
        return "\n".join(parts).strip("\n") + "\n"

    def html(self) -> str:
        """Returns the letter as a page of HTML."""
        body, listing = [], False
        for block in self.blocks:
            if listing and block.kind != "item":
                body.append("</ul>")
            if block.kind == "item" and not listing:
                body.append("<ul>")
            listing = block.kind == "item"
            body.append(self._html(block))
        if listing:
            body.append("</ul>")
        head = f'<meta charset="utf-8">\n<title>{escape(self.subject)}</title>'
        inside = "\n".join(body)
        return (
            f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body style="{_STYLE}">\n{inside}\n'
            "</body>\n</html>\n"
        )

    def _html(self, block: Block) -> str:
        text = escape(block.text)
        match block.kind:
            case "heading":
                return f'<h2 style="font-size: 20px;">{text}</h2>'
            case "paragraph":
                return f"<p>{text}</p>"
            case "item":
                lines = "".join(f"<br>{escape(line)}" for line in block.under)
                head = f"<strong>{text}</strong>" if block.under or block.how else text
                return f'<li style="margin-bottom: 12px;">{head}{lines}{self._leads_on(block)}</li>'
        return f"<p>{text}{self._leads_on(block)}</p>"

    def _leads_on(self, block: Block) -> str:
        how = escape(block.how)
        if not how:
            return ""
        return f'<br><a href="{how}">{how}</a>' if self.base else f"<br><code>{how}</code>"


def _plain(block: Block) -> str:
    match block.kind:
        case "heading":
            return f"\n{block.text}\n{'-' * min(len(block.text), WIDTH)}\n"
        case "paragraph":
            return _wrapped(block.text) + "\n"
        case "item":
            lines = [_wrapped(block.text, "* ", "  "), *(_wrapped(line, "  ", "  ") for line in block.under)]
            lines += [f"\n      {block.how}"] if block.how else []
            return "\n".join(lines) + "\n"
    return f"{_wrapped(block.text)}\n\n    {block.how}\n"


def _wrapped(text: str, first: str = "", then: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=then, break_long_words=False, break_on_hyphens=False
    )
