"""The command `export`: files of projects, made by the exporter of a plugin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from terminal.act import Act
from terminal.asked import Asked
from terminal.complete import projects
from terminal.mistake import Mistake
from terminal.screen import Page
from terminal.words import count, size


@click.command(
    "export", cls=Act, short_help="Make files of projects with a plugin: a calendar, a spreadsheet, releases."
)
@click.argument("exporter", metavar="[PLUGIN/EXPORTER]", required=False)
@click.argument("project_ids", metavar="[P…]", nargs=-1, shell_complete=projects)
@click.option("--list", "listing", is_flag=True, help="Only list the exporters there are.")
@click.option("--out", metavar="FILE|DIR", help="Where to put it: a folder, or a file where there is one; else here.")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="A setting of the plugin, for this once.")
@click.option("--with-names", is_flag=True, help="With people's names, and the words of personal records.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@click.pass_obj
def export(
    asked: Asked,
    exporter: str | None,
    project_ids: tuple[str, ...],
    listing: bool,
    out: str | None,
    values: tuple[str, ...],
    with_names: bool,
    force: bool,
) -> None:
    """Make files of projects with the exporter of a plugin; of all projects, where none is named.

    Nothing in the register changes. The names of people stay out, and so do the words and file names of personal
    records, unless you say --with-names; ids of people are there. `cocycle export --list` says which exporters there
    are.
    """
    from pathlib import Path

    if listing or exporter is None:
        if not listing or exporter is not None:
            raise Mistake("Say which exporter, as PLUGIN/EXPORTER; `cocycle export --list` lists them.", code="usage")
        with asked.reading() as engine:
            there = engine.exporters()
        asked.answer(there, lambda page: _render_list(page, there["exporters"], asked))
        return
    if out is not None and out.endswith("/") and not Path(out).is_dir():
        raise Mistake(f"There is no folder {out} to put files in; make it first.", code="usage")
    with asked.reading() as engine:
        found = engine.export_files(
            exporter,
            project_ids,
            out=None if out is None else Path(out),
            values=_settings_given(values),
            with_names=with_names,
            force=force,
        )
    asked.answer(found, lambda page: _render(page, found, with_names))


def _settings_given(words: Sequence[str]) -> dict[str, str]:
    """Returns the settings by name; raises Mistake with every word that is none."""
    pairs = [word.partition("=") for word in words]
    wrong = [word for word, (name, equals, _) in zip(words, pairs, strict=True) if not (name.strip() and equals)]
    names = [name.strip().lower() for name, _, _ in pairs]
    if wrong:
        raise Mistake(" ".join(f"{word} must be written NAME=VALUE." for word in wrong), code="usage")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Mistake(" ".join(f"{name} was given twice." for name in twice), code="usage")
    return {name: value for name, (_, _, value) in zip(names, pairs, strict=True)}


def _render_list(page: Page, exporters: Sequence[Mapping[str, Any]], asked: Asked) -> None:
    if not exporters:
        page.say("No plugin that is active has an exporter; see `cocycle plugin list`.")
        return
    page.say(f"{count(len(exporters), 'exporter')}.")
    page.gap()
    page.columns(
        [(one["exporter"], "of many projects" if one["whole"] else "of one project", one["title"]) for one in exporters]
    )
    page.heading("Next")
    page.command(asked.command("export", exporters[0]["exporter"], "--out", "…", plain=True))


def _render(page: Page, found: Mapping[str, Any], with_names: bool) -> None:
    many = count(len(found["files"]), "file")
    page.say(f"Made {many} of {count(len(found['projects']), 'project')} with {found['exporter']}.")
    for one in found["files"]:
        page.labelled(size(one["bytes"]), f"{one['path']} ({one['media_type']})")
        page.beside(f"SHA-256 {one['sha256']}")
    if with_names:
        page.gap()
        page.say("They may hold the names of people. Share them only with those who may see them.")
