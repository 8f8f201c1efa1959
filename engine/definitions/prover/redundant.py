"""Requirements that others make redundant: whatever is handed in, taking them out would change nothing.

Two requirements for the same kind of evidence ask for two records, so they are not redundant merely by being alike.
What is found here is:

- a wait beside a longer wait from the same date, asked in the same cases (of a group that is met by one part: the
  longer one, since the shorter is always over first);
- in a group that is met by one part, a part that asks at least all that another part asks: whoever could meet the
  stricter one could meet the other with the same record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.core.definition import Gate, Requirement, Span, Workflow
from engine.definitions.prover.findings import Findings
from engine.definitions.report import quoted

_DAYS = {"days": 1, "weeks": 7}
_MONTHS = {"months": 1, "years": 12}


def warn_of_redundant(workflow: Workflow, findings: Findings) -> None:
    """Adds a warning for each requirement that another makes redundant."""
    for gate in workflow.gates.values():
        for together in _all_asked(gate.requires):
            _waits(gate, together, findings)
        for group in gate.all_requirements():
            if group.type == "any_of":
                _alternatives(gate, workflow, group, findings)


def _all_asked(requirements: Sequence[Requirement]) -> Iterator[list[Requirement]]:
    """Yields lists of requirements that are all asked together: of the gate, and of every group of all."""
    yield list(requirements)
    for requirement in requirements:
        for inner in requirement.family():
            if inner.type == "all_of":
                yield list(inner.of)


def _waits(gate: Gate, together: Sequence[Requirement], findings: Findings) -> None:
    longest: dict[str, Requirement] = {}
    waits = [r for r in together if r.wait is not None]
    for requirement in waits:
        for key in {_counted(requirement, conditional=True), _counted(requirement, conditional=False)}:
            if key.endswith("always") and not _always(requirement):
                continue
            if key not in longest or _length(requirement) > _length(longest[key]):
                longest[key] = requirement
    for requirement in waits:
        for key in (_counted(requirement, conditional=True), _counted(requirement, conditional=False)):
            other = longest.get(key)
            if other is None or other is requirement or _length(other) < _length(requirement):
                continue
            if not _covers(gate, other, requirement):
                continue
            message = (
                f"{quoted(requirement.id)} is over whenever {quoted(other.id)} is, so it adds nothing; take it out."
            )
            first, second = requirement.wait, other.wait
            assert first is not None
            assert second is not None
            example = (
                f"Both count from {first.requirement}.{first.field}: once {second.length} are over, {first.length} are."
            )
            node = findings.requirement(requirement.id)
            findings.add("proof/redundant-wait", node, message, example, warning=True)
            break


def _counted(requirement: Requirement, *, conditional: bool) -> str:
    """Returns what two waits must have in common for the longer one to cover the other."""
    wait = requirement.wait
    assert wait is not None
    asked = repr((requirement.when, requirement.profiles)) if conditional else "always"
    unit = "days" if wait.length.unit in _DAYS else wait.length.unit
    return f"{wait.requirement}.{wait.field} {unit} {wait.counting_from} {wait.calendar} {asked}"


def _always(requirement: Requirement) -> bool:
    return requirement.when is None and not requirement.profiles


def _length(requirement: Requirement) -> int:
    assert requirement.wait is not None
    return requirement.wait.length.n * _DAYS.get(requirement.wait.length.unit, 1)


def _covers(gate: Gate, other: Requirement, requirement: Requirement) -> bool:
    """True where what a requirement evidences is evidenced by the other, too, and what is law stays law."""
    principles = not gate.every_principle or set(requirement.principles) <= set(other.principles)
    return principles and (other.law or not requirement.law)


def _alternatives(gate: Gate, workflow: Workflow, group: Requirement, findings: Findings) -> None:
    kinds: dict[str, list[Requirement]] = {}
    for child in group.of:
        if child.type == "evidence":
            kinds.setdefault(str(child.evidence), []).append(child)
        elif child.wait is not None:
            kinds.setdefault(_counted(child, conditional=True), []).append(child)
    for alike in kinds.values():
        for place, strict in enumerate(alike):
            easier = next(
                (r for n, r in enumerate(alike) if n != place and _easier(workflow, r, strict, n < place)), None
            )
            if easier is not None and _covers(gate, easier, strict):
                named, other = quoted(strict.id), quoted(easier.id)
                message = f"{named} asks at least what {other} asks, and one of them is enough; take it out."
                example = f"Whatever would do for {quoted(strict.id)} would do for {quoted(easier.id)}."
                node = findings.requirement(strict.id)
                findings.add("proof/redundant-alternative", node, message, example, warning=True)


def _easier(workflow: Workflow, easy: Requirement, strict: Requirement, earlier: bool) -> bool:
    """True where one alternative asks no more than another; of two that ask the same, the earlier one stays."""
    if strict.wait is not None:
        lengths = _length(easy), _length(strict)
        return lengths[0] < lengths[1] or (lengths[0] == lengths[1] and earlier)
    if not (_always(easy) or (easy.when, easy.profiles) == (strict.when, strict.profiles)):
        return False
    asks_less = (
        workflow.level_rank(easy.level) <= workflow.level_rank(strict.level)
        and set(easy.rules) <= set(strict.rules)
        and set(easy.signed_by) <= set(strict.signed_by)
        and (easy.count or 1) <= (strict.count or 1)
        and _fresh_enough(easy, strict)
        and easy.supports in (None, strict.supports)
        and (easy.carries_over or not strict.carries_over)
        # the submitter may be one of several who sign, never the only one
        and (len(easy.signed_by) != 1 or len(strict.signed_by) == 1)
    )
    return asks_less and (earlier or not _same(easy, strict))


def _same(one: Requirement, other: Requirement) -> bool:
    mine = (one.level, set(one.rules), set(one.signed_by), one.count, one.fresh, one.supports, one.carries_over)
    theirs = (
        other.level,
        set(other.rules),
        set(other.signed_by),
        other.count,
        other.fresh,
        other.supports,
        other.carries_over,
    )
    return mine == theirs and (one.when, one.profiles) == (other.when, other.profiles)


def _fresh_enough(easy: Requirement, strict: Requirement) -> bool:
    if easy.fresh is None or easy.fresh == strict.fresh:
        return True
    if not isinstance(easy.fresh, Span) or not isinstance(strict.fresh, Span):
        return False
    for units in (_DAYS, _MONTHS):
        if easy.fresh.unit in units and strict.fresh.unit in units:
            return easy.fresh.n * units[easy.fresh.unit] >= strict.fresh.n * units[strict.fresh.unit]
    return False
