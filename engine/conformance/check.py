"""Checks a plugin: runs it as cocycle would, asks it all that a register could, and says what level it reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.conformance.belongings import faults_beside
from engine.conformance.examined import faults_of_examiner
from engine.conformance.judged import Measured, check_kinds
from engine.conformance.listing import uses
from engine.conformance.outgoing import faults_going_out
from engine.conformance.place import Place, place_of
from engine.conformance.placing import misplaced, untitled
from engine.conformance.rules import BY_ID, LEVELS, Found, level_of
from engine.hosting.available import Available
from engine.hosting.described import Described
from engine.hosting.host import Host


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a plugin.

    Attributes:
        plugin: its name; what it was called by where it has none.
        brings: everything it brings, as PLUGIN/ID.
        found: by level, then by rule.
    """

    plugin: str
    version: str
    digest: str
    brings: tuple[str, ...]
    found: tuple[Found, ...]
    measured: Measured

    @property
    def level(self) -> int:
        """The level that is reached; 0 for none."""
        return level_of(list(self.found))

    def as_json(self, asked: int) -> dict[str, Any]:
        """Returns it in the shape that `plugin check --json` gives, for the level that is asked."""
        reached = self.level
        return {
            "plugin": self.plugin,
            "version": self.version,
            "digest": self.digest,
            "brings": list(self.brings),
            "level": reached,
            "asked": asked,
            "ok": reached >= asked,
            "levels": [
                {"level": level, "name": name, "reached": level <= reached, "missing": self._missing(level)}
                for level, name in LEVELS.items()
            ],
            "findings": [one.as_json() for one in self.found],
            "measured": self.measured.as_json(),
        }

    def _missing(self, level: int) -> list[str]:
        """Returns the rules of a level that are broken."""
        broken = (one.rule for one in self.found if one.severity == "fault" and BY_ID[one.rule].level == level)
        return list(dict.fromkeys(broken))


def check(
    named: str, plugins_dir: str | None = None, settings: Mapping[str, Mapping[str, str]] | None = None
) -> Report:
    """Returns what is found in a plugin, the same every time but for the times that were measured.

    None of the plugin's code runs in this process.

    Args:
        named: the folder of a plugin, or the name of one that is installed.
        plugins_dir: a folder of plugins in which a name is looked for, too.
        settings: what exporters are handed, by plugin; observers and channels are handed none.

    Raises:
        NotFound: there is no such plugin.
        InputRefused: the folder is none of a plugin.
    """
    place = place_of(named, plugins_dir, settings)
    measured = Measured()
    with place.host() as host:
        here = place.found(host)
        described = _described(here, host)
        found = list(_found(place, here, described, host, measured))
    one = here[0] if len(here) == 1 else Available(Path(named).name, "folder", "", "", "", False, None, None)
    order = {id: number for number, id in enumerate(BY_ID)}
    found.sort(key=lambda fault: (order[fault.rule], fault.severity, fault.subject))
    brings = () if described is None else tuple(uses(described))
    return Report(one.name, one.version, one.digest, brings, tuple(found), measured)


def _described(here: list[Available], host: Host) -> Described | None:
    """Returns what the plugin says of itself; None where it is not one plugin that can be asked."""
    return host.described(here[0].name) if len(here) == 1 and here[0].error is None else None


def _found(
    place: Place, here: list[Available], described: Described | None, host: Host, measured: Measured
) -> Iterator[Found]:
    """Yields what is wrong, level by level; what cannot be loaded is asked nothing."""
    if len(here) != 1:
        says = f"The package names {len(here)} plugins; it is checked as one, so name one entry point."
        yield Found("loads/found", "fault", place.shown, says)
        return
    one = here[0]
    if one.error is not None:
        yield Found("loads/found", "fault", one.name, one.error)
        return
    if not one.version:
        yield Found("loads/version", "fault", one.name, "No version is declared; say one under [project].")
    if described is None or described.error is not None:
        says = "It could not be described." if described is None else str(described.error)
        yield Found("loads/describes", "fault", one.name, says)
        return
    if not described.hooks:
        says = "It implements no hook; mark a function with @hookimpl and give it the name of one."
        yield Found("loads/brings", "fault", one.name, says)
        return
    unusable = list(misplaced(described, host.brings()))
    yield from unusable
    yield from untitled(described)
    wrong = {fault.subject for fault in unusable if fault.severity == "fault"}
    yield from check_kinds(place, described, wrong, measured)
    for id, kind in described.evidence_kinds.items():
        if f"{one.name}/{id}" not in wrong:
            yield from faults_of_examiner(f"{one.name}/{id}", kind, host)
    yield from faults_going_out(place, described)
    yield from _not_run(described)
    yield from _beside(place, one, described)


def _not_run(described: Described) -> Iterator[Found]:
    """Yields a note on commands: they have the rights of whoever types them, so the check does not run them."""
    if described.commands:
        says = "Its commands were not run here; only tests of your own can show that they work."
        yield Found("proven/tested", "note", described.name, says)


def _beside(place: Place, one: Available, described: Described) -> Iterator[Found]:
    """Yields what is missing beside the code; of what is installed only that which is installed with it."""
    from engine.conformance.belongings import faults_installed

    package = package_of(one)
    if place.folder is not None:
        yield from faults_beside(one.name, place.folder, package, uses(described))
    else:
        yield from faults_installed(one.name, package)


def package_of(one: Available) -> Path | None:
    """Returns the folder of the package that a plugin's hooks are in; None where it is a single module."""
    if one.code is not None:
        top, *names = one.module.split(".")
        folder = Path(one.code, top, *names)
        if names and not folder.is_dir():  # a module in a package
            folder = folder.parent
    else:
        folder = Path(one.folder or "")
    return folder if folder.is_dir() else None
