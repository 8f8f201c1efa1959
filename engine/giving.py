"""What is given out by plugins: an exporter makes files of what the register can show. Nothing here writes to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.core.errors import InputRefused, NotFound
from engine.core.outcome import known_or
from engine.giving_files import put_files
from engine.giving_what import what_of
from engine.hosting.host import Host
from engine.room import Room
from engine.settings import Settings
from engine.store.database import Database

Json = dict[str, Any]


class Giving:
    """Exports by plugins."""

    def __init__(self, database: Database, settings: Settings, room: Room, host: Host) -> None:
        self.database = database
        self.settings = settings
        self.room = room
        self.host = host

    def exporters(self) -> Json:
        """Returns the exporters of the active plugins; `whole` where one takes many projects at once."""
        found = sorted(self.host.exporters())
        return {"exporters": [{"exporter": use, "title": title, "whole": whole} for use, title, whole in found]}

    def export_document(self, projects: Sequence[str] = (), *, with_names: bool = False) -> Json:
        """Returns the document that an exporter is handed, of these projects or of all."""
        return what_of(self.database, self.room, self.host, projects, with_names=with_names)

    def export_files(
        self,
        exporter: str,
        projects: Sequence[str] = (),
        *,
        out: Path | None = None,
        values: Mapping[str, str] | None = None,
        with_names: bool = False,
        force: bool = False,
    ) -> Json:
        """Has an exporter make files of projects, and writes them; returns `exporter`, `projects` and `files`.

        Args:
            exporter: as PLUGIN/EXPORTER.
            projects: the ids of projects; all where none is named and the exporter takes many.
            out: a folder, or a file where one file is made; the folder one is in where None.
            values: settings of the plugin, for this once, before those of the surroundings.
            with_names: hands the exporter people's names, and the words and file names of personal records, too.
            force: replaces files that are there.

        Raises:
            NotFound: there is no such exporter or project.
            InputRefused: the exporter wants one project, or the files cannot go where they should.
            CocycleError: `plugin_failed` where the plugin could not do it.
            StorageUnavailable: the place cannot be written.
        """
        with self._host_for(exporter, values or {}) as host:
            whole = _whole(host, exporter)
            if not whole and len(set(projects)) != 1:
                said = "none was named" if not projects else f"{len(set(projects))} were named"
                raise InputRefused(f"{exporter} makes files of one project, and {said}. Name one project.")
            what = what_of(self.database, self.room, self.host, projects, with_names=with_names)
            made = host.export(exporter, what)
        files = put_files(exporter, made, out, force=force)
        return {"exporter": exporter, "projects": [one["project"] for one in what["projects"]], "files": files}

    @contextmanager
    def _host_for(self, exporter: str, values: Mapping[str, str]) -> Iterator[Host]:
        """Gives the host to ask; one of its own, for this once, where the plugin is given other settings."""
        if not values:
            yield self.host
            return
        plugin = exporter.partition("/")[0]
        own = {**self.settings.plugin_settings.get(plugin, {}), **{n.lower(): v for n, v in values.items()}}
        settings = replace(self.settings, plugin_settings={**self.settings.plugin_settings, plugin: own})
        host = Host(
            settings.plugins, settings.plugins_dir, settings.plugin_settings, keep_out=(self.database.path.parent,)
        )
        try:
            yield host
        finally:
            host.close()


def _whole(host: Host, exporter: str) -> bool:
    """Returns whether an exporter takes many projects; raises NotFound with what there is, where it is not there."""
    plugin, slash, name = exporter.partition("/")
    if slash and any(one.name == plugin and one.active for one in host.available()):
        described = host.described(plugin)
        if described.error is not None:
            raise NotFound(f"The plugin {plugin} cannot be used: {described.error}", code="no_such_exporter")
        if name in described.exporters:
            return described.exporters[name].whole
    uses = {use: title for use, title, _ in host.exporters()}
    raise NotFound(
        f"No plugin that is active has an exporter {exporter}. {known_or(uses, exporter)}", code="no_such_exporter"
    )
