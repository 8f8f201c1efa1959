"""Says an event in words, for the history of a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from terminal.refused import refused_words
from terminal.scene import Scene
from terminal.words import OUTCOMES, count, day, inside, level, plain_id, together


def happened(entry: Mapping[str, Any], scene: Scene) -> str:
    """Returns one sentence for an entry of a project's history."""
    if entry.get("text"):
        return str(entry["text"])
    body, words = entry.get("body", {}), entry.get("words", {})

    def word(name: str) -> str:
        return str(words.get(name) or "(erased)")

    match entry["event"]:
        case "project_opened":
            return f"Opened “{word('title')}” in {scene.stage(body['stage'])}."
        case "fields_set":
            names = [*body["fields"], *(n.removeprefix("field.") for n in words)]
            return f"Set {together(scene.titles['fields'].get(n) or plain_id(n) for n in dict.fromkeys(names))}."
        case "evidence_added":
            files = f", {count(len(body['files']), 'file')}" if body["files"] else ""
            claimed = f", level {level(body['level'])}" if body["level"] else ""
            about = scene.requirement(body["requirement"])
            return f"Handed in evidence for “{about}”{claimed}{files}{_examined(body)}: {body['evidence']}."
        case "evidence_withdrawn":
            return f"Withdrew the evidence {body['evidence']}: {word('reason')}"
        case "evidence_erased":
            items = [*(n for _, names in body["words"] for n in names), *body["files"]]
            return f"Erased {count(len(items), 'thing')} of the evidence {body['evidence']}: {word('authority')}"
        case "words_erased":
            return f"Erased what was typed in entry {body['entry']}: {word('authority')}"
        case "evidence_regraded":
            return f"Judged the evidence {body['evidence']} down to {level(body['level'])}: {word('reason')}"
        case "signed":
            shown = len(body.get("contradictions", ()))
            seen = f", with {count(shown, 'contradiction')} shown" if shown else ""
            return f"Signed “{scene.requirement(body['requirement'])}” as {inside(scene.role(body['role']))}{seen}."
        case "waived":
            about = scene.requirement(body["requirement"])
            return f"Waived “{about}” until {day(body['until'])}: {word('reason')}"
        case "decided":
            gate = scene.titles["gates"].get(body["gate"]) or plain_id(body["gate"])
            role = inside(scene.role(body["role"]))
            said = f"Dissented at the {gate}" if body["dissent"] else f"Decided to pass the {gate}"
            return f"{said} as {role}{': ' + word('dissent') if body['dissent'] else '.'}"
        case "decisions_lapsed":
            return f"{count(len(body['decisions']), 'decision')} lapsed, because what was decided on changed."
        case "gate_unsound":
            lost = [f"“{scene.requirement(r)}”" for r in body["requirements"]]
            lost += [f"condition {place + 1}" for place in body.get("conditions", ())]
            return f"{_gate(body, scene)} (entry {body['passing']}) is no longer sound: {together(lost)}."
        case "condition_met":
            number, passing = body["condition"] + 1, body["passing"]
            return f"Accepted that condition {number} of entry {passing} is met: {word('reason')}"
        case "affirmed":
            role = inside(scene.role(body["role"]))
            again = "; it is sound again." if body["heals"] else "."
            return f"Affirmed the {inside(_gate(body, scene))} (entry {body['passing']}) as {role}{again}"
        case "gate_reopened":
            back = f"from {scene.stage(body['from'])} to {scene.stage(body['to'])}"
            return f"Put back {back}: {_gate(body, scene)} (entry {body['passing']}) is to be passed again."
        case "held":
            return f"Put on hold: {word('reason')}"
        case "resumed":
            return f"Resumed: {word('reason')}"
        case "advanced":
            outcome = OUTCOMES.get(body["outcome"] or "", "")
            gate = f" ({scene.titles['gates'].get(body['gate']) or body['gate']}, {outcome})" if body["gate"] else ""
            reason = f": {word('reason')}" if "reason" in words else "."
            return f"Moved from {scene.stage(body['from'])} to {scene.stage(body['to'])}{gate}{reason}"
        case "refused":
            often = f" ({entry['times']} times that day)" if entry.get("times", 1) > 1 else ""
            return f"Refused: {refused_words({**body, 'to': entry.get('to')}, scene)}{often}."
        case "corrected":
            second = scene.name_of(body["second"])
            return corrected(body["entry"], {"second_name": second, "reason": words.get("reason")})
    return plain_id(str(entry["event"])).capitalize() + "."


def corrected(seq: int, correction: Mapping[str, Any]) -> str:
    """Returns a sentence for a correction of the entry `seq`."""
    second = correction["second_name"] or correction["second"]
    return f"Corrected entry {seq}, with {second}: {correction['reason'] or '(erased)'}"


def _examined(body: Mapping[str, Any]) -> str:
    said = body.get("examined")
    if said is None:
        return ""
    found = {"passed": "no fault found", "faulty": "faults found", "failed": "not examined"}[said["state"]]
    return f", {found} by the plugin {said['plugin']}"


def _gate(body: Mapping[str, Any], scene: Scene) -> str:
    return str(scene.titles["gates"].get(body["gate"]) or plain_id(body["gate"]).capitalize())
