"""The subject of an e-mail as it goes over the wire, so that it reads at the other end as it was written.

Python's own folding puts a second blank before the first word that is not ASCII where a long subject is broken there,
and many a title here has a letter like that. So a subject is either ASCII, broken at its blanks, or encoded as a whole.
Source: RFC 2047, sections 2 and 5; an encoded word is at most 75 characters long and holds whole characters.
"""

from __future__ import annotations

from base64 import b64encode
from email.policy import Policy
from typing import Final, Literal

WIDTH: Final = 76  # characters on a line
MOST_BYTES: Final = 42  # of UTF-8 in one encoded word: 56 of base64, and 12 around them


class Subject(str):
    """A subject of one line that folds itself; the package email takes it as it is, since it has a name and folds."""

    __slots__ = ()
    name: Literal["Subject"] = "Subject"

    def fold(self, *, policy: Policy) -> str:
        """Returns the header as its lines go over the wire."""
        plain = self.isascii() and "=?" not in self  # what looks encoded would be decoded
        lines = [""]
        for word in self.split(" ") if plain else _encoded(self):
            if lines[-1] and len(lines[-1]) + 1 + len(word) > WIDTH - (len("Subject:") if len(lines) == 1 else 0):
                lines.append("")
            lines[-1] += f" {word}"
        return f"Subject:{policy.linesep.join(lines)}{policy.linesep}"


def _encoded(text: str) -> list[str]:
    words, word = [], b""
    for character in text:
        more = character.encode()
        if len(word) + len(more) > MOST_BYTES:
            words.append(word)
            word = b""
        word += more
    return [f"=?utf-8?b?{b64encode(one).decode()}?=" for one in [*words, word]]
