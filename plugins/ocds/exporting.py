"""Writes the release package and the record package of the projects that are exported."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from engine.hookspecs import ExportedFile
from plugins.ocds.history import processes_of
from plugins.ocds.merging import compiled
from plugins.ocds.process import Json, Process
from plugins.ocds.publisher import NotReady, Publisher, missing_for, party_of, publisher_from

RELEASES, RECORDS = "releases.json", "records.json"
UK_EXTENSION = "https://raw.githubusercontent.com/cabinetoffice/ocds_uk_extension/main/extension.json"


def export(what: Mapping[str, Any], settings: Mapping[str, str]) -> Sequence[ExportedFile]:
    """Returns `releases.json`, a release package, and `records.json`, a record package with compiled releases.

    The same register on the same day gives the same bytes. No name, address or id of a person goes into them.

    Raises:
        NotReady: where a setting is wrong, or something is missing that only people can say; all of it at once.
    """
    publisher = publisher_from(settings)
    if not what["projects"]:
        raise NotReady("There is no project to export. Name one or more.")
    if missing := [says for project in what["projects"] for says in missing_for(project, publisher)]:
        raise NotReady(" ".join(dict.fromkeys(missing)))
    told = [(project, process) for project in what["projects"] for process in processes_of(project, publisher)]
    releases = [release for _, process in told for release in process.releases]
    records = [_record(project, process, what["today"]) for project, process in told]
    packages = _package(what, publisher, releases, RELEASES)
    return [
        _file(RELEASES, {**packages, "releases": releases}),
        _file(
            RECORDS, {**_package(what, publisher, releases, RECORDS), "packages": [packages["uri"]], "records": records}
        ),
    ]


def _package(what: Mapping[str, Any], publisher: Publisher, releases: Sequence[Json], name: str) -> Json:
    newest = max(release["date"] for release in releases)
    if publisher.published_at:
        uri = f"{publisher.published_at}/{name}"
    else:
        of = "/".join((str(what["register"]), name, what["today"], newest))
        uri = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, of)}"
    package: Json = {
        "uri": uri,
        "version": "1.1",
        "extensions": [UK_EXTENSION],
        "publishedDate": max(newest, f"{what['today']}T00:00:00Z"),
        "publisher": {
            "name": publisher.name or publisher.buyer_name or party_of(publisher, what["projects"][0])["name"]
        },
    }
    if publisher.license:
        package["license"] = publisher.license
    return package


def _record(project: Mapping[str, Any], process: Process, today: str) -> Json:
    record: Json = {"ocid": process.ocid, "releases": process.releases, "compiledRelease": compiled(process.releases)}
    if process.tender_id == _present(project):
        record["x_coproduction"] = _now(project, today)
    return record


def _present(project: Mapping[str, Any]) -> str:
    return str(project["project"]) if project["cycle"] == 1 else f"{project['project']}-{project['cycle']}"


def _now(project: Mapping[str, Any], today: str) -> Json:
    """Returns how the project stands today: its stage, and of each gate ahead which principles have been evidenced."""
    return {
        "asOf": today,
        "stage": project["stage"],
        "gatesAhead": [
            {
                "gate": gate["gate"],
                "open": gate["open"],
                "principles": [
                    {"id": p["id"], "title": p["title"], "evidenced": p["evidenced"]} for p in gate["principles"]
                ],
            }
            for gate in project["gates_ahead"]
            if gate.get("gate")
        ],
    }


def _file(name: str, document: Json) -> ExportedFile:
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    return ExportedFile(name, "application/json", text.encode())
