"""Compares stages and the ways between them."""

from __future__ import annotations

from engine.core.definition import Follows, Stage, Transition, Workflow
from engine.core.values import show
from engine.definitions.comparing.change import Kind, by_inclusion
from engine.definitions.comparing.requirements import Sides


def compare_stages(sides: Sides) -> None:
    """Notes stages that are new, gone or otherwise, and the same of the ways out of them."""
    a, b, notes = sides.a, sides.b, sides.notes
    for stage in a.stages.values():
        if stage.id not in b.stages:
            says = f"There is no stage “{stage.title}” any more."
            notes.add(f"stages.{stage.id}", "otherwise", says, stage.title, None)
    for now in b.stages.values():
        was = a.stages.get(now.id)
        if was is None:
            notes.add(f"stages.{now.id}", "otherwise", f"There is a new stage, “{now.title}”.", None, now.title)
        else:
            _stage(sides, was, now)
    if a.first_stage.id != b.first_stage.id:
        before, after = a.first_stage.title, b.first_stage.title
        notes.add("stages", "otherwise", f"Projects now start in “{after}” (was “{before}”).", before, after)
    _directions(sides)


def _directions(sides: Sides) -> None:
    """Notes ways with no gate that lead back in one definition only: going back is told by the order of the stages."""
    orders = [{id: place for place, id in enumerate(w.stages)} for w in (sides.a, sides.b)]
    for stage in sides.b.stages.values():
        earlier = {t.id: t for t in sides.a.stages[stage.id].transitions} if stage.id in sides.a.stages else {}
        for way in stage.transitions:
            was = earlier.get(way.id)
            if was is None or was.to != way.to or was.gate is not None or way.gate is not None:
                continue
            back = [order[way.to] <= order[stage.id] for order in orders]
            if back[0] != back[1] and not sides.b.stages[way.to].final:
                words = ["a step back" if each else "a step on" for each in back]
                says = f"“{way.title}” from “{stage.title}” now counts as {words[1]} (was {words[0]})."
                sides.notes.add(f"stages.{stage.id}.{way.id}", "otherwise", says, words[0], words[1])


def _stage(sides: Sides, was: Stage, now: Stage) -> None:
    notes, where = sides.notes, f"stages.{now.id}"
    if was.title != now.title:
        notes.add(where, "other", f"The stage “{was.title}” is now called “{now.title}”.", was.title, now.title)
    if was.target != now.target:
        before, after = (str(s.target) if s.target else "no set time" for s in (was, now))
        notes.add(where, "other", f"“{now.title}” should now take {after} (was {before}).", before, after)
    if was.final != now.final:
        ends = "now ends the project" if now.final else "no longer ends the project"
        notes.add(where, "otherwise", f"“{now.title}” {ends}.")
    before_, after_ = ({t.id: t for t in s.transitions} for s in (was, now))
    renamed = _renamed(before_, after_)
    for id, way in before_.items():
        if id not in after_ and id not in renamed:
            says = f"There is no way “{way.title}” out of “{now.title}” any more."
            notes.add(f"{where}.{id}", "otherwise", says, _way(sides.a, way), None)
    earlier = {renamed.get(id, id): way for id, way in before_.items()}
    for id, way in after_.items():
        if id not in earlier:
            says = f"There is a new way out of “{now.title}”: {_way(sides.b, way)}."
            notes.add(f"{where}.{id}", "otherwise", says, None, _way(sides.b, way))
        else:
            _both(sides, f"{where}.{id}", now, earlier[id], way)


def _renamed(was: dict[str, Transition], now: dict[str, Transition]) -> dict[str, str]:
    """Returns ways that only have another id: the same target, gate and the rest, and no other such way beside it."""
    free = {_same(way): id for id, way in now.items() if id not in was}
    return {id: free.pop(_same(way)) for id, way in was.items() if id not in now and _same(way) in free}


def _same(way: Transition) -> str:
    return repr((way.to, way.gate, way.reason_required, sorted(way.by), way.new_cycle, way.follows))


def _way(workflow: Workflow, way: Transition) -> str:
    gate = f" through “{workflow.gates[way.gate].title}”" if way.gate is not None else ", with no gate"
    return f"“{way.title}” to “{workflow.stages[way.to].title}”{gate}"


def _both(sides: Sides, where: str, stage: Stage, was: Transition, now: Transition) -> None:
    a, b, notes = sides.a, sides.b, sides.notes
    name = f"“{now.title}” from “{stage.title}”"
    if was.id != now.id:
        notes.add(where, "other", f"The way {name} is now called by the id {now.id} (was {was.id}).", was.id, now.id)
    if was.title != now.title:
        notes.add(where, "other", f"The way “{was.title}” is now called “{now.title}”.", was.title, now.title)
    if was.to != now.to:
        before, after = a.stages[was.to].title, b.stages[now.to].title
        notes.add(where, "otherwise", f"{name} now leads to “{after}” (was “{before}”).", before, after)
    if was.gate != now.gate:
        _gate(sides, where, name, was, now)
    if was.reason_required != now.reason_required:
        kind: Kind = "more" if now.reason_required else "less"
        must = "must now be given a reason" if now.reason_required else "no longer needs a reason"
        notes.add(where, kind, f"{name} {must}.")
    anyone = {"", *was.by, *now.by}  # no roles named: any holder of a role in the project
    if (by := by_inclusion(was.by or anyone, now.by or anyone, larger="less", smaller="more")) is not None:
        before, after = (sides.roles(w.by) if w.by else "anyone with a role in the project" for w in (was, now))
        notes.add(where, by, f"{name} may now be taken by {after} (was {before}).", before, after)
    if was.new_cycle != now.new_cycle:
        begins = "now begins a new cycle" if now.new_cycle else "no longer begins a new cycle"
        notes.add(where, "otherwise", f"{name} {begins}.")
    if was.follows != now.follows:
        before, after = _follows(a, was.follows), _follows(b, now.follows)
        kind = "more" if was.follows is None else "less" if now.follows is None else "otherwise"
        notes.add(where, kind, f"{name} may now be taken {after} (was {before}).", before, after)


def _gate(sides: Sides, where: str, name: str, was: Transition, now: Transition) -> None:
    before = None if was.gate is None else sides.a.gates[was.gate].title
    after = None if now.gate is None else sides.b.gates[now.gate].title
    if now.gate is None:
        sides.notes.add(where, "less", f"{name} no longer passes a gate (was “{before}”).", before, after)
    elif was.gate is None:
        sides.notes.add(where, "more", f"{name} now passes the gate “{after}”.", before, after)
    else:
        sides.notes.add(where, "otherwise", f"{name} now passes “{after}” (was “{before}”).", before, after)


def _follows(workflow: Workflow, follows: Follows | None) -> str:
    if follows is None:
        return "whatever was decided"
    requirement = workflow.requirements[follows.requirement]
    kind = workflow.evidence.get(str(requirement.evidence))
    field = None if kind is None else kind.fields.get(follows.field)
    return f"only where “{requirement.title}” says {show(field, follows.value)}"
