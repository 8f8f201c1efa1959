"""The front door: each command with its line of help, in the order a project lives; none is loaded before its use."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import click

from terminal.act import Family

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
    },
    "Looking after the register": {
        "ledger": ("ledger", "Verify the ledger, and give others the proof of what it holds."),
        "audit": ("audit", "Search what happened, look things up, ask what other rules would say."),
        "correct": ("correct", "Say beside an entry of the ledger that it is wrong, and what is right."),
        "erase": ("erase", "Erase a record's words, a person, or an entry's words."),
        "doctor": ("register", "Check that this machine and the register are in order."),
        "backup": ("register", "Copy the register to a file, while it is in use."),
        "migrate": ("migrate", "Bring a register that an older cocycle made up to date."),
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
    """The commands of `TABLE`, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Returns the names, in the order of the table."""
        return [name for name, _, _ in entries()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Returns a command, loading the module that holds it; None where there is none."""
        for name, module, _ in entries():
            if name == cmd_name:
                found: click.Command = getattr(import_module(module), name)
                return found
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the table, section by section, without loading any command."""
        for title, section in TABLE.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(10), line) for name, (_, line) in section.items()])


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
