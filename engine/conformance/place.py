"""Finds the plugin that is to be checked, and makes the hosts that run it, each with processes of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from engine.core.errors import InputRefused, NotFound
from engine.hosting.available import Available
from engine.hosting.host import Host


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plugin that is checked lies, and how it is run.

    Attributes:
        shown: what to call it.
        folder: with its pyproject.toml, where it was named by its folder; None for one that is installed.
        plugins: the setting that makes it active.
        plugins_dir: the folder of plugins to look in; None where there is none.
        settings: what exporters are handed, by plugin.
    """

    shown: str
    folder: Path | None
    plugins: tuple[str, ...]
    plugins_dir: str | None
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @contextmanager
    def host(
        self, hash_seed: str = "0", *, network: bool = True, settings: Mapping[str, Mapping[str, str]] | None = None
    ) -> Iterator[Host]:
        """Makes a host with processes of its own, and ends them; it keeps no answer, and lets no plugin rest.

        Without `network` no process of it reaches one, whatever it is for.
        """
        host = Host(
            self.plugins,
            self.plugins_dir,
            settings,
            keeps=False,
            rests=False,
            hash_seed=hash_seed,
            network=network,
        )
        try:
            yield host
        finally:
            host.close()

    def found(self, host: Host) -> list[Available]:
        """Returns the plugins that are meant; usually one."""
        if self.folder is not None:
            return [one for one in host.available() if one.origin == "folder"]
        return [one for one in host.available() if one.name == self.shown and one.folder is not None]


def place_of(
    named: str, plugins_dir: str | None = None, settings: Mapping[str, Mapping[str, str]] | None = None
) -> Place:
    """Finds a plugin by its folder, or by its name where it is installed.

    Args:
        named: a path, or the name of a plugin.
        plugins_dir: a folder of plugins in which a name is looked for, too.
        settings: what exporters are handed, by plugin.

    Raises:
        NotFound: there is neither such a folder nor such a plugin.
        InputRefused: the folder is none of a plugin.
    """
    folder = Path(named)
    if folder.is_dir():
        if not named or not (folder / "pyproject.toml").is_file():
            says = f"{named or 'An empty PATH'} is not the folder of a plugin: it has no pyproject.toml."
            raise InputRefused(f"{says}{_instead(folder) if named else ''}")
        return Place(named, folder, ("none",), str(folder), settings or {})
    if folder.is_file():
        raise InputRefused(f"{named} is a file; a plugin is checked by its folder, the one with pyproject.toml in it.")
    place = Place(named, None, (named,), plugins_dir, settings or {})
    if os.sep not in named:
        with place.host() as host:
            if place.found(host):
                return place
    raise NotFound(
        f"There is no folder {named}, and no plugin of that name is here; `cocycle plugin list` names those.",
        code="no_such_plugin",
    )


def _instead(folder: Path) -> str:
    """Returns which folder is meant, as a further sentence, where that can be seen; else nothing."""
    here = folder.resolve()
    for above in list(here.parents)[:3]:
        if (above / "pyproject.toml").is_file():
            return f" It lies in one that has: {above}."
    below = sorted(file.parent.name for file in here.glob("*/pyproject.toml"))
    return f" Name one of the folders in it: {', '.join(below[:5])}." if below else ""
