"""The names of the plugins that are active, read from the surroundings alone: no plugin is looked for or started."""

from __future__ import annotations

import os
import re

from terminal.asked import Asked

BUNDLED = ("calendar", "equality_impact", "ocds", "spreadsheet", "webhook")
"""The plugins that come with cocycle; a test holds them to pyproject.toml, so that `--help` need not look for them."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def active_names() -> list[str]:
    """Returns the names that `COCYCLE_PLUGINS` makes active, in its order; what lies in a folder is not among them."""
    said = os.environ.get("COCYCLE_PLUGINS", "bundled").replace(",", " ").split()
    names: dict[str, None] = {}
    for name in said:
        names |= dict.fromkeys(BUNDLED if name == "bundled" else [] if name == "none" else [name])
    return list(names)


def folder_named(asked: Asked) -> str | None:
    """Returns the folder of plugins under development: `--plugins-dir`, else `COCYCLE_PLUGINS_DIR`, else None."""
    return asked.plugins_dir or os.environ.get("COCYCLE_PLUGINS_DIR") or None


def may_be_plugin(word: str, asked: Asked) -> bool:
    """True where it is worth looking for a plugin of that name."""
    return bool(_NAME.fullmatch(word)) and (word in active_names() or folder_named(asked) is not None)
