"""What `doctor` says of plugins: whether the active ones can be used, and what holds them back on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.hosting.host import Host
from engine.settings import BUNDLED

Finding = tuple[str, bool, str]
"""What was looked at, whether it is well, and a sentence."""


def plugin_findings(host: Host, named: Sequence[str]) -> Iterator[Finding]:
    """Yields whether each plugin that is `named` in the settings can be started, and what holds them back here."""
    found = host.available()
    active = [plugin for plugin in found if plugin.active]
    wrong = [f"{plugin.name}: {plugin.error}" for plugin in found if plugin.error is not None]
    wrong += [f"{name}: {error}" for name in (p.name for p in active) if (error := host.described(name).error)]
    missing = [name for name in named if name != BUNDLED and name not in {plugin.name for plugin in found}]
    wrong += [f"{name}: it is named in COCYCLE_PLUGINS, and no such plugin is installed." for name in missing]
    names = ", ".join(plugin.name for plugin in active) or "none"
    yield "plugins", not wrong, " ".join(wrong) or f"Active: {names}."
    holds = host.protections()
    absent = [one for one in holds if not one.holds]
    said = f"Plugins are held back in all {len(holds)} ways there are; `cocycle plugin list` says which."
    if absent:
        said = f"{len(absent)} of {len(holds)} ways to hold plugins back do not work on this machine;"
        said += f" `cocycle plugin list` says which: {', '.join(one.name for one in absent)}."
    yield "isolation", True, said
