"""The commands about plugins: list those that are here, write a new one, check one, see what observers were sent."""

from __future__ import annotations

import click

from terminal.act import Family
from terminal.asked import Asked
from terminal.commands_sweep import deliveries, redeliver


@click.group("plugin", cls=Family, short_help="List, write and check plugins.")
def plugin() -> None:
    """List, write and check plugins: stages, evidence and requirements that others wrote."""


@plugin.command("list", short_help="List the plugins that are here, and what holds them back.")
@click.pass_obj
def listing(asked: Asked) -> None:
    """List every plugin that is here, with what it brings, and what holds plugins back on this machine.

    Only plugins that are active are asked what they bring; nothing of the others is run.
    """
    from engine.api import list_plugins
    from terminal.render_plugin import render_plugins

    asked.refuse_at()
    found = list_plugins(asked.settings())
    asked.answer(found, lambda page: render_plugins(page, found, asked))


@plugin.command("new", short_help="Write the skeleton of a plugin, complete and tested.")
@click.argument("name", metavar="NAME")
@click.option("--in", "folder", metavar="DIR", default=".", help="Where its folder goes; the current folder otherwise.")
@click.pass_obj
def new(asked: Asked, name: str, folder: str) -> None:
    """Write a plugin to begin with: a stage, a kind of evidence with an examiner, a kind of requirement, and tests.

    It goes into a folder of its own. Nothing is ever written over.
    """
    from pathlib import Path

    from engine.api import new_plugin
    from terminal.render_plugin import render_new

    asked.refuse_at()
    found = new_plugin(name, Path(folder))
    asked.answer(found, lambda page: render_new(page, found, asked))


@plugin.command("check", short_help="Check that a plugin keeps its word, rule by rule.")
@click.argument("place", metavar="PATH")
@click.option(
    "--level",
    type=click.IntRange(1, 4),
    default=3,
    show_default=True,
    help="The level to ask for: 1 loads, 2 answers, 3 explains, 4 proven.",
)
@click.pass_context
def check(ctx: click.Context, place: str, level: int) -> None:
    """Check a plugin: whatever it is asked it must answer, in time, always the same, and in words that help people.

    PATH is the plugin's folder, or the name of one that is installed. It runs as it would in a register: in a process
    of its own. It exits with 2 where the plugin does not reach the level that is asked for.
    """
    from engine.api import check_plugin
    from terminal.render_plugin import render_check

    asked: Asked = ctx.obj
    asked.refuse_at()
    found = check_plugin(place, asked.settings(), level)
    asked.answer(found, lambda page: render_check(page, found, asked, place))
    if not found["ok"]:
        ctx.exit(2)


plugin.add_command(deliveries)
plugin.add_command(redeliver)
