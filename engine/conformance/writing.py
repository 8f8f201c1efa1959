"""Writes the skeleton of a plugin: a whole package that passes its own tests and every check at once."""

from __future__ import annotations

import keyword
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from engine.core.errors import InputRefused, StorageUnavailable

SKELETON: Final = Path(__file__).with_name("skeleton")
"""The files of a new plugin. `.txt` is taken off their names; NAME and @NAME@ stand for the plugin's name."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
OURS: Final = ("engine", "plugins", "terminal", "workflows", "cli", "web", "tests", "bench", "src", "bundled", "none")
BUNDLED: Final = ("calendar", "equality_impact", "ocds", "spreadsheet", "webhook")


def write_plugin(name: str, folder: Path) -> dict[str, Any]:
    """Writes a new plugin into a folder of its own, all of it or nothing.

    Args:
        name: of the plugin, its package and its folder; where it has dashes, only the folder is called so, and in the
            other names underscores take their place.
        folder: where its folder goes.

    Returns:
        `plugin`, `folder` and `files` (paths in it, sorted).

    Raises:
        InputRefused: no plugin can have that name, the folder is not there, or something lies there already.
        StorageUnavailable: the folder cannot be written to.
    """
    called, name = name, name.replace("-", "_")
    if (why := why_not(name)) is not None:
        raise InputRefused(why)
    if not folder.is_dir():
        raise InputRefused(f"There is no folder {folder} to put the plugin in.")
    target = folder / called
    if os.path.lexists(target):
        says = f"{target} is there already, and nothing is written over. Choose another name."
        raise InputRefused(says, code="already_exists")
    try:
        written = _write(name, target)
    except OSError as error:
        raise StorageUnavailable(f"The plugin cannot be written to {target}: {error.strerror}.") from error
    return {"plugin": name, "folder": str(target), "files": written}


def why_not(name: str) -> str | None:
    """Returns why a plugin cannot have a name, as a sentence; None where it can."""
    if not _NAME.fullmatch(name):
        return (
            "The name of a plugin is 1 to 40 small letters, digits and underscores, and begins with a letter, like"
            " night_visits."
        )
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return f"{name} is a word of Python, so no package can have that name. Choose another one."
    if name in OURS:
        return f"{name} is a name of cocycle's own. Choose another one."
    if name in BUNDLED:
        return f"A plugin {name} comes with cocycle already. Choose another name."
    there = None if name in sys.stdlib_module_names else find_spec(name)
    if name in sys.stdlib_module_names or (there is not None and there.origin is not None):  # a mere folder has none
        return f"There is a Python package {name} already, and one of them would hide the other. Choose another name."
    return None


def files_for(name: str, folder: str | None = None) -> Iterator[tuple[str, str]]:
    """Yields the path and the text of each file of a new plugin; `folder` is what its folder is called."""
    title = name.replace("_", " ").strip().capitalize()
    dashed = "-".join(part for part in name.split("_") if part)
    for template in sorted(SKELETON.rglob("*.txt")):
        path = template.relative_to(SKELETON).as_posix().removesuffix(".txt").replace("NAME", name)
        text = template.read_text(encoding="utf-8")
        text = text.replace("@FOLDER@", folder or name).replace("@NAME@", name)
        yield path, text.replace("@DASHED@", dashed).replace("@TITLE@", title)


def _write(name: str, target: Path) -> list[str]:
    """Writes all files beside the target and then puts them in their place in one step; returns their paths."""
    beside = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=target.parent))
    try:
        beside.chmod(0o755)
        for path, text in files_for(name, target.name):
            file = beside / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        beside.rename(target)  # refused by the system where a folder with anything in it came there meanwhile
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return sorted(path for path, _ in files_for(name))
