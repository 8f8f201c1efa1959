"""The files that exporters make: their names are checked, and they are put in place all of them, or none."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.auditing.whole_file import whole_file
from engine.core.errors import InputRefused

if TYPE_CHECKING:
    from engine.hookshapes import ExportedFile  # slow to import, and every command imports this

LONGEST_NAME = 150
"""In bytes; a name in the making is a little longer, and file systems end at 255."""

MOST_FILES = 1_000
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_NOT_IN_NAMES = set('<>:"/\\|?*')


def name_fault(name: str) -> str | None:
    """Returns why a file may not be called so, as the end of a sentence; None where it may.

    A name is no path, and one that every system can keep: Windows, too, and no name that hides a file.
    """
    if not name or name != name.strip() or name[0] in ".-~" or name[-1] == ".":
        return "a name is not empty, and does not begin with a dot, a hyphen or a tilde, or end with a dot or a space"
    if len(name.encode("utf-8", "replace")) > LONGEST_NAME:
        return f"a name has at most {LONGEST_NAME} bytes"
    if _NOT_IN_NAMES.intersection(name) or any(unicodedata.category(c).startswith("C") for c in name):
        return "a name is no path, and has no character that a file system may not keep"
    if name.partition(".")[0].casefold() in _RESERVED:
        return "Windows keeps that name for itself"
    return None


def put_files(use: str, files: Sequence[ExportedFile], out: Path | None, *, force: bool) -> list[dict[str, Any]]:
    """Writes the files an exporter made; returns `name`, `media_type`, `bytes`, `sha256` and `path` of each.

    Args:
        use: the exporter, for what is said of its mistakes.
        files: what it made.
        out: a folder, or the file that a single one becomes; None for the folder one is in. A folder that is not there
            is made; where there is one file, what is not there is the file.
        force: replaces files that are there.

    Raises:
        InputRefused: there is nothing to write, a name cannot be, or something is in the way; nothing was written.
        StorageUnavailable: the place cannot be written; nothing is left of what was begun.
    """
    if not files:
        raise InputRefused(f"{use} made no file: there was nothing to export.", code="nothing_exported")
    if len(files) > MOST_FILES:
        raise InputRefused(f"{use} made {len(files):,} files, which is more than {MOST_FILES:,}.")
    taken: set[str] = set()
    for file in files:
        fault = name_fault(file.name)
        if fault is not None:
            raise InputRefused(f"{use} called a file {file.name[:80]!r}: {fault}. Nothing was written.")
        if file.name.casefold() in taken:
            raise InputRefused(f"{use} made two files called {file.name}. Nothing was written.")
        taken.add(file.name.casefold())
    paths = _paths(files, out)
    with ExitStack() as placing:
        for file, path in zip(files, paths, strict=True):
            placing.enter_context(whole_file(path, replace=force)).write(file.content)
    return [
        {
            "name": file.name,
            "media_type": file.media_type,
            "bytes": len(file.content),
            "sha256": sha256(file.content).hexdigest(),
            "path": str(path),
        }
        for file, path in zip(files, paths, strict=True)
    ]


def _paths(files: Sequence[ExportedFile], out: Path | None) -> list[Path]:
    """Returns where each file goes; makes the folder where several go into one that is not there."""
    if out is None or out.is_dir():
        return [(out or Path()) / file.name for file in files]
    if len(files) == 1:
        return [out]
    if out.exists() or out.is_symlink():
        raise InputRefused(f"{out} is no folder, and there are {len(files)} files to write; name a folder.")
    if not out.parent.is_dir():
        raise InputRefused(f"There is no folder {out.parent} to make a folder in.")
    out.mkdir()
    return [out / file.name for file in files]
