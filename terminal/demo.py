"""`cocycle demo`: a register of sample projects, and a tour of what it shows."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.api import InputRefused
from terminal.act_words import said
from terminal.asked import Asked
from terminal.by_hand import (
    alter_by_hand,
    copy_aside,
    keep_checkpoint,
    remove_old,
    tell_altered,
    tell_older,
    thin_meeting,
)
from terminal.coming import tell_coming
from terminal.playing import LONDON, Act, Played, confirm_clock, perform, play, stories, tour_acts
from terminal.render_gate import render_gate
from terminal.render_project import render_board
from terminal.scene import Scene, scene_of
from terminal.screen import Page, page_for, print_answer, print_json
from terminal.stories import Story, tell
from terminal.words import count, day, inside

PLACE = Path("cocycle-demo") / "cocycle.db"
"""Where the demonstration's register is made unless `--db` says otherwise."""
FORGED = "CC-001"
TODAY = datetime(2026, 6, 30, 9, 0, tzinfo=LONDON)


def run(asked: Asked, *, serve: bool) -> None:
    """Makes the register, plays the histories, and walks through them; with `--json` only says what was made.

    Raises:
        InputRefused: there is something where the register should be.
    """
    if serve:
        raise InputRefused("This version has no pages yet; run `cocycle demo` without --serve.")
    where = Path(asked.db) if asked.db else PLACE
    asked.db = str(where)
    where.parent.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    played = play(where)
    seconds = time.perf_counter() - started
    played.clock.set(TODAY)
    try:
        if asked.json:
            confirm_clock(played)
            print_json(_made(played, where))
        else:
            _tour(asked, played, seconds)
    finally:
        played.engine.close()


def _made(played: Played, where: Path) -> Mapping[str, Any]:
    found = played.engine.verify()
    projects = [p["project"] for p in played.engine.projects()["projects"]]
    return {
        "register": str(where),
        "projects": projects,
        "acts": played.acts,
        "refused": played.refused,
        "size": found["size"],
        "ok": found["ok"],
    }


def _tour(asked: Asked, played: Played, seconds: float) -> None:
    project, acts = tour_acts()
    where = Path(asked.register)
    remove_old(where)
    older = copy_aside(played.engine, where)
    _tell(lambda page: _opening(page, played, seconds))
    _tell(lambda page: _board(page, asked, played))
    for story in stories("before"):
        _tell(lambda page, story=story: _story(page, 2, played, story))
    scene = scene_of(played.engine, asked, project)
    _tell(lambda page: _gate(page, f"3. Why {project} may not go on", played, scene))
    _tell(lambda page: _doing(page, played, scene, acts))
    _tell(lambda page: _opened(page, played, scene))
    for story in stories("after"):
        _tell(lambda page, story=story: _story(page, 6, played, story))
    _tell(lambda page: _checked(page, played))
    kept = keep_checkpoint(played.engine, where)
    _tell(lambda page: _altered(page, played, where))
    _tell(lambda page: tell_older(page, older, kept))
    _tell(lambda page: tell_coming(page, played))
    confirmed = confirm_clock(played)
    _tell(lambda page: _ending(page, asked, project, where, confirmed=confirmed))


def _story(page: Page, number: int, played: Played, story: Story) -> None:
    page.heading(f"{number}. {story['title']}: {story['project']}")
    tell(page, story, played)


def _tell(write: Any) -> None:
    page = page_for("out")
    write(page)
    print_answer(page.text() + "\n")


def _opening(page: Page, played: Played, seconds: float) -> None:
    page.heading("cocycle: gates that cannot be argued with")
    page.say(
        f"Eight fictional commissioning projects were just played through the engine, from {day(played.first_day)}"
        f" to {day(TODAY.date().isoformat())}: {played.acts} acts in {seconds:.1f} seconds, each judged, recorded and"
        f" sealed. {count(played.refused, 'act was', 'acts were')} refused along the way, as the stories say."
    )


def _board(page: Page, asked: Asked, played: Played) -> None:
    page.heading(f"1. The board on {day(TODAY.date().isoformat())}")
    found = played.engine.projects()
    first = {p["workflow"]: p["project"] for p in found["projects"]}
    scenes = {workflow: scene_of(played.engine, asked, project) for workflow, project in first.items()}
    render_board(page, found, asked, scenes, TODAY.date().isoformat())


def _gate(page: Page, heading: str, played: Played, scene: Scene) -> None:
    page.heading(heading)
    page.say(f"`cocycle gate {scene.project}` answers:")
    page.gap()
    render_gate(page, played.engine.gate(scene.project), scene)


def _doing(page: Page, played: Played, scene: Scene, acts: list[Act]) -> None:
    page.heading("4. Doing what the answer says, and nothing else")
    for act in acts:
        answer = perform_on_its_day(played, scene.project, act)
        who = next(str(p["name"]) for p in scene.people if p["email"] == played.emails[act["by"]])
        page.labelled(day(act["on"]), f"{who}: {said(act, scene)}. Entry {answer['seq']} of the ledger.")


def perform_on_its_day(played: Played, project: str, act: Act) -> Mapping[str, Any]:
    """Does an act of the tour with the clock put to its day."""
    played.clock.set(datetime.fromisoformat(f"{act['on']}T{act['at']}").replace(tzinfo=LONDON))
    answer = perform(played, project, act)
    assert answer is not None, "no act of the tour is expected to be refused"
    return answer


def _opened(page: Page, played: Played, scene: Scene) -> None:
    page.heading("5. The gate opens, and the project moves")
    page.say(played.engine.gate(scene.project)["summary"])
    mover = scene.holders(["sro"])[0]
    found = played.engine.advance(scene.project, actor=mover.email)
    page.say(
        f"{mover.name}, {inside(scene.role('sro'))}, moved it from {scene.stage(found['from'])} to"
        f" {scene.stage(found['to'])}: {found['outcome'].replace('_', ' ')}, entry {found['seq']} of the ledger."
    )


def _checked(page: Page, played: Played) -> None:
    page.heading("7. The ledger, checked")
    started = time.perf_counter()
    found = played.engine.verify()
    seconds = time.perf_counter() - started
    page.say(
        f"{'In order' if found['ok'] else 'NOT in order'}: {found['size']} entries hashed again, the tree rebuilt,"
        f" {count(found['states_checked'], 'project')} replayed and compared with what is stored, and"
        f" {count(found['rejudged'], 'decision')} judged again under the rules of their day, in {seconds:.1f} seconds."
        f" {count(len(found['problems']), 'problem')}."
    )
    page.say(f"Root of the tree: {found['root']}")


def _altered(page: Page, played: Played, where: Path) -> None:
    page.heading("8. Somebody alters it")
    seq, lived, everyone = thin_meeting(played.engine, FORGED)
    more = lived + 4
    member = '"lived_experience":'
    altered = alter_by_hand(played.engine, where, seq, f"{member}{lived}", f"{member}{more}")
    tell_altered(
        page,
        altered,
        f"The gate of {FORGED} was shut because {lived} of {everyone} people in the room had lived experience. In a"
        f" copy of the register somebody has made that {more}: one digit in entry {seq}, and nothing else.",
    )


def _ending(page: Page, asked: Asked, project: str, where: Path, *, confirmed: bool) -> None:
    page.heading("Try next")
    if confirmed:
        page.say(
            "These projects end in the past. The admin has confirmed that this machine's clock is right all the same,"
            " as somebody must wherever nothing was recorded for a day, so you can go on with them."
        )
    page.command(asked.command("project", "list", plain=True))
    page.command(asked.command("gate", "CC-007", "--at", "2026-07-15", plain=True))
    page.command(asked.command("deadlines", "--within", "60", plain=True))
    page.command(asked.command("sweep", plain=True))
    page.command(asked.command("project", "plan", "CC-004", plain=True))
    page.command(asked.command("project", "history", project, plain=True))
    page.command(asked.command("project", "show", "CC-008", plain=True))
    page.command(asked.command("ledger", "verify", plain=True))
    page.command(asked.command("audit", "pack", "CC-001", "--out", str(where.with_name("pack")), plain=True))
