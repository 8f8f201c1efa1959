"""The commands of people who look back: audit log, audit find, audit what-if."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Any

import click

from terminal.act import Act, Family
from terminal.asked import Asked
from terminal.commands_pack import pack
from terminal.complete import projects, workflows
from terminal.mistake import Mistake
from terminal.screen import page_for, print_answer, print_bytes, print_json
from terminal.words import count

PAGE = 50
"""How many entries are shown at once, where nobody says how many."""
FLUSH_BYTES = 64 * 1024


@click.group("audit", cls=Family, short_help="Search what happened, look things up, ask what other rules would say.")
def audit() -> None:
    """Search what happened, look things up, ask what other rules would say. These commands never write."""


class _Searching(Act):
    """A command whose words may begin with `-`, as `-actor:…`; a misspelt option is still told."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.context_settings = {**self.context_settings, "ignore_unknown_options": True}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reads the words; one that looks like an option and is none is refused."""
        rest = super().parse_args(ctx, args)
        known = {name for param in self.params for name in param.opts}
        for word in ctx.params.get("query", ()):
            if word.startswith("--") and word.partition("=")[0] not in known:
                raise click.NoSuchOption(word.partition("=")[0], ctx=ctx)
        return rest


@audit.command("log", cls=_Searching, short_help="Search everything that happened, by who, what, where and when.")
@click.argument("query", nargs=-1, metavar="[QUERY]…")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "jsonl", "csv", "xlsx"]),
    default="text",
    show_default=True,
    help="How to write it: for people, as JSON Lines, as CSV, as an Excel sheet.",
)
@click.option("--out", metavar="FILE", help="Write to a new file, whole or not at all.")
@click.option("--force", is_flag=True, help="Replace the file that is there.")
@click.option(
    "--limit",
    type=int,
    metavar="N",
    help=f"The most entries; {PAGE} where people read them on a screen, else all.",
)
@click.option("--after", metavar="CURSOR", help="Go on after this entry; it is the seq of the last one you have.")
@click.pass_obj
def log(
    asked: Asked, query: tuple[str, ...], form: str, out: str | None, force: bool, limit: int | None, after: str | None
) -> None:
    """Search everything that happened, oldest first. QUERY is made of

    \b
    actor:EMAIL      who did it: an e-mail, an id, or system
    action:advanced  what happened; action:evidence is all of that family
    project:P-0001   of a project, or about it
    stage:design     the stage that the project was in
    created:DAY      when: 2026-06-01, >=2026-06-01, 2026-06-01..2026-06-30

    The same qualifier twice means either; different ones mean both; -actor:EMAIL means not. A word without a
    qualifier searches nothing and is refused. Quote > and <, which a shell would take for itself.
    """
    from terminal.render_audit import Saying, render_end

    _refuse_mixed(asked, form, out, force=force)
    most = PAGE if limit is None and out is None and form == "text" else limit
    with asked.reading() as engine, closing(engine.audit_log(query, after=after, limit=most)) as found:
        told = Told(found, Saying(engine).says)
        if out is not None:
            _write(told, form, out, force=force)
            answer = {"file": out, "format": form, "entries": told.count, "next": told.cursor}
            sentence = f"Wrote {count(told.count, 'entry', 'entries')} to {out}."
            asked.answer(answer, lambda page: page.say(sentence))
        elif asked.json:
            entries = list(told)
            print_json({"entries": entries, "next": told.cursor if told.count == most else None})
        else:
            _stream(_chunks(told, form))
            if form == "text":
                following = told.cursor if told.count == most else None
                if not told.count or following is not None:
                    end = page_for("out")
                    render_end(end, told.count, following, asked, query)
                    print_answer(end.text())


class Told:
    """The entries of a search, each with what happened in a sentence, counted as they are read."""

    def __init__(self, rows: Iterator[dict[str, Any]], says: Callable[[dict[str, Any]], str]) -> None:
        self.count = 0
        self.cursor: str | None = None
        self._rows, self._says = rows, says

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yields what is left of them."""
        for row in self._rows:
            self.count += 1
            self.cursor = str(row["seq"])
            yield {**row, "says": self._says(row)}


def _refuse_mixed(asked: Asked, form: str, out: str | None, *, force: bool) -> None:
    """Refuses what cannot go together, all of it at once."""
    wrong = []
    if form == "xlsx" and out is None:
        wrong.append("An Excel sheet needs a file: give --out FILE.xlsx.")
    if asked.json and form != "text" and out is None:
        wrong.append(f"--json and --format {form} ask for two different things; leave one out.")
    if force and out is None:
        wrong.append("--force is about the file of --out; give that, too.")
    if out is not None and (not out or os.path.isdir(out)):
        wrong.append(f"{out} is a folder; name a new file in it." if out else "Name the file to be made.")
    if wrong:
        raise Mistake(" ".join(wrong), code="usage", details={"problems": [{"message": w} for w in wrong]})


def _chunks(told: Told, form: str) -> Iterator[bytes]:
    from engine.api import log_lines
    from terminal.render_audit import text_of

    return text_of(told) if form == "text" else log_lines(told, form)


def _stream(chunks: Iterable[bytes]) -> None:
    """Prints bytes as they come, the first at once, then in pieces of some size."""
    kept: list[bytes] = []
    size = FLUSH_BYTES
    for chunk in chunks:
        kept.append(chunk)
        size += len(chunk)
        if size >= FLUSH_BYTES:
            print_bytes(b"".join(kept))
            kept, size = [], 0
    print_bytes(b"".join(kept))


def _write(told: Told, form: str, out: str, *, force: bool) -> None:
    from pathlib import Path

    from engine.api import whole_file, write_excel

    with whole_file(Path(out), replace=force) as file:
        if form == "xlsx":
            write_excel(told, file)
        else:
            for chunk in _chunks(told, form):
                file.write(chunk)


@audit.command("find", short_help="Find an entry, a digest, an id or a file in the ledger.")
@click.argument("what", metavar="WHAT")
@click.pass_obj
def find(asked: Asked, what: str) -> None:
    """Find every entry and record in which something occurs.

    WHAT is the index of an entry; a digest (of a leaf, a file, a record, a definition); the id of evidence, of a person
    or of a decision; or a file, whose SHA-256 is computed. It exits with 8 where it occurs nowhere.
    """
    from engine.api import digest_of_file
    from terminal.render_audit import Saying, render_found

    digest = digest_of_file(what) if _is_file(what) else None
    with asked.reading() as engine:
        found = engine.audit_find(what, digest)
        says = Saying(engine).says
        found["entries"] = [{**entry, "says": says(entry)} for entry in found["entries"]]
        asked.answer(found, lambda page: render_found(page, found))


def _is_file(what: str) -> bool:
    """True where a file is meant: what looks like an index or a digest is one, whatever files there are."""
    if what.isdecimal() or (len(what) == 64 and not set(what.lower()) - set("0123456789abcdef")):
        return False
    return os.path.exists(what) or os.sep in what


@audit.command("what-if", short_help="Say what the gates of another workflow would have said of the same evidence.")
@click.argument("project", metavar="PROJECT", shell_complete=projects)
@click.option("--definition", required=True, metavar="W", shell_complete=workflows, help="The other workflow.")
@click.option("--as-of", metavar="WHEN", help="Look from then: a date, a time, or a ledger index.")
@click.pass_obj
def what_if(asked: Asked, project: str, definition: str, as_of: str | None) -> None:
    """Say, gate by gate, whether the same evidence would have passed under other rules. It changes nothing.

    W is a workflow of the register or a digest of one, the id of a workflow that comes with cocycle, or a file. What
    was recorded stands beside what the other gate of the same id would have said on that day. It exits with 0 whatever
    it finds.
    """
    from terminal.definition_named import definition_named
    from terminal.render_what_if import render_what_if

    with asked.reading() as engine:
        engine.version(project)  # a project that is not there is told before a definition that is not
        found = engine.what_if(project, definition_named(asked, definition), as_of=as_of)
        asked.answer(found, lambda page: render_what_if(page, found))


audit.add_command(pack)
