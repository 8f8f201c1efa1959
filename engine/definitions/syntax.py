"""Says in plain words where a file stops being YAML, and the usual cause."""

from __future__ import annotations

import re
from typing import Any

import yaml

from engine.core.errors import Problem

# What libyaml says about the place where it stopped, and what an author should look at. The first that fits is taken.
_CAUSES: tuple[tuple[str, str], ...] = (
    (
        "mapping values are not allowed",
        "A colon stands where no key can be; indent the line, or put the text in quotes.",
    ),
    ("could not find expected ':'", "A key has no colon after it; write `key: value`, or put the text in quotes."),
    (
        "found character that cannot start any token",
        "A value cannot begin with this character; put the text in quotes.",
    ),
    ("found a tab character", "A tab indents this line; indent with spaces."),
    ("found unexpected end of stream", "A quotation mark is opened and never closed."),
    ("unexpected document indicator", "A quotation mark is opened and never closed."),
    ("did not find expected ',' or ']'", "A list in square brackets needs a comma or its closing bracket here."),
    ("did not find expected ',' or '}'", "A mapping in braces needs a comma or its closing brace here."),
    (
        "block sequence entries are not allowed",
        "A dash stands where no list can begin; put the list on lines of its own.",
    ),
    ("did not find expected '-' indicator", "A list ends here unexpectedly; check the indentation and the dash."),
    ("did not find expected key", "The indentation or the quotation marks do not fit here; a key was expected."),
    ("block mapping entries are not allowed", "A mapping cannot begin here; check the indentation."),
    ("escape", "A backslash in double quotes is followed by something it cannot escape; use single quotes."),
    ("comment", "A comment needs a space before its #."),
    ("expected <document start>", "The document has ended before this; check the indentation and the quotation marks."),
    ("directive", "Lines that begin with % are not part of the language; take this one out."),
    ("tag", "A tag that begins with ! is not part of the language; put the text in quotes."),
    ("alias", "A * that begins a value is not part of the language; put the text in quotes."),
    ("anchor", "An & that begins a value is not part of the language; put the text in quotes."),
    ("block scalar", "A block of text begun with | or > is not indented as it should be."),
    ("simple key", "A key must stand on one line and be short."),
)


# Where something was opened and never closed, the place to look is where it was opened.
_OPENED = ("quoted scalar", "flow sequence", "flow mapping")


def syntax_problem(error: yaml.YAMLError, text: str) -> Problem:
    """Returns the problem for what stopped the parser; `text` is the whole file."""
    context = str(getattr(error, "context", None) or "").lower()
    said = f"{getattr(error, 'problem', None) or ''} {context}".lower()
    mark = getattr(error, "problem_mark", None)
    opened = getattr(error, "context_mark", None)
    lines = re.split("\r\n|\r|\n", text)
    cause = next((ours for theirs, ours in _CAUSES if theirs in said), "This is not YAML from here on.")
    if opened is not None and any(word in context for word in _OPENED) and (mark is None or _at_end(mark, lines)):
        mark = opened
        if "flow" in context:
            cause = "A bracket or brace is opened here and never closed."
    if mark is None:
        return Problem("yaml/syntax", "error", len(lines), len(lines[-1]) + 1, "", cause)
    if lines[mark.line : mark.line + 1] and lines[mark.line][: mark.column + 1].strip(" ").startswith("\t"):
        cause = "A tab indents this line; indent with spaces."
    return Problem("yaml/syntax", "error", mark.line + 1, mark.column + 1, "", cause)


def _at_end(mark: Any, lines: list[str]) -> bool:
    """True where nothing but empty lines follows, or a line of --- or ... that ends the document."""
    rest = [lines[mark.line][mark.column :], *lines[mark.line + 1 :]] if mark.line < len(lines) else []
    return not any(line.strip() for line in rest) or rest[0].startswith(("---", "..."))
