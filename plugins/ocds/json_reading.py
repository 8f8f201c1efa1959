"""Reads a file that strangers made as JSON, and refuses what would hurt, in a sentence."""

from __future__ import annotations

import codecs
import json
import math
from typing import Any, NoReturn

MOST_BYTES = 8 * 1024 * 1024
MOST_PARTS = 500_000
"""How many commas, brackets and braces are taken: each may cost some 200 bytes of memory once it is read."""
DEEPEST = 60

_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Unreadable(Exception):
    """The file is no JSON that we take. `code` is stable, the message is a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_json(content: bytes) -> Any:
    """Returns the value that the bytes hold; raises Unreadable for everything else, and nothing but that.

    UTF-8 only, with or without a byte-order mark; no name twice in one object; finite numbers.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable("too-large", f"The file has {len(content):,} bytes; a notice has at most {MOST_BYTES:,}.")
    if content.startswith(_WIDE) or b"\x00" in content:
        raise Unreadable("not-utf-8", "The file is not written in UTF-8, as JSON has to be. Save it as UTF-8.")
    if sum(map(content.count, (b",", b"[", b"{"))) > MOST_PARTS:
        raise Unreadable("too-many-parts", "The file has more parts than any notice. Hand in the notice by itself.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(
            "not-utf-8", "The file is not written in UTF-8, as JSON has to be. Save it as UTF-8."
        ) from None
    try:
        value = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number, parse_float=_finite)
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as wrong:
        raise Unreadable(
            "not-json", f"The file is not JSON: it goes wrong in line {wrong.lineno}, column {wrong.colno}."
        ) from None
    except ValueError:  # a whole number of thousands of digits
        raise _too_great() from None
    _shallow(value)
    return value


def quoted(value: object) -> str:
    """Returns a value as it can stand in a sentence: short, and without what a screen cannot show."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=True)[:200]
    shown = "".join(c if c.isprintable() and not 0xD800 <= ord(c) <= 0xDFFF else "�" for c in text[:61])
    return f"“{shown[:60]}…”" if len(shown) > 60 else f"“{shown}”"


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Unreadable(
                "name-twice",
                f"The name {quoted(name)} stands twice in one place of the file; nobody can tell which one counts.",
            )
        found[name] = value
    return found


def _no_number(word: str) -> NoReturn:
    raise Unreadable("not-a-number", f"Where a number should be, the file says {word}; JSON has no such number.")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _too_great()
    return number


def _shallow(value: Any) -> None:
    """Raises where a value is nested too deep; goes level by level, so that depth itself cannot hurt."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    if level:
        raise _too_deep()


def _too_deep() -> Unreadable:
    return Unreadable("too-deep", f"Things stand inside each other more than {DEEPEST} deep; a notice is flat.")


def _too_great() -> Unreadable:
    return Unreadable("number-too-large", "A number in the file is larger than any number we can read.")
