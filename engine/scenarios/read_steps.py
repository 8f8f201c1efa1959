"""Reads the steps of a story: each is a mapping with one word that says what is done, and words that say more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from engine.core.authority import REGISTER_ROLES
from engine.core.definition import EvidenceKind
from engine.core.records import FAILED, FAULTY, PASSED
from engine.definitions.tree import Node
from engine.scenarios.reading import YES, Reading
from engine.scenarios.shapes import (
    EVERYTHING,
    Advance,
    Affirm,
    Decide,
    Expected,
    Hold,
    Keep,
    Later,
    Promise,
    Ready,
    Record,
    Regrade,
    See,
    SetFields,
    Sign,
    Step,
    Waive,
    What,
    Withdraw,
)

See_ = Callable[[Node], Expected]


def step_of(node: Node, reading: Reading, expected: See_ | None) -> Step | None:
    """Returns a step; None where it is reported. `expected` reads what a look expects; None where none may stand."""
    if node.kind != "map":
        reading.wrong(node, "A step is a mapping that begins with what is done, like `- sign: mandate`.")
        return None
    words = [key for key, _ in node.items() if key in _STEPS]
    if len(words) != 1:
        known = ", ".join(_STEPS)
        first = next((key for key, _ in node.items()), "")
        near = "" if words else reading.report.near(first, _STEPS)
        said = f"says {' and '.join(words)}" if words else "says none of the words for what is done"
        reading.wrong(node, f"This step {said}.{near} Each step has one of: {known}.")
        return None
    word = words[0]
    more, read = _STEPS[word]
    reading.keys(node, (word, *more), f"The step {word}")
    if word == "see":
        if expected is None:
            reading.wrong(node, "A look stands among the steps under given, not here.")
            return None
        return Step(See(expected(node.value["see"])), node.line)
    return Step(read(node, reading), node.line)


def _record(node: Node, reading: Reading) -> What:
    return _handed_in(node, node.value["record"], reading, ready=False)


def _handed_in(node: Node, named: Node, reading: Reading, *, ready: bool) -> Record:
    requirement = reading.requirement(named)
    asked = reading.workflow.requirements.get(requirement)
    kind = reading.workflow.evidence.get(asked.evidence or "") if asked is not None else None
    if asked is not None and kind is None:
        reading.wrong(named, f"{requirement} takes no records.")
    levels = node.get("level")
    return Record(
        requirement=requirement,
        ready=ready,
        by=reading.person(node.get("by")),
        level=reading.name(levels, reading.workflow.levels, "level") or None,
        happened_on=reading.day(node.get("happened_on")),
        facts=reading.facts(node.get("facts"), kind.fields, "Facts") if kind is not None else {},
        file=_file(node.get("file"), reading),
        roles=reading.roles(node.get("signed_by")),
        examined=_examined(node.get("examined"), requirement, kind, reading),
    )


def _examined(node: Node | None, requirement: str, kind: EvidenceKind | None, reading: Reading) -> str:
    """Returns what the examiner says in a story; every record passes of which nothing is said."""
    if node is not None and kind is not None and kind.examiner is None:
        reading.wrong(node, f"Nobody examines what is handed in for {requirement}; take examined out.")
    return reading.name(node, EXAMINATIONS, "outcome of an examination") or PASSED


def _file(node: Node | None, reading: Reading) -> bool | str | None:
    """Returns whether a file comes along, or the requirement whose file is handed in once more."""
    if node is None or node.kind == "yes_no" or node.text.strip().lower() in YES:
        return reading.yes(node)
    return reading.requirement(node)


_DETAILS: Final = ("by", "level", "happened_on", "facts", "file", "examined")
EXAMINATIONS: Final = (PASSED, FAULTY, FAILED)


def _ready(node: Node, reading: Reading) -> What:
    named = node.value["ready"]
    without = reading.names(node.get("except"), reading.workflow.requirements, "requirement")
    particular = node.has(*_DETAILS, "signed_by")
    if not particular:
        if named.word == EVERYTHING:
            return Ready(None, without)
        known = [*reading.workflow.requirements, *reading.workflow.gates]
        return Ready(reading.names(named, known, "requirement or gate"), without)
    if named.kind == "list" or named.word == EVERYTHING or named.word in reading.workflow.gates:
        reading.wrong(named, f"Name the one requirement that {' and '.join(particular)} belongs to.")
        return Ready((), ())
    return _handed_in(node, named, reading, ready=True)


def _sign(node: Node, reading: Reading) -> What:
    return Sign(reading.requirement(node.value["sign"]), reading.roles(node.get("as")), reading.person(node.get("by")))


def _waive(node: Node, reading: Reading) -> What:
    until = reading.day(node.get("until"))
    if node.get("until") is None:
        reading.wrong(node, "A waiver has an end: add until, like `until: 2026-09-30`.")
    by = node.get("by")
    two = None if by is None else reading.names(by, reading.everybody(), "person or role")
    if two is not None and by is not None and (by.kind != "list" or len(by.elements()) != 2):
        reading.wrong(by, "Two people waive: name both, like `by: [sro, lx_cochair]`.")
    return Waive(reading.requirement(node.value["waive"]), until or date.max, two)


def _withdraw(node: Node, reading: Reading) -> What:
    return Withdraw(reading.requirement(node.value["withdraw"]), reading.person(node.get("by")))


def _regrade(node: Node, reading: Reading) -> What:
    if node.get("level") is None:
        reading.wrong(node, "Say to which level: add level.")
    level = reading.name(node.get("level"), reading.workflow.levels, "level")
    return Regrade(reading.requirement(node.value["regrade"]), level, reading.person(node.get("by")))


def _decide(node: Node, reading: Reading) -> What:
    ways = _ways(reading)
    to = reading.name(node.get("to"), ways, "way or stage") or None
    return Decide(reading.roles(node.value["decide"]), False, reading.person(node.get("by")), to)


def _dissent(node: Node, reading: Reading) -> What:
    to = reading.name(node.get("to"), _ways(reading), "way or stage") or None
    return Decide(reading.roles(node.value["dissent"]), True, reading.person(node.get("by")), to)


def _affirm(node: Node, reading: Reading) -> What:
    gate = reading.name(node.value["affirm"], reading.workflow.gates, "gate")
    return Affirm(gate, reading.roles(node.get("as")))


def _keep(node: Node, reading: Reading) -> What:
    gate = reading.name(node.value["keep"], reading.workflow.gates, "gate")
    return Keep(gate, reading.number(node.get("promise")) or 1, reading.person(node.get("by")))


def _ways(reading: Reading) -> list[str]:
    stages = reading.workflow.stages
    return list(dict.fromkeys([t.id for s in stages.values() for t in s.transitions] + list(stages)))


def _advance(node: Node, reading: Reading) -> What:
    way = reading.name(node.value["advance"], _ways(reading), "way or stage")
    reason = node.get("reason")
    promises = node.get("promises")
    found = [] if promises is None else [_promise(one, reading) for one in promises.elements()]
    if promises is not None and promises.kind != "list":
        reading.wrong(promises, "Promises are a list, like `promises: [{what: …, owner: sro, due: 2026-09-30}]`.")
    given = True if reason is None else reading.yes(reason) is not False
    return Advance(way, reading.person(node.get("by")), given, tuple(found))


def _promise(node: Node, reading: Reading) -> Promise:
    reading.keys(node, ("what", "owner", "due"), "A promise")
    missing = [key for key in ("what", "owner", "due") if node.get(key) is None]
    if missing and node.kind == "map":
        reading.wrong(node, f"This promise lacks {' and '.join(missing)}.")
    owner = reading.person(node.get("owner"))
    return Promise(reading.text(node.get("what")) or "", owner or "", reading.day(node.get("due")) or date.max)


def _hold(node: Node, reading: Reading) -> What:
    return Hold(False, reading.person(node.get("by")))


def _resume(node: Node, reading: Reading) -> What:
    return Hold(True, reading.person(node.get("by")))


def _set(node: Node, reading: Reading) -> What:
    found = reading.facts(node.value["set"], reading.workflow.fields, "Fields")
    return SetFields({name: "" if value is None else value for name, value in found.items()})


def _later(node: Node, reading: Reading) -> What:
    return Later(reading.day(node.value["later"]) or date.max)


def _see(node: Node, reading: Reading) -> What:
    raise AssertionError("a look is read where its expectations are")


_STEPS: Final[Mapping[str, tuple[tuple[str, ...], Callable[[Node, Reading], Any]]]] = {
    "record": (_DETAILS, _record),
    "ready": (("except", "signed_by", *_DETAILS), _ready),
    "sign": (("as", "by"), _sign),
    "waive": (("until", "by"), _waive),
    "withdraw": (("by",), _withdraw),
    "regrade": (("level", "by"), _regrade),
    "decide": (("to", "by"), _decide),
    "dissent": (("to", "by"), _dissent),
    "affirm": (("as",), _affirm),
    "keep": (("promise", "by"), _keep),
    "advance": (("by", "reason", "promises"), _advance),
    "hold": (("by",), _hold),
    "resume": (("by",), _resume),
    "set": ((), _set),
    "later": ((), _later),
    "see": ((), _see),
}


def people_of(node: Node | None, reading: Reading) -> dict[str, tuple[str, ...]]:
    """Returns the people a file or a story names, each with their roles, in the workflow or in the register."""
    if node is None:
        return {}
    if node.kind != "map":
        reading.wrong(node, "People are written by name with their roles, like {Ana: [sro]}.")
    known = [*reading.workflow.roles, *REGISTER_ROLES]
    return {name: reading.names(child, known, "role") for name, child in node.items()}
