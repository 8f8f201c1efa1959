"""Where the code of a module lies, found without importing it or anything above it; and the digest of that code."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

from engine.hosting.limits import CACHES

OURS = Path(__file__).resolve().parents[2]
"""The folder that `engine` and `plugins` lie in."""
_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
_TAKEN = {"engine", "plugins", "terminal", "workflows", "cli", "web"}
MOST_FILES, MOST_BYTES = 5_000, 256 * 1024 * 1024


class NotThere(Exception):
    """The code of a plugin is not where it should be; the message says so in a sentence."""


def located(module: str, code: Path | None) -> Path:
    """Returns the folder of the package that a module is of, or the module's one file.

    `code` is the folder to look in; None looks where Python looks.

    Raises:
        NotThere: there is no such module, or it has a name that no plugin's module can have.
    """
    if not _MODULE.fullmatch(module):
        raise NotThere(f"Its entry point must name a module and nothing else; it says {_cut(module)}.")
    parts = module.split(".")
    if parts[0] in _TAKEN or parts[0] in sys.stdlib_module_names:
        raise NotThere(f"Its module may not be called {parts[0]}, which is the name of something else.")
    where = None if code is None else [str(code)]
    try:
        found = importlib.util.find_spec(parts[0]) if where is None else PathFinder.find_spec(parts[0], where)
        for depth in range(2, len(parts) + 1):  # a package without an __init__.py may be shared by many
            if found is None or found.origin is not None or found.submodule_search_locations is None:
                break
            found = PathFinder.find_spec(".".join(parts[:depth]), list(found.submodule_search_locations))
    except Exception as error:  # noqa: BLE001  # finders of strangers run here, too
        raise NotThere(f"Its module {module} cannot be looked for: {_cut(str(error))}.") from error
    own = _place(found)
    if own is None or not own.exists():
        raise NotThere(f"There is no module {module} {'installed' if code is None else f'in {code}'}.")
    if code is not None and not own.resolve().is_relative_to(code.resolve()):
        raise NotThere(f"Its module {module} is a link that leads out of its folder.")
    return own


def digest_of_files(own: Path, *, links: bool) -> str:
    """Returns the SHA-256 (hex) over the files of a plugin, caches left out.

    Each file in the order of its path counts with its relative path, its length and its bytes. `links`: whether files
    may be links that lead out of the folder, as some installers make them.

    Raises:
        NotThere: they cannot be read, are too many, or a link leads out.
    """
    total, digest, top = 0, sha256(), own if own.is_dir() else own.parent
    try:
        files = sorted(_files(own), key=lambda file: file.relative_to(top).as_posix())
        if len(files) > MOST_FILES:
            raise NotThere(f"It has more than {MOST_FILES:,} files; {_way_out(files, top)}.")
        for file in files:
            name = file.relative_to(top).as_posix()
            if not links and not file.resolve().is_relative_to(top.resolve()):
                raise NotThere(f"{_cut(name)} is a link that leads out of its folder; {_way_out(files, top)}.")
            content = _read(file, MOST_BYTES - total, lambda: _way_out(files, top))
            total += len(content)
            path = os.fsencode(name)
            digest.update(len(path).to_bytes(8) + path + len(content).to_bytes(8) + content)
    except OSError as error:
        raise NotThere(f"Its files cannot be read: {error.strerror}.") from error
    return digest.hexdigest()


def _way_out(files: Sequence[Path], top: Path) -> str:
    """Returns what to do about files that no plugin has, to follow on what is wrong; mostly it is an environment."""
    inner = next((file.parent for file in files if file.name == "pyvenv.cfg" and file.parent != top), None)
    if inner is None:
        return f"move what it does not need to run out of its package, the folder {_cut(top.name)}"
    where = _cut(inner.relative_to(top).as_posix())
    return f"{where} is an environment of Python; move it out of the plugin's package, the folder {_cut(top.name)}"


def _read(file: Path, most: int, way_out: Callable[[], str]) -> bytes:
    """Returns the bytes of a file; raises NotThere for one of more, or for what is no file, without reading all."""
    if not file.is_file():
        raise NotThere(f"{_cut(file.name)} is no file.")
    with file.open("rb") as opened:
        content = b"" if (large := file.stat().st_size > most) else opened.read(most + 1)
    if large or len(content) > most:
        raise NotThere(f"Its files are larger than {MOST_BYTES // 1024 // 1024} MiB; {way_out()}.")
    return content


def _files(own: Path) -> Iterator[Path]:
    if not own.is_dir():
        yield own
        return
    for folder, names, files in os.walk(own, followlinks=False):
        for name in names:
            inner = Path(folder) / name
            if inner.is_symlink() and name not in CACHES:
                yield inner  # reading it fails, or it is told of as a link: no file behind it goes unseen
        names[:] = [name for name in names if name not in CACHES]
        for name in files:
            file = Path(folder) / name
            if file.is_file() or file.is_symlink():  # compiled files count: Python runs them where there is no source
                yield file


def _place(found: ModuleSpec | None) -> Path | None:
    if found is None:
        return None
    if found.submodule_search_locations:
        return Path(next(iter(found.submodule_search_locations)))
    return Path(found.origin) if found.origin and found.has_location else None


def _cut(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)[:200]
