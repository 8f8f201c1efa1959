"""The commands that a plugin brings, as one family under the plugin's name: `cocycle NAME COMMAND`.

They are the operator's own: they run in this process, with the operator's rights. They are handed nothing but the
options that were typed before them, where they take these themselves; one that they do not take is refused, so that
nobody believes it took effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from terminal.act import Family
from terminal.asked import Asked
from terminal.mistake import Mistake

BEFORE: Mapping[str, str] = {"--db": "db", "--as": "actor", "--key": "key", "--json": "json", "--at": "at"}
"""Each option that may stand before the plugin's command, and where it was kept."""


class Brought(Family):
    """The commands of one plugin."""

    def __init__(self, plugin: str, commands: Mapping[str, click.Command]) -> None:
        super().__init__(plugin, help=f"Commands of the plugin {plugin}.", no_args_is_help=True)
        self.plugin = plugin
        self.commands = dict(commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command that was typed; whatever breaks in it is told as the plugin's own fault."""
        with told_as_its_own(self.plugin):
            return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Returns the command that the next word names, with the options that were typed before it handed on."""
        name, command, rest = super().resolve_command(ctx, args)
        if name is not None and command is not None:
            ctx.default_map = {name: _handed_on(self.plugin, name, command, ctx.ensure_object(Asked))}
        return name, command, rest


def _handed_on(plugin: str, name: str, command: click.Command, asked: Asked) -> dict[str, Any]:
    """Returns what was typed before a command of a plugin, by the names of the command's own options."""
    own = {option: str(param.name) for param in command.params for option in param.opts}
    found: dict[str, Any] = {}
    for option, kept in BEFORE.items():
        value = getattr(asked, kept)
        if value is None or value is False:
            continue
        if option in own:
            found[own[option]] = value
        elif option != "--json":  # an error is told as JSON, whether the command knows of it or not
            raise Mistake(f"cocycle {plugin} {name} takes no {option}.", code="usage")
    return found


@contextmanager
def told_as_its_own(plugin: str) -> Iterator[None]:
    """Turns whatever breaks inside a plugin's code into one sentence that names the plugin."""
    from engine.api import CocycleError

    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort, CocycleError, BrokenPipeError):
        raise
    except (Exception, SystemExit) as error:
        raise _broke(plugin, error) from error


def _broke(plugin: str, error: BaseException) -> Mistake:
    from terminal.incident import record

    number, where = record(error, [plugin])
    words = " ".join(str(error).split())[:300]
    said = f"{type(error).__name__}{': ' if words else ''}{words}".rstrip(".")
    return Mistake(
        f"The plugin {plugin} broke: {said}. This is not cocycle's fault; tell whoever wrote the plugin the number"
        f" {number}. {where.partition('. ')[2]}".rstrip(),
        code="plugin_command_failed",
        details={"plugin": plugin, "incident": number},
    )


def group_of(plugin: str, asked: Asked) -> Brought | None:
    """Returns the commands of an active plugin; None where none of that name is active, or it brings none.

    Raises:
        Mistake: the plugin cannot be imported, or its commands are none.
    """
    from engine.api import commands_of

    with told_as_its_own(plugin):
        found = commands_of(plugin, asked.settings())
        return None if found is None else Brought(plugin, found)
