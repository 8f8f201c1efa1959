"""The plugin, loaded: its hooks registered with pluggy, what they bring by id, and what it says of itself."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pluggy

from engine import hookspecs
from engine.hosting.worker.shapes import BROUGHT, described

_HOOKS = (*BROUGHT, "cocycle_commands")


class NotSo(Exception):
    """What a plugin brings has a form that it cannot have; the message says so, to follow on the plugin's name."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a plugin brings, by hook and id, and its description."""

    brings: Mapping[str, Mapping[str, Any]]
    said: dict[str, Any]


def load(module: str) -> Loaded:
    """Returns a plugin, imported and asked by every hook it implements.

    Raises:
        NotSo: where a hook returns something else than it should.
        Exception: whatever the plugin raises, and what pluggy says of hooks that do not exist.
    """
    manager = pluggy.PluginManager("cocycle")
    manager.add_hookspecs(hookspecs)
    plugin = importlib.import_module(module)
    manager.register(plugin, module)
    manager.check_pending()
    implemented = {caller.name for caller in manager.get_hookcallers(plugin) or ()}
    brings: dict[str, dict[str, Any]] = {}
    said: dict[str, Any] = {"hooks": [hook for hook in _HOOKS if hook in implemented]}
    for hook in said["hooks"]:
        answers = getattr(manager.hook, hook)()
        if not answers:  # None is left out by pluggy, and all it should have brought would go missing without a word
            raise NotSo(f"returns nothing from {hook}, which must return a list (is a `return` missing?)")
        listed = [item for answer in answers for item in _listed(hook, answer)]
        if hook == "cocycle_commands":
            said[hook] = [command.name for command in listed]
            continue
        brings[hook] = _by_id(hook, listed)
        said[hook] = [described(hook, item) for item in listed]
    return Loaded(brings, said)


def _listed(hook: str, answer: Any) -> list[Any]:
    if not isinstance(answer, list | tuple):
        raise NotSo(f"returns from {hook} what is no list; put what it brings in [ ]")
    return list(answer)


def _by_id(hook: str, listed: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    shape = BROUGHT[hook]
    for item in listed:
        if type(item) not in (shape,):
            raise NotSo(f"returns from {hook} what is no {shape.__name__}")
        if type(item.id) is not str:
            raise NotSo(f"returns from {hook} something whose id is no text")
        if item.id in found:
            raise NotSo(f"returns from {hook} two things with the id {item.id[:40]}")
        found[item.id] = item
    return found
