"""What every command and every family of commands has in common: the options taken everywhere, and "did you mean"."""

from __future__ import annotations

from typing import Any, TypeVar

import click

from terminal.asked import Asked

Shape = TypeVar("Shape", bound=click.Command)


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Keeps an option in what was asked for; one that was not given leaves what an earlier word said."""
    if value is not None and value is not False:
        setattr(ctx.ensure_object(Asked), str(param.name), value)


def _filled(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise click.BadParameter("must not be empty.", ctx, param)
    return value


def _keep_filled(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    _keep(ctx, param, _filled(ctx, param, value))


def _keep_day(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    _keep(ctx, param, iso_day(ctx, param, value))


def iso_day(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Returns a date as it was typed, once it is sure to be one."""
    if value is None:
        return None
    from datetime import date

    try:
        if len(value) != 10:
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value} is not a date; write it like 2026-06-30.", ctx, param) from None


def everywhere() -> list[click.Option]:
    """Returns the options that are taken before and after the command's own words."""

    def option(*names: str, **given: Any) -> click.Option:
        return click.Option(list(names), expose_value=False, is_eager=True, **given)

    return [
        option(
            "--db",
            callback=_keep_filled,
            metavar="PATH_OR_URL",
            help="The register; else COCYCLE_DB, else ./cocycle.db.",
        ),
        option("--as", "actor", callback=_keep_filled, metavar="EMAIL", help="Who is acting; else COCYCLE_ACTOR."),
        option("--key", callback=_keep, metavar="TEXT", help="Idempotency key: the same again is not done twice."),
        option("--json", is_flag=True, callback=_keep, help="Answer with one JSON object."),
        option(
            "--at",
            callback=_keep_day,
            metavar="DATE",
            help="Answer as it would be on that day (gate, project show and list, deadlines).",
        ),
        option("--plugins-dir", callback=_keep_filled, metavar="DIR", help="A folder of plugins under development."),
    ]


def _format_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Writes the command's own options first, then those that are taken everywhere."""
    own: list[tuple[str, str]] = []
    common: list[tuple[str, str]] = []
    for param in command.get_params(ctx):
        record = None if isinstance(param, click.Argument) else param.get_help_record(ctx)
        if record is not None:
            (own if param.expose_value else common).append(record)
    for title, records in (("Options", own), ("Taken everywhere, before or after the command's words", common)):
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


class Act(click.Command):
    """A command."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.params += everywhere()

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the options in two sections."""
        _format_options(self, ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Returns the help option, listed with those that are taken everywhere."""
        return _quiet_help(super().get_help_option(ctx))


class Family(click.Group):
    """A family of commands."""

    command_class = Act

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.params += everywhere()

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the commands, then the options."""
        self.format_commands(ctx, formatter)
        _format_options(self, ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Returns the help option, listed with those that are taken everywhere."""
        return _quiet_help(super().get_help_option(ctx))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Returns the command that the next word names; a word that names none is told what it may have meant."""
        word = args[0]
        if self.get_command(ctx, word) is None and not ctx.resilient_parsing and not word.startswith("-"):
            raise click.UsageError(f"There is no command {word}. {self.known_or(ctx, word)}", ctx)
        return super().resolve_command(ctx, args)

    def known_or(self, ctx: click.Context, word: str) -> str:
        """Returns `Did you mean …?` where a command's name is near, else the names there are."""
        from difflib import get_close_matches

        names = self.list_commands(ctx)
        near = get_close_matches(word, names, n=1, cutoff=0.5)
        return f"Did you mean {near[0]}?" if near else f"There is: {', '.join(names)}."


def _quiet_help(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "Show this text."
    return option
