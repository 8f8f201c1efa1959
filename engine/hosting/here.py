"""The plugins that are here, looked at when first asked for, and what is told of one that cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.hosting.finding import Found

# Everything else is imported by the methods: a command that needs no plugin looks for none.


class Here:
    """Which plugins there are, by the settings; runs none of their code."""

    def __init__(self, plugins: Sequence[str], plugins_dir: str | None) -> None:
        self._plugins, self._plugins_dir = tuple(plugins), plugins_dir
        self._found: dict[str, Found] | None = None

    @property
    def nothing_is_active(self) -> bool:
        """True where the settings alone say that no plugin is asked."""
        return self._plugins_dir is None and set(self._plugins) <= {"none"}

    def look(self) -> dict[str, Found]:
        """Looks at what is here now; of two with one name and an error each, the first stands for both.

        Raises:
            InputRefused: there is no such plugins folder.
        """
        from engine.hosting.finding import find_all

        every: dict[str, Found] = {}
        for number, found in enumerate(find_all(self._plugins, self._plugins_dir)):
            every[found.name if found.error is None else f"{found.name} {number}"] = found
        self._found = every
        return every

    def forget(self) -> None:
        """Forgets what was found, so that the next question looks anew."""
        self._found = None

    def find(self, name: str) -> Found:
        """Returns an active plugin.

        Raises:
            PluginBroke: there is none of that name, with what to do.
            InputRefused: there is no such plugins folder.
        """
        from engine.hosting.faults import PluginBroke
        from engine.hosting.finding import BUNDLED, find_bundled

        if name in BUNDLED:
            bundled = find_bundled(name) if {"bundled", name} & set(self._plugins) else None
            if bundled is not None:
                return bundled
        known = self._found
        every = known if known is not None else self.look()
        found = every.get(name)
        if found is not None and found.active:
            return found
        if found is not None:
            raise PluginBroke(
                f"The plugin {name} is installed, but not active here; name it in COCYCLE_PLUGINS.", "absent"
            )
        for turned_down in every.values():
            if turned_down.name == name and turned_down.error and turned_down.module:
                raise PluginBroke(f"The plugin {name} cannot be used. {turned_down.error}", "broken")
        raise PluginBroke(
            f"This needs the plugin {name[:60]}, which is not active here. Whoever looks after cocycle can install it"
            " and name it in COCYCLE_PLUGINS; one that lies in a folder is named with --plugins-dir or"
            " COCYCLE_PLUGINS_DIR.",
            "absent",
        )
