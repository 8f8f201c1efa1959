"""Compares what a definition declares: levels, principles, roles, fields, kinds of evidence, rules, profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.core.definition import Condition, EvidenceKind, Field, Rule
from engine.core.values import show
from engine.definitions.comparing.change import Kind, by_inclusion, combined
from engine.definitions.comparing.conditions import stricter_or_looser
from engine.definitions.comparing.lengths import calendar_kind
from engine.definitions.comparing.requirements import Sides, accepted, level_kind
from engine.definitions.showing.conditions import fields_for, in_one_line, level_words, sight, together
from engine.definitions.showing.requirements import by_plugin

_FILES = {"required": "needs a file", "optional": "may have a file", "none": "has no file"}
_FILE_RANK = {"required": frozenset({1}), "optional": frozenset({0, 1}), "none": frozenset({0})}


def compare_heading(sides: Sides) -> None:
    """Notes another title, summary, calendar or time zone; id and version are what the two are called, no change."""
    a, b, notes = sides.a, sides.b, sides.notes
    if a.title != b.title:
        notes.add("title", "other", f"The workflow is now called “{b.title}” (was “{a.title}”).", a.title, b.title)
    notes.text("summary", "The summary", a.summary or None, b.summary or None)
    if a.calendar != b.calendar:
        own = [r.wait for r in b.requirements.values() if r.wait is not None and r.wait.calendar is None]
        used = any(wait.length.unit == "working_days" for wait in own)
        kind = calendar_kind(a.calendar, b.calendar) if used else None
        says = f"Working days now follow the calendar {b.calendar} (was {a.calendar})."
        notes.add("calendar", kind or "other", says, a.calendar, b.calendar)
    if a.time_zone != b.time_zone:
        says = f"A day now begins and ends by the clocks of {b.time_zone} (was {a.time_zone})."
        notes.add("time_zone", "otherwise", says, a.time_zone, b.time_zone)


def compare_words(sides: Sides) -> None:
    """Notes every change of what the definition declares."""
    _levels(sides)
    _principles(sides)
    _titles(sides, "roles", "role", sides.a.roles, sides.b.roles)
    _fields(sides, "fields", "of the project", sides.a.fields, sides.b.fields)
    _kinds(sides)
    _rules(sides)
    _profiles(sides)
    _contradictions(sides)


def _levels(sides: Sides) -> None:
    a, b = sides.a, sides.b
    if a.levels == b.levels:
        return
    kinds: list[Kind | None] = []
    for now in b.requirements.values():
        was = a.requirements.get(now.id)
        if was is not None and was.level == now.level and now.level is not None:
            kinds.append(level_kind(accepted(a, was.level), accepted(b, now.level)))
    before, after = (together(level_words(level) for level in w.levels) or "none" for w in (a, b))
    says = f"The levels of participation are now {after} (were {before})."
    sides.notes.add("levels", combined(kinds) or "other", says, before, after)


def _principles(sides: Sides) -> None:
    """A gate that wants every principle shown asks more with each principle there is."""
    after = sides.b.gates
    insists = any(g.every_principle and id in after and after[id].every_principle for id, g in sides.a.gates.items())
    for id, title in sides.b.principles.items():
        if id not in sides.a.principles:
            says = f"There is a new principle, “{title}”."
            sides.notes.add(f"principles.{id}", "more" if insists else "other", says, None, title)
    for id, title in sides.a.principles.items():
        if id not in sides.b.principles:
            says = f"There is no principle “{title}” any more."
            sides.notes.add(f"principles.{id}", "less" if insists else "other", says, title, None)
        elif title != sides.b.principles[id]:
            says = f"The principle “{title}” is now called “{sides.b.principles[id]}”."
            sides.notes.add(f"principles.{id}", "other", says, title, sides.b.principles[id])


def _titles(sides: Sides, place: str, what: str, a: Mapping[str, str], b: Mapping[str, str]) -> None:
    for id, title in b.items():
        if id not in a:
            sides.notes.add(f"{place}.{id}", "other", f"There is a new {what}, “{title}”.", None, title)
    for id, title in a.items():
        if id not in b:
            sides.notes.add(f"{place}.{id}", "other", f"There is no {what} “{title}” any more.", title, None)
        elif title != b[id]:
            says = f"The {what} “{title}” is now called “{b[id]}”."
            sides.notes.add(f"{place}.{id}", "other", says, title, b[id])


def _fields(sides: Sides, place: str, of: str, a: Mapping[str, Field], b: Mapping[str, Field]) -> None:
    for id, new in b.items():
        if id not in a:
            kind: Kind = "more" if new.required else "other"
            must = ", and it must be given" if new.required else ""
            sides.notes.add(f"{place}.{id}", kind, f"There is a new field “{new.title}” {of}{must}.", None, new.title)
    for id, old in a.items():
        if id not in b:
            kind = "less" if old.required else "other"
            sides.notes.add(f"{place}.{id}", kind, f"There is no field “{old.title}” {of} any more.", old.title, None)
        else:
            _field(sides, f"{place}.{id}", of, old, b[id])


def _field(sides: Sides, where: str, of: str, was: Field, now: Field) -> None:
    notes, name = sides.notes, f"The field “{now.title}” {of}"
    if was.title != now.title:
        notes.add(where, "other", f"The field “{was.title}” {of} is now called “{now.title}”.", was.title, now.title)
    if was.type != now.type:
        notes.add(where, "otherwise", f"{name} is now of the type {now.type} (was {was.type}).", was.type, now.type)
    elif was.of != now.of and (kind := by_inclusion(was.of, now.of, larger="less", smaller="more")) is not None:
        before, after = (together(o.replace("_", " ") for o in f.of) for f in (was, now))
        # another option can be chosen; another part changes what a total and a share are
        notes.add(
            where,
            kind if now.type == "choice" else "otherwise",
            f"{name} now has {after} (was {before}).",
            before,
            after,
        )
    if was.required != now.required:
        must = "must now be given" if now.required else "may now be left out"
        notes.add(where, "more" if now.required else "less", f"{name} {must}.")
    if was.default != now.default:
        before, after = ("nothing" if f.default is None else show(f, f.default) for f in (was, now))
        notes.add(where, "otherwise", f"{name} now starts as {after} (was {before}).", before, after)
    if was.small_hidden != now.small_hidden:
        hides = "now hides numbers under five" if now.small_hidden else "no longer hides numbers under five"
        notes.add(where, "other", f"{name} {hides}.")
    notes.text(where, f"The help with the field “{now.title}” {of}", was.help, now.help)


def _kinds(sides: Sides) -> None:
    a, b = sides.a.evidence, sides.b.evidence
    titles = ({id: kind.title for id, kind in kinds.items()} for kinds in (a, b))
    _titles(sides, "evidence", "kind of evidence", *titles)
    for id, now in b.items():
        if id in a:
            _kind(sides, a[id], now)


def _kind(sides: Sides, was: EvidenceKind, now: EvidenceKind) -> None:
    where, before, after = f"evidence.{now.id}", _FILES[was.file], _FILES[now.file]
    kind = by_inclusion(map(str, _FILE_RANK[was.file]), map(str, _FILE_RANK[now.file]), larger="less", smaller="more")
    if kind is not None:
        sides.notes.add(where, kind, f"A record of “{now.title}” now {after} (was: {before}).", before, after)
    if was.examiner != now.examiner:
        examined = ["nobody" if k.examiner is None else by_plugin(k.examiner) for k in (was, now)]
        examines: Kind = "more" if was.examiner is None else "less" if now.examiner is None else "otherwise"
        says = f"A record of “{now.title}” is now examined by {examined[1]} (was: {examined[0]})."
        sides.notes.add(where, examines, says, *examined)
    _fields(sides, f"{where}.fields", f"of “{now.title}”", was.fields, now.fields)


def _rules(sides: Sides) -> None:
    a, b = sides.a.rules, sides.b.rules
    titles = ({id: rule.title for id, rule in rules.items()} for rules in (a, b))
    _titles(sides, "rules", "rule", *titles)
    seen = fields_for(sides.a), fields_for(sides.b)
    for id, now in b.items():
        if id in a:
            _rule(sides, a[id], now, seen)


def _rule(sides: Sides, was: Rule, now: Rule, seen: tuple[Mapping[str, Mapping[str, Field]], ...]) -> None:
    where, notes = f"rules.{now.id}", sides.notes
    notes.text(where, f"What the rule “{now.title}” says where it does not hold", was.otherwise, now.otherwise)
    if was.condition == now.condition:
        return
    parts = _differing(was.condition, now.condition)
    before = in_one_line(parts[0], sight(sides.a, seen[0].get(now.id)))
    after = in_one_line(parts[1], sight(sides.b, seen[1].get(now.id)))
    kind = stricter_or_looser(was.condition, now.condition)
    if kind is None:
        notes.add(where, "other", f"The rule “{now.title}” is written otherwise and means the same.", before, after)
    else:
        notes.add(where, kind, f"The rule “{now.title}” now asks: {after} (was: {before}).", before, after)


def _differing(was: Condition, now: Condition) -> tuple[Condition, Condition]:
    """Returns two conditions without the parts that both ask for at their top, which need no telling."""
    if not was.op == now.op == "all":
        return was, now
    return (
        replace(was, of=tuple(c for c in was.of if c not in now.of)),
        replace(now, of=tuple(c for c in now.of if c not in was.of)),
    )


def _profiles(sides: Sides) -> None:
    a, b = sides.a.profiles, sides.b.profiles
    if a == b:
        return
    used = any(r.profiles for w in (sides.a, sides.b) for r in w.requirements.values())
    before, after = (
        "; ".join(
            f"{p.id} " + ("otherwise" if p.condition is None else f"where {in_one_line(p.condition, sight(w))}")
            for p in w.profiles
        )
        or "none"
        for w in (sides.a, sides.b)
    )
    says = f"Which profile a project has is now: {after} (was: {before})."
    sides.notes.add("profiles", "otherwise" if used else "other", says, before, after)


def _contradictions(sides: Sides) -> None:
    """Contradictions are shown and never judged, so none of their changes asks for anything."""
    a, b = ({c.id: c for c in w.contradictions} for w in (sides.a, sides.b))
    titles = ({id: c.title for id, c in found.items()} for found in (a, b))
    _titles(sides, "contradictions", "contradiction to show before signing", *titles)
    for id, now in b.items():
        if id in a and a[id] != now and a[id].title == now.title:
            says = f"The contradiction “{now.title}” is found or told otherwise."
            sides.notes.add(f"contradictions.{id}", "other", says, a[id].says, now.says)
