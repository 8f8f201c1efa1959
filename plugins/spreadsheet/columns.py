"""The columns of a starter sheet: one for each field of the projects of a workflow, one for each part of a count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from plugins.spreadsheet.cells import words

Json = Mapping[str, Any]
ID, TITLE = "id", "title"
EXAMPLE: Final = "EXAMPLE"
"""What stands in the first column of the row that shows how it is done; such a row is never opened."""

_IN_BRACKETS = re.compile(r"\(([a-z0-9_.-]+)\)\s*\*?\s*$")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        id: what it fills: `id`, `title`, `field:NAME`, or `field:NAME.PART` for one part of a count.
        name: the field, or the part of one, as it stands in brackets in the heading.
        type: the type of the field; `text` for id and title, `integer` for a part of a count.
        of: the choices of a choice.
    """

    id: str
    name: str
    title: str
    type: str
    required: bool
    help: str
    of: tuple[str, ...] = ()
    default: Any = None

    @property
    def heading(self) -> str:
        """The heading: what people call it, and what it is called here; a star where it must be filled in."""
        return f"{self.title} ({self.name}){' *' if self.required else ''}"

    @property
    def field(self) -> str | None:
        """The field of the project that it fills, a part with a dot; None for id and title."""
        return self.id.removeprefix("field:") if self.id.startswith("field:") else None


def columns_of(definition: Json) -> list[Column]:
    """Returns the columns for the projects of a definition, in its canonical form."""
    found = [
        Column(ID, "id", "Project id", "text", False, "Like CC-001. Where it is left empty, one is made."),
        Column(TITLE, "title", "Title", "text", True, "What the project is called, in up to 300 letters."),
    ]
    for field in definition["fields"]:
        found += _columns(field)
    return found


def _columns(field: Json) -> Iterator[Column]:
    id, title, type = field["id"], field["title"], field["type"]
    name = f"field-{id}" if id in (ID, TITLE) else id  # a field of that name is none of the two columns of ours
    default = field["default"]
    if type == "counts":
        for part in field["of"]:
            said = f"{title}: {words(part).lower()}"
            yield Column(f"field:{id}.{part}", f"{name}.{part}", said, "integer", field["required"], _help(field))
        return
    needed = field["required"] and default is None
    of = tuple(field["of"]) if type == "choice" else ()
    yield Column(f"field:{id}", name, title, type, needed, _help(field), of, default)


def _help(field: Json) -> str:
    return str(field["help"] or "")


def column_called(heading: str, columns: Sequence[Column]) -> Column | None:
    """Returns the column that a heading names: by what stands in brackets at its end, else by its title or its name."""
    found = _IN_BRACKETS.search(heading.strip())
    if found is not None:
        return next((c for c in columns if c.name == found[1]), None)
    said = _plain(heading)
    near = [c for c in columns if said in (_plain(c.title), c.name)]
    return near[0] if len(near) == 1 else None


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text.replace("*", "")).strip().casefold()


def how_to_fill(column: Column) -> str:
    """Returns what to write into a column, in a sentence."""
    match column.type:
        case "integer":
            said = "A whole number, like 12."
        case "money":
            said = "An amount in pounds, like 1450000.00."
        case "date":
            said = "A date, like 30/06/2026 in a cell of the kind date, or the text 2026-06-30."
        case "choice":
            said = "One of the choices in the list."
        case "yes_no":
            said = "yes or no."
        case "list":
            said = "One or several, with a comma or a new line between them."
        case _:
            said = "Words."
    default = "" if column.default is None else f" Left empty, it is {_shown(column.default)}."
    return f"{said}{default}"


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    return ", ".join(map(str, default)) if isinstance(default, list) else words(str(default)).lower()


def example_of(column: Column) -> Any:
    """Returns what stands in the example row."""
    if column.id == ID:
        return EXAMPLE
    if column.id == TITLE:
        return "Peer-led crisis café"
    match column.type:
        case "integer":
            return 12
        case "money":
            return 250000
        case "date":
            return "2026-06-30"
        case "choice":
            return said_choice(column.of[0]) if column.of else None
        case "yes_no":
            return "no"
        case "list":
            return "Deaf people who sign, Young carers"
        case _:
            return "For example"


def said_choice(choice: str) -> str:
    """Returns a choice as people read it."""
    return choice.replace("_", " ")


def choice_said(text: str, choices: Sequence[str]) -> str:
    """Returns the choice that somebody wrote, by its id or in words; what they wrote where it is none."""
    said = text.strip()
    if said in choices:
        return said
    near = [c for c in choices if said_choice(c).casefold() == _BLANKS.sub(" ", said.replace("_", " ")).casefold()]
    return near[0] if len(near) == 1 else said
