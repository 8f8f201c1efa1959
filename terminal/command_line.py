"""Writes a command so that it can be copied and typed: quoted for the shell, never wrapped, no password in it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

_PLAIN = re.compile(r"[\w@%+=:,./…-]+")
_PASSWORD = re.compile(r"(?<=://)([^:/@]*):[^@/]*@")


def command_line(words: Iterable[str]) -> str:
    """Returns `cocycle` with the words; a word that a shell would take apart is quoted, `…` stays as it is."""
    return " ".join(["cocycle", *(word if _PLAIN.fullmatch(word) else shlex.quote(word) for word in words)])


def shown_place(place: str) -> str:
    """Returns where a register is, with a password in its address replaced by `…`."""
    return _PASSWORD.sub(r"\1:…@", place)
