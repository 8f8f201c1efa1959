"""Plays the histories of the sample projects through the engine, act by act, on a clock of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.api import (
    CocycleError,
    Engine,
    FileGiven,
    InputRefused,
    RulesRefused,
    SetClock,
    SystemClock,
    create_register,
    given,
    read_record,
    workflows_folder,
)

LONDON = ZoneInfo("Europe/London")
SAMPLES = "commissioning-cycle/samples"
ADMIN = "admin@example.org"
Act = Mapping[str, Any]


@dataclass(slots=True)
class Played:
    """A register with its histories played, and what it took."""

    engine: Engine
    clock: SetClock
    emails: dict[str, str]
    acts: int = 0
    refused: int = 0
    first_day: str = ""


def play(where: Path) -> Played:
    """Makes a register at `where` and plays every act of the samples through the engine, on a clock of its own.

    Raises:
        InputRefused: something is at `where` already.
        RulesRefused: an act was refused that the samples do not expect to be, or accepted that they do not.
    """
    samples = read_record((workflows_folder() / SAMPLES / "projects.yaml").read_bytes(), "projects.yaml")
    acts = sorted(_acts(samples), key=lambda pair: (pair[1]["on"], pair[1]["at"]))
    clock = SetClock(_moment(acts[0][1]).replace(hour=8))
    engine, _ = create_register(where, origin="cocycle.example/demo", admin=ADMIN, name="Alex Admin", clock=clock)
    played = Played(engine, clock, _emails(samples), first_day=acts[0][1]["on"])
    for key, person in samples["people"].items():
        engine.add_person(played.emails[key], person["name"], roles=person["roles"], actor=ADMIN)
    known = set(samples["people"])
    for project, act in acts:
        clock.set(_moment(act))
        if act["do"] == "open":
            _people(played, project, known)
        perform(played, project["id"], act, project)
        if act["do"] == "open":
            for key, person in project["people"].items():
                for role in person["roles"]:
                    engine.grant(played.emails[key], role, project=project["id"], actor=ADMIN)
    return played


def confirm_clock(played: Played) -> bool:
    """Has the demonstration's admin confirm the clock of this machine, so that others can go on from here.

    The histories end in the past, and whoever acts next acts by the machine's clock. Returns False where there was
    nothing to confirm, or where the machine's clock says that they are still to come.
    """
    played.clock.set(SystemClock().now())
    try:
        played.engine.confirm_clock(actor=ADMIN)
    except RulesRefused:
        return False
    return True


def _acts(samples: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Act]]:
    for project in samples["projects"]:
        for act in project["acts"]:
            yield project, act


def _emails(samples: Mapping[str, Any]) -> dict[str, str]:
    groups = [samples["people"], *(project["people"] for project in samples["projects"])]
    return {key: person["email"] for group in groups for key, person in group.items()}


def _moment(act: Act) -> datetime:
    return datetime.fromisoformat(f"{act['on']}T{act['at']}").replace(tzinfo=LONDON)


def _people(played: Played, project: Mapping[str, Any], known: set[str]) -> None:
    for key, person in project["people"].items():
        if key not in known:
            known.add(key)
            played.engine.add_person(person["email"], person["name"], actor=ADMIN)


def perform(played: Played, project: str, act: Act, opening: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """Does one act of the samples; returns its answer, or None where it was refused as expected."""
    played.acts += 1
    expected = act.get("expect") == "refused"
    try:
        answer = _do(played, project, act, opening or {})
    except RulesRefused as refusal:
        if not expected:
            raise RulesRefused(f"{project}, {act['on']}, {act['do']}: {refusal.message}") from refusal
        played.refused += 1
        return None
    except CocycleError as error:
        raise InputRefused(f"{project}, {act['on']}, {act['do']}: {error.message}") from error
    if expected:
        raise RulesRefused(f"{project}, {act['on']}, {act['do']}: this should have been refused.")
    return answer


def _do(played: Played, project: str, act: Act, opening: Mapping[str, Any]) -> dict[str, Any]:
    engine, actor = played.engine, played.emails[act["by"]]
    requirement = act.get("requirement", "")
    match act["do"]:
        case "open":
            return engine.new_project(
                opening["title"], opening["workflow"], project_id=project, fields=opening["fields"], actor=actor
            )
        case "evidence":
            return engine.add_evidence(
                project,
                requirement,
                level=act.get("level"),
                facts=_facts(engine, project, act),
                files=_file(project, act),
                happened_on=act.get("happened_on"),
                actor=actor,
            )
        case "sign":
            return engine.sign(project, requirement, role=act.get("role"), actor=actor)
        case "withdraw":
            return engine.withdraw(_newest(engine, project, requirement), act["reason"], actor=actor)
        case "regrade":
            return engine.regrade(_newest(engine, project, requirement), act["level"], act["reason"], actor=actor)
        case "waive":
            second = played.emails[act["second"]]
            return engine.waive(project, requirement, act["reason"], act["until"], second, actor=actor)
        case "decide":
            return engine.decide(project, role=act.get("role"), dissent=act.get("dissent"), actor=actor)
        case "met":
            passing, number = _condition(engine, project)
            return engine.meet_condition(project, passing, number, act["reason"], actor=actor)
        case "advance":
            conditions = [(c["text"], played.emails[c["owner"]], c["due"]) for c in act.get("conditions", ())]
            way = act.get("act")
            return engine.advance(project, act=way, reason=act.get("reason"), conditions=conditions, actor=actor)
        case "set":
            return engine.set_fields(project, act["set"], actor=actor)
        case "hold":
            return engine.hold(project, act["reason"], actor=actor)
        case "resume":
            return engine.resume(project, act["reason"], actor=actor)
    raise InputRefused(f"The samples name an act that there is not: {act['do']}.")


def _facts(engine: Engine, project: str, act: Act) -> Mapping[str, Any]:
    """Returns the fields of a record; the requirements in `answers` stand for the newest record of each."""
    facts = dict(act.get("set", {}))
    if "answers" in act:
        facts["answers"] = [_newest(engine, project, requirement) for requirement in act["answers"]]
    return facts


def _file(project: str, act: Act) -> list[FileGiven]:
    if "file" not in act:
        return []
    text = f"{project}: {act['requirement']}\nA stand-in for {act['file']}, as of {act['on']}.\n"
    return [given(act["file"], text.encode())]


def _newest(engine: Engine, project: str, requirement: str) -> str:
    records = engine.evidence_list(project)["evidence"]
    return str([r["evidence"] for r in records if r["requirement"] == requirement and r["state"] == "current"][-1])


def _condition(engine: Engine, project: str) -> tuple[int, int]:
    """Returns the first condition still to be met: the entry of its passing, and its number there."""
    gates = engine.project(project)["gates"]
    return next((g["seq"], c["number"]) for g in gates for c in g["conditions"] if c["met_on"] is None)


def tour_acts() -> tuple[str, list[Act]]:
    """Returns the project of the tour and the acts that open its gate."""
    tour = read_record((workflows_folder() / SAMPLES / "tour.yaml").read_bytes(), "tour.yaml")
    return tour["project"], tour["acts"]


def stories(which: str) -> list[Mapping[str, Any]]:
    """Returns the stories that are told `before` or `after` the gate of the tour is opened."""
    tour = read_record((workflows_folder() / SAMPLES / "tour.yaml").read_bytes(), "tour.yaml")
    found: list[Mapping[str, Any]] = tour[which]
    return found
