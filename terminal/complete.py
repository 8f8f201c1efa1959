"""Completes ids while a command is typed: reads the register, writes nothing, says nothing when it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from terminal.asked import Asked

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from engine.api import Engine

MOST_PROJECTS = 1000
Found = Iterable[tuple[str, str]]
Completer = Callable[[click.Context, click.Parameter, str], "list[CompletionItem[str]]"]


def _completer(find: Callable[[Engine, click.Context], Found]) -> Completer:
    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        from click.shell_completion import CompletionItem

        try:
            with ctx.ensure_object(Asked).reading(takes_at=True) as engine:
                found = dict(find(engine, ctx))
        except Exception:  # noqa: BLE001  # whatever it is: a word that is being typed is no place for an error
            return []
        return [CompletionItem(name, help=title) for name, title in found.items() if name.startswith(incomplete)]

    return complete


def _projects(engine: Engine, ctx: click.Context) -> Found:
    return [(p["project"], p["title"] or "") for p in engine.projects(limit=MOST_PROJECTS)["projects"]]


def _workflows(engine: Engine, ctx: click.Context) -> Found:
    return [(w["workflow"], w["title"]) for w in engine.workflows()["workflows"]]


def _titles(engine: Engine, ctx: click.Context) -> Iterable[Mapping[str, Any]]:
    """Yields the titles of the project that was typed, else of one project of each workflow there is."""
    typed = ctx.params.get("project") or ctx.params.get("project_id")
    if typed:
        yield engine.titles(typed)
        return
    one_of = {p["workflow"]: p["project"] for p in engine.projects(limit=MOST_PROJECTS)["projects"]}
    for project in one_of.values():
        yield engine.titles(project)


def _named(member: str) -> Callable[[Engine, click.Context], Found]:
    return lambda engine, ctx: [pair for titles in _titles(engine, ctx) for pair in titles[member].items()]


def _levels(engine: Engine, ctx: click.Context) -> Found:
    return [(name, "") for titles in _titles(engine, ctx) for name in titles["levels"]]


projects = _completer(_projects)
workflows = _completer(_workflows)
stages = _completer(_named("stages"))
requirements = _completer(_named("requirements"))
roles = _completer(_named("roles"))
levels = _completer(_levels)
