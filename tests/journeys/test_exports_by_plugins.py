"""Exports by plugins: what an exporter is handed, and the files it makes, through the real host."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from engine.api import CocycleError, Engine, InputRefused, NotFound, Settings, open_register
from engine.giving_what import _unnamed

from ..plugins.icalendar_reading import Component, read_calendar
from .town import ADMIN, COCHAIR, LEAD, MANAGER, PROJECT, QUORUM, SRO, Json, Town, document, refused

CALENDAR = "calendar/deadlines"
STRANGE = '''
from engine.hookspecs import ExportedFile, Exporter, hookimpl

def one(what, settings):
    """Tells what it was handed, one file for each project."""
    import json
    return [ExportedFile(f"{p['project']}.json", "application/json", json.dumps([p, dict(settings)]).encode())
            for p in what["projects"]]

def named(what, settings):
    """Makes files of the names it is told."""
    return [ExportedFile(name, "text/plain", name.encode()) for name in settings.get("names", "").split("|") if name]

@hookimpl
def cocycle_exporters():
    return [Exporter("single", "One project", one, whole=False), Exporter("every", "All", one),
            Exporter("named", "Names", named)]
'''


@pytest.fixture
def strange(town: Town, tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    """Opens the town's register for reading, with a plugin under development that exports."""
    folder = tmp_path / "plugins" / "strange"
    folder.mkdir(parents=True)
    (folder / "strange_plugin.py").write_text(STRANGE)
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "strange"\nversion = "1.0"\n'
        '[project.entry-points."cocycle.plugins"]\nstrange = "strange_plugin"\n'
    )

    engines: list[Engine] = []

    def opened(**more: object) -> Engine:
        given = Settings(str(town.path), plugins=(), plugins_dir=str(folder.parent))
        settings = replace(given, **more)  # type: ignore[arg-type]  # what settings take
        engines.append(open_register(town.path, read_only=True, clock=town.clock, settings=settings))
        return engines[-1]

    yield opened
    for engine in engines:
        engine.close()


def furnished(town: Town) -> None:
    """Opens two projects: one that passed a gate on a condition, with a personal record; one on hold."""
    town.open(regime="psr")
    town.pass_plan()
    town.engine.add_evidence(
        PROJECT,
        "specification",
        level="co_production",
        files=[document("letter from Rosa.pdf", b"Dear all\n")],
        personal=True,
        actor=LEAD,
    )
    town.add("market-notice")
    town.engine.waive(PROJECT, "specification", "No room", "2026-06-20", COCHAIR, actor=SRO)
    town.open("CC-2")
    town.engine.hold("CC-2", "A pause", actor=MANAGER)


# ------------------------------------------------------------------ what an exporter is handed


def test_the_document_is_what_the_readings_say(town: Town) -> None:
    """With names each project reads as `project show` gives it, with its evidence, its gates, its deadlines beside it.

    Seen to fail when the gates ahead are left out.
    """
    furnished(town)
    engine = town.engine
    found = engine.export_document([PROJECT], with_names=True)
    assert (found["register"], found["today"]) == ("cocycle.example/town", "2026-06-01")
    (one,) = found["projects"]
    shown = engine.project(PROJECT)
    assert {name: one[name] for name in shown} == shown
    listed = engine.evidence_list(PROJECT)["evidence"]
    assert [{n: v for n, v in r.items() if n != "facts"} for r in one["evidence"]] == listed
    assert one["gates_ahead"] == [engine.gate(PROJECT)]
    of_people = {"ask", "owner_name", "yours"}  # whom to ask is told by role alone, and nobody is acting
    read = engine.deadlines(PROJECT)["deadlines"]
    assert one["deadlines"] == [{n: v for n, v in d.items() if n not in of_people} for d in read]
    assert one.keys() == shown.keys() | {"evidence", "gates_ahead", "deadlines", "history"}
    facts = {r["requirement"]: r["facts"] for r in one["evidence"]}
    assert facts["market-notice"] == {"published_on": "2026-06-01"}


def test_the_history_is_what_stands_in_the_ledger_in_clear(town: Town) -> None:
    """Each entry has its place, its moment, who by id, its name and its body; no word that anybody typed."""
    furnished(town)
    (one,) = town.engine.export_document([PROJECT], with_names=True)["projects"]
    leaves = {seq: leaf for seq, leaf in enumerate(town.leaves()) if leaf.get("project") == PROJECT}
    assert [e["seq"] for e in one["history"]] == [s for s, leaf in leaves.items() if leaf.get("version")]
    for entry in one["history"]:
        leaf = leaves[entry["seq"]]
        assert (entry["event"], entry["name"], entry["at"]) == (leaf["event"], leaf["event"], leaf["at"])
        assert set(entry["body"]) <= set(leaf["body"])


@pytest.mark.parametrize("day", ["2026-06-01", "2028-06-01"])
def test_the_names_of_people_stay_out_unless_they_are_asked_for(town: Town, day: str) -> None:
    """Without names no name and no e-mail of a person is handed over; their ids are, and everything else is the same.

    The later day is one on which projects are stuck, and whom to ask is part of them.
    Seen to fail when names are left in the waivers, when the file names of personal records are, and when those who
    are to be asked about a stuck project had theirs.
    """
    furnished(town)
    town.on(day)
    people = town.engine.people()["people"]
    named, nameless = (town.engine.export_document(with_names=w) for w in (True, False))
    text = json.dumps(nameless)
    for person in people:
        assert f'"{person["name"]}"' not in text
        assert person["email"] not in text
    assert (nameless["projects"][0]["stuck"] is not None) == (day > "2027")
    used = {e["by"] for p in nameless["projects"] for e in p["history"]}
    assert used <= {p["id"] for p in people}
    assert "Rosa" not in text
    assert "Rosa" in json.dumps(named)
    waiver = nameless["projects"][0]["waivers"][0]
    assert {waiver["by"], waiver["second"]} <= {p["id"] for p in people}
    (passed,) = nameless["projects"][0]["gates"]
    assert [(d["name"], d["person"] in text) for d in passed["decided_by"]] == [(None, True), (None, True)]
    assert {r["name"] for r in nameless["projects"][0]["evidence"]} == {None}
    assert shape(nameless) == shape(named)


def test_a_field_called_name_is_no_name_of_a_person() -> None:
    """What a workflow calls `name` keeps its value, also beside its field `person`; the name beside an id does not.

    Seen to fail when the fields of a workflow were gone through for names.
    """
    project = {"fields": {"name": "Ward 7", "person": "a nurse"}, "owner": "p-1", "name": "Rosa"}
    assert _unnamed(project) == {**project, "name": None}


def test_an_erased_field_is_null_and_not_left_out(town: Town) -> None:
    """An exporter is told that a field was there: what was erased is null, as it is in every reading.

    Seen to fail when the field was left out.
    """
    town.open()
    record = town.add("priorities", facts=QUORUM | {"decisions": ["Rosa goes on"]})
    town.engine.erase(record, "A letter", SRO, ground="objection", actor=ADMIN)
    (listed,) = town.engine.export_document()["projects"][0]["evidence"]
    assert listed["facts"] == town.engine.evidence_show(record)["facts"]
    assert listed["facts"]["decisions"] is None


def shape(value: object) -> object:
    """Returns the members of JSON values, their values left out."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    return [shape(one) for one in value] if isinstance(value, list) else None


def test_all_projects_are_meant_where_none_is_named(town: Town) -> None:
    """Without a name every project is in the document, in the order of their ids; else those named, each once."""
    furnished(town)

    def ids(*wanted: str) -> list[str]:
        return [p["project"] for p in town.engine.export_document(wanted)["projects"]]

    assert ids() == ["CC-1", "CC-2"]
    assert ids("CC-2", "CC-1", "CC-2") == ["CC-2", "CC-1"]
    refused(NotFound, "no_such_project", lambda: ids("CC-9"))


# ------------------------------------------------------------------ the files


def test_an_export_writes_its_files_and_nothing_else(town: Town, tmp_path: Path) -> None:
    """The file is there with the bytes that are told; the ledger has not grown, and a second time is the same bytes."""
    furnished(town)
    size, engine = town.size, town.reopen(read_only=True)
    out = tmp_path / "feed.ics"
    found = engine.export_files(CALENDAR, out=out)
    (file,) = found["files"]
    assert found["projects"] == ["CC-1", "CC-2"]
    assert file == {
        "name": "deadlines.ics",
        "media_type": "text/calendar; charset=utf-8",
        "bytes": out.stat().st_size,
        "sha256": sha256(out.read_bytes()).hexdigest(),
        "path": str(out),
    }
    assert engine.export_files(CALENDAR, out=out, force=True)["files"] == [file]
    assert town.size == size
    assert [p.name for p in tmp_path.glob("*.making")] == []


def test_a_feed_follows_what_is_recorded(town: Town, tmp_path: Path) -> None:
    """Made again over itself, the calendar has a moved deadline under the same UID, and not what is gone.

    What nobody touched is the same bytes, whatever day it is.
    """
    furnished(town)
    out = tmp_path / "feed.ics"

    def fed() -> dict[str, Component]:
        town.engine.export_files(CALENDAR, out=out, force=True)
        return read_calendar(out.read_bytes()).events()

    before, first = fed(), out.read_bytes()
    town.on("2026-06-03")
    assert fed().keys() == before.keys()
    assert out.read_bytes() == first
    town.add("market-notice", facts={"published_on": "2026-06-03"})
    town.engine.add_evidence(PROJECT, "specification", level="co_production", files=[document("spec.pdf")], actor=LEAD)
    town.sign("specification", SRO, COCHAIR)
    after = fed()
    wait = f"{PROJECT}/wait/notice-wait/1@cocycle.example/town"
    waiver = f"{PROJECT}/waiver/specification/1@cocycle.example/town"
    assert before.keys() - after.keys() == {waiver}
    assert (before[wait]["DTSTART"], after[wait]["DTSTART"]) == ("20260613", "20260617")
    assert int(after[wait]["SEQUENCE"]) > int(before[wait]["SEQUENCE"])
    other = next(uid for uid in before if uid.startswith("CC-2/"))
    assert before[other] == after[other]


def test_nothing_is_written_over_unless_it_is_said(town: Town, tmp_path: Path) -> None:
    """A file that is there stays as it is, with the words how to replace it; a folder or a link never goes."""
    furnished(town)
    out = tmp_path / "feed.ics"
    out.write_text("mine")
    refused(InputRefused, "already_exists", lambda: town.engine.export_files(CALENDAR, out=out))
    assert out.read_text() == "mine"
    link = tmp_path / "link.ics"
    link.symlink_to(out)
    refused(InputRefused, None, lambda: town.engine.export_files(CALENDAR, out=link, force=True))
    refused(InputRefused, None, lambda: town.engine.export_files(CALENDAR, out=tmp_path / "none" / "feed.ics"))
    town.engine.export_files(CALENDAR, out=out, force=True)
    assert out.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")


def test_several_files_are_put_in_place_together(town: Town, tmp_path: Path, strange: Callable[..., Engine]) -> None:
    """Where one of several files is in the way none is written; a folder that is not there is made for several."""
    furnished(town)
    engine, out = strange(), tmp_path / "out"
    found = engine.export_files("strange/every", out=out)
    assert sorted(p.name for p in out.iterdir()) == ["CC-1.json", "CC-2.json"] == [f["name"] for f in found["files"]]
    (out / "CC-1.json").unlink()
    refused(InputRefused, "already_exists", lambda: engine.export_files("strange/every", out=out))
    assert [p.name for p in out.iterdir()] == ["CC-2.json"]
    refused(InputRefused, None, lambda: engine.export_files("strange/every", out=out / "CC-2.json"))


def test_an_exporter_of_one_project_wants_one(town: Town, tmp_path: Path, strange: Callable[..., Engine]) -> None:
    """Where it gets none or two it says so, and makes nothing; the same project named twice is one."""
    furnished(town)
    engine = strange()
    for wanted in ((), ("CC-1", "CC-2")):
        refused(InputRefused, None, lambda: engine.export_files("strange/single", wanted, out=tmp_path))  # noqa: B023  # called at once
    engine.export_files("strange/single", ("CC-1", "CC-1"), out=tmp_path)
    assert (tmp_path / "CC-1.json").exists()


def test_settings_given_for_once_go_before_those_of_the_surroundings(
    town: Town, tmp_path: Path, strange: Callable[..., Engine]
) -> None:
    """The exporter gets the settings of its plugin; what was given for this once wins, and is gone afterwards."""
    furnished(town)
    engine = strange(plugin_settings={"strange": {"a": "1", "b": "2"}, "other": {"c": "3"}})

    def handed(**values: str) -> Json:
        engine.export_files("strange/single", ["CC-2"], out=tmp_path / "it.json", values=values, force=True)
        found: Json = json.loads((tmp_path / "it.json").read_text())[1]
        return found

    assert handed(B="4") == {"a": "1", "b": "4"}
    assert handed() == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    "names", ["../out.txt", "a/b.txt", "/etc/passwd", "..", ".hidden", "a|A", "con.txt", "nul\x01"]
)
def test_a_name_that_leads_elsewhere_is_never_written(
    town: Town, tmp_path: Path, strange: Callable[..., Engine], names: str
) -> None:
    """Whatever an exporter calls its files, they are plain new files in the folder, or nothing is written at all."""
    furnished(town)
    out = tmp_path / "out"
    out.mkdir()
    before = sorted(p for p in tmp_path.rglob("*") if "town" not in p.name)
    engine = strange()
    refused(
        CocycleError,
        None,
        lambda: engine.export_files("strange/named", out=out, values={"names": f"good.txt|{names}"}),
    )
    assert sorted(p for p in tmp_path.rglob("*") if "town" not in p.name and "__pycache__" not in str(p)) == before


def test_an_exporter_that_is_not_there_is_told_with_those_that_are(town: Town, strange: Callable[..., Engine]) -> None:
    """A name that is near is offered, else the names there are; a plugin that fails says so in its own error."""
    engine = strange()
    error = refused(NotFound, "no_such_exporter", lambda: engine.export_files("strange/evry"))
    assert "Did you mean strange/every?" in error.message
    for name in ("nobody/here", "strange", "/", ""):
        refused(NotFound, "no_such_exporter", lambda: engine.export_files(name))  # noqa: B023  # called at once
    assert [e["exporter"] for e in engine.exporters()["exporters"]] == [
        "strange/every",
        "strange/named",
        "strange/single",
    ]
    refused(InputRefused, "nothing_exported", lambda: engine.export_files("strange/named"))


def test_a_setting_that_a_plugin_cannot_take_is_told_in_its_words(town: Town, tmp_path: Path) -> None:
    """A setting that the calendar cannot take is refused with the plugin's own sentence, and nothing is written."""
    furnished(town)
    error = refused(
        InputRefused,
        "cannot_export",
        lambda: town.engine.export_files(CALENDAR, out=tmp_path / "x.ics", values={"alarm_days": "soon"}),
    )
    assert "alarm_days is a number" in error.message
    assert not (tmp_path / "x.ics").exists()
