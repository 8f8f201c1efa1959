"""Whether a definition that builds on another still asks all that the law asks in its base, weighed on the outcome.

What the law asks for is read as widely as the engine reads what nobody may waive: a requirement of law, every part of
a group of law, and every alternative to a requirement of law. It may be asked for more strictly, and never for less,
of fewer projects, or with a way past its gate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.core.definition import GROUPS, Field, Requirement, Workflow
from engine.definitions.comparing.change import Changes
from engine.definitions.comparing.requirements import Sides, applies_kind, compare_requirement
from engine.definitions.prover.applies import Applying, project_fields_in
from engine.definitions.report import quoted


@dataclass(frozen=True, slots=True)
class Loosened:
    """What was made less: a requirement, a field or a stage by its id, and how, in a sentence."""

    what: str
    id: str
    says: str


def loosened_in(base: Workflow, made: Workflow) -> Iterator[Loosened]:
    """Yields where `made` asks less of what the law asks for than the `base` it was made of, in the order of gates."""
    bound = [r for gate in base.gates.values() for r in gate.requires if r.holds_law]
    for old in bound:
        gate = made.gates.get(base.gate_of[old.id])
        new = next((r for r in gate.requires if r.id == old.id), None) if gate is not None else None
        if new is None:
            yield Loosened("requirement", old.id, f"{quoted(old.id)} is, or holds, a requirement of law; it must stay.")
        else:
            yield from _Weighing(base, made).weighed(old, new, bound=False, choice=False)
    yield from _fields(base, made, bound)
    if list(base.stages) != list(made.stages):
        yield from _ways_past(base, made, [base.gate_of[r.id] for r in bound])


@dataclass(frozen=True, slots=True)
class _Weighing:
    """Holds a requirement of the base against what became of it."""

    base: Workflow
    made: Workflow

    def weighed(self, old: Requirement, new: Requirement, *, bound: bool, choice: bool) -> Iterator[Loosened]:
        """Yields how a requirement asks less. `bound`: it counts as law; `choice`: a group around it is a choice."""
        bound = bound or old.law
        notes = Changes()
        sides = Sides(self.base, self.made, notes)
        applies = applies_kind(sides, old, new)
        if applies is not None and (choice or applies != "more"):
            yield Loosened("requirement", old.id, f"{_named(old)} must apply to the same projects as before.")
        if old.law and not new.law:
            yield Loosened("requirement", old.id, f"{_named(old)} must still be marked as one of law.")
        if old.type in GROUPS:
            yield from self._group(old, new, bound=bound, choice=choice or old.type != "all_of")
            return
        compare_requirement(sides, "", old, new)
        less = next((change.says for change in notes.found if change.kind in ("less", "otherwise")), None)
        if less is not None:
            yield Loosened("requirement", old.id, f"{_named(old)} may be made stricter only. {less}")

    def _group(self, old: Requirement, new: Requirement, *, bound: bool, choice: bool) -> Iterator[Loosened]:
        if new.type != old.type or new.at_least < old.at_least and old.type == "at_least":
            yield Loosened("requirement", old.id, f"{_named(old)} must want its parts in the same way as before.")
            return
        parts = {part.id: part for part in new.of}
        for part in old.of:
            counts = bound or choice or part.holds_law
            if part.id in parts and counts:
                yield from self.weighed(part, parts[part.id], bound=bound or choice, choice=choice)
            elif counts and (part.holds_law or old.type == "all_of"):
                said = f"{quoted(part.id)} must stay in {quoted(old.id)}, which the law rests on."
                yield Loosened("requirement", part.id, said)
        known = {part.id for part in old.of}
        for part in new.of if choice else ():
            if part.id not in known:
                said = f"{quoted(part.id)} would be a new way round what the law asks for in {quoted(old.id)}."
                yield Loosened("requirement", part.id, said)


def _named(requirement: Requirement) -> str:
    if requirement.law:
        return f"{quoted(requirement.id)} is a requirement of law; it"
    inside = "holds a requirement of law" if requirement.holds_law else "stands beside or inside a requirement of law"
    return f"{quoted(requirement.id)} {inside}; it"


def _fields(base: Workflow, made: Workflow, bound: list[Requirement]) -> Iterator[Loosened]:
    """Yields fields of the project that decide what the law asks for, and were changed so that it is asked less."""
    applying, told = Applying(base), set[str]()
    changed = {id for id, field in base.fields.items() if made.fields.get(id) != field}
    if not changed:
        return
    usual, now = ({id: f.default for id, f in w.fields.items() if f.default is not None} for w in (base, made))
    for part in (r for top in bound for r in top.family()):
        conditions = applying.conditions(part)
        rules = [base.rules[name].condition for name in part.rules]
        for id in project_fields_in([*conditions, *rules]):
            if id not in changed or id in told:
                continue
            if said := _less(base.fields[id], made.fields[id]):
                told.add(id)
                yield Loosened("field", id, f"{quoted(part.id)}, which the law rests on, looks at {quoted(id)}; {said}")
            elif applying.holds(part, usual) and not applying.holds(part, usual | _only(now, id)) and part.holds_law:
                told.add(id)
                said = "with this default it would no longer be asked unless somebody says otherwise."
                yield Loosened("field", id, f"{quoted(part.id)} is, or holds, a requirement of law; {said}")


def _only(values: dict[str, object], id: str) -> dict[str, object]:
    return {id: values[id]} if id in values else {}


def _less(old: Field, new: Field) -> str:
    """Returns how a field lets a project say what it could not say before; empty where it does not."""
    if old.type != new.type:
        return f"its type must stay {old.type}."
    if old.required and not new.required:
        return "it must stay required."
    added = [word for word in new.of if word not in old.of]
    if added:
        return f"{quoted(added[0])} would be a new answer to it."
    return "its parts must stay." if old.type != "choice" and set(old.of) != set(new.of) else ""


def _ways_past(base: Workflow, made: Workflow, gates: list[str]) -> Iterator[Loosened]:
    """Yields stages that could not be reached without a gate of law and now can, each at the stage that leads there."""
    for gate in dict.fromkeys(gates):
        before, after = _reached_without(gate, base), _reached_without(gate, made)
        for id in base.stages:
            if id in after and id not in before:
                here: str | None = id
                while here is not None and (here == id or here in base.stages):
                    here = after[here]
                said = f"{quoted(id)} could be reached without {quoted(gate)}, which holds a requirement of law."
                yield Loosened("stage", here or id, said)
                break


def _reached_without(gate: str, workflow: Workflow) -> dict[str, str | None]:
    """Returns each stage that can be reached without passing a gate, with the stage before it."""
    before: dict[str, str | None] = {workflow.first_stage.id: None}
    todo = list(before)
    for here in todo:
        for way in workflow.stages[here].transitions:
            if way.gate != gate and way.to not in before:
                before[way.to] = here
                todo.append(way.to)
    return before
