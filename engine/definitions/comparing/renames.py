"""Finds what only has another id, and says the first definition in the ids of the second, so that both can be read side
by side. What is looked at is everything but the id itself; it is found by a dictionary, so it takes one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from engine.core.conditions import PROJECT
from engine.core.definition import Condition, EvidenceKind, Field, Gate, Requirement, Rule, Stage, Transition, Workflow

Part = TypeVar("Part")
Ids = Mapping[str, str]


@dataclass(slots=True)
class Renames:
    """The ids that changed, from the first definition's to the second's, by what kind of thing they name."""

    roles: Ids = field(default_factory=dict)
    principles: Ids = field(default_factory=dict)
    fields: Ids = field(default_factory=dict)
    evidence: Ids = field(default_factory=dict)
    rules: Ids = field(default_factory=dict)
    requirements: Ids = field(default_factory=dict)
    gates: Ids = field(default_factory=dict)
    stages: Ids = field(default_factory=dict)

    def all(self) -> Iterable[tuple[str, Ids]]:
        """Yields each kind of thing with its ids that changed."""
        for name in self.__slots__:
            yield name, getattr(self, name)


def aligned(a: Workflow, b: Workflow) -> tuple[Workflow, Renames]:
    """Returns the first definition in the ids of the second, and which ids were others."""
    found = Renames()
    found.roles = _matched(a.roles, b.roles, _title)
    found.principles = _matched(a.principles, b.principles, _title)
    found.fields = _matched(a.fields, b.fields, lambda id, f, bare: replace(f, id="", title=_title(id, f.title, bare)))
    found.evidence = _matched(a.evidence, b.evidence, _kind_print)
    a = _renamed(a, found)
    found.rules = _matched(a.rules, b.rules, _rule_print)
    a = _renamed(a, Renames(rules=found.rules))
    common = a.requirements.keys() & b.requirements.keys()
    found.requirements = _matched(
        a.requirements, b.requirements, lambda _, r, bare: _requirement_print(r, common, bare)
    )
    a = _renamed(a, Renames(requirements=found.requirements))
    found.gates = _matched(a.gates, b.gates, lambda id, g, bare: replace(g, id="", title=_title(id, g.title, bare)))
    a = _renamed(a, Renames(gates=found.gates))
    stages = a.stages.keys() & b.stages.keys()
    found.stages = _matched(a.stages, b.stages, lambda id, s, bare: _stage_print(id, s, stages, bare))
    return _renamed(a, Renames(stages=found.stages)), found


def _matched(a: Mapping[str, Part], b: Mapping[str, Part], print_of: Callable[[str, Part, bool], Any]) -> Ids:
    """Returns for ids only in `a` the ids only in `b` of parts with the same fingerprint, each used once.

    Titles are looked at first; then what has a title made from its id on both sides, which changes with the id.
    """
    found: dict[str, str] = {}
    for bare in (False, True):
        waiting: dict[str, list[str]] = {}
        taken = set(found.values())
        for id, part in b.items():
            if id not in a and id not in taken:
                waiting.setdefault(repr(print_of(id, part, bare)), []).append(id)
        for id, part in a.items() if waiting else ():
            if id not in b and id not in found and (alike := waiting.get(repr(print_of(id, part, bare)))):
                found[id] = alike.pop(0)
    return found


def _title(id: str, title: str, bare: bool) -> str:
    """Returns a title; where `bare` is set, nothing for one that was made from the id."""
    words = id.replace("-", " ").replace("_", " ").strip()
    return "" if bare and title == words[:1].upper() + words[1:] else title


def _rule_print(id: str, rule: Rule, bare: bool) -> Any:
    title = _title(id, rule.title, bare)
    made = not title and rule.otherwise.startswith(f"{rule.title}: ")
    return title, rule.condition, "" if made else rule.otherwise


def _kind_print(id: str, kind: EvidenceKind, bare: bool) -> Any:
    return _title(id, kind.title, bare), kind.file, kind.examiner, sorted(kind.fields.items())


def _requirement_print(requirement: Requirement, common: Iterable[str], bare: bool) -> Any:
    wait, supports = requirement.wait, requirement.supports
    if wait is not None and wait.requirement not in common:
        wait = replace(wait, requirement="?")
    return replace(
        requirement,
        id="",
        title=_title(requirement.id, requirement.title, bare),
        wait=wait,
        supports="?" if supports is not None and supports not in common else supports,
        of=(),
    ), [_requirement_print(child, common, bare) for child in requirement.of]


def _stage_print(id: str, stage: Stage, common: Iterable[str], bare: bool) -> Any:
    ways = tuple(replace(t, to=t.to if t.to in common else "?") for t in stage.transitions)
    return replace(stage, id="", title=_title(id, stage.title, bare), transitions=ways)


def _renamed(workflow: Workflow, new: Renames) -> Workflow:
    if not any(ids for _, ids in new.all()):
        return workflow
    gates = {g.id: g for g in (_gate(g, new) for g in workflow.gates.values())}
    return replace(
        workflow,
        roles=_keys(workflow.roles, new.roles),
        principles=_keys(workflow.principles, new.principles),
        fields={f.id: f for f in (_field(f, new) for f in workflow.fields.values())},
        evidence={k.id: k for k in (replace(k, id=new.evidence.get(k.id, k.id)) for k in workflow.evidence.values())},
        rules={r.id: r for r in (_rule(r, new) for r in workflow.rules.values())},
        contradictions=tuple(
            replace(c, evidence=_each(c.evidence, new.evidence), unless=_condition(c.unless, new))
            for c in workflow.contradictions
        ),
        profiles=tuple(
            replace(p, condition=None if p.condition is None else _condition(p.condition, new))
            for p in workflow.profiles
        ),
        stages={s.id: s for s in (_stage(s, new) for s in workflow.stages.values())},
        gates=gates,
        requirements={r.id: r for g in gates.values() for r in g.all_requirements()},
        gate_of={r.id: g.id for g in gates.values() for r in g.all_requirements()},
    )


def _keys(parts: Mapping[str, str], ids: Ids) -> dict[str, str]:
    return {ids.get(id, id): part for id, part in parts.items()}


def _each(names: tuple[str, ...], ids: Ids) -> tuple[str, ...]:
    return tuple(ids.get(name, name) for name in names)


def _field(known: Field, new: Renames) -> Field:
    return replace(known, id=new.fields.get(known.id, known.id))


def _rule(rule: Rule, new: Renames) -> Rule:
    return replace(rule, id=new.rules.get(rule.id, rule.id), condition=_condition(rule.condition, new))


def _path(path: str, new: Renames) -> str:
    name, dot, part = path.removeprefix(PROJECT).partition(".")
    return f"{PROJECT}{new.fields.get(name, name)}{dot}{part}" if path.startswith(PROJECT) else path


def _condition(condition: Condition, new: Renames) -> Condition:
    if not new.fields:
        return condition
    project_field, less = condition.project_field, condition.less
    return replace(
        condition,
        field=_path(condition.field, new),
        fields=tuple(_path(f, new) for f in condition.fields),
        project_field=None if project_field is None else new.fields.get(project_field, project_field),
        less=None if less is None else _path(less, new),
        of=tuple(_condition(c, new) for c in condition.of),
    )


def _gate(gate: Gate, new: Renames) -> Gate:
    return replace(
        gate,
        id=new.gates.get(gate.id, gate.id),
        decided_by=_each(gate.decided_by, new.roles),
        waived_by=_each(gate.waived_by, new.roles),
        requires=tuple(_requirement(r, new) for r in gate.requires),
    )


def _requirement(requirement: Requirement, new: Renames) -> Requirement:
    r, ids = requirement, new.requirements
    wait = None if r.wait is None else replace(r.wait, requirement=ids.get(r.wait.requirement, r.wait.requirement))
    return replace(
        r,
        id=ids.get(r.id, r.id),
        evidence=None if r.evidence is None else new.evidence.get(r.evidence, r.evidence),
        rules=_each(r.rules, new.rules),
        signed_by=_each(r.signed_by, new.roles),
        principles=_each(r.principles, new.principles),
        when=None if r.when is None else _condition(r.when, new),
        wait=wait,
        supports=None if r.supports is None else ids.get(r.supports, r.supports),
        of=tuple(_requirement(child, new) for child in r.of),
    )


def _stage(stage: Stage, new: Renames) -> Stage:
    ways = tuple(_way(t, new) for t in stage.transitions)
    return replace(stage, id=new.stages.get(stage.id, stage.id), transitions=ways)


def _way(way: Transition, new: Renames) -> Transition:
    follows = way.follows
    if follows is not None:
        follows = replace(follows, requirement=new.requirements.get(follows.requirement, follows.requirement))
    return replace(
        way,
        to=new.stages.get(way.to, way.to),
        gate=None if way.gate is None else new.gates.get(way.gate, way.gate),
        by=_each(way.by, new.roles),
        follows=follows,
    )
