"""Says an act in words: what to do, who may, from when; and the command that does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from terminal.form import asked_of_record, blanks, given_as, record_fields, titled
from terminal.scene import Scene
from terminal.words import an, day, either, inside, level, plain_id

Act = Mapping[str, Any]
MOST_NAMES = 3

_FILES = {"required": " with its file", "optional": ", with a file if there is one", "none": ""}


def what(scene: Scene, act: Act) -> str:
    """Returns what is to be done, in one sentence, in the definition's own words."""
    detail = act["detail"]
    match act["act"]:
        case "set_field":
            return f"Say what the project's “{detail.get('title') or plain_id(detail['field'])}” is."
        case "add_evidence":
            return f"Hand in “{scene.requirement(act['requirement'])}”: {_record(detail)}."
        case "sign":
            return f"Sign “{scene.requirement(act['requirement'])}” as {inside(scene.role(detail['role']))}."
        case "wait":
            until = f" until {day(act['not_before'])}" if act["not_before"] else ""
            if "plugin" in detail:
                return f"Wait{until} for “{scene.requirement(act['requirement'])}”."
            since = f"“{scene.requirement(detail['after'])}” ({plain_id(detail['field'])})"
            return f"Wait{until}: {detail['length']} after {since}."
        case "decide" if "affirm" in detail:
            first = "".join(f"Have condition {n} met. " for n in detail.get("conditions", ()))
            role = f" as {inside(scene.role(detail['role']))}" if "role" in detail else ""
            return f"{first}Affirm “{detail['title']}”, passed at entry {detail['affirm']}{role}."
        case "decide":
            return f"Decide to pass the gate, as {inside(scene.role(detail['role']))}."
    return plain_id(str(act["act"])).capitalize() + "."


def _record(detail: Mapping[str, Any]) -> str:
    words = an(inside(str(detail.get("title") or plain_id(detail["kind"]))))
    if files := _FILES.get(str(detail.get("file")), ""):
        words += files
    return words


def particulars(scene: Scene, act: Act) -> list[str]:
    """Returns what else must be right: the rules in their own words, how new it must be, from which day, by whom."""
    detail = act["detail"]
    found = []
    if act["act"] == "add_evidence":
        if detail.get("level"):
            found.append(f"People must have taken part at the level of {level(detail['level'])} or above.")
        found += [str(rule) for rule in detail.get("rules", ())]
        says = titled(record_fields(scene.document, detail["kind"]), detail.get("says", {}))
        found += [f"It must say: {title}, {said}." for title, said in says]
        fresh = detail.get("fresh")
        if fresh == "this stage":
            found.append("It must be handed in during this stage.")
        elif fresh:
            found.append(f"It must not be older than {fresh}.")
    if act["act"] != "wait":
        found.append(f"Who: {who(scene, act)}.")
    if act["not_before"] and act["act"] != "wait":
        found.append(f"Not before {day(act['not_before'])}.")
    return found


def who(scene: Scene, act: Act) -> str:
    """Returns who may do it: the titles of the roles, with the people who hold them where they are few."""
    roles = act["roles"]
    if len(roles) > 1 and scene.every_role(roles):
        anyone = "anyone with a role in the project"
        return anyone if scene.past or scene.holders(roles) else f"{anyone} (nobody holds one yet)"
    titles = either(inside(scene.role(r)) for r in roles)
    names = [p.name for p in scene.holders(roles)]
    if not names:
        return titles if scene.past else f"{titles} (nobody holds that role yet)"
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"{titles} ({', '.join(names[:MOST_NAMES])}{more})"


def command(scene: Scene, act: Act, avoid: frozenset[str] = frozenset()) -> str:
    """Returns the complete command that does it, by someone who may; `…` stands for what must be filled in.

    Those whose ids are in `avoid` are not chosen where somebody else may do it.
    """
    detail, project = act["detail"], scene.project
    match act["act"]:
        case "set_field":
            words = ["project", "set", project, f"{detail['field']}=…"]
        case "add_evidence" if _is_form(scene, act):
            return scene.asked.command("evidence", "form", project, act["requirement"], plain=True)
        case "add_evidence":
            words = ["evidence", "add", project, act["requirement"], *_asked(scene, act)]
        case "sign":
            words = ["sign", project, act["requirement"], "--role", detail["role"]]
        case "decide" if detail.get("conditions"):
            words = ["condition", "met", project, str(detail["affirm"]), str(detail["conditions"][0]), "--reason", "…"]
            return scene.asked.command(*words, actor=accepting(scene, detail["gate"], detail["owners"][0]))
        case "decide" if "affirm" in detail:
            words = ["decide", project, "--affirm", str(detail["affirm"])]
            words += ["--role", detail["role"]] if "role" in detail else []
        case "decide":
            words = ["decide", project, "--role", detail["role"]]
        case _:
            return scene.asked.command("gate", project, plain=True)
    holders = scene.holders(act["roles"], avoid)
    if not holders and act["act"] != "set_field":
        granted = scene.holders(["admin"])
        granting = ["person", "grant", "EMAIL", act["roles"][0], "--project", project]
        return scene.asked.command(*granting, actor=granted[0].email if granted else None)
    return scene.asked.command(*words, actor=holders[0].email if holders else None)


def accepting(scene: Scene, gate: str, owner: str) -> str | None:
    """Returns the e-mail of somebody who may accept that a condition of a gate is met; never that of its owner."""
    deciding = next((g["decided_by"] for g in scene.document["gates"] if g["id"] == gate), ())
    others = scene.holders(deciding or [*scene.titles["roles"], "programme_manager"])
    return next((p.email for p in others if p.id != owner), None)


def _is_form(scene: Scene, act: Act) -> bool:
    """True where a plugin looks at what is filled in, and no field by itself says what is needed: a form shows all."""
    detail = act["detail"]
    kinds = {k["id"]: k for k in scene.document.get("evidence", ())}
    kind = kinds.get(detail["kind"], {})
    named = asked_of_record(scene.document, act["requirement"]) or detail.get("says")
    return bool(kind.get("examiner") and kind["fields"] and not named and detail.get("file") != "required")


def _asked(scene: Scene, act: Act) -> list[str]:
    detail = act["detail"]
    words = ["--level", detail["level"]] if detail.get("level") else []
    names = asked_of_record(scene.document, act["requirement"])
    says = detail.get("says", {})
    words += blanks(record_fields(scene.document, detail["kind"]), [name for name in names if name not in says])
    words += [word for name, said in says.items() for word in ("--set", f"{name}={given_as(said)}")]
    if detail.get("file") == "required":
        words += ["--file", "FILE"]
    return words
