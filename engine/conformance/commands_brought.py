"""The commands that a plugin brings: its module imported into this very process, by whoever types the command.

Nothing holds a plugin back here: its commands have the rights of the person who types them, like any program that
person installed. The core never does this of itself.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pluggy

from engine import hookspecs

if TYPE_CHECKING:
    import click

    from engine.hosting.host import Host


def commands_brought(name: str, host: Host) -> dict[str, click.Command] | None:
    """Returns the commands of an active plugin by their names; None where it is not active, or brings none.

    Raises:
        Exception: whatever the plugin raises when it is imported.
    """
    found = next((one for one in host.available() if one.name == name and one.active), None)
    if found is None:
        return None
    if found.code is not None and found.code not in sys.path:
        sys.path.insert(0, found.code)
    manager = pluggy.PluginManager("cocycle")
    manager.add_hookspecs(hookspecs)
    manager.register(importlib.import_module(found.module), name)
    given = manager.hook.cocycle_commands()
    commands = [command for answer in given for command in answer]
    return {str(command.name): command for command in commands} or None
