"""Canonical JSON (RFC 8785) of the values a leaf may hold: one value, one sequence of bytes.

orjson with sorted keys writes RFC 8785 byte for byte as long as member names are ASCII (sorting by UTF-16 code units
and by UTF-8 bytes then agree), numbers are integers that a double holds exactly, and there are no floats. So those
are the values taken here, and everything else is refused rather than written almost right.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_SCALARS = frozenset({str, int, bool, type(None)})
_END_OF_MOMENT = len(b'{"at":"2026-11-22T10:00:00.000000Z')
_FLOAT = re.compile(rb"[:,\[]-?[0-9]+[.eE]")


class NotCanonical(ValueError):
    """A value, or bytes, that have no place in a leaf."""


def encode(value: Any) -> bytes:
    """Returns the canonical bytes of a JSON value.

    Args:
        value: None, a bool, an int within ±(2^53 - 1), a str without lone surrogates, or a list, tuple or dict of
            these with ASCII member names. Subclasses are refused: what they would be written as is anyone's guess.

    Raises:
        NotCanonical: the value holds anything else.
    """
    try:
        _check(value)
        return orjson.dumps(value, option=_OPTIONS)
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise NotCanonical(f"not canonical JSON: {error}") from error


def decode(data: bytes) -> Any:
    """Returns the value whose canonical form is exactly `data`.

    Raises:
        NotCanonical: `data` is not JSON, or is written in any other way than `encode` would.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise NotCanonical(f"not JSON: {error}") from error
    try:
        if not _has_no_floats(data) or not data.isascii():
            _check(value)
        # Writing it again finds spaces, unsorted and doubled members, needless escapes and big numbers at once.
        written = orjson.dumps(value, option=_OPTIONS)
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise NotCanonical(f"not canonical JSON: {error}") from error
    if written != data:
        raise NotCanonical("JSON, but not in canonical form")
    return value


def _has_no_floats(data: bytes) -> bool:
    """True where no number in canonical JSON can be a float; False where one may be, and a walk has to tell.

    A float stands after a colon, a comma or a bracket, and has a point or an exponent after its digits. A moment looks
    like one to this, so the one that every leaf begins with is passed over: verifying asks this of every entry, and a
    walk costs as much as parsing.
    """
    if data[:1] not in (b"{", b"["):
        return False
    begins_with_a_moment = data.startswith(b'{"at":"') and data.find(b'"', 7) == _END_OF_MOMENT
    return _FLOAT.search(data, _END_OF_MOMENT if begins_with_a_moment else 0) is None


def _check(value: Any) -> None:
    """Walks a value; scalars are passed over without a call, for this runs for every event recorded."""
    kind = type(value)
    if kind is dict:
        for name, member in value.items():
            if type(name) is not str or not name.isascii():
                raise NotCanonical(f"a member name must be ASCII text, and this is not: {name!r}")
            if type(member) not in _SCALARS:
                _check(member)
    elif kind is list or kind is tuple:
        for item in value:
            if type(item) not in _SCALARS:
                _check(item)
    elif kind not in _SCALARS:
        raise NotCanonical(f"{kind.__name__} has no canonical form here: {value!r}")
