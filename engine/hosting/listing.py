"""Plugins as they are listed and described, for whoever asks the host about all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from engine.hosting.answers import NoAnswer, described_of
from engine.hosting.available import Available
from engine.hosting.described import Described
from engine.hosting.faults import PluginBroke
from engine.hosting.finding import BUNDLED, IMPLEMENTED_BY, Found
from engine.hosting.locating import NotThere, digest_of_files

_AT_ONCE = 4


def listed(found: Found) -> Available:
    """Returns a plugin that was found, with the digest of its files."""
    digest, error = "", found.error
    if found.own is not None:
        try:
            digest = digest_of_files(found.own, links=found.origin != "folder")
        except NotThere as unreadable:
            error = error or str(unreadable)
    folder = found.folder or (found.own if found.own is None or found.own.is_dir() else found.own.parent)
    return Available(
        name=found.name,
        origin=found.origin,
        module=found.module,
        version=found.version,
        digest=digest,
        active=found.active and error is None,
        error=error,
        folder=None if folder is None else str(folder),
        code=None if found.code is None else str(found.code),
    )


def checked_description(name: str, said: Any) -> Described:
    """Returns what a plugin says of itself; raises PluginBroke where it is no description."""
    try:
        return described_of(name, said)
    except NoAnswer as error:
        raise PluginBroke(f"The plugin {name} {error}.", "broken") from error


def described_with(hook: str, described: Callable[[str], Described], active: Sequence[str]) -> list[Described]:
    """Returns the descriptions of the active plugins, without those of ours that are known to have no such hook."""
    names = [name for name in active if name not in BUNDLED or name in IMPLEMENTED_BY.get(hook, BUNDLED)]
    return described_at_once(described, names)


def described_at_once(described: Callable[[str], Described], names: Sequence[str]) -> list[Described]:
    """Returns the descriptions of several plugins, in order; their processes are started side by side."""
    if len(names) < 2:
        return [described(name) for name in names]
    with ThreadPoolExecutor(min(_AT_ONCE, len(names)), thread_name_prefix="cocycle-describe") as several:
        return list(several.map(described, names))
