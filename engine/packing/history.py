"""What happened in a project, a sentence an entry, for the start page of a pack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.core.calendar import in_words
from engine.core.definition import Workflow
from engine.core.events import ERASED, Entry
from engine.core.refusal_words import REFUSALS
from engine.packing.html import code, text, typed


def happened(entry: Entry, workflow: Workflow, name: Callable[[str], str | None]) -> str:
    """Returns what an entry records, as HTML; `name` gives what a person is called, None once that was erased."""
    body, words = entry.event.body, entry.event.words
    reason = _said(words, "reason")
    match entry.event.name:
        case "project_opened":
            return f"The project was opened in {_stage(workflow, body['stage'])}: {_typed(words, 'title')}"
        case "fields_set":
            names = [*body["fields"], *(name[6:] for name in words if name.startswith("field."))]
            titles = [known.title if (known := workflow.fields.get(name)) else name for name in dict.fromkeys(names)]
            return f"Fields were set: {text(', '.join(titles))}."
        case "evidence_added":
            return f"Evidence {code(body['evidence'])} was handed in for {_requirement(workflow, body)}."
        case "evidence_withdrawn":
            return f"Evidence {code(body['evidence'])} was withdrawn.{reason}"
        case "evidence_regraded":
            level = text(str(body["level"]).replace("_", "-"))
            return f"Evidence {code(body['evidence'])} was judged to have reached {level}.{reason}"
        case "evidence_erased":
            who = f"Evidence {code(body['evidence'])} was erased, together with {typed(name(body['second']))}"
            return f"{who}, on this authority: {_typed(words, 'authority')}"
        case "words_erased" | "register_words_erased":
            who = f"What was typed in entry {body['entry']} was erased by two people"
            return f"{who}, on this authority: {_typed(words, 'authority')}"
        case "signed":
            return f"{_requirement(workflow, body)} was signed as {_role(workflow, body['role'])}."
        case "waived":
            return f"{_requirement(workflow, body)} was waived until {in_words(body['until'])}.{reason}"
        case "decided":
            verb = "dissented from passing" if body["dissent"] else "decided to pass"
            said = _said(words, "dissent") if body["dissent"] else ""
            return f"{_role(workflow, body['role'])} {verb} {_gate(workflow, body)}.{said}"
        case "decisions_lapsed":
            return "Decisions lapsed, because what they were made on had changed."
        case "gate_unsound":
            return f"{_gate(workflow, body)}, passed before, was found no longer sound."
        case "condition_met":
            return f"A condition of entry {body['passing']} was accepted as met.{reason}"
        case "affirmed":
            return f"{_role(workflow, body['role'])} affirmed that {_gate(workflow, body)} is sound."
        case "gate_reopened":
            return f"{_gate(workflow, body)} was reopened, and the project went back to {_stage(workflow, body['to'])}."
        case "held":
            return f"The project was put on hold.{reason}"
        case "resumed":
            return f"The project was taken off hold.{reason}"
        case "advanced":
            way = f"{_stage(workflow, body['from'])} to {_stage(workflow, body['to'])}"
            through = f" through {_gate(workflow, body)}" if body["gate"] else ""
            return f"The project moved from {way}{through}.{reason}"
        case "refused":
            return _refused(workflow, body)
        case "corrected":
            return f"Entry {body['entry']} was corrected, together with {typed(name(body['second']))}.{reason}"
    return f"{text(entry.event.name.replace('_', ' ').capitalize())}."


def _refused(workflow: Workflow, body: Mapping[str, Any]) -> str:
    """Returns what somebody tried and why not; codes without words of their own are told as they are recorded."""
    gate = _gate(workflow, body) if body.get("gate") else "a gate"
    about = _requirement(workflow, body) if body.get("requirement") else "a requirement"
    tried = {
        "advance": "move the project on",
        "decide": f"decide on {gate}",
        "sign": f"sign {about}",
        "waive": f"waive {about}",
        "affirm": f"affirm that {gate} is sound",
    }
    wish = tried.get(body["verb"], text(str(body["verb"]).replace("_", " ")))
    why = REFUSALS.get(body["code"], text(str(body["code"]).replace("_", " ")))
    often = f" Tried {body['times']} times." if body.get("times", 1) > 1 else ""
    return f"Refused: tried to {wish}; {why}.{often}"


def _said(words: Mapping[str, Any], name: str) -> str:
    return f" {_typed(words, name)}" if name in words else ""


def _typed(words: Mapping[str, Any], name: str) -> str:
    word = words.get(name)
    return typed(None if word is ERASED else word)


def _requirement(workflow: Workflow, body: Mapping[str, Any]) -> str:
    known = workflow.requirements.get(body["requirement"])
    return f"“{text(body['requirement'] if known is None else known.title)}”"


def _gate(workflow: Workflow, body: Mapping[str, Any]) -> str:
    known = workflow.gates.get(body["gate"])
    return text(body["gate"] if known is None else known.title)


def _stage(workflow: Workflow, stage: str) -> str:
    known = workflow.stages.get(stage)
    return text(stage if known is None else known.title)


def _role(workflow: Workflow, role: str) -> str:
    return text(workflow.roles.get(role, role))
