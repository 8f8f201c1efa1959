"""Whether what a plugin says can be read by people: whole sentences, with titles in place of ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

Json = Mapping[str, Any]

_BEGINS = re.compile(r"[“\"'‘(£]*[A-Z0-9À-ÖØ-ÞŻ]")
_ENDS = re.compile(r"[.?!][”\"'’)]*$")
_WORD = re.compile(r"[\w-]+")
FEWEST_WORDS: Final = 3


def fault_of(sentence: str, ids: Iterable[str]) -> str | None:
    """Returns what is wrong with a sentence, as a sentence; None where it is one that people can read.

    `ids` are names for programs that must not stand in it.
    """
    text = sentence.strip()
    if not _BEGINS.match(text):
        return "It does not begin with a capital letter."
    if not _ENDS.search(text):
        return "It does not end with a full stop."
    words = _WORD.findall(text)
    if len(words) < FEWEST_WORDS:
        return "It is too short to tell anybody anything."
    known = set(ids)
    if (found := next((word for word in words if word in known), None)) is not None:
        return f"It has the id {found} where people expect a title or plain words."
    if "Traceback" in text or re.search(r"\b\w+(Error|Exception)\b", text):
        return "It speaks of an error in the code, which helps nobody who reads it."
    return None


def ids_in(question: Json) -> set[str]:
    """Returns the names for programs in a question that no sentence should hold; plain words are not among them."""
    found = {question["requirement"], question["project"], *question["fields"], *question["levels"], *question["with"]}
    for record in question["records"]:
        found |= {record["id"], record["requirement"], record["kind"], *record["facts"], *record["signed_by"]}
    return {id for id in found if re.search(r"[_0-9-]", id)}


def names_day(sentences: Iterable[str], day: date) -> bool:
    """True where one of the sentences says a day: as 2026-06-30 or with its number, month and year in words."""
    month = day.strftime("%B")
    for sentence in sentences:
        if day.isoformat() in sentence:
            return True
        if re.search(rf"(?<!\d)0?{day.day}(?!\d)", sentence) and month[:3] in sentence and str(day.year) in sentence:
            return True
    return False


def is_title(title: str, id: str) -> bool:
    """True where a title is words for people, and not the id again or nothing at all."""
    return bool(title.strip()) and title != id and not re.fullmatch(r"[a-z0-9_-]+", title) and not title[:1].islower()
