"""Telling plugins what happened: an entry to an observer, a notice to a channel; what fails is a DeliveryFailed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.core.errors import CocycleError
from engine.hookshapes import DeliveryFailed
from engine.hosting.answers import one_line
from engine.hosting.line import Line


def observed(line_to: Callable[[str], Line], use: str, entry: Mapping[str, Any], settings: Any) -> str | None:
    """Returns the line of an observer, None where it does not want the entry; raises DeliveryFailed."""
    said = _told(line_to, use, {"do": "observe", "entry": dict(entry)}, settings)
    return None if said is None else one_line(said)


def notified(line_to: Callable[[str], Line], use: str, notice: Mapping[str, Any], settings: Any) -> str:
    """Returns the line of a channel, an empty one where it sends nothing; raises DeliveryFailed."""
    return one_line(_told(line_to, use, {"do": "notify", "notice": dict(notice)}, settings))


def _told(line_to: Callable[[str], Line], use: str, message: dict[str, Any], settings: Mapping[str, str]) -> Any:
    name, _, id = use.partition("/")
    try:
        return line_to(name).call({**message, "id": id, "settings": dict(settings)})
    except CocycleError as fault:
        raise DeliveryFailed(fault.message) from fault
