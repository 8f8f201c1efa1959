"""Compares what one requirement asks for in two definitions, member by member.

Every kind given here holds by itself: a project that holds under the stricter side also holds under the looser one.
What decides is how the judge reads the member, not how the member looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.core.conditions import Scope
from engine.core.definition import GROUPS, Requirement, Span, Workflow
from engine.definitions.comparing.change import Changes, Kind, by_inclusion, combined, opposite
from engine.definitions.comparing.conditions import stricter_or_looser
from engine.definitions.comparing.lengths import longer, wait_kind
from engine.definitions.showing.conditions import (
    either,
    fresh_words,
    in_one_line,
    level_words,
    sight,
    together,
    wait_words,
)
from engine.definitions.showing.requirements import by_plugin, option_words

TYPES: Mapping[str, str] = {
    "evidence": "a record",
    "signature": "signatures with no record behind them",
    "wait": "a wait",
    "any_of": "any one of its parts",
    "all_of": "all of its parts",
    "at_least": "a number of its parts",
    "plugin": "what a plugin judges",
}
_BASES = {"law": "law", "guide": "guide", "good_practice": "good practice", "local": "local practice"}


@dataclass(frozen=True, slots=True)
class Sides:
    """The two definitions, the first already in the ids of the second, and where changes are noted."""

    a: Workflow
    b: Workflow
    notes: Changes

    def scopes(self) -> tuple[Scope, Scope]:
        """Returns what the conditions of the two see of a project."""
        return sight(self.a), sight(self.b)

    def roles(self, roles: Iterable[str]) -> str:
        """Returns roles as people list them, in the order of the second definition; no role is nobody."""
        order = {role: place for place, role in enumerate([*self.b.roles, *self.a.roles])}
        titles = [self.b.roles.get(r) or self.a.roles.get(r, r) for r in sorted(set(roles), key=lambda r: order[r])]
        return together(titles) or "nobody"

    def supported(self, requirement: str) -> bool:
        """True where other evidence must be older than the newest record of this requirement."""
        return requirement in _decisions(self.a) | _decisions(self.b)


def _decisions(workflow: Workflow) -> set[str]:
    return {r.supports for r in workflow.requirements.values() if r.supports is not None}


def compare_requirement(sides: Sides, where: str, was: Requirement, now: Requirement) -> None:
    """Notes how a requirement of the same id asks for something else; when it applies is told elsewhere."""
    notes, name = sides.notes, f"“{now.title}”"
    if was.title != now.title:
        notes.add(where, "other", f"“{was.title}” is now called {name}.", was.title, now.title)
    if was.type != now.type and not (was.type in GROUPS and now.type in GROUPS):
        says = f"{name} now asks for {TYPES[now.type]} (was {TYPES[was.type]})."
        notes.add(where, "otherwise", says, was.type, now.type)
    elif now.type == "evidence":
        _evidence(sides, where, name, was, now)
    elif now.type == "signature":
        _signatures(sides, where, name, was.signed_by, now.signed_by)
    elif now.type == "wait":
        _wait(sides, where, name, was, now)
    elif now.type == "plugin":
        _plugin(sides, where, name, was, now)
    notes.text(where, f"The help with {name}", was.help, now.help)
    if was.basis != now.basis:
        before, after = _basis(was), _basis(now)
        notes.add(where, "other", f"{name} now rests on {after} (was {before}).", before, after)


def _basis(requirement: Requirement) -> str:
    basis = requirement.basis
    return "nothing that is named" if basis is None else f"{_BASES[basis.kind]}: {basis.source}"


def _evidence(sides: Sides, where: str, name: str, was: Requirement, now: Requirement) -> None:
    notes = sides.notes
    if was.evidence != now.evidence:
        before, after = sides.a.evidence[str(was.evidence)].title, sides.b.evidence[str(now.evidence)].title
        notes.add(where, "otherwise", f"{name} now asks for “{after}” (was “{before}”).", before, after)
    _level(sides, where, name, was, now)
    _rules(sides, where, name, was, now)
    _signatures(sides, where, name, was.signed_by, now.signed_by)
    if (kind := _fresh_kind(was.fresh, now.fresh)) is not None:
        before, after = fresh_words(was.fresh), fresh_words(now.fresh)
        notes.add(where, kind, f"A record of {name} now counts {after} (was {before}).", before, after)
    if was.count != now.count:
        _count(sides, where, name, was.count, now.count)
    if was.carries_over != now.carries_over:
        # a decision of an earlier cycle, once it counts, makes what supports it too late
        kind = "otherwise" if sides.supported(now.id) else "less" if now.carries_over else "more"
        counts = "now count" if now.carries_over else "no longer count"
        notes.add(where, kind, f"Records of {name} from earlier cycles {counts}.")
    if was.supports != now.supports:
        _supports(sides, where, name, was.supports, now.supports)


def accepted(workflow: Workflow, level: str | None) -> frozenset[str] | None:
    """Returns the levels that are enough; None where no level is asked."""
    return None if level is None else frozenset(workflow.levels[workflow.level_rank(level) :])


def level_kind(was: frozenset[str] | None, now: frozenset[str] | None) -> Kind | None:
    """Returns the kind of a change of the levels that are enough."""
    if was is None or now is None:
        return None if was is now else "more" if was is None else "less"
    return by_inclusion(was, now, larger="less", smaller="more")


def _level(sides: Sides, where: str, name: str, was: Requirement, now: Requirement) -> None:
    if was.level == now.level:
        return  # another ladder under the same level is told once, where the ladder is
    before, after = accepted(sides.a, was.level), accepted(sides.b, now.level)
    kind = level_kind(before, after) or "other"
    if now.level is None:
        says = f"{name} no longer needs a level (was {level_words(was.level)})."
    else:
        says = f"{name} now needs level {level_words(now.level)} (was {level_words(was.level)})."
    sides.notes.add(where, kind, says, was.level, now.level)


def _rules(sides: Sides, where: str, name: str, was: Requirement, now: Requirement) -> None:
    for rule in now.rules:
        if rule not in was.rules:
            title = sides.b.rules[rule].title
            sides.notes.add(where, "more", f"{name} must now fulfil the rule “{title}”.", None, title)
    for rule in was.rules:
        if rule not in now.rules:
            title = sides.a.rules[rule].title
            sides.notes.add(where, "less", f"{name} no longer has to fulfil the rule “{title}”.", title, None)


def _signatures(sides: Sides, where: str, name: str, was: tuple[str, ...], now: tuple[str, ...]) -> None:
    kind = by_inclusion(was, now, larger="more", smaller="less")
    if kind is None:
        return
    before, after = sides.roles(was), sides.roles(now)
    new, gone = [r for r in now if r not in was], [r for r in was if r not in now]
    if kind == "more":
        says = f"{name} must now also be signed by {sides.roles(new)}."
    elif kind == "less":
        says = f"{name} no longer has to be signed by {sides.roles(gone)}."
    else:
        says = f"{name} must now be signed by {after} (was {before})."
    sides.notes.add(where, kind, says, before, after)


def _fresh_kind(was: Span | str | None, now: Span | str | None) -> Kind | None:
    """The shorter a record counts, the more is asked."""
    if was == now:
        return None
    if was is None or now is None:
        return "more" if was is None else "less"
    if isinstance(was, Span) and isinstance(now, Span):
        return opposite(longer(was, now)) or "other"
    return "otherwise"


def _count(sides: Sides, where: str, name: str, was: int | None, now: int | None) -> None:
    """A count of 1 takes any record that does; without a count only the newest is looked at, which asks more."""
    kind: Kind = "otherwise"
    if was is not None and now is not None:
        kind = "more" if now > was else "less"
    elif was is None and now == 1:
        kind = "less"
    elif now is None and was == 1:
        kind = "more"
    words = ["the newest record" if n is None else "any one record" if n == 1 else f"{n} records" for n in (was, now)]
    says = f"{name} is now judged by {words[1]} (was {words[0]})."
    sides.notes.add(where, kind, says, words[0], words[1])


def _supports(sides: Sides, where: str, name: str, was: str | None, now: str | None) -> None:
    before = None if was is None else sides.a.requirements[was].title
    after = None if now is None else sides.b.requirements[now].title
    if now is None:
        says = f"{name} may now be of a later day than “{before}”, which it supports."
        sides.notes.add(where, "less", says, before, after)
    else:
        kind: Kind = "more" if was is None else "otherwise"
        says = f"What happened after “{after}” no longer counts for {name}."
        sides.notes.add(where, kind, says, before, after)


def _wait(sides: Sides, where: str, name: str, was: Requirement, now: Requirement) -> None:
    assert was.wait is not None
    assert now.wait is not None
    calendars = (was.wait.calendar or sides.a.calendar, now.wait.calendar or sides.b.calendar)
    # the workflow's own calendar is told once, at the top
    own = was.wait.calendar is None and now.wait.calendar is None
    kind = wait_kind(was.wait, now.wait, (calendars[1], calendars[1]) if own else calendars)
    before, after = wait_words(sides.a, was), wait_words(sides.b, now)
    if kind is not None:
        sides.notes.add(where, kind, f"{name} is now {after} (was: {before}).", before, after)
    elif (was.wait.length, was.wait.calendar) != (now.wait.length, now.wait.calendar):
        sides.notes.add(where, "other", f"{name} is written otherwise and comes to the same day.", before, after)


def _plugin(sides: Sides, where: str, name: str, was: Requirement, now: Requirement) -> None:
    """Nobody but the plugin knows whether another kind, or another option, asks more or less."""
    if was.use != now.use:
        before, after = by_plugin(str(was.use)), by_plugin(str(now.use))
        sides.notes.add(where, "otherwise", f"{name} is now judged by {after} (was {before}).", before, after)
    elif was.options != now.options:
        for option in dict.fromkeys([*now.options, *was.options]):
            said = [option_words(r.options[option]) if option in r.options else "nothing" for r in (was, now)]
            if said[0] != said[1]:
                says = f"{name} now tells {by_plugin(str(now.use))} {option} {said[1]} (was {said[0]})."
                sides.notes.add(where, "otherwise", says, said[0], said[1])
    if was.evidence != now.evidence:
        titles = [
            w.evidence[r.evidence].title if r.evidence is not None else "nothing"
            for w, r in ((sides.a, was), (sides.b, now))
        ]
        says = f"“{titles[1]}” is now handed in for {name} (was “{titles[0]}”)."
        sides.notes.add(where, "otherwise", says, titles[0], titles[1])


def applies_kind(sides: Sides, was: Requirement, now: Requirement) -> Kind | None:
    """Returns `more` where a requirement applies to more projects than it did, `less` to fewer, None to the same."""
    when: Kind | None = None
    if was.when is not None and now.when is not None:
        when = opposite(stricter_or_looser(was.when, now.when))
    elif was.when is not now.when:
        when = "less" if was.when is None else "more"
    # a requirement without profiles is asked of every project, those of no profile included
    everyone = {"", *was.profiles, *now.profiles}
    profiles = by_inclusion(was.profiles or everyone, now.profiles or everyone, larger="more", smaller="less")
    return combined([when, profiles])


def applies_words(workflow: Workflow, requirement: Requirement) -> str:
    """Returns when a requirement applies, in words: always, or the condition and the profiles."""
    said = []
    if requirement.profiles:
        said.append(f"to {either(requirement.profiles)} projects")
    if requirement.when is not None:
        said.append(f"where {in_one_line(requirement.when, sight(workflow))}")
    return ", ".join(said) or "always"
