"""A project on one page, its history, and all projects as a board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from terminal.acts import accepting, command, particulars, what
from terminal.asked import Asked
from terminal.form import project_fields, titled
from terminal.refused import NOT_KNOWN, render_refused
from terminal.render_gate import avoided
from terminal.render_stuck import say_stuck
from terminal.scene import Scene
from terminal.screen import Page
from terminal.then import Then, say_then
from terminal.words import OUTCOMES, count, day, inside, moment, plain_id, together

Answer = Mapping[str, Any]


def render_project(page: Page, found: Answer, scene: Scene, then: Then = None) -> None:
    """Writes where a project is, since when, what it waits for, what it records, and the gates it passed.

    With a point in the past, `then`, it says so first, and offers nothing to do but to look at the present.
    """
    say_then(page, then)
    page.say(f"{found['project']}: {found['title'] or 'the title was erased'}")
    page.gap()
    cycle = f", cycle {found['cycle']}" if found["cycle"] > 1 else ""
    page.labelled("Workflow", found.get("workflow_title") or found["workflow"], 0)
    page.labelled("Stage", scene.stage(found["stage"]) + cycle, 0)
    page.labelled("Since", day(found["since"]), 0)
    if found["expected_by"]:
        late = " (overdue)" if found["expected_by"] < found["as_of"] and not found.get("final") else ""
        page.labelled("Expected by", day(found["expected_by"]) + late, 0)
    if stuck := found.get("stuck"):
        say_stuck(page, stuck)
    if hold := found.get("hold"):
        page.labelled(
            "On hold", f"since {day(hold['since'])}: {hold['reason'] or 'the reason was erased'}", 0, "yellow"
        )
    if found["waiting_for"]:
        page.labelled("Waiting for", together(inside(scene.role(r)) for r in found["waiting_for"]), 0)
    if profile := found.get("profile"):
        page.labelled("Profile", f"{plain_id(profile)}. {found.get('profile_reason') or ''}".strip(), 0)
    if found["fields"]:
        page.heading("What it records")
        page.columns(titled(project_fields(scene.document), found["fields"]))
    _ways(page, found.get("ways", ()))
    _passings(page, found["gates"], scene)
    _waivers(page, found.get("waivers", ()), scene)
    render_refused(page, found.get("refused", ()), scene)
    if then is not None:
        page.heading("Next")
        page.command(scene.asked.command("project", "show", found["project"], plain=True))
    elif not found.get("final"):
        page.heading("Next")
        for line in next_for(found, scene):
            page.command(line)


def _ways(page: Page, ways: Sequence[Answer]) -> None:
    if ways:
        page.heading("Ways out of this stage")
        page.columns([(way["act"], way["summary"]) for way in ways])


def _passings(page: Page, passings: Sequence[Answer], scene: Scene) -> None:
    page.heading("Gates passed")
    if not passings:
        page.say("None yet.", 2)
    for one in passings:
        title = one.get("gate_title") or plain_id(one["gate"])
        outcome = OUTCOMES.get(one["outcome"], plain_id(one["outcome"]))
        word, colour = _soundness(one)
        page.labelled(word, f"{title}: {outcome} on {day(one.get('at'))}, ledger entry {one['seq']}", colour=colour)
        deciders = [
            f"{d.get('name') or scene.name_of(d['person'])} ({scene.role(d['role'])})" for d in one["decided_by"]
        ]
        if deciders:
            page.beside(f"Decided by {together(deciders)}.")
        if one.get("set_aside") and one["why_unsound"]:
            page.beside("What it rested on no longer stands, and the gate was passed again since.")
        for why in () if one.get("set_aside") else one["why_unsound"]:
            page.beside(why)
        for erasure in one.get("erasures", ()):
            page.beside(erasure)
        for line in dict.fromkeys(_by_plugin(said) for said in one.get("plugins", ())):
            page.beside(line)
        for condition in one.get("conditions", ()):
            page.beside(_condition(condition, scene))
        _to_right(page, one, scene)
        if affirmed := [str(a.get("name") or scene.name_of(a["person"])) for a in one.get("affirmed_by", ())]:
            page.beside(f"Affirmed by {together(affirmed)}.")


def _by_plugin(said: Answer) -> str:
    """Returns which plugin gave a verdict then, and whether it is the one that is here now."""
    then = f"Judged in part by the plugin {said['plugin']} {said['version']}"
    match said.get("here"):
        case "absent":
            return f"{then}, which is not here now; what it said is on record."
        case "another":
            return f"{then}; what it said is on record. The one that is here now ({said['here_version']}) is another."
        case _:
            return f"{then}."


def _to_right(page: Page, passing: Answer, scene: Scene) -> None:
    """Writes what makes a passed gate sound again; nothing where it is sound or nothing does any more."""
    acts = passing.get("acts", ())
    if acts:
        page.beside("To put it right:")
    for number, act in enumerate(acts, start=1):
        page.beside(f"{number}. {what(scene, act)}")
        fresh = {**act["detail"], "fresh": None}  # whatever is handed in now came after that stage was entered
        for line in particulars(scene, {**act, "detail": fresh} if act["detail"].get("fresh") == "this stage" else act):
            page.beside(line, 5)
    if acts and passing["if_unsound"] == "reopens":
        page.beside("Whatever is done next puts the project back to this gate, which is then passed again.")


def next_for(found: Answer, scene: Scene) -> list[str]:
    """Returns the commands that go on: the first that puts a passed gate right, where one is lost; the gate ahead."""
    acts: Sequence[Answer] = next((one["acts"] for one in found["gates"] if one.get("acts")), ())
    lines = [scene.asked.command("gate", found["project"], plain=True)]
    if acts and not found["on_hold"] and (acts[0]["not_before"] or "") <= found["as_of"]:
        around = {"acts": acts, "requirements": (), "decisions": ()}
        lines.insert(0, command(scene, acts[0], avoided(around, acts[0], scene)))
    return lines


def _soundness(passing: Answer) -> tuple[str, str]:
    """Returns the word and the colour for a passing; never the colour alone."""
    if passing.get("reopened"):
        return "Reopened", "yellow"
    if passing.get("set_aside"):
        return "Passed again", "cyan"
    return ("Sound", "green") if passing["sound"] else ("No longer sound", "red")


_CONDITION_STATES = {"open": "to be met", "overdue": "overdue", "void": "no longer asked for"}


def _condition(condition: Answer, scene: Scene) -> str:
    """Returns a condition in a sentence: its number, who owns it, by when, and how it stands."""
    owner = condition.get("name") or scene.name_of(condition["owner"])
    text = condition["text"] or "the words were erased"
    said = f"Condition {condition['number']}, {owner} by {day(condition['due'])}: {text}"
    if condition["met_on"] is None:
        return f"{said} ({_CONDITION_STATES[condition['state']]})"
    return f"{said} (met on {day(condition['met_on'])}, accepted by {condition['met_by'] or 'someone erased'})"


def render_conditions(page: Page, found: Sequence[Answer], scene: Scene) -> None:
    """Writes the conditions of a project, passing by passing, and the command that accepts the first open one."""
    if not found:
        page.say("No gate of this project was passed with a condition.")
        return
    for (seq, title), group in groupby(found, key=lambda c: (c["passing"], c["gate_title"])):
        page.heading(f"{title}, ledger entry {seq}")
        for one in group:
            page.say(_condition(one, scene), 2)
            if one["met_how"]:
                page.say(one["met_how"], 4)
    waiting = sorted((c for c in found if c["state"] in ("open", "overdue")), key=lambda c: str(c["due"]))
    if waiting:
        words = [scene.project, str(waiting[0]["passing"]), str(waiting[0]["number"]), "--reason", "…"]
        page.heading("Next")
        someone = accepting(scene, waiting[0]["gate"], waiting[0]["owner"])
        page.command(scene.asked.command("condition", "met", *words, actor=someone))


def _waivers(page: Page, waivers: Sequence[Answer], scene: Scene) -> None:
    if not waivers:
        return
    page.heading("Waivers")
    for one in waivers:
        people = together(str(one[p] or "someone whose name was erased") for p in ("by", "second"))
        reason = one["reason"] or "the reason was erased"
        page.say(f"{scene.requirement(one['requirement'])}, until {day(one['until'])}, by {people}: {reason}", 2)


def render_board(
    page: Page, found: Answer, asked: Asked, titles: Mapping[str, Scene], today: str, filters: Sequence[str] = ()
) -> None:
    """Writes the projects grouped by workflow and stage.

    Args:
        page: where to write.
        found: the engine's answer.
        asked: what was asked for beside the command.
        titles: the scene of one project of each workflow, by the workflow's id.
        today: the day that decides what is overdue, ISO.
        filters: the words that the projects were chosen by, to be said again for the next page.
    """
    projects = found["projects"]
    if not projects:
        page.say("No project is like that." if filters else "There is no project yet.")
        page.heading("Next")
        if filters:
            page.command(asked.command("project", "list", plain=True))
        else:
            page.command(asked.command("project", "new", "TITLE", "--workflow", "WORKFLOW"))
        return
    page.say(f"{count(len(projects), 'project')}{' on this page' if found['next'] else ''}.")
    ordered = sorted(projects, key=lambda p: _place(p, titles))
    for (workflow, stage), group in groupby(ordered, key=lambda p: (p["workflow"], p["stage"])):
        members = list(group)
        of = f", {titles[workflow].document['title']}" if len(titles) > 1 else ""
        page.heading(f"{titles[workflow].stage(stage)} ({len(members)}){of}")
        page.columns([_row(p, titles[workflow], today) for p in members])
        if "--unsound" in filters:
            for one in members:
                page.say(f"{one['project']}:", 2)
                for why in one["why_unsound"]:
                    page.say(why, 4)
    page.heading("Next")
    if found["next"]:
        page.command(asked.command("project", "list", *filters, "--after", found["next"], plain=True))
    page.command(asked.command("gate", ordered[0]["project"], plain=True))


def _place(project: Answer, titles: Mapping[str, Scene]) -> tuple[str, int]:
    stages = list(titles[project["workflow"]].titles["stages"])
    stage = project["stage"]
    return project["workflow"], stages.index(stage) if stage in stages else len(stages)


def _row(project: Answer, scene: Scene, today: str) -> tuple[str, str, str, str]:
    expected = project["expected_by"]
    overdue = bool(expected) and expected < today and not project.get("final")
    notes = [
        word
        for word, so in (
            ("overdue", overdue),
            ("on hold", project["on_hold"]),
            ("a passed gate is no longer sound", project["unsound"]),
        )
        if so
    ]
    waiting = [inside(scene.role(r)) for r in project["waiting_for"]]
    if len(waiting) > 3:
        waiting = [*waiting[:2], f"{len(waiting) - 2} more roles"]
    if waiting:
        notes.append(f"waiting for {together(waiting)}")
    due = f"expected {day(expected)}" if expected and not project.get("final") else ""
    said = "; ".join(notes)
    return project["project"], project["title"] or "(title erased)", due, said[:1].upper() + said[1:]


def render_history(page: Page, found: Sequence[Answer], scene: Scene) -> None:
    """Writes what happened, oldest first: the place in the ledger, when, who, what; a correction below its entry."""
    from terminal.happened import corrected, happened

    rows = []
    for e in found:
        stranger = e["event"] == "refused" and e["by"] == "system"
        who = NOT_KNOWN if stranger else e["name"] or e["by"]
        rows.append((f"{e['seq']}", moment(e["at"]), who, happened(e, scene)))
        for c in e.get("corrections", ()):
            rows.append((f"{c['seq']}", moment(c["at"]), c["name"] or c["by"], corrected(e["seq"], c)))
    page.columns(rows)
