"""The front door: each command with its line of help, in the order a project lives; none is loaded before its use.

A word that is no command of ours may be the name of a plugin that brings commands; only then is it looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import click

from terminal.act import Family
from terminal.asked import Asked

TABLE: dict[str, dict[str, tuple[str, str]]] = {
    "Getting started": {
        "init": ("register", "Make a register and its signing key."),
        "demo": ("register", "Make a register of sample projects, and show the tour of it."),
        "person": ("person", "Add people, give and take roles."),
        "workflow": ("workflow", "List, check, load and draw workflows."),
    },
    "Working on a project": {
        "project": ("project", "Open projects, look at them, hold and resume them."),
        "gate": ("gate", "Say what is missing before the gate opens, and what to do next."),
        "evidence": ("evidence", "Hand in evidence, look at it, withdraw or regrade it."),
        "sign": ("gate", "Sign a requirement."),
        "waive": ("gate", "Let a requirement be until a day, with a second person."),
        "decide": ("gate", "Record your decision to pass the gate, or your dissent."),
        "advance": ("gate", "Move a project to its next stage."),
        "condition": ("condition", "List the conditions a gate was passed with, and accept them as met."),
        "deadlines": ("deadlines", "List what is due, overdue or expiring."),
        "export": ("export", "Make files of projects with a plugin: a calendar, a spreadsheet, releases."),
    },
    "Looking after the register": {
        "ledger": ("ledger", "Verify the ledger, and give others the proof of what it holds."),
        "audit": ("audit", "Search what happened, look things up, ask what other rules would say."),
        "correct": ("correct", "Say beside an entry of the ledger that it is wrong, and what is right."),
        "erase": ("erase", "Erase a record's words, a person, or an entry's words."),
        "doctor": ("register", "Check that this machine and the register are in order."),
        "backup": ("register", "Copy the register to a file, while it is in use."),
        "migrate": ("migrate", "Bring a register that an older cocycle made up to date."),
        "sweep": ("sweep", "Do now what the scheduler would do: remind, deliver, anchor, clear away."),
        "worker": ("worker", "Run the scheduler: sweep once a minute, until it is stopped."),
        "clock": ("clock", "Look at this machine's clock, confirm it."),
        "notices": ("notices", "List what people were told, and what is still to be sent."),
        "plugin": ("plugin", "List, write and check plugins."),
        "completion": ("completion", "Print the script for completion in your shell."),
    },
}
"""Section by section: the name of each command, its module `terminal.commands_…`, and its line of help."""


def entries() -> Iterator[tuple[str, str, str]]:
    """Yields each command: its name, its module and its line of help."""
    for section in TABLE.values():
        for name, (module, line) in section.items():
            yield name, f"terminal.commands_{module}", line


class Front(Family):
    """The commands of `TABLE`, each loaded when it is asked for, and those that plugins bring."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self._brought: dict[str, click.Command | None] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Returns the names, in the order of the table."""
        return [name for name, _, _ in entries()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Returns a command, loading the module that holds it, else a plugin's; None where there is none."""
        for name, module, _ in entries():
            if name == cmd_name:
                found: click.Command = getattr(import_module(module), name)
                return found
        return self._of_plugin(ctx, cmd_name)

    def _of_plugin(self, ctx: click.Context, name: str) -> click.Command | None:
        from terminal.plugins_named import may_be_plugin

        asked = ctx.ensure_object(Asked)
        if not may_be_plugin(name, asked):
            return None
        from terminal.plugin_group import group_of

        if name not in self._brought:
            self._brought[name] = group_of(name, asked)
        return self._brought[name]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Returns the command that the next word names; a folder of plugins that comes after it is known before."""
        asked = ctx.ensure_object(Asked)
        for place, word in enumerate(args):
            option, equals, value = word.partition("=")
            if option == "--plugins-dir":
                asked.plugins_dir = value if equals else next(iter(args[place + 1 :]), None) or asked.plugins_dir
        return super().resolve_command(ctx, args)

    def known_or(self, ctx: click.Context, word: str) -> str:
        """Returns what a word may have meant: a command, or the way to a plugin that is not active."""
        from terminal.plugins_named import active_names

        if word in active_names():
            return f"The plugin {word} brings no command, or is not here; see `cocycle plugin list`."
        return super().known_or(ctx, word)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the table, section by section, and the names of the plugins, without loading any of them."""
        from terminal.plugins_named import active_names, folder_named

        for title, section in TABLE.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(10), line) for name, (_, line) in section.items()])
        folder = folder_named(ctx.ensure_object(Asked))
        names = [*active_names(), *([f"what lies in {folder}"] if folder else [])]
        with formatter.section("Plugins that are active"):
            formatter.write_text(", ".join(names) or "none")
            formatter.write_text("Where one brings commands, they are `cocycle PLUGIN COMMAND`.")


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        click.echo(f"cocycle {version('cocycle')}")
    except PackageNotFoundError:
        click.echo("cocycle, run from its source and not installed")
    ctx.exit()


def front() -> Front:
    """Returns the whole command line."""
    given: dict[str, Any] = {"name": "cocycle", "no_args_is_help": True, "context_settings": {"max_content_width": 100}}
    found = Front(help=_HELP, epilog=_EPILOG, **given)
    found.params.append(
        click.Option(
            ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version."
        )
    )
    return found


_HELP = "Commissioning projects whose gates open only when the co-production evidence is there."
_EPILOG = "Begin with `cocycle demo`, or `cocycle init --admin you@example.org`. Each command has its own --help."
