"""Small readings of the tree that every part of the compiler shares: texts, titles, lists of words, lengths of time."""

from __future__ import annotations

import re
from typing import Any

from engine.definitions.report import Report, quoted
from engine.definitions.tree import Node

# A hundred years of each: longer is a slip of the finger, and days that far away cannot be reckoned with.
_MOST = {"days": 36_525, "weeks": 5_218, "months": 1_200, "years": 100, "working_days": 25_500}
_SPAN = re.compile(r"([1-9][0-9]{0,5}) (day|week|month|year|working day)s?")


def text_at(node: Node, key: str) -> str | None:
    """Returns the text under a key; None where there is none."""
    found = node.get(key)
    return found.word if found is not None else None


def titled(node: Node, id: str) -> str:
    """Returns the title of a part; where it is left out its id in words, `plan-gate` as `Plan gate`."""
    words = id.replace("-", " ").replace("_", " ").strip()
    return text_at(node, "title") or words[:1].upper() + words[1:]


def section(root: Node, key: str) -> list[tuple[str, Node]]:
    """Returns the entries of a map at the top, in the order written; empty where it is left out."""
    found = root.get(key)
    return list(found.items()) if found is not None else []


def entries_of(node: Node | None, report: Report, *, must_say: bool = False) -> list[tuple[Node, str]]:
    """Returns the words of a list with their places, each word once; reports repetition and, if asked, emptiness."""
    if node is None:
        return []
    if must_say and node.kind == "list" and not node.value:
        report.mistake("shape/list", node, f"{node.key} is an empty list; name at least one, or leave it out.")
    found: dict[str, Node] = {}
    for item in node.elements():
        word = item.word
        if word is None:
            if not report.is_wrong(item):
                report.mistake("shape/type", item, f"Each item of {node.key} must be text.")
        elif word in found:
            report.mistake("shape/list", item, f"{quoted(word)} stands twice in this list; take one out.")
        else:
            found[word] = item
    return [(item, word) for word, item in found.items()]


def span_of(node: Node | None, units: tuple[str, ...], report: Report, *, or_else: str = "") -> dict[str, Any] | None:
    """Returns a length of time written like `26 weeks` in its canonical form; None where it is left out or wrong."""
    if node is None or node.word is None:
        return None
    match = _SPAN.fullmatch(node.word)
    unit = f"{match[2].replace(' ', '_')}s" if match else ""
    if match is None or unit not in units:
        shown = ", ".join(u.replace("_", " ") for u in units)
        report.mistake("shape/span", node, f"Write a number and one of {shown}, like 26 weeks{or_else}.")
        return None
    n = int(match[1])
    if n > _MOST[unit]:
        report.mistake("shape/span", node, f"This is longer than a hundred years; {_MOST[unit]:,} is the most.")
        return None
    return {"n": n, "unit": unit}


def longest_wait(unit: str) -> int:
    """Returns the largest number of a unit of time that can be reckoned with."""
    return _MOST[unit]
