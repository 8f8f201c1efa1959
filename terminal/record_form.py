"""An empty form for a record: a small YAML file with a line for each field, to be filled in and handed in."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from engine.api import NotFound
from terminal.form import family
from terminal.mistake import Mistake
from terminal.scene import Scene
from terminal.screen import safe
from terminal.words import an, either, inside, level, plain_id

Document = Mapping[str, Any]
WIDTH = 79

_ASKED = {
    "integer": "A whole number, like 12.",
    "money": "An amount in pounds, like 1450000.00.",
    "date": "A date, like 2026-06-30.",
    "yes_no": "yes or no.",
    "counts": "A whole number for each, 0 for nobody.",
    "records": "The ids of records, like [e-1a2b…]; `cocycle evidence list` shows them.",
}
_OF_LISTS = {
    "text": "in brackets, like [one thing, another]",
    "date": "dates, like [2026-06-30, 2026-07-31]",
    "integer": "whole numbers, like [1, 2]",
    "money": "amounts in pounds, like [1200.00, 90.00]",
}


def empty_form(scene: Scene, requirement: str) -> str:
    """Returns the form for a requirement; what is filled in is taken by `evidence add … --record`.

    Raises:
        NotFound: there is no such requirement in the project's workflow.
        Mistake: it takes no evidence of its own.
    """
    every = {r["id"]: r for gate in scene.document["gates"] for r in family(gate["requires"])}
    asked = every.get(requirement)
    if asked is None:
        near = get_close_matches(requirement, every, n=1)
        more = f" Did you mean {near[0]}?" if near else " Its gate lists what it asks for."
        raise NotFound(f"This workflow has no requirement {requirement}.{more}", code="no_such_requirement")
    if not asked["evidence"]:
        raise Mistake(f"“{asked['title']}” takes no record of its own, so there is no form for it.")
    kind = next(k for k in scene.document["evidence"] if k["id"] == asked["evidence"])
    parts = ["\n".join(part) for part in (_head(scene, asked, kind), *map(_field, kind["fields"]))]
    return "\n\n".join(parts) + "\n"


def _head(scene: Scene, asked: Document, kind: Document) -> Iterator[str]:
    """Yields what it is for, what must be right, and how it is handed in."""
    yield from _note(f"“{asked['title']}”, for the project {scene.project}: {an(inside(kind['title']))}.")
    if asked["help"]:
        yield from _note(asked["help"])
    rules = {r["id"]: r for r in scene.document["rules"]}
    for rule in asked["rules"]:
        yield from _note(rules[rule]["otherwise"] or rules[rule]["title"])
    words = ["evidence", "add", scene.project, asked["id"], "--record", "FILE.yaml"]
    if asked["level"]:
        yield from _note(f"People must have taken part at the level of {level(asked['level'])} or above.")
        words += ["--level", asked["level"]]
    if kind["file"] == "required":
        words += ["--file", "FILE"]
    yield "#"
    if not kind["fields"]:
        yield from _note("There is nothing to fill in: it is handed in without a record.")
        words = [word for word in words if word not in ("--record", "FILE.yaml")]
    else:
        needed = " What must be filled in is marked with a star." if any(f["required"] for f in kind["fields"]) else ""
        yield from _note(f"Fill it in after the colons.{needed} A line that is left empty is left out.")
        yield from _note('Text that holds a colon or a # goes in "double quotes". Keep it as a file, and then:')
    yield f"#   {scene.asked.command(*words)}"


def _field(field: Document) -> Iterator[str]:
    """Yields a field: its title, its help, what is asked for, and the line to be filled in."""
    yield from _note(field["title"] + (" *" if field["required"] else ""))
    if field["help"]:
        yield from _note(field["help"])
    if field["default"] is not None:
        yield from _note(f"{_asked(field)} Where it is left out: {_default(field['default'])}.")
    elif field["type"] != "text":
        yield from _note(_asked(field))
    yield f"{field['id']}:"
    if field["type"] == "counts":
        yield from (f"  {part}:" for part in field["of"])


def _asked(field: Document) -> str:
    if field["type"] == "choice":
        return f"{either(field['of'])}."
    if field["type"] != "list":
        return _ASKED[field["type"]]
    of, options = field["of"][0], field["of"][1:]
    if of != "choice":
        return f"Any number, {_OF_LISTS.get(of, 'in brackets')}."
    return f"Any of {', '.join(options)}; in brackets, like [{', '.join(options[:2])}]."


def _default(found: Any) -> str:
    return ("yes" if found else "no") if isinstance(found, bool) else plain_id(str(found))


def _note(words: str) -> list[str]:
    """Returns words as lines of comment."""
    return textwrap.wrap(safe(" ".join(words.split())), WIDTH, initial_indent="# ", subsequent_indent="# ")
