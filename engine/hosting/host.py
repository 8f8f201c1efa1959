"""The host: finds plugins, asks them in processes of their own, and believes nothing but what has the right form."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.hosting.forking import at_fork
from engine.hosting.here import Here

if TYPE_CHECKING:
    from pathlib import Path

    from engine.core.evidence import Examined
    from engine.definitions.brought import Brings
    from engine.hookshapes import ExportedFile
    from engine.hosting.available import Available
    from engine.hosting.described import Described
    from engine.hosting.finding import Found
    from engine.hosting.judging import PluginJudges
    from engine.hosting.limits import Purpose
    from engine.hosting.line import Line
    from engine.hosting.protections import Protection

# Everything else is imported by the methods: a command that needs no plugin makes a host and asks it nothing.


def _silence(event: str, **facts: Any) -> None:
    """Logs nothing."""


class Host:
    """Plugins, found when first asked for, each started when first needed. Safe to share between threads."""

    def __init__(
        self,
        plugins: Sequence[str] = ("bundled",),
        plugins_dir: str | None = None,
        plugin_settings: Mapping[str, Mapping[str, str]] | None = None,
        keep_out: Sequence[Path] = (),
        *,
        log: Callable[..., None] = _silence,
        rests: bool = True,
        keeps: bool = True,
        hash_seed: str = "0",
        network: bool = True,
    ) -> None:
        """Takes the settings and looks at nothing yet.

        Args:
            plugins: the names of those that are active; `bundled` for all that come with cocycle.
            plugins_dir: a folder of plugins, all active.
            plugin_settings: what observers, channels and exporters are handed, by plugin.
            keep_out: what no plugin reads, with all that lies in it or beside it under a longer name; a plugin's own
                folder in it can be read all the same.
            log: the operator's log; no words of plugins go there.
            rests: whether a plugin that fails again and again is left alone for a while; not so while it is checked.
            keeps: whether a verdict is kept for when the same question is asked again.
            hash_seed: by which Python orders sets in the processes, `0` to `4294967295` or `random`.
            network: whether what may reach the network does; not so while it is checked.
        """
        self._here, self._settings = Here(plugins, plugins_dir), plugin_settings or {}
        self._keep_out, self._log = [str(path) for path in keep_out], log
        self._rests, self._keeps, self._hash_seed = rests, keeps, hash_seed
        self._network = network
        self._lines: dict[tuple[str, Purpose], Line] = {}
        self._judges: PluginJudges | None = None
        self._lock = threading.RLock()
        at_fork(self)

    # ------------------------------------------------------------------ who is here

    def available(self) -> list[Available]:
        """Returns every plugin that is here, active or not; runs none of their code.

        Raises:
            InputRefused: there is no such plugins folder.
        """
        from engine.hosting.listing import listed

        return [listed(found) for found in self._here.look().values()]

    def active(self) -> list[str]:
        """Returns the names of the active plugins; raises InputRefused as `available` does."""
        if self._here.nothing_is_active:
            return []
        return [found.name for found in self._here.look().values() if found.active]

    def described(self, name: str) -> Described:
        """Returns what an active plugin brings, by starting its process; its `error` where that fails."""
        from engine.core.errors import CocycleError
        from engine.hosting.described import Described
        from engine.hosting.listing import checked_description

        try:
            line = self._line(name, "judge")
            found: Described = line.said(lambda said: checked_description(name, said))
        except CocycleError as error:
            return Described(name, error=error.message)
        return found

    def protections(self) -> list[Protection]:
        """Returns what holds plugins back on this machine, by starting an empty process."""
        from engine.hosting.protections import protections_here

        return protections_here(self._setup(None))

    # ------------------------------------------------------------------ what they are asked

    def judges(self) -> PluginJudges:
        """Returns who answers for the requirement kinds of the active plugins."""
        from engine.hosting.judging import PluginJudges

        with self._lock:
            if self._judges is None:
                self._judges = PluginJudges(lambda name: self._line(name, "judge"), keeps=self._keeps)
            return self._judges

    def brings(self) -> Brings:
        """Returns what the active plugins bring into definitions."""
        from engine.hosting.bringing import PluginsBring

        return PluginsBring(self.described)

    def examine(self, use: str, submission: Mapping[str, Any], contents: Sequence[bytes]) -> Examined:
        """Returns what an examiner says of a record that is being handed in; never raises.

        `submission` has the members of `engine.hookshapes.Submission`, its `files` each `name` and `sha256`, in the
        order of `contents`. What fails is the state `failed`, with what happened as its one finding.
        """
        from engine.hosting.examining import examined

        return examined(lambda name: self._line(name, "examine"), use, submission, contents)

    def observers(self) -> list[str]:
        """Returns the observers of the active plugins as PLUGIN/OBSERVER; those of a broken plugin are left out."""
        from engine.hosting.listing import described_with

        every = described_with("cocycle_observers", self.described, self.active())
        return [f"{found.name}/{id}" for found in every for id in found.observers]

    def wants_and_observe(self, use: str, entry: Mapping[str, Any]) -> str | None:
        """Tells an observer of an entry, which has the members of `engine.hookshapes.Entry`.

        Returns its line for the delivery log, None where it does not want the entry.

        Raises:
            DeliveryFailed: it could not deliver, or failed itself; `final` only where it says so.
        """
        from engine.hosting.telling import observed

        return observed(lambda name: self._line(name, "observe"), use, entry, self._settings_of(use))

    def channels(self) -> list[str]:
        """Returns the channels of the active plugins as PLUGIN/CHANNEL; those of a broken plugin are left out."""
        from engine.hosting.listing import described_with

        every = described_with("cocycle_channels", self.described, self.active())
        return [f"{found.name}/{id}" for found in every for id in found.channels]

    def notify(self, use: str, notice: Mapping[str, Any]) -> str:
        """Hands a notice to a channel; `notice` has the members of `engine.hookshapes.Notice`.

        Returns its line for the list of notices, an empty one where it sends nothing.

        Raises:
            DeliveryFailed: it could not deliver, or failed itself; `final` only where it says so.
        """
        from engine.hosting.telling import notified

        return notified(lambda name: self._line(name, "observe"), use, notice, self._settings_of(use))

    def exporters(self) -> list[tuple[str, str, bool]]:
        """Returns the exporters of the active plugins: PLUGIN/EXPORTER, title, whether it takes many projects."""
        from engine.hosting.listing import described_with

        every = described_with("cocycle_exporters", self.described, self.active())
        return [(f"{found.name}/{id}", e.title, e.whole) for found in every for id, e in found.exporters.items()]

    def export(self, use: str, what: Mapping[str, Any]) -> list[ExportedFile]:
        """Returns the files that an exporter makes; their names lead to no other folder. Raises PluginBroke."""
        from engine.hosting.examining import exported

        name, _, id = use.partition("/")
        message = {"do": "export", "id": id, "what": what, "settings": dict(self._settings_of(use))}
        return exported(self._line(name, "export"), name, message)

    def close(self) -> None:
        """Ends every process; the host can be asked again afterwards, and looks anew at what is here."""
        with self._lock:
            lines, self._lines = list(self._lines.values()), {}
            self._here.forget()
            if self._judges is not None:
                self._judges.forget()
        for line in lines:
            line.close()

    def after_fork(self) -> None:
        """Takes a lock that no thread of another process holds."""
        self._lock = threading.RLock()

    # ------------------------------------------------------------------ how they are reached

    def _settings_of(self, use: str) -> Mapping[str, str]:
        return self._settings.get(use.partition("/")[0], {})

    def _line(self, name: str, purpose: Purpose) -> Line:
        """Returns the line to an active plugin; raises PluginBroke and InputRefused."""
        line = self._lines.get((name, purpose))
        if line is not None:
            return line
        from engine.hosting.line import Line

        with self._lock:
            found = self._here.find(name)
            line = self._lines.get((name, purpose))
            if line is None:
                line = self._lines[name, purpose] = Line(
                    found,
                    purpose,
                    self._setup(found),
                    log=self._log,
                    rests=self._rests,
                    hash_seed=self._hash_seed,
                )
            return line

    def _setup(self, found: Found | None) -> dict[str, Any]:
        """Returns what a process is told when it starts."""
        own = [] if found is None else [found.own]
        return {
            "module": "" if found is None else found.module,
            "own": [str(path) for path in own if path is not None],
            "code": [] if found is None or found.code is None else [str(found.code)],
            "caches": found is not None and found.origin == "bundled",
            "kept_out": self._keep_out,
            "network": self._network,
        }
