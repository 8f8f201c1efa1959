"""The answer of a gate as a to-do list: what is missing and who does it first, then everything that was looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from terminal import acts
from terminal.form import family
from terminal.scene import Scene
from terminal.screen import Page
from terminal.then import Then, say_then
from terminal.words import STATES, day, inside, moment, plain_id, together

Gate = Mapping[str, Any]


def render_gate(page: Page, gate: Gate, scene: Scene, then: Then = None) -> None:
    """Writes the whole answer: summary, to do, requirements, decisions, principles, earliest date, next command.

    With a point in the past, `then`, it says so first, and what was to do then is no advice for now.
    """
    say_then(page, then)
    page.say(gate["summary"])
    way = f", from {scene.stage(gate['from'])} to {scene.stage(gate['to'])}" if gate["to"] else ""
    page.say(f"Project {gate['project']}{way}, as of {day(gate['as_of'])}.")
    if gate["on_hold"]:
        page.say("The project is on hold: evidence may arrive, but nothing is decided and nothing moves.")
    _to_do(page, gate, scene, "To do" if then is None else "What was to do then")
    if gate["requirements"]:
        page.heading("Requirements")
        for requirement in gate["requirements"]:
            _requirement(page, requirement, scene)
    if gate["gate"] is not None:
        _decisions(page, gate["decisions"], scene, broken=bool(_broken_plugins(gate)))
    if gate["principles"]:
        _principles(page, gate["principles"], scene)
    if gate["earliest_open"] and not gate["open"]:
        page.gap()
        soon = ", as soon as all this is done" if gate["earliest_open"] == gate["as_of"] else ""
        page.say(f"Earliest date it can open: {day(gate['earliest_open'])}{soon}.")
    now = scene.asked.command("gate", gate["project"], plain=True)
    next_command = command_after(gate, scene) if then is None else now
    if next_command:
        page.heading("Next")
        page.command(next_command)


def _to_do(page: Page, gate: Gate, scene: Scene, heading: str) -> None:
    if not gate["acts"]:
        return
    page.heading(heading)
    for number, act in enumerate(gate["acts"], start=1):
        page.numbered(number, acts.what(scene, act))
        if anew := _anew(gate, act, scene):
            page.say(anew, 5)
        for line in acts.particulars(scene, act):
            page.say(line, 5)


def _anew(gate: Gate, act: Gate, scene: Scene) -> str:
    """Returns why something that holds is handed in anew; empty for other acts.

    Either a plugin asks for it, which judges another requirement by it; or it is a decision, and what it should rest
    on would come after it.
    """
    name = act["requirement"]
    every = _all(gate["requirements"])
    holds = any(r["id"] == name and r["state"] == "met" for r in every)
    if act["act"] != "add_evidence" or not holds:
        return ""
    asking = [
        f"“{r['title']}”"
        for r in every
        if r.get("plugin") and any(n["act"] == "add_evidence" and n["requirement"] == name for n in r["needs"])
    ]
    if asking:
        return f"One is there already, and it does not do for {together(asking)}."
    supporting = {r["id"] for g in scene.document["gates"] for r in family(g["requires"]) if r.get("supports") == name}
    handed_in = [
        a["requirement"] for a in gate["acts"] if a["act"] == "add_evidence" and a["requirement"] in supporting
    ]
    if not handed_in:
        return ""
    after = together(f"“{scene.requirement(one)}”" for one in handed_in)
    return f"It is there already, but {after} would come after it and not count for it. It is taken anew."


def _requirement(page: Page, requirement: Gate, scene: Scene, indent: int = 2, *, spared: bool = False) -> None:
    """Writes a requirement and those inside it; `spared` where the group around it holds without it."""
    state = requirement["state"]
    word, colour = ("Not needed", "cyan") if spared and state in ("unmet", "pending") else STATES[state]
    law = " (required by law)" if requirement["law"] else ""
    page.labelled(word, f"{requirement['title']}{law}  [{requirement['id']}]", indent, colour)
    for why in requirement["why"]:
        page.beside(why, indent)
    if plugin := requirement.get("plugin"):
        judged = f"Judged by the plugin {plugin['plugin']} {plugin['version']}."
        page.beside(judged if plugin["version"] else f"The plugin {plugin['plugin']} has to judge it.", indent)
    waiver = requirement["waiver"]
    if waiver:
        people = together(scene.name_of(waiver[one]) for one in ("by", "second"))
        page.beside(f"Waived by {people}: {waiver['reason'] or 'the reason was erased'}", indent)
    for child in requirement["of"]:
        _requirement(page, child, scene, indent + 2, spared=spared or state in ("met", "waived"))


def _decisions(page: Page, decisions: Sequence[Gate], scene: Scene, *, broken: bool) -> None:
    page.heading("Decisions so far")
    if not decisions:
        page.say("None that can be shown to hold while a plugin does not answer." if broken else "None yet.", 2)
    for decision in decisions:
        word = "Dissents" if decision["dissent"] else "Passes"
        name = decision["name"] or "someone whose name was erased"
        page.labelled(word, f"{name}, {inside(scene.role(decision['role']))}, on {moment(decision['at'])}")
        if decision["dissent"]:
            page.beside(decision["words"] or "The words were erased.")


def _principles(page: Page, principles: Sequence[Gate], scene: Scene) -> None:
    page.heading("Principles")
    for principle in principles:
        title = principle.get("title") or scene.titles["principles"].get(principle["id"]) or plain_id(principle["id"])
        if principle["evidenced"]:
            by = together(f"“{scene.requirement(r)}”" for r in principle["by"])
            page.labelled("Evidenced", f"{title}, by {by}", colour="green")
        else:
            page.labelled("Not yet", title, colour="red")


def command_after(gate: Gate, scene: Scene) -> str:
    """Returns the next command to type after a gate's answer; empty in a final stage."""
    if gate["to"] is None:
        return ""
    if gate["on_hold"]:
        manager = scene.holders(["programme_manager", "admin"])
        who = manager[0].email if manager else None
        return scene.asked.command("project", "resume", gate["project"], "--reason", "…", actor=who)
    if gate["open"]:
        movers = scene.holders([*scene.titles["roles"], "programme_manager"])
        who = movers[0].email if movers else None
        return scene.asked.command("advance", gate["project"], "--to", gate["to"], actor=who)
    if not gate["acts"] and gate["frozen"]:
        return scene.asked.command("project", "show", gate["project"], plain=True)
    if not gate["acts"] and _broken_plugins(gate):
        return scene.asked.command("plugin", "list", plain=True)
    if not gate["acts"]:
        return scene.asked.command("workflow", "show", gate["definition"], plain=True)
    act = gate["acts"][0]
    return acts.command(scene, act, avoided(gate, act, scene))


def _broken_plugins(gate: Gate) -> list[str]:
    """Returns the plugins that should judge a requirement and do not answer, or answer wrongly."""
    every = _all(gate["requirements"])
    return [r["plugin"]["plugin"] for r in every if r["state"] == "error" and r.get("plugin")]


def avoided(gate: Gate, act: Gate, scene: Scene) -> frozenset[str]:
    """Returns who had better not do it: whoever handed in what is signed, whoever has signed or decided already."""
    if "affirm" in act["detail"]:
        return frozenset()
    if act["act"] == "decide":
        return frozenset(d["person"] for d in gate["decisions"] if not d["dissent"])
    if act["act"] == "add_evidence":  # whoever hands in what one role alone signs could not sign it
        signing = [a["roles"] for a in gate["acts"] if a["act"] == "sign" and a["requirement"] == act["requirement"]]
        if len(signing) > 1 and scene.asked.person is not None:
            return frozenset()
        return frozenset(p.id for roles in signing for p in scene.holders(roles))
    if act["act"] != "sign":
        return frozenset()
    signed = {s["person"] for r in _all(gate["requirements"]) if r["id"] == act["requirement"] for s in r["signatures"]}
    submitter = scene.submitters.get(act["requirement"])
    return frozenset(signed | ({submitter} if submitter else set()))


def _all(requirements: Sequence[Gate]) -> list[Gate]:
    return [one for r in requirements for one in (r, *_all(r["of"]))]
