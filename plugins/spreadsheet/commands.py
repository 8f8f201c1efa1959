"""The commands of the plugin: `cocycle spreadsheet starter` and `cocycle spreadsheet open`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from engine.api import Engine

Shape = TypeVar("Shape", bound=Callable[..., Any])
DB = click.option("--db", metavar="PATH", help="The register; else COCYCLE_DB, else ./cocycle.db.")
JSON = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")


@contextmanager
def _register(db: str | None, *, read_only: bool) -> Iterator[Engine]:
    from engine.api import open_register, settings_from

    where = db or os.environ.get("COCYCLE_DB") or "cocycle.db"
    engine = open_register(where, read_only=read_only, settings=replace(settings_from(), register=where))
    try:
        yield engine
    finally:
        engine.close()


@click.command("starter", short_help="Make a sheet to fill in, a project a row.")
@click.option("--workflow", required=True, metavar="W", help="The workflow its projects will follow.")
@click.option("--out", required=True, metavar="FILE.xlsx", help="Where to put it.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@DB
@JSON
def starter(workflow: str, out: str, force: bool, db: str | None, as_json: bool) -> None:
    """Make a workbook to fill in: a column for each field of a project, help, choices to pick, an example row.

    Nothing in the register changes.
    """
    from engine.api import digest_of_file, whole_file
    from plugins.spreadsheet.starter import starter_of
    from plugins.spreadsheet.telling import next_command, tell_starter

    if not out.lower().endswith(".xlsx"):
        raise click.UsageError(f"{out} must end in .xlsx, or Excel will not open it.")
    with _register(db, read_only=True) as engine:
        definition = engine.workflow(workflow)
    content = starter_of(definition)
    with whole_file(Path(out), replace=force) as file:
        file.write(content)
    found = {
        "file": out,
        "bytes": len(content),
        "sha256": digest_of_file(Path(out)),
        "workflow": definition["id"],
        "definition": definition["definition"],
    }
    tell_starter(found, after=next_command("open", out, "--dry-run", db=db), as_json=as_json)


@click.command("open", short_help="Open the projects of a sheet, or look first what would be opened.")
@click.argument("file", metavar="FILE.xlsx")
@click.option("--dry-run", is_flag=True, help="Only look: list every project and every mistake, and open nothing.")
@click.option("--workflow", metavar="W", help="The workflow they follow; else the one the sheet was made for.")
@click.option("--as", "actor", metavar="EMAIL", help="Who is acting; else COCYCLE_ACTOR.")
@DB
@JSON
@click.pass_context
def open_sheet(
    ctx: click.Context,
    file: str,
    dry_run: bool,
    workflow: str | None,
    actor: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    """Open a project for each row of a sheet. While there is a mistake anywhere, none is opened.

    Giving the same file again opens nothing twice, so it can be given again after a crash. A file that was changed is
    another file: take the rows out that were opened.
    """
    from engine.api import InputRefused
    from plugins.spreadsheet.opening import open_all
    from plugins.spreadsheet.planning import plan_of
    from plugins.spreadsheet.telling import next_command, tell_mistakes, tell_opened, tell_plan

    person = actor or os.environ.get("COCYCLE_ACTOR") or None
    if person is None and not dry_run:
        raise click.UsageError("Say who opens them: --as EMAIL, or set COCYCLE_ACTOR. To look only, give --dry-run.")
    content = _content(file)
    with _register(db, read_only=dry_run) as engine:
        plan = plan_of(engine, content, workflow, person)
        if plan.mistakes:
            if as_json:
                many = len(plan.mistakes)
                raise InputRefused(
                    f"{many} mistake{'s' if many > 1 else ''} in {file}; nothing was opened.",
                    code="sheet_mistakes",
                    details={"file": file, **plan.as_json()},
                )
            tell_mistakes(file, plan)
            ctx.exit(2)
        if dry_run:
            named = ["--workflow", workflow] if workflow else []
            who = ["--as", actor or "EMAIL"] if actor or not person else []
            tell_plan(file, plan, after=next_command("open", file, *named, *who, db=db), as_json=as_json)
            return
        tell_opened(file, plan, open_all(engine, plan, person), as_json=as_json)


def _content(file: str) -> bytes:
    from engine.api import InputRefused, NotFound
    from plugins.spreadsheet.unpacked import MOST_FILE_BYTES

    path = Path(file)
    try:
        if path.exists() and not path.is_file():
            raise InputRefused(f"{file} is no file.")
        with open(path, "rb") as opened:
            return opened.read(MOST_FILE_BYTES + 1)
    except FileNotFoundError:
        raise NotFound(f"There is no file {file}.", code="no_such_file") from None
    except (OSError, ValueError) as error:
        raise InputRefused(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
