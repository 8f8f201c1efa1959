"""What a plugin answered, read as a stranger's words: every member named, typed and small, or no answer at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from engine.core.opinions import Opinion, Source
from engine.definitions.brought import EvidenceKindBrought, RequirementKindBrought
from engine.hosting.described import ChannelDescribed, Described, ExporterDescribed, ObserverDescribed, StageDescribed
from engine.hosting.limits import (
    LONGEST_CODE,
    LONGEST_NAME,
    LONGEST_SENTENCE,
    MOST_FILES,
    MOST_FINDINGS,
    MOST_NAMED,
    MOST_SENTENCES,
)

_ID = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DEEPEST = 12
Json = Mapping[str, Any]


class NoAnswer(Exception):
    """What came is no answer; the message says why, to follow on the plugin's name."""


def one_line(text: Any, most: int = 400) -> str:
    """Returns text that can be printed on one line: spaces for all other blanks, `?` for what has no sign."""
    line = " ".join(str(text).split())
    shown = "".join(c if c.isprintable() else "?" for c in line)
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def opinion_of(value: Any, source: Source) -> Opinion:
    """Returns the opinion that a verdict states; raises NoAnswer."""
    said = _members(value, {"state", "why", "evidence", "not_before", "fields", "records"}, "verdict")
    if type(said["state"]) is not str or said["state"] not in ("met", "unmet", "pending"):
        raise NoAnswer("answers with a verdict whose state is not met, unmet or pending")
    why = _texts(said["why"], "why", MOST_SENTENCES, LONGEST_SENTENCE)
    if not why or not all(why):
        raise NoAnswer("answers with a verdict without a reason")
    until = said["not_before"]
    if until is not None and not (type(until) is str and _DAY.fullmatch(until)):
        raise NoAnswer("answers with a verdict whose `not_before` is no day")
    try:
        day = None if until is None else date.fromisoformat(until)
    except ValueError:
        raise NoAnswer("answers with a verdict whose `not_before` is no day") from None
    named = [_texts(said[name], name, MOST_NAMED, LONGEST_NAME) for name in ("evidence", "fields", "records")]
    return Opinion(said["state"], why, source, named[0], day, named[1], named[2])


def findings_of(value: Any) -> tuple[tuple[str, str, str | None], ...]:
    """Returns the code, the severity and the words of each finding; raises NoAnswer."""
    if type(value) is not list or len(value) > MOST_FINDINGS:
        raise NoAnswer(f"answers with more than {MOST_FINDINGS} findings, or with no list of them")
    found: list[tuple[str, str, str | None]] = []
    for item in value:
        said = _members(item, {"code", "says", "severity"}, "finding")
        code, severity = said["code"], said["severity"]
        if type(code) is not str or len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
            raise NoAnswer("answers with a finding whose code is none: 60 small letters, digits and hyphens at most")
        if type(severity) is not str or severity not in ("fault", "note"):
            raise NoAnswer("answers with a finding that is neither a fault nor a note")
        (says,) = _texts([said["says"]], "says", 1, LONGEST_SENTENCE)
        if not says:
            raise NoAnswer("answers with a finding without words")
        found.append((code, severity, says))
    return tuple(found)


def file_names_of(value: Any) -> list[tuple[str, str]]:
    """Returns the name and the media type of each exported file; raises NoAnswer. No name leads to another folder."""
    if type(value) is not list or len(value) > MOST_FILES:
        raise NoAnswer(f"answers with more than {MOST_FILES:,} files, or with no list of them")
    found: list[tuple[str, str]] = []
    for item in value:
        said = _members(item, {"name", "media_type"}, "file")
        name, media_type = _texts([said["name"], said["media_type"]], "name", 2, LONGEST_NAME)
        if not name or name.startswith(".") or set(name) & set('/\\:*?"<>|') or name != said["name"]:
            raise NoAnswer("answers with a file whose name is none")
        if name in (other for other, _ in found):
            raise NoAnswer(f"answers with two files of the name {one_line(name, 60)}")
        found.append((name, media_type))
    return found


def described_of(name: str, value: Any) -> Described:
    """Returns what a plugin says of itself; raises NoAnswer."""
    said = dict(value) if type(value) is dict else {}
    hooks = _texts(said.pop("hooks", None), "hooks", 20, LONGEST_NAME)
    commands = _texts(said.pop("cocycle_commands", []), "commands", MOST_FINDINGS, LONGEST_NAME)
    found = Described(
        name,
        hooks=hooks,
        stages=_each(said, "cocycle_stages", {"text"}, _stage),
        evidence_kinds=_each(said, "cocycle_evidence_kinds", {"file", "fields", "examined"}, _evidence_kind),
        requirement_kinds=_each(said, "cocycle_requirement_kinds", {"help", "options", "evidence"}, _requirement_kind),
        observers=_each(
            said, "cocycle_observers", {"picky"}, lambda s: ObserverDescribed(s["title"], _yes(s, "picky"))
        ),
        channels=_each(said, "cocycle_channels", set(), lambda s: ChannelDescribed(s["title"])),
        exporters=_each(
            said, "cocycle_exporters", {"whole"}, lambda s: ExporterDescribed(s["title"], _yes(s, "whole"))
        ),
        commands=commands,
    )
    if said:
        raise NoAnswer("describes what no plugin has")
    for id, kind in found.requirement_kinds.items():
        if kind.evidence is not None and kind.evidence not in found.evidence_kinds:
            raise NoAnswer(f"has a requirement kind {id} that takes a kind of evidence which it does not bring")
    return found


def _stage(said: Json) -> StageDescribed:
    return StageDescribed(said["title"], _long_text(said, "text"))


def _evidence_kind(said: Json) -> EvidenceKindBrought:
    if said["file"] not in ("required", "optional", "none"):
        raise NoAnswer("has a kind of evidence whose `file` is not required, optional or none")
    return EvidenceKindBrought(said["title"], said["file"], _declared(said, "fields"), _yes(said, "examined"))


def _requirement_kind(said: Json) -> RequirementKindBrought:
    evidence = said["evidence"]
    if evidence is not None and type(evidence) is not str:
        raise NoAnswer("has a requirement kind whose `evidence` is no id")
    return RequirementKindBrought(said["title"], _long_text(said, "help"), _declared(said, "options"), evidence)


def _each(said: dict[str, Any], hook: str, members: set[str], made: Callable[[Json], Any]) -> dict[str, Any]:
    listed = said.pop(hook, [])
    if type(listed) is not list or len(listed) > MOST_FINDINGS:
        raise NoAnswer(f"returns from {hook} more than {MOST_FINDINGS} things, or no list of them")
    found = {}
    for item in listed:
        one = dict(_members(item, members | {"id", "title"}, "description"))
        if type(one["id"]) is not str or not _ID.fullmatch(one["id"]):
            raise NoAnswer(f"returns from {hook} an id that is not lower-case letters, digits, _ and -")
        (one["title"],) = _texts([one["title"]], "title", 1, LONGEST_NAME)
        if not one["title"]:
            raise NoAnswer(f"returns from {hook} something without a title")
        found[one["id"]] = made(one)
    return found


def _declared(said: Json, name: str) -> dict[str, Any]:
    """Returns fields as a definition declares them: by id, each a mapping; the compiler checks what is in it."""
    fields = said[name]
    if type(fields) is not dict or not all(type(field) is dict for field in fields.values()):
        raise NoAnswer(f"has `{name}` that are not fields by id, each a mapping")
    if _depth(fields) > _DEEPEST:
        raise NoAnswer(f"has `{name}` that are nested too deep")
    return dict(fields)


def _depth(value: Any, above: int = 0) -> int:
    if above > _DEEPEST:
        return above
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return max((_depth(v, above + 1) for v in inner), default=above)


def _members(value: Any, names: set[str], what: str) -> dict[str, Any]:
    if type(value) is not dict or set(value) != names:
        raise NoAnswer(f"answers in a form that no {what} has")
    return value


def _texts(value: Any, name: str, most: int, longest: int) -> tuple[str, ...]:
    """Returns a list of short texts that can be printed, each on one line."""
    if type(value) is not list or not all(type(text) is str for text in value):
        raise NoAnswer(f"answers with `{name}` that is not a row of texts")
    if len(value) > most or any(len(text) > longest for text in value):
        raise NoAnswer(f"answers with `{name}` of more than {most:,} texts or {longest:,} characters")
    lines = tuple(" ".join(text.split()) for text in value)
    if not all(line.isprintable() for line in lines):
        raise NoAnswer(f"answers with `{name}` that holds characters which cannot be printed")
    return lines


def _long_text(said: Json, name: str) -> str:
    if type(said[name]) is not str:
        raise NoAnswer(f"has a `{name}` that is no text")
    return str(said[name])


def _yes(said: Json, name: str) -> bool:
    if type(said[name]) is not bool:
        raise NoAnswer(f"has a `{name}` that is neither true nor false")
    return bool(said[name])
