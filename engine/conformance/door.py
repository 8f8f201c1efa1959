"""What the front door offers of plugins: to list them, to write one, to check one, and to type the commands of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.settings import Settings

if TYPE_CHECKING:
    import click

    from engine.hosting.host import Host


@contextmanager
def plugins_of(settings: Settings) -> Iterator[Host]:
    """Gives the plugins that settings make active, for work that needs no register, and ends what it started.

    What it gives has `brings()` and `judges()`, which the functions on definitions take.
    """
    from engine.hosting.host import Host

    host = Host(settings.plugins, settings.plugins_dir, settings.plugin_settings)
    try:
        yield host
    finally:
        host.close()


def list_plugins(settings: Settings) -> dict[str, Any]:
    """Returns every plugin that is here and the protections of this machine, as `plugin list --json` gives them.

    Raises:
        InputRefused: there is no folder of plugins where the settings name one.
    """
    from engine.conformance.listing import listed

    with plugins_of(settings) as host:
        return listed(host)


def new_plugin(name: str, folder: Path) -> dict[str, Any]:
    """Writes the skeleton of a plugin; returns `plugin`, `folder` and `files`.

    Raises:
        InputRefused, StorageUnavailable: as `engine.conformance.writing.write_plugin` says.
    """
    from engine.conformance.writing import write_plugin

    return write_plugin(name, folder)


def check_plugin(named: str, settings: Settings, level: int) -> dict[str, Any]:
    """Returns what the conformance checks found, as `plugin check --json` gives it.

    Args:
        named: the folder of a plugin, or the name of one that is installed.
        settings: where else to look for plugins, and what their exporters are handed.
        level: the level that is asked for, from 1 to 4.

    Raises:
        NotFound: there is no such plugin.
        InputRefused: the folder is none of a plugin.
    """
    from engine.conformance.check import check

    return check(named, settings.plugins_dir, settings.plugin_settings).as_json(level)


def commands_of(name: str, settings: Settings) -> dict[str, click.Command] | None:
    """Returns the commands of an active plugin, imported into this process; None where there are none.

    Raises:
        Exception: whatever the plugin raises when it is imported.
    """
    from engine.conformance.commands_brought import commands_brought

    with plugins_of(settings) as host:
        return commands_brought(name, host)
