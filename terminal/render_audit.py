"""What happened, as a search shows it: each entry with its place, its moment, its person, and a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from terminal.asked import Asked
from terminal.happened import happened
from terminal.happened_register import happened_to_register
from terminal.scene import Scene
from terminal.screen import Page, page_for
from terminal.words import count, moment, plain_id, together

if TYPE_CHECKING:
    from engine.api import Engine

Row = Mapping[str, Any]
TOGETHER = 20
"""How many entries are put on the screen at once."""


class Saying:
    """Says entries in sentences, with the titles of the definition that each entry's project follows."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._scenes: dict[str, Scene] = {}

    def says(self, row: Row) -> str:
        """Returns what happened, in a sentence."""
        definition = row["definition"]
        if definition is None or (row["version"] == 0 and row["action"] != "refused"):
            return happened_to_register(row)
        entry = {**row, "event": row["action"]}
        if row["action"] == "refused":
            entry["times"] = row["body"]["times"]
        return happened(entry, self._scene(definition))

    def _scene(self, definition: str) -> Scene:
        scene = self._scenes.get(definition)
        if scene is None:
            titles = self._engine.titles_of(definition)
            people = self._engine.people()["people"]
            scene = self._scenes[definition] = Scene(Asked(), "", titles, people)
        return scene


def text_of(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yields the entries as text for people, some at a time."""
    left = iter(rows)
    while some := list(islice(left, TOGETHER)):
        page = page_for("out")
        for row in some:
            render_entry(page, row)
        yield page.text().encode()


def render_entry(page: Page, row: Row) -> None:
    """Writes one entry: its place in the ledger, when, who, in which project and stage, and what happened."""
    page.labelled(f"Entry {row['seq']}", f"{moment(row['at'])}, {_who(row)}{_where(row)}", 0)
    page.beside(row["says"], 0)


def _who(row: Row) -> str:
    if row["name"]:
        return str(row["name"])
    return "somebody unknown" if row["by"] == "system" else f"someone whose name was erased ({row['by']})"


def _where(row: Row) -> str:
    if row["project"] is None:
        return ""
    return f", {row['project']}" + (f" in {plain_id(row['stage'])}" if row["stage"] else "")


def render_end(page: Page, given: int, following: str | None, asked: Asked, query: Sequence[str]) -> None:
    """Writes what comes after the entries: that there are none, or the command for more of them."""
    if not given:
        page.say("Nothing that happened is like that." if query else "Nothing has happened yet.")
    if following is not None:
        page.say("")
        page.heading("Next")
        page.command(asked.command("audit", "log", *query, "--limit", str(given), "--after", following, plain=True))


def render_found(page: Page, found: Row) -> None:
    """Writes where something occurs: the entries with what it is in each, then the records."""
    entries = found["entries"]
    what = {"file": f"The file {found['what']}", "index": f"Entry {found['what']}"}.get(found["kind"], found["what"])
    if found["kind"] == "index":
        page.say(f"{what} is in the ledger.")
    else:
        page.say(f"{what} occurs in {count(len(entries), 'entry', 'entries')} of the ledger.")
    if found["kind"] == "file":
        page.say(f"Its SHA-256 is {found['digest']}.")
    for row in entries:
        page.gap()
        render_entry(page, row)
        if row["where"] != ["seq"]:
            page.beside(f"Here it {together(row['meaning'])} ({together(row['where'])}).", 0)
        page.beside(f"Leaf hash {row['leaf_hash']}", 0)
    if found["records"]:
        page.heading("Evidence")
    for record in found["records"]:
        names = together(str(name or "a file whose name was erased") for name in record["files"])
        files = f", with {names}" if record["files"] else ""
        page.item(f"{record['evidence']} for {record['requirement']} in {record['project']}{files}")
