"""The commands about workflows: list, show, schema, check, load, diagram."""

from __future__ import annotations

from typing import Any

import click

from terminal.act import Family
from terminal.asked import Asked
from terminal.complete import workflows
from terminal.done import tell_done
from terminal.mistake import Mistake
from terminal.screen import Page, print_answer, print_json
from terminal.words import count

NAMED = click.argument("name", metavar="WORKFLOW", shell_complete=workflows)


@click.group("workflow", cls=Family, short_help="List, check, load and draw workflows.")
def workflow() -> None:
    """List, check, load and draw workflows."""


@workflow.command("list", short_help="List the workflows that are loaded.")
@click.pass_obj
def listing(asked: Asked) -> None:
    """List the definitions that are loaded; projects are opened on the current one of a workflow."""
    with asked.reading() as engine:
        found = engine.workflows()

        def render(page: Page) -> None:
            if not found["workflows"]:
                page.say("No workflow is loaded yet.")
            rows = [
                (
                    w["workflow"],
                    w["version"],
                    "current" if w["current"] else "earlier",
                    w["definition"][:12],
                    w["title"],
                )
                for w in found["workflows"]
            ]
            page.columns(rows, 0)
            page.heading("Next")
            one = found["workflows"][0]["workflow"] if found["workflows"] else None
            page.command(
                asked.command("workflow", "show", one, plain=True) if one else asked.command("workflow", "load", "FILE")
            )

        asked.answer(found, render)


@workflow.command("show", short_help="Show a workflow: its stages, gates and requirements.")
@NAMED
@click.pass_obj
def show(asked: Asked, name: str) -> None:
    """Show a workflow, by its id or by the digest of a definition: its stages, gates and requirements."""
    from terminal.render_workflow import render_workflow

    with asked.reading() as engine:
        found = engine.workflow(name)
        asked.answer(found, lambda page: render_workflow(page, found, asked))


@workflow.command("schema", short_help="Print the JSON Schema of the definition language.")
@click.pass_obj
def schema(asked: Asked) -> None:
    """Print the JSON Schema of the definition language, for editors."""
    from engine.api import definition_schema

    asked.refuse_at()
    print_json(definition_schema())


@workflow.command("check", short_help="Check definitions; every mistake at once.")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path())
@click.pass_context
def check(ctx: click.Context, files: tuple[str, ...]) -> None:
    """Check definitions, every mistake at once. It needs no register; it exits with 2 where any file has an error."""
    from terminal.render_workflow import render_checks

    asked: Asked = ctx.obj
    asked.refuse_at()
    found = {"files": [_checked(path, asked) for path in files]}
    asked.answer(found, lambda page: render_checks(page, found["files"], asked))
    if not all(f["ok"] for f in found["files"]):
        ctx.exit(2)


def _checked(path: str, asked: Asked) -> dict[str, Any]:
    from pathlib import Path

    from engine.api import check_definition, plugins_of
    from terminal.read_file import read_file

    try:
        raw = read_file(path)
    except Mistake as mistake:
        problem = {"rule": "file/unreadable", "severity": "error", "line": 0, "column": 0, "path": "", "example": ""}
        return {"file": path, "ok": False, "definition": None, "problems": [problem | {"message": mistake.message}]}
    with plugins_of(asked.settings()) as plugins:
        return check_definition(raw, path, file=Path(path), register=asked.register, brings=plugins.brings())


@workflow.command("test", short_help="Play the scenarios of workflows.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path())
@click.option("--mutate", is_flag=True, help="Also break the workflow on purpose and say which breaks nobody noticed.")
@click.pass_context
def test(ctx: click.Context, paths: tuple[str, ...], mutate: bool) -> None:
    """Play the scenarios beside workflows: a definition, its folder, or one file of scenarios.

    It needs no register. It exits with 4 where something did not come as expected, or a break went unnoticed.
    """
    from engine.api import play_scenarios, plugins_of
    from terminal.render_scenarios import render_scenarios

    asked: Asked = ctx.obj
    asked.refuse_at()
    with plugins_of(asked.settings()) as plugins:
        brings, judges = plugins.brings(), plugins.judges()
        found = play_scenarios(paths, breaking=mutate, register=asked.register, brings=brings, judges=judges)
    asked.answer(found, lambda page: render_scenarios(page, found, mutate=mutate))
    if not found["ok"]:
        ctx.exit(4)


@workflow.command("load", short_help="Load a definition into the register.")
@click.argument("file", metavar="FILE", type=click.Path())
@click.pass_obj
def load(asked: Asked, file: str) -> None:
    """Load a definition; projects opened from now on follow it. Those that are under way keep their own."""
    from pathlib import Path

    from terminal.read_file import read_file

    with asked.changing() as engine:
        found = engine.load_definition(read_file(file), file, file=Path(file), **asked.writing)
        warnings = len(found.get("warnings", ()))
        heed = f" It has {count(warnings, 'warning')}; see `cocycle workflow check`." if warnings else ""
        sentence = f"Loaded {found['workflow']}, definition {found['definition'][:12]}.{heed}"
        tell_done(engine, asked, found, sentence)


@workflow.command("diagram", short_help="Draw a workflow.")
@NAMED
@click.option(
    "--format",
    "form",
    type=click.Choice(["svg", "mermaid"]),
    default="mermaid",
    show_default=True,
    help="What to draw.",
)
@click.pass_obj
def diagram(asked: Asked, name: str, form: str) -> None:
    """Draw a workflow, as an SVG picture or as Mermaid text."""
    with asked.reading() as engine:
        drawn = engine.diagram(name, form)
        if asked.json:
            print_json({"workflow": name, "format": form, "diagram": drawn})
        else:
            print_answer(drawn if drawn.endswith("\n") else drawn + "\n")


@workflow.command("diff", short_help="Compare two definitions in words, by what they mean.")
@click.argument("first", metavar="A", shell_complete=workflows)
@click.argument("second", metavar="B", shell_complete=workflows)
@click.pass_obj
def diff(asked: Asked, first: str, second: str) -> None:
    """Compare two definitions in words: what B asks more, less and otherwise than A.

    A and B are files, ids or digests of the register, or ids of workflows that come with cocycle. It exits with 0
    whether they differ or not.
    """
    from engine.api import compare_definitions
    from terminal.definition_named import definition_named
    from terminal.render_diff import render_diff

    asked.refuse_at()
    found = compare_definitions(definition_named(asked, first), definition_named(asked, second))
    asked.answer(found, lambda page: render_diff(page, found, (first, second)))


@workflow.command("page", short_help="Print a page about a workflow for people, as Markdown.")
@NAMED
@click.pass_obj
def page_of(asked: Asked, name: str) -> None:
    """Print a page about a workflow for people, as Markdown: what each gate asks for, who signs, where it comes from.

    WORKFLOW is a file, an id or a digest of the register, or the id of a workflow that comes with cocycle.
    """
    from engine.api import definition_page
    from terminal.definition_named import definition_named

    asked.refuse_at()
    written = definition_page(definition_named(asked, name))
    if asked.json:
        print_json({"workflow": name, "page": written})
    else:
        print_answer(written)
