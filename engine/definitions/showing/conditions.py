"""Conditions and lengths of time in plain words, for pages and comparisons; nothing here looks at a project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.core.conditions import PROJECT, Scope
from engine.core.definition import Condition, Field, Requirement, Span, Workflow

_SAYS = {
    "equals": "{} is {}",
    "not": "{} is given and is not {}",
    "in": "{} is one of: {}",
    "at_least": "{} is at least {}",
    "at_most": "{} is at most {}",
    "before": "{} is before {}",
    "after": "{} is after {}",
    "includes_all_of": "{} includes all of: {}",
}
_JOINED = {"all": " and ", "any": " or "}
_HEADS = {"all": "all of these hold:", "any": "one of these holds:", "none": "none of these holds:"}


def sight(workflow: Workflow, record: Mapping[str, Field] | None = None) -> Scope:
    """Returns what a condition's words are made with: the fields of the project and those of a record."""
    return Scope({}, workflow.fields, {}, record or {})


def fields_for(workflow: Workflow) -> dict[str, Mapping[str, Field]]:
    """Returns for each rule the fields of a kind of evidence it is used with; rules nobody uses are left out."""
    found: dict[str, Mapping[str, Field]] = {}
    for requirement in workflow.requirements.values():
        if requirement.evidence in workflow.evidence:
            for rule in requirement.rules:
                found.setdefault(rule, workflow.evidence[str(requirement.evidence)].fields)
    return found


def in_one_line(condition: Condition, scope: Scope) -> str:
    """Returns a condition as one clause without a full stop; parts inside parts stand in brackets."""
    if condition.op in _JOINED:
        parts = [_bracketed(c, scope) for c in condition.of]
        return _JOINED[condition.op].join(parts) or ("nothing here" if condition.op == "all" else "never")
    if condition.op == "none":
        return "none of these holds: " + "; ".join(_bracketed(c, scope) for c in condition.of)
    return _atom(condition, scope)


def in_lines(condition: Condition, scope: Scope, depth: int = 0) -> list[tuple[int, str]]:
    """Returns a condition as lines of a list, each with how deep it stands; an `all` at the top is just its parts."""
    if condition.op not in _HEADS:
        return [(depth, _atom(condition, scope))]
    if condition.op == "all" and depth == 0:
        return [line for c in condition.of for line in in_lines(c, scope)]
    return [(depth, _HEADS[condition.op]), *(line for c in condition.of for line in in_lines(c, scope, depth + 1))]


def _bracketed(condition: Condition, scope: Scope) -> str:
    said = in_one_line(condition, scope)
    return f"({said})" if condition.of and len(condition.of) > 1 else said


def _atom(condition: Condition, scope: Scope) -> str:
    less = f", not counting {_name(condition.less, scope)}" if condition.less else ""
    name = _name(condition.field, scope)
    if condition.op == "share":
        parts = together(_name(f, scope) for f in condition.fields)
        be = "are together" if len(condition.fields) > 1 else "is"
        return f"{parts} {be} at least {condition.value}% of {name}{less}"
    if condition.op == "not_empty":
        return f"{name} is given{less}"
    if condition.project_field is not None:
        wanted = _name(PROJECT + condition.project_field, scope)
    elif condition.op == "in":
        wanted = ", ".join(scope.words(condition.field, item) for item in condition.value)
    else:
        wanted = scope.words(condition.field, condition.value)
    return _SAYS[condition.op].format(name, wanted) + less


def _name(path: str, scope: Scope) -> str:
    return f"“{scope.name(path)}”" + (" of the project" if path.startswith(PROJECT) else "")


def together(names: Iterable[str]) -> str:
    """Returns `A`, `A and B`, `A, B and C`; nothing where there are no names."""
    found = list(names)
    return ", ".join(found[:-1]) + " and " + found[-1] if len(found) > 1 else "".join(found)


def either(names: Iterable[str]) -> str:
    """Returns `A`, `A or B`, `A, B or C`; nothing where there are no names."""
    found = list(names)
    return ", ".join(found[:-1]) + " or " + found[-1] if len(found) > 1 else "".join(found)


def level_words(level: str | None) -> str:
    """Returns a level of participation in words: `co_design` as co-design."""
    return "no level" if level is None else level.replace("_", "-")


def fresh_words(fresh: Span | str | None) -> str:
    """Returns how long a record counts, in words that follow “counts”."""
    if fresh is None:
        return "without an end"
    return "if handed in during this stage" if isinstance(fresh, str) else f"for {fresh}"


def counting_words(counting_from: str) -> str:
    """Returns how a wait is counted: with the day itself, or after the day that follows it."""
    return "with the day itself" if counting_from == "same_day" else "after the day that follows it"


def wait_words(workflow: Workflow, requirement: Requirement) -> str:
    """Returns a wait in words: its length, what it is counted from, how, and by which calendar."""
    wait = requirement.wait
    assert wait is not None
    source = workflow.requirements.get(wait.requirement)
    title = wait.requirement if source is None else source.title
    kind = None if source is None else workflow.evidence.get(str(source.evidence))
    field = None if kind is None else kind.fields.get(wait.field)
    named = wait.field.replace("_", " ") if field is None else field.title
    calendar = f", calendar {wait.calendar or workflow.calendar}" if wait.length.unit == "working_days" else ""
    counted = counting_words(wait.counting_from)
    return f"{wait.length} after the date “{named}” of “{title}”, counted {counted}{calendar}"
