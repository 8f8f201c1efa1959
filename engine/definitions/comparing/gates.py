"""Compares gates: who decides, who may waive, what becomes of a gate that was passed, and what moved between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.core.definition import Gate, Requirement
from engine.definitions.comparing.change import by_inclusion
from engine.definitions.comparing.groups import both, listed
from engine.definitions.comparing.requirements import Sides
from engine.definitions.comparing.standing import Place, unwaivable

_DISSENT = {"blocks": "keeps the gate shut", "recorded": "is recorded and does not keep the gate shut"}
_UNSOUND = {
    "warns": "this is shown",
    "freezes": "the project waits until it is put right",
    "reopens": "the gate reopens",
}
_HARD = {"warns": 0, "freezes": 1, "reopens": 1}


def compare_gates(sides: Sides) -> None:
    """Notes every change of the gates and what they ask."""
    for gate in sides.a.gates.values():
        if gate.id not in sides.b.gates:
            says = f"There is no gate “{gate.title}” any more."
            sides.notes.add(f"gates.{gate.id}", "less", says, gate.title, None)
    for now in sides.b.gates.values():
        was = sides.a.gates.get(now.id)
        if was is None:
            count = len(list(now.all_requirements()))
            says = f"There is a new gate, “{now.title}”, with {count} requirement{'' if count == 1 else 's'}."
            sides.notes.add(f"gates.{now.id}", "more", says, None, now.title)
        else:
            _gate(sides, was, now)
    _moved(sides)


def _gate(sides: Sides, was: Gate, now: Gate) -> None:
    notes, where, name = sides.notes, f"gates.{now.id}", f"“{now.title}”"
    if was.title != now.title:
        notes.add(where, "other", f"The gate “{was.title}” is now called {name}.", was.title, now.title)
    _deciders(sides, where, name, was, now)
    kind = by_inclusion(was.waived_by or was.decided_by, now.waived_by or now.decided_by, larger="less", smaller="more")
    if kind is not None and (was.waived_by or now.waived_by):
        before, after = sides.roles(was.waived_by or was.decided_by), sides.roles(now.waived_by or now.decided_by)
        notes.add(where, kind, f"Requirements of {name} may now be waived by {after} (was {before}).", before, after)
    if was.every_principle != now.every_principle:
        every = f"{name} now insists that" if now.every_principle else f"{name} no longer insists that"
        notes.add(where, "more" if now.every_principle else "less", f"{every} every principle is shown.")
    if was.dissent != now.dissent:
        before, after = _DISSENT[was.dissent], _DISSENT[now.dissent]
        kind = "more" if now.dissent == "blocks" else "less"
        notes.add(where, kind, f"At {name} dissent now {after} (was: {before}).", before, after)
    if was.if_unsound != now.if_unsound:
        before, after = _UNSOUND[was.if_unsound], _UNSOUND[now.if_unsound]
        harder = _HARD[now.if_unsound] - _HARD[was.if_unsound]
        kind = "more" if harder > 0 else "less" if harder < 0 else "otherwise"
        says = f"When {name} was passed and is no longer sound: {after} (was: {before})."
        notes.add(where, kind, says, before, after)
    place = Place(now, where, was.every_principle and now.every_principle)
    listed(sides, place, was.requires, now.requires)
    _waivable(sides, where, was, now)


def _deciders(sides: Sides, where: str, name: str, was: Gate, now: Gate) -> None:
    kind = by_inclusion(was.decided_by, now.decided_by, larger="more", smaller="less")
    if kind is None:
        return
    before, after = sides.roles(was.decided_by), sides.roles(now.decided_by)
    count, earlier = len(now.decided_by), len(was.decided_by)
    if count != earlier and count and earlier:
        people = "1 person" if count == 1 else f"{count} people"
        says = f"{people} instead of {earlier} must decide {name}: {after} (was {before})."
    elif not earlier:
        says = f"{name} must now be decided, by {after}."
    elif not count:
        says = f"{name} no longer has to be decided by anybody (was {before})."
    else:
        says = f"{name} must now be decided by {after} (was {before})."
    sides.notes.add(where, kind, says, before, after)


def _waivable(sides: Sides, where: str, was: Gate, now: Gate) -> None:
    before, after = unwaivable(was), unwaivable(now)
    earlier = {r.id: r for r in was.all_requirements()}
    for requirement in now.all_requirements():
        old = earlier.get(requirement.id)
        if old is None:
            continue
        bound, label = (requirement.id in before, requirement.id in after), (old.law, requirement.law)
        place, name = f"{where}.{requirement.id}", f"“{requirement.title}”"
        law = " is now a requirement of law and" if label == (False, True) else ""
        if bound == (False, True):
            sides.notes.add(place, "more", f"{name}{law} can no longer be waived.")
        elif bound == (True, False):
            sides.notes.add(place, "less", f"{name} can now be waived.")
        elif label[0] != label[1]:
            marked = "now marked" if requirement.law else "no longer marked"
            sides.notes.add(place, "other", f"{name} is {marked} as a requirement of law.")


def _places(gates: Mapping[str, Gate]) -> Iterator[tuple[str, Requirement, str, str]]:
    """Yields each requirement with its id, the id of what it stands in, and the title of that."""

    def inside(parts: Iterable[Requirement], id: str, title: str) -> Iterator[tuple[str, Requirement, str, str]]:
        for part in parts:
            yield part.id, part, id, title
            yield from inside(part.of, part.id, part.title)

    for gate in gates.values():
        yield from inside(gate.requires, f"gate {gate.id}", gate.title)


def _moved(sides: Sides) -> None:
    """Notes requirements that stand in another gate or another group than they did, and what else became of them."""
    before = {id: (requirement, parent, title) for id, requirement, parent, title in _places(sides.a.gates)}
    for id, now, parent, title in _places(sides.b.gates):
        if id not in before or before[id][1] == parent:
            continue
        was, _, earlier = before[id]
        where = f"gates.{sides.b.gate_of[id]}.{id}"
        says = f"“{now.title}” now stands in “{title}” (was in “{earlier}”)."
        sides.notes.add(where, "otherwise", says, earlier, title)
        gate = sides.b.gates[sides.b.gate_of[id]]
        both(sides, Place(gate, f"gates.{gate.id}", insists=False, moved=True), was, now)
