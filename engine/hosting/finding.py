"""Finds plugins without running any of their code: those that come with cocycle, those installed, those in a folder.

Each is looked at on its own, so that a broken one is listed with its error and stops nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from engine.core.errors import InputRefused
from engine.hosting.available import Origin
from engine.hosting.locating import OURS, NotThere, located

GROUP = "cocycle.plugins"
BUNDLED = {name: f"plugins.{name}" for name in ("calendar", "equality_impact", "ocds", "spreadsheet", "webhook")}
"""The plugins that come with cocycle, which need no look at what is installed; as pyproject.toml has them."""
IMPLEMENTED_BY = {
    "cocycle_observers": frozenset({"webhook"}),
    "cocycle_channels": frozenset({"webhook"}),
    "cocycle_exporters": frozenset({"calendar", "ocds", "spreadsheet"}),
}
"""Which of the plugins that come with cocycle implement a hook; a test asks them. The others are not started for it."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_BAD_NAME = "The name of a plugin is a lower-case letter, then lower-case letters, digits and _, 40 at most."


@dataclass(frozen=True, slots=True)
class Found:
    """A plugin that was found.

    Attributes:
        own: the folder or file its code lies in, which its digest is over; None where it was not found.
        code: the folder to import it from where it is not installed.
        folder: its whole folder where it lies in a plugins folder; of it, only `own` may be read.
    """

    name: str
    origin: Origin
    module: str
    version: str = ""
    error: str | None = None
    active: bool = False
    own: Path | None = None
    code: Path | None = None
    folder: Path | None = None


def find_bundled(name: str) -> Found | None:
    """Returns a plugin that comes with cocycle; None where none of that name does."""
    module = BUNDLED.get(name)
    own = OURS / "plugins" / name
    if module is None or not own.is_dir():
        return None
    return Found(name, "bundled", module, _own_version(), own=own)


def find_all(named: Sequence[str], plugins_dir: str | None) -> list[Found]:
    """Returns every plugin by name, those that come with cocycle first; each turned down has its error.

    `named` are those that are made active, `bundled` for all that come with cocycle, `none` for nothing.

    Raises:
        InputRefused: there is no such plugins folder.
    """
    ours = [found for name in BUNDLED if (found := find_bundled(name)) is not None]
    strangers = [*_installed(), *(_in_folder(Path(plugins_dir)) if plugins_dir else ())]
    wanted = {name for item in named for name in (BUNDLED if item == "bundled" else (item,)) if item != "none"}
    judged = [_turned_down(found, strangers, wanted) for found in strangers]
    every = [
        replace(found, active=found.error is None and (found.name in wanted or found.folder is not None))
        for found in (*ours, *sorted(judged, key=lambda found: (found.name, found.origin)))
    ]
    missing = sorted(wanted.difference(found.name for found in every))
    return [*every, *(Found(_shown(name), "installed", "", error=_not_here(name)) for name in missing)]


def _turned_down(found: Found, strangers: Sequence[Found], wanted: Set[str]) -> Found:
    """Returns a stranger with its error where its name cannot be used.

    One that is installed and that nobody made active does not stand in the way of one in the plugins folder: so a
    plugin can be worked on where it is installed, too.
    """
    error = found.error
    if not _NAME.fullmatch(found.name):
        found, error = replace(found, name=_shown(found.name)), _BAD_NAME
    elif found.name in BUNDLED or found.name in ("bundled", "none"):
        error = f"The name {found.name} is taken by cocycle itself. Give the plugin another name."
    else:
        claims = [one for one in strangers if one.name == found.name]
        in_folder = [one for one in claims if one.folder is not None]
        if in_folder and found.name not in wanted:
            if found.folder is None:
                return replace(found, error="One of the same name in the plugins folder takes its place.")
            claims = in_folder
        if len(claims) > 1:
            where = f"{len(claims) - len(in_folder)} installed, {len(in_folder)} in the plugins folder"
            error = (
                f"{len(claims)} plugins claim the name {found.name} ({where}), so none of them is used. Take all but"
                " one away."
            )
    return replace(found, error=error)


def _installed() -> Iterator[Found]:
    """Yields what the entry points of installed distributions name, ours left out."""
    from importlib.metadata import EntryPoint, distributions  # slow to import, and most commands need it not

    seen = set()
    for distribution in distributions():
        try:
            text = distribution.read_text("entry_points.txt") or ""
            if GROUP not in text:
                continue
            title = distribution.metadata["Name"] or "?"
            points: list[EntryPoint] = [e for e in distribution.entry_points if e.group == GROUP]
            version = distribution.version or ""
        except Exception as error:  # noqa: BLE001  # what is written there can be anything
            yield Found(_named(distribution), "installed", "", error=_unreadable("what is installed of it", error))
            continue
        if title in seen:  # what comes first on the path is what is imported
            continue
        seen.add(title)
        for point in points:
            if BUNDLED.get(point.name) == point.value and title == "cocycle":
                continue
            yield _placed(Found(point.name, "installed", point.value, version))


def _in_folder(folder: Path) -> Iterator[Found]:
    """Yields the plugins whose folders lie in a folder; or the one that it is itself the folder of."""
    if not folder.is_dir():
        raise InputRefused(f"There is no plugins folder {folder}. It is set by --plugins-dir or COCYCLE_PLUGINS_DIR.")
    folder = folder.resolve()
    if (folder / "pyproject.toml").is_file():
        yield from _declared(folder, folder.parent)
        return
    for inner in sorted(folder.iterdir()):
        if (inner / "pyproject.toml").is_file():
            yield from _declared(inner, folder)


def _declared(folder: Path, plugins: Path) -> Iterator[Found]:
    """Yields what the pyproject.toml of a folder declares."""
    name = folder.name.lower().replace("-", "_")
    if not folder.resolve().is_relative_to(plugins):
        yield Found(name, "folder", "", error="Its folder is a link that leads out of the plugins folder.")
        return
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8")).get("project", {})
        points = project.get("entry-points", {}).get(GROUP, {})
        version = project.get("version", "")
        if not isinstance(points, dict) or not isinstance(version, str):
            raise TypeError("a table or a text is expected there")  # noqa: TRY301  # told as every other mistake is
    except (OSError, ValueError, AttributeError, TypeError) as error:
        yield Found(name, "folder", "", error=_unreadable("its pyproject.toml", error), folder=folder)
        return
    if not points:
        yield Found(name, "folder", "", version, _NO_POINT, folder=folder)
    code = folder / "src" if (folder / "src").is_dir() else folder
    for point, module in points.items():
        yield _placed(Found(point, "folder", str(module), version, folder=folder, code=code))


def _placed(found: Found) -> Found:
    """Returns a plugin with the place of its code, or with the error that it has none."""
    try:
        return replace(found, own=located(found.module, found.code))
    except NotThere as error:
        return replace(found, error=str(error))


def _own_version() -> str:
    """Returns the version of cocycle, also where it runs from a checkout."""
    from engine.hosting.own_version import own_version

    return own_version()


def _named(distribution: object) -> str:
    path = getattr(distribution, "_path", None)
    return _shown(str(getattr(path, "name", "?")).partition("-")[0].lower())


def _shown(name: str) -> str:
    """Returns a name that can be printed."""
    return "".join(c if c.isprintable() else "?" for c in name)[:60] or "?"


def _not_here(name: str) -> str:
    return f"COCYCLE_PLUGINS names {_shown(name)}, and no plugin of that name is installed here."


def _unreadable(what: str, error: Exception) -> str:
    return f"{what[0].upper()}{what[1:]} cannot be read: {_shown(str(error))}."


_NO_POINT = (
    f'Its pyproject.toml names no plugin. It needs a table [project.entry-points."{GROUP}"] with a line like'
    f' acme = "acme_plugin".'
)
