"""What a definition asks to be filled in: fields of records and projects, by title and type, and how to give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from terminal.words import day, plain_id, value

Document = Mapping[str, Any]
HIDDEN: Mapping[str, str] = {"<5": "fewer than 5", "hidden": "(not shown)"}
"""What the engine says in the place of a small number, and of one that would give it away, in words."""


def project_fields(document: Document) -> dict[str, Document]:
    """Returns the fields of a project by id, from the canonical form of its definition."""
    return {f["id"]: f for f in document.get("fields", ())}


def record_fields(document: Document, kind: str) -> dict[str, Document]:
    """Returns the fields of a kind of evidence by id, from the canonical form of a definition."""
    return {f["id"]: f for k in document.get("evidence", ()) if k["id"] == kind for f in k["fields"]}


def titled(fields: Mapping[str, Document], found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Returns values with the titles of their fields, as people read them, in the order of the fields."""
    names = [*(name for name in fields if name in found), *(name for name in found if name not in fields)]
    return [(_title(fields.get(name), name), _shown(fields.get(name), found[name])) for name in names]


def _title(field: Document | None, name: str) -> str:
    return plain_id(name) if field is None else plain_id(str(field["title"]))


def _shown(field: Document | None, found: Any) -> str:
    kind = None if field is None else field["type"]
    if kind == "money":
        return pounds(str(found))
    if field is not None and field.get("small_hidden"):
        return small(found)
    if kind == "date":
        return day(str(found))
    return plain_id(str(found)) if kind == "choice" else value(found)


def small(found: Any) -> str:
    """Returns numbers of which the small ones are hidden, as people read them."""
    if isinstance(found, Mapping):
        return ", ".join(f"{small(n)} {plain_id(name)}" for name, n in found.items()) or "none"
    return HIDDEN.get(str(found), value(found))


def pounds(text: str) -> str:
    """Returns an amount in pounds, as the contract writes it, as people do: `1450000.00` as £1,450,000."""
    whole, _, pence = text.partition(".")
    if not whole.lstrip("-").isdecimal():
        return text
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}£{abs(int(whole)):,}" + (f".{pence}" if pence.strip("0") else "")


def blanks(fields: Mapping[str, Document], names: Sequence[str]) -> list[str]:
    """Returns the `--set` words that give the named fields, `…` for each value; counts are given part by part."""
    words = []
    for name in names:
        field = fields.get(name)
        parts = field["of"] if field is not None and field["type"] == "counts" else ()
        for one in [f"{name}.{part}" for part in parts] or [name]:
            words += ["--set", f"{one}=…"]
    return words


def given_as(said: Any) -> str:
    """Returns the value of a choice or a yes_no as it is typed after `=`."""
    if isinstance(said, bool):
        return "yes" if said else "no"
    return str(said)


def asked_of_record(document: Document, requirement: str) -> list[str]:
    """Returns the fields that a record for a requirement must or should have.

    They are the required ones of its kind, those that the requirement's rules look at, and those that a wait counts
    from; in the order of the kind.
    """
    everything = {r["id"]: r for gate in document.get("gates", ()) for r in family(gate["requires"])}
    found = everything.get(requirement)
    if found is None or not found["evidence"]:
        return []
    rules = {r["id"]: r["condition"] for r in document["rules"]}
    looked_at = {name for rule in found["rules"] for name in _fields_in(rules[rule])}
    waits = (r["wait"] for r in everything.values() if r["wait"])
    looked_at |= {w["field"] for w in waits if w["requirement"] == requirement}
    fields = record_fields(document, found["evidence"])
    return [name for name, field in fields.items() if field["required"] or name in looked_at]


def family(requirements: Sequence[Document]) -> Iterator[Document]:
    """Yields requirements of a canonical form and every one inside them, parents first."""
    for requirement in requirements:
        yield requirement
        yield from family(requirement["of"])


def _fields_in(condition: Document) -> Iterator[str]:
    for name in (condition.get("field") or "", condition.get("less") or "", *condition.get("fields", ())):
        if name and not name.startswith("project."):
            yield name.partition(".")[0]
    for part in condition.get("of", ()):
        yield from _fields_in(part)
