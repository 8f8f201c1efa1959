"""Lists the plugins that are here, what the active ones bring, and what holds them back on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from engine.hosting.available import Available
from engine.hosting.described import Described

if TYPE_CHECKING:
    from engine.hosting.host import Host

AT_ONCE = 4


def listed(host: Host) -> dict[str, Any]:
    """Returns every plugin that is here, in the shape of `plugin list --json`, and the protections that hold.

    Only those that are active are asked what they bring: nothing of the others is run.
    """
    available = host.available()
    active = [one.name for one in available if one.active]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        described = dict(zip(active, pool.map(host.described, active), strict=True))
    return {
        "plugins": [_one(one, described.get(one.name) if one.active else None) for one in available],
        "protections": [{"name": p.name, "holds": p.holds, "says": p.says} for p in host.protections()],
    }


def _one(available: Available, described: Described | None) -> dict[str, Any]:
    return {
        "name": available.name,
        "version": available.version,
        "digest": available.digest,
        "from": available.origin,
        "active": available.active,
        "hooks": [] if described is None else list(described.hooks),
        "brings": [] if described is None else list(uses(described)),
        "error": available.error or (None if described is None else described.error),
    }


def uses(described: Described) -> Iterator[str]:
    """Yields everything that a plugin brings, as PLUGIN/ID; its commands are not among them."""
    seen: dict[str, None] = {}
    for kinds in (
        described.stages,
        described.evidence_kinds,
        described.requirement_kinds,
        described.observers,
        described.channels,
        described.exporters,
    ):
        seen |= dict.fromkeys(f"{described.name}/{id}" for id in kinds)
    yield from seen
