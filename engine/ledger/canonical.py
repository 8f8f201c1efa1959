"""Canonical JSON (RFC 8785) of the values a leaf may hold: one value, one sequence of bytes.

orjson with sorted keys writes RFC 8785 byte for byte as long as member names are ASCII (sorting by UTF-16 code units
and by UTF-8 bytes then agree), numbers are integers that a double holds exactly, and there are no floats. So those
are the values taken here, and everything else is refused rather than written almost right.
"""

from __future__ import annotations

from typing import Any

import orjson

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_SCALARS = frozenset({str, int, bool, type(None)})
_NESTED = frozenset({dict, list})


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
    # Writing it again finds spaces, unsorted and doubled members, needless escapes and big numbers at once. Of what it
    # does not find there can be floats only, where all is ASCII: what was read from JSON holds nothing else.
    try:
        if not data.isascii():
            _check(value)
        elif type(value) in _NESTED:
            _check_read(value)
        elif type(value) is float:
            raise NotCanonical(f"float has no canonical form here: {value!r}")
        written = orjson.dumps(value, option=_OPTIONS)
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise NotCanonical(f"not canonical JSON: {error}") from error
    if written != data:
        raise NotCanonical("JSON, but not in canonical form")
    return value


def _check_read(value: Any) -> None:
    """Walks an object or array that was read from ASCII; by kinds, since verifying does this for every entry."""
    kinds = set(map(type, value.values() if type(value) is dict else value))
    if float in kinds:
        raise NotCanonical("float has no canonical form here")
    if not kinds.isdisjoint(_NESTED):
        for item in value.values() if type(value) is dict else value:
            if item and type(item) in _NESTED:
                _check_read(item)


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
