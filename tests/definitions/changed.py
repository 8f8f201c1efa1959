"""One change to a workflow, drawn at random: what an author may do to a requirement, a group, a rule or a gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from engine.core.definition import GROUPS, Condition, Gate, Requirement, Span, Workflow

from ..core.builders import LEVELS
from ..core.worlds import PRINCIPLES, SIGNERS

Draw = Callable[[Requirement], Requirement | None]
CONDITIONS = (
    Condition("not_empty", "project.groups"),
    Condition("at_least", "project.size", 2),
    Condition("at_least", "project.size", 4),
    Condition("any", of=(Condition("not_empty", "project.groups"), Condition("at_least", "project.size", 2))),
    Condition("all", of=(Condition("not_empty", "project.groups"), Condition("at_most", "project.target", 5))),
    Condition("none", of=(Condition("at_most", "project.target", 5),)),
)
SPANS = (None, "this stage", Span(5, "days"), Span(10, "days"), Span(2, "weeks"), Span(1, "months"), Span(40, "days"))
UNITS = ("working_days", "days", "weeks", "months")


def rebuilt(workflow: Workflow, gate: Gate) -> Workflow:
    """Returns a workflow with this gate in place of the one of the same id."""
    gates = {**workflow.gates, gate.id: gate}
    return replace(
        workflow,
        gates=gates,
        requirements={r.id: r for g in gates.values() for r in g.all_requirements()},
        gate_of={r.id: g.id for g in gates.values() for r in g.all_requirements()},
    )


def over(parts: tuple[Requirement, ...], id: str, change: Draw) -> tuple[Requirement, ...]:
    """Returns requirements with the one of an id changed, or taken out where the change gives None."""
    found = []
    for part in parts:
        made = change(part) if part.id == id else part
        if made is not None and part.id != id and made.of:
            inner = over(made.of, id, change)
            count = len(inner) if made.type == "all_of" else made.at_least
            made = replace(made, of=inner, at_least=count) if inner else None
        if made is not None:
            found.append(made)
    return tuple(found)


@st.composite
def changes(draw: st.DrawFn, workflow: Workflow) -> Workflow:
    """Draws the workflow after one change; sometimes it is no change at all."""
    gate = workflow.gates["gate"]
    parts = [child.id for r in workflow.requirements.values() for child in r.of]
    inside: bool = draw(st.booleans())
    told: str = draw(st.sampled_from(parts if parts and inside else sorted(workflow.requirements)))
    target = workflow.requirements[told]
    roles = st.lists(st.sampled_from(SIGNERS), unique=True, max_size=2).map(tuple)
    ways = ["gone", "gone", "when", "when", "profiles", "principles", "law", "gate", "rule", "new"]
    ways += {"evidence": ["level", "rules", "signers", "fresh", "count", "carries"] * 2}.get(target.type, [])
    ways += {"wait": ["wait"] * 6}.get(target.type, []) + (["group"] * 6 if target.type in GROUPS else [])
    way = draw(st.sampled_from(ways))
    if way == "gate":
        return rebuilt(workflow, replace(gate, every_principle=not gate.every_principle))
    if way == "rule":
        return _rule(draw, workflow)
    if way == "new":
        return _new(draw, workflow, gate, target)

    def change(requirement: Requirement) -> Requirement | None:
        waited = [r.wait.requirement for r in workflow.requirements.values() if r.wait is not None]
        match way:
            case "gone":
                inside = {r.id for r in requirement.family()}
                return requirement if inside & set(waited) else None
            case "when":
                return replace(requirement, when=draw(st.sampled_from([None, *CONDITIONS])))
            case "profiles":
                return replace(requirement, profiles=draw(st.sampled_from([(), ("light",), ("light", "standard")])))
            case "principles":
                return replace(requirement, principles=draw(st.sampled_from([(), PRINCIPLES[:1], PRINCIPLES])))
            case "law":
                return replace(requirement, law=not requirement.law)
            case "level":
                return replace(requirement, level=draw(st.sampled_from([None, *LEVELS])))
            case "rules":
                named = st.lists(st.sampled_from(sorted(workflow.rules)), unique=True, max_size=3)
                return replace(requirement, rules=tuple(draw(named)))
            case "signers" if requirement.count is None:
                return replace(requirement, signed_by=draw(roles))
            case "fresh":
                return replace(requirement, fresh=draw(st.sampled_from(SPANS)))
            case "count" if not requirement.signed_by:
                return replace(requirement, count=draw(st.sampled_from([None, 1, 2, 3])))
            case "carries":
                return replace(requirement, carries_over=not requirement.carries_over)
            case "wait":
                assert requirement.wait is not None
                length = Span(draw(st.integers(1, 4)), draw(st.sampled_from(UNITS)))
                counting = draw(st.sampled_from(["same_day", "next_day"]))
                return replace(requirement, wait=replace(requirement.wait, length=length, counting_from=counting))
            case "group":
                make = draw(st.sampled_from(GROUPS))
                most = len(requirement.of)
                need = {"any_of": 1, "all_of": most}.get(make) or draw(st.integers(1, most))
                return replace(requirement, type=make, at_least=need)
        return requirement

    requires = over(gate.requires, told, change)
    return rebuilt(workflow, replace(gate, requires=requires)) if requires else workflow


def _new(draw: st.DrawFn, workflow: Workflow, gate: Gate, target: Requirement) -> Workflow:
    """Puts one more requirement beside another, or into a group."""
    when = draw(st.sampled_from([None, None, *CONDITIONS[:2]]))
    kept = next(iter(workflow.requirements.values()))
    plain = replace(
        kept, id="new", title="New", type="evidence", evidence="note", wait=None, of=(), at_least=0, count=None
    )
    shown = draw(st.sampled_from([(), PRINCIPLES[:1]]))
    new = replace(plain, rules=(), level=None, signed_by=(), fresh=None, when=when, profiles=(), principles=shown)
    new = replace(new, law=draw(st.booleans()))
    if target.type not in GROUPS:
        return rebuilt(workflow, replace(gate, requires=(*gate.requires, new)))

    def widen(group: Requirement) -> Requirement:
        return replace(group, of=(*group.of, new), at_least=group.at_least + (group.type == "all_of"))

    return rebuilt(workflow, replace(gate, requires=over(gate.requires, target.id, widen)))


def _rule(draw: st.DrawFn, workflow: Workflow) -> Workflow:
    """Changes a number in a rule, or takes a part out."""
    name = draw(st.sampled_from(["scored", "quorum", "sized", "either"]))
    rule = workflow.rules[name]
    condition = rule.condition
    if condition.of:
        place = draw(st.integers(0, len(condition.of) - 1))
        part = condition.of[place]
        if draw(st.booleans()) or not isinstance(part.value, int):
            parts = (*condition.of[:place], *condition.of[place + 1 :])
        else:
            part = replace(part, value=part.value + draw(st.integers(-2, 2)))
            parts = (*condition.of[:place], part, *condition.of[place + 1 :])
        condition = replace(condition, of=parts)
    else:
        condition = replace(condition, value=int(condition.value) + draw(st.integers(-2, 2)))
    return replace(workflow, rules={**workflow.rules, name: replace(rule, condition=condition)})
