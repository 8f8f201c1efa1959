"""Compares what gates and groups list: what is new, what is gone, and what is asked more or less often.

A requirement that does not apply drops out of its group, and a group of which nothing applies drops out itself. So
what is asked less often, or not at all any more, asks less only where every group around it wants all of its parts;
inside a choice the same change can take a way through away, and is told as asking otherwise. Where a gate insists on
every principle, a requirement that is asked less often asks less and can show its principles less often, which asks
more: these are two changes, and both are told.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.core.definition import GROUPS, Gate, Requirement, Workflow
from engine.definitions.comparing.change import Kind
from engine.definitions.comparing.requirements import Sides, applies_kind, applies_words, compare_requirement
from engine.definitions.comparing.standing import Place, always_applies, unwaivable
from engine.definitions.showing.conditions import together


def listed(sides: Sides, place: Place, was: Iterable[Requirement], now: Iterable[Requirement]) -> None:
    """Compares requirements that stand beside each other: those of a gate, or those of a group."""
    before, after = {r.id: r for r in was}, {r.id: r for r in now}
    for id, requirement in before.items():
        if id not in after and id not in sides.b.requirements:
            _gone(sides, place, requirement)
    for id, requirement in after.items():
        if id in before:
            both(sides, place, before[id], requirement)
        elif id not in sides.a.requirements:
            _new(sides, place, requirement)
        # what stood elsewhere is told by _moved, once


def both(sides: Sides, place: Place, was: Requirement, now: Requirement) -> None:
    """Compares a requirement that stands in both definitions, with its parts."""
    where = f"{place.where}.{now.id}"
    compare_requirement(sides, where, was, now)
    _applies(sides, place, was, now)
    _principles(sides, place, was, now)
    if was.type in GROUPS and now.type in GROUPS:
        listed(sides, place.inside(was, now), was.of, now.of)
        _group(sides, where, was, now)


def _applies(sides: Sides, place: Place, was: Requirement, now: Requirement) -> None:
    kind = applies_kind(sides, was, now)
    if kind is None:
        return
    before, after = applies_words(sides.a, was), applies_words(sides.b, now)
    asked: Kind = kind if place.plain else "otherwise"
    where = f"{place.where}.{now.id}"
    sides.notes.add(where, asked, f"“{now.title}” now applies: {after} (was: {before}).", before, after)
    if asked in ("less", "more"):
        _shows(sides, place, now, asked)


def _group(sides: Sides, where: str, was: Requirement, now: Requirement) -> None:
    """Compares how many parts a group wants; all of its parts is any number only where every part always applies."""
    if was.type == now.type == "all_of" or (was.type, was.at_least) == (now.type, now.at_least):
        return
    words = [_wanted(r) for r in (was, now)]
    kind: Kind | None
    if "all_of" not in (was.type, now.type):
        kind = None if was.at_least == now.at_least else "more" if now.at_least > was.at_least else "less"
    elif (was.at_least if now.type == "all_of" else now.at_least) == 1 or all(
        always_applies(part) for r in (was, now) for part in r.of
    ):
        kind = "more" if now.type == "all_of" else "less"
    else:
        kind = "otherwise"
    if kind is not None:
        says = f"“{now.title}” now wants {words[1]} (was {words[0]})."
        sides.notes.add(where, kind, says, words[0], words[1])


def _wanted(group: Requirement) -> str:
    named = {"any_of": "one of its parts", "all_of": "all of its parts"}
    return named.get(group.type, f"at least {group.at_least} of its parts")


def _gone(sides: Sides, place: Place, gone: Requirement) -> None:
    where = f"{place.where}.{gone.id}"
    if not place.around:
        says, kind = f"“{place.gate.title}” no longer asks for “{gone.title}”.", _in_list(place, "less")
    else:
        was, now = place.around[-1]
        all_of = was.type == "all_of"
        verb = "no longer asks for" if all_of else "can no longer be met by"
        says, kind = f"“{now.title}” {verb} “{gone.title}”.", _in_list(place, "less" if all_of else "more")
    sides.notes.add(where, kind, says, gone.title, None)
    if kind == "less":
        _shows(sides, place, gone, "less", gone=True)


def _new(sides: Sides, place: Place, new: Requirement) -> None:
    where = f"{place.where}.{new.id}"
    if not place.around:
        says, kind = f"“{place.gate.title}” now also asks for “{new.title}”.", _in_list(place, "more")
    else:
        was, now = place.around[-1]
        all_of = was.type == "all_of"
        verb = "now also asks for" if all_of else "can now also be met by"
        says, kind = f"“{now.title}” {verb} “{new.title}”.", _in_list(place, "more" if all_of else "less")
    sides.notes.add(where, kind, says, None, new.title)
    if kind == "more":
        _shows(sides, place, new, "more")


def _in_list(place: Place, kind: Kind) -> Kind:
    """Returns what a part more or less in the innermost group means, else that nothing can be said.

    In a chain of groups that want all of their parts, nothing more needs to be known. Elsewhere the group must apply
    to every project with the part and without it, and must want its parts in the same way in both definitions.
    """
    if place.plain:
        return kind
    was, now = place.around[-1]
    same = (was.type == "all_of") == (now.type == "all_of")
    return kind if same and always_applies(was) and always_applies(now) else "otherwise"


def _principles(sides: Sides, place: Place, was: Requirement, now: Requirement) -> None:
    known = sides.a.principles.keys() & sides.b.principles.keys()  # one that came or went is told where it is declared
    for principle in now.principles:
        if principle not in was.principles and principle in known:
            _one_principle(sides, place, now, principle, "now shows")
    for principle in was.principles:
        if principle not in now.principles and principle in known:
            _one_principle(sides, place, now, principle, "no longer shows")


def _one_principle(sides: Sides, place: Place, requirement: Requirement, principle: str, verb: str) -> None:
    kind: Kind = "other"
    if place.insists:
        kind = "less" if verb == "now shows" else "more"
    title = sides.b.principles.get(principle) or sides.a.principles.get(principle, principle)
    says = f"“{requirement.title}” {verb} the principle “{title}”."
    sides.notes.add(f"{place.where}.{requirement.id}", kind, says)


def _shows(sides: Sides, place: Place, requirement: Requirement, asked: Kind, *, gone: bool = False) -> None:
    """Notes what a requirement that is asked more or less often means for the principles the gate insists on."""
    if not place.insists:
        return
    side, kind = (sides.b, "more") if asked == "less" else (sides.a, "less")
    carried = [p for r in requirement.family() for p in r.principles]
    carried += [
        p for pair in place.around if not all(map(always_applies, pair)) for group in pair for p in group.principles
    ]
    certain = _certain(side, side.gates[place.gate.id])
    titles = [side.principles[p] for p in dict.fromkeys(carried) if p in side.principles and p not in certain]
    if not titles:
        return
    how = "can no longer be what shows" if gone else "can less often be what shows"
    verb = how if asked == "less" else "can now be what shows"
    shown = together(f"“{title}”" for title in titles)
    says = f"“{requirement.title}” {verb} {shown} at “{place.gate.title}”."
    sides.notes.add(f"{place.where}.{requirement.id}", "more" if kind == "more" else "less", says)


def _certain(workflow: Workflow, gate: Gate) -> set[str]:
    """Returns the principles that are shown whenever all requirements of a gate hold: by what can be no other way."""
    bound = unwaivable(gate)
    sure = [r for r in gate.requires if always_applies(r) and all(inner.id in bound for inner in r.family())]
    return {p for r in sure for p in r.principles}
