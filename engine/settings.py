"""The settings, read once into a value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from engine.anchoring.places import Places, places_from
from engine.core.bank_holidays import Extra
from engine.core.errors import InputRefused
from engine.extra_holidays import extra_holidays_from

MEBIBYTE = 1024 * 1024
BUNDLED = "bundled"
"""What stands in the setting for the plugins that come with cocycle."""

_OF_A_PLUGIN = "COCYCLE_PLUGIN_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside.

    Attributes:
        register: where the register is; `COCYCLE_DB`, else `cocycle.db` in the current folder.
        actor: the e-mail of the person acting; `COCYCLE_ACTOR`.
        log: the file the operator's log is appended to, or `stderr`; `COCYCLE_LOG`; empty for none.
        most_file_bytes: the largest file that is taken in as evidence; `COCYCLE_MAX_FILE_MB`, 64 MiB by default.
        extra_holidays: days that no calendar of this register counts, each with its name; `COCYCLE_EXTRA_HOLIDAYS`.
        places: where checkpoints go, and how mail is sent; five variables, see `engine.anchoring.places`.
        url: the address under which the pages of this register are reached, for links in notices; `COCYCLE_URL`.
        plugins: the plugins that are active, `bundled` for all that come with cocycle; `COCYCLE_PLUGINS`.
        plugins_dir: a folder of plugins under development, all active; `--plugins-dir`, `COCYCLE_PLUGINS_DIR`.
        plugin_settings: what `COCYCLE_PLUGIN_<PLUGIN>__<NAME>` says, by plugin and name in lower case; a plugin is
            handed its own and no other variable.
    """

    register: str = "cocycle.db"
    actor: str | None = None
    log: str = ""
    most_file_bytes: int = 64 * MEBIBYTE
    extra_holidays: Extra = ()
    places: Places = Places()
    url: str = ""
    plugins: tuple[str, ...] = (BUNDLED,)
    plugins_dir: str | None = None
    plugin_settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def settings_from(environment: Mapping[str, str] = os.environ) -> Settings:
    """Returns the settings that the environment holds; a number that is none is left at its default.

    Raises:
        InputRefused: where the extra holidays, the outside places or the address of the pages are not written as they
            should be; neither a date nor a place is ever left out quietly.
    """
    size = environment.get("COCYCLE_MAX_FILE_MB", "")
    return Settings(
        register=environment.get("COCYCLE_DB") or "cocycle.db",
        actor=environment.get("COCYCLE_ACTOR") or None,
        log=environment.get("COCYCLE_LOG", ""),
        most_file_bytes=int(size) * MEBIBYTE if size.isdecimal() and 0 < int(size) <= 512 else 64 * MEBIBYTE,
        extra_holidays=extra_holidays_from(environment.get("COCYCLE_EXTRA_HOLIDAYS", "")),
        places=places_from(environment),
        url=_address(environment.get("COCYCLE_URL", "").strip()),
        plugins=tuple(dict.fromkeys(_names(environment.get("COCYCLE_PLUGINS", BUNDLED)))),
        plugins_dir=environment.get("COCYCLE_PLUGINS_DIR") or None,
        plugin_settings=_of_plugins(environment),
    )


def _address(given: str) -> str:
    """Returns the address of the pages without a stroke at its end; raises InputRefused where it is none."""
    try:
        found = urlsplit(given)
        plain = not (found.username or found.password or found.query or found.fragment)
        good = found.scheme in ("http", "https") and bool(found.hostname) and plain and found.port != 0
    except ValueError:  # a port that is no number, or brackets that do not close
        good = False
    if given and not (good and given.isascii() and given.isprintable() and not set(given) & set('"<>\\ ')):
        wrong = "COCYCLE_URL is not the address of your pages, written like https://cocycle.example.nhs.uk."
        raise InputRefused(wrong, details={"problems": [{"field": "COCYCLE_URL", "message": wrong}]})
    return given.rstrip("/")


def _names(listed: str) -> list[str]:
    return [name for name in listed.replace(",", " ").split() if name != "none"]


def _of_plugins(environment: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Returns the variables of each plugin, its name and the variable's told apart by two underscores."""
    found: dict[str, dict[str, str]] = {}
    for variable, value in environment.items():
        if variable.startswith(_OF_A_PLUGIN):
            plugin, _, name = variable.removeprefix(_OF_A_PLUGIN).lower().partition("__")
            found.setdefault(plugin, {})[name] = value
    return found
