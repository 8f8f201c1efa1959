"""The sample projects as OCDS: of the standard's form, with nothing about people, and the same for ever."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.api import Settings, open_register
from plugins.ocds.exporting import RECORDS, RELEASES, export
from plugins.ocds.history import processes_of
from plugins.ocds.publisher import Publisher

from .ocds_standard import SCHEMA, faults_of_records, faults_of_releases, schema

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]
PREFIX = {"ocid_prefix": "ocds-a1b2c3"}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the register of the sample projects, as `cocycle demo` makes it."""
    path = tmp_path_factory.mktemp("samples") / "cocycle.db"
    words = [sys.executable, "-m", "cli", "demo", "--db", str(path)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def what(register: Path) -> Json:
    """Returns the document that exporters are handed of all sample projects, names of people included."""
    engine = open_register(register, read_only=True, settings=Settings(str(register)))
    document: Json = engine.export_document(with_names=True)
    engine.close()
    return document


def made(what: Json, **settings: str) -> dict[str, bytes]:
    """Returns the files of an export by their names."""
    return {file.name: file.content for file in export(what, {**PREFIX, **settings})}


def test_the_sample_projects_are_of_the_standards_form(what: Json) -> None:
    """Both packages of all sample projects are valid; each project is a process with its compiled release.

    Seen to fail when the date of a document was left as a day.
    """
    files = made(what)
    releases, records = json.loads(files[RELEASES]), json.loads(files[RECORDS])
    assert faults_of_releases(releases) == []
    assert faults_of_records(records) == []
    assert len(records["records"]) == len(what["projects"]) == 8
    assert len(releases["releases"]) == sum(len(record["releases"]) for record in records["records"])
    assert len({release["id"] for release in releases["releases"]}) == len(releases["releases"])


@pytest.mark.skipif(not SCHEMA, reason="COCYCLE_OCDS_SCHEMA names no copy of the standard's schema")
def test_every_compiled_release_is_valid_by_itself(what: Json) -> None:
    """Compiled releases are valid by the schema of releases, too."""
    for record in json.loads(made(what)[RECORDS])["records"]:
        assert list(schema("release-schema.json").iter_errors(record["compiledRelease"])) == []


def test_nothing_about_people_leaves(what: Json, register: Path) -> None:
    """No name, address or id of a person is in the files, even where the exporter is handed them.

    Seen to fail when the people who decided were given with their ids.
    """
    engine = open_register(register, read_only=True, settings=Settings(str(register)))
    people = engine.people()["people"]
    engine.close()
    text = b"".join(made(what).values()).decode()
    assert len(people) > 20
    for person in people:
        for told in (person["id"], person["email"], person["name"]):
            assert told not in text
    assert "p-" not in "".join(word for word in text.split('"') if word.startswith("p-"))
    assert "@" not in text


def test_the_same_register_gives_the_same_bytes(what: Json) -> None:
    """Exporting twice gives the same bytes, and so does exporting from a document that was put down and read again."""
    assert made(what) == made(what) == made(json.loads(json.dumps(what)))


def test_what_was_released_stays_as_it_was(what: Json) -> None:
    """The releases of a shorter history are the first releases of the longer one, to the letter.

    Seen to fail when the route was taken from the project as it stands today.
    """
    publisher = Publisher("ocds-a1b2c3")
    for project in what["projects"]:
        whole = processes_of(project, publisher)[0].releases
        for entries in range(1, len(project["history"]), 9):
            history = project["history"][:entries]
            then = {
                **project,
                "history": history,
                "gates": [gate for gate in project["gates"] if gate["seq"] <= history[-1]["seq"]],
                "evidence": [{**record, "level": record["claimed_level"]} for record in project["evidence"]],
                "fields": {"commissioner": project["fields"]["commissioner"]},
            }
            earlier = processes_of(then, publisher)[0].releases
            assert earlier == whole[: len(earlier)]


def test_releases_are_in_the_order_in_which_things_were_recorded(what: Json) -> None:
    """The dates of a process never go back, and its first release is the only one with the tag planning."""
    for project in what["projects"]:
        releases = processes_of(project, Publisher("ocds-a1b2c3"))[0].releases
        assert [r["date"] for r in releases] == sorted(r["date"] for r in releases)
        assert [n for n, r in enumerate(releases) if "planning" in r["tag"]] == [0]


def test_a_record_says_how_the_project_stands_today(what: Json) -> None:
    """Beside the compiled release stands which principles the gates ahead have seen evidence of."""
    records = json.loads(made(what)[RECORDS])["records"]
    (now,) = [record["x_coproduction"] for record in records if record["ocid"].endswith("CC-008")]
    assert (now["stage"], now["asOf"]) == ("procure", what["today"])
    (gate,) = now["gatesAhead"]
    assert gate["gate"] == "procure-gate"
    assert [principle["id"] for principle in gate["principles"]] == ["P1", "P2", "P3", "P4", "P5", "P6"]
