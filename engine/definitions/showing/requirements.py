"""One requirement on a page: what must be handed in, who signs, how long it counts, where the demand comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.core.definition import Requirement, Workflow
from engine.definitions.showing.conditions import (
    either,
    in_lines,
    in_one_line,
    level_words,
    sight,
    together,
    wait_words,
)
from engine.definitions.showing.text import bullet, capital, inside, plain

BASES = {"law": "Law", "guide": "Guide", "good_practice": "Good practice", "local": "Local practice"}
_PARTS = {"any_of": "Any one of these is enough.", "all_of": "All of these are needed."}


def requirement_lines(workflow: Workflow, requirement: Requirement, depth: int = 0) -> list[str]:
    """Returns the lines of a requirement and of the parts inside it; parts are items of a list, one level deeper."""
    said = _said(workflow, requirement)
    if depth == 0:
        lines = [f"### {plain(requirement.title)}", ""]
    else:
        lines = [bullet(f"**{plain(requirement.title)}**", depth - 1)]
    if requirement.help:
        lines += [plain(requirement.help), ""] if depth == 0 else [bullet(plain(requirement.help), depth)]
    lines += [bullet(text, depth + deeper) for deeper, text in said]
    for child in requirement.of:
        lines += requirement_lines(workflow, child, depth + 1)
    return [*lines, ""] if depth == 0 else lines


def _said(workflow: Workflow, requirement: Requirement) -> list[tuple[int, str]]:
    said = [(0, _asked(workflow, requirement))]
    for rule in requirement.rules:
        said += _rule(workflow, requirement, rule)
    if requirement.signed_by:
        signers = together(_role(workflow, role) for role in requirement.signed_by)
        said.append((0, f"Signed by {signers}."))
    said += [(0, text) for text in _time(workflow, requirement)]
    if requirement.profiles:
        said.append((0, f"Asked of {either(plain(p) for p in requirement.profiles)} projects only."))
    if requirement.when is not None:
        said.append((0, f"Asked only where {plain(in_one_line(requirement.when, sight(workflow)))}."))
    if requirement.principles:
        shown = together(f"{plain(workflow.principles[p])} ({plain(p)})" for p in requirement.principles)
        said.append((0, f"Shows: {shown}."))
    said.append((0, _basis(requirement)))
    return said


def _role(workflow: Workflow, role: str) -> str:
    return f"the {plain(inside(workflow.roles[role]))}"


def _asked(workflow: Workflow, requirement: Requirement) -> str:
    if requirement.type == "evidence":
        kind = plain(workflow.evidence[str(requirement.evidence)].title)
        many = f", {requirement.count} records that each do all of this" if requirement.count else ""
        level = ""
        if requirement.level is not None:
            top = requirement.level == workflow.levels[-1]
            level = f", made at the level of {plain(level_words(requirement.level))}{'' if top else ' or above'}"
        return f"To hand in: **{kind}**{many}{level}."
    if requirement.type == "signature":
        return "To sign; there is nothing to hand in."
    if requirement.type == "wait":
        return f"To wait: {plain(wait_words(workflow, requirement))}."
    if requirement.use is not None:
        taken = workflow.evidence.get(requirement.evidence or "")
        records = "" if taken is None else f" Records of “{plain(taken.title)}” can be handed in for it."
        return f"Judged by {plain(by_plugin(requirement.use))}.{told(requirement)}{records}"
    return _PARTS.get(requirement.type, f"At least {requirement.at_least} of these are needed.")


def by_plugin(use: str) -> str:
    """Returns who judges or examines, in words: the plugin, and which of its kinds."""
    plugin, _, kind = use.partition("/")
    return f"the plugin {plugin}: {kind}"


def told(requirement: Requirement) -> str:
    """Returns what the plugin that judges a requirement is told, as it is handed it; empty where it is told nothing."""
    if not requirement.options:
        return ""
    said = ", ".join(f"{plain(name)} {plain(option_words(value))}" for name, value in requirement.options.items())
    return f" It is told: {said}."


def option_words(value: Any) -> str:
    """Returns the value of an option in words; money is in pence, as the plugin is handed it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return together(f"{name.replace('_', ' ')} {option_words(part)}" for name, part in value.items()) or "nobody"
    if isinstance(value, list):
        return together(option_words(part) for part in value) or "nothing"
    return str(value)


def _rule(workflow: Workflow, requirement: Requirement, name: str) -> list[tuple[int, str]]:
    rule = workflow.rules[name]
    scope = sight(workflow, workflow.evidence[str(requirement.evidence)].fields)
    lines = in_lines(rule.condition, scope)
    said = [(1 + depth, capital(plain(text)) + ("" if text.endswith(":") else ".")) for depth, text in lines]
    return [(0, f"Rule “{plain(rule.title)}”: {plain(rule.otherwise)} In detail:"), *said]


def _time(workflow: Workflow, requirement: Requirement) -> list[str]:
    said = []
    if requirement.fresh == "this stage":
        said.append("Counts if it is handed in during the stage it is for.")
    elif requirement.fresh is not None:
        said.append(f"Counts for {requirement.fresh} from the day it happened, that last day included.")
    if requirement.carries_over:
        said.append("Still counts in a later cycle.")
    if requirement.supports is not None:
        decision = plain(workflow.requirements[requirement.supports].title)
        said.append(f"Supports “{decision}”: what happened after that decision does not count.")
    return said


def _basis(requirement: Requirement) -> str:
    waived = " Nobody can waive this." if requirement.law else ""
    if requirement.basis is None:
        return f"Where it comes from: the definition does not say.{waived}"
    return f"**{BASES[requirement.basis.kind]}**: {plain(requirement.basis.source)}.{waived}".replace("..", ".")
