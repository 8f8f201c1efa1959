"""The answer to a write, made from the entries it wrote, so that a replayed call gets the same answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.core.events import ERASED, Entry, Erased, Event


def reply(entries: Sequence[Entry], key: str, *, replayed: bool) -> dict[str, Any]:
    """Returns the contract's answer to a write. What was erased since is null."""
    answer: dict[str, Any] = {
        "seq": entries[-1].seq,
        "events": [e.event.name for e in entries],
        "key": key,
        "replayed": replayed,
    }
    for entry in entries:
        if entry.event.project is not None:
            answer["project"] = entry.event.project
            answer["version"] = entry.version
        answer.update(_members(entry.event))
    return answer


def _examined(event: Event) -> dict[str, Any]:
    said = event.body["examined"]
    words = (event.words.get(f"finding.{place}") for place in range(len(said["found"])))
    found = [
        {"code": code, "severity": severity, "says": None if isinstance(word, Erased) else word}
        for (code, severity), word in zip(said["found"], words, strict=True)
    ]
    return {"kind": said["use"], **{n: said[n] for n in ("plugin", "version", "digest", "state")}, "found": found}


def _members(event: Event) -> dict[str, Any]:
    body = event.body
    match event.name:
        case "evidence_added":
            files = [_file(event, place, said) for place, said in enumerate(body["files"])]
            answer = {"evidence": body["evidence"], "requirement": body["requirement"], "files": files}
            return answer if body.get("examined") is None else answer | {"examined": _examined(event)}
        case "evidence_withdrawn" | "evidence_regraded":
            return {"evidence": body["evidence"]}
        case "evidence_erased":
            return {"evidence": body["evidence"], **_erased(body, len(body["files"]))}
        case "person_erased":
            return {"person": body["person"], **_erased(body, 0)}
        case "words_erased" | "register_words_erased":
            return {"entry": body["entry"], **_erased(body, 0)}
        case "signed":
            members = {name: body[name] for name in ("signature", "requirement", "role")}
            return {**members, "contradictions": list(body.get("contradictions", ()))}
        case "waived":
            return {"waiver": body["waiver"], "requirement": body["requirement"], "until": body["until"]}
        case "decided":
            return {"decision": body["decision"], "gate": body["gate"], "role": body["role"]}
        case "affirmed":
            return {name: body[name] for name in ("decision", "gate", "passing", "role", "heals")}
        case "condition_met":
            return {"passing": body["passing"], "condition": body["condition"] + 1}
        case "gate_reopened":
            return {"reopened": {name: body[name] for name in ("gate", "passing", "from", "to")}}
        case "advanced":
            return {name: body[name] for name in ("act", "gate", "from", "to", "outcome")}
        case "person_added":
            return {"person": body["person"], "email": _word(event, "email")}
        case "definition_loaded":
            return {"workflow": body["workflow"], "definition": body["definition"]}
    return {}


def _file(event: Event, place: int, said: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a file of a record; the digest of one that is kept sealed is among the words."""
    sha256 = said["sha256"] if "sha256" in said else _word(event, f"digest.{place}")
    return {"name": _word(event, f"file.{place}"), "sha256": sha256, "size": said["size"]}


def _erased(body: Mapping[str, Any], files: int) -> dict[str, Any]:
    words = sum(len(names) for _, names in body["words"])
    return {"second": body["second"], "ground": body["ground"], "erased": {"words": words, "files": files}}


def _word(event: Event, name: str) -> Any:
    value = event.words.get(name)
    return None if value is ERASED else value
