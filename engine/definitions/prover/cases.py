"""Cases: values of the project's fields, one for each difference that the conditions of a gate can see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from engine.core.conditions import PROJECT, Scope, holds
from engine.core.definition import Condition, Field, Gate, Workflow
from engine.core.values import show
from engine.definitions.prover.applies import Applying, project_fields_in
from engine.definitions.prover.literals import Literal, comparisons, roots
from engine.definitions.prover.values import ABSENT, named_in, to_try, usual

MOST_CASES = 64
FEW_CASES = 12
MOST_VERDICTS = 1_500
"""A large gate is judged in fewer cases, so that checking stays linear in the size of a definition."""
MOST_SEEN = 60_000
"""Of a field that very many comparisons look at, only so many values are weighed as there is time for."""

Case = dict[str, Any]
Comparison = tuple[Condition, list[str]]
"""A comparison, and the fields it looks at."""


@dataclass(slots=True)
class Cases:
    """The cases of a gate.

    What a requirement says depends on the fields it and the groups around it look at, and on no others; whether a
    principle is evidenced, on the fields of the requirements that carry it. So it is enough to try, for each such set
    of fields, every combination of their values, while the other fields stay as they are in a case that passes.

    Attributes:
        rest: the fields nothing here looks at that every project has.
        values: one value of each other field for each difference it can make, the usual one first.
        together: the sets of fields that matter together.
        most: how many cases are tried at most.
        all_of_them: whether no difference is left out.
    """

    rest: Case
    values: dict[str, list[Any]]
    together: list[tuple[str, ...]]
    most: int
    all_of_them: bool = True

    def around(self, base: Case | None = None) -> list[Case]:
        """Returns the cases to try around one that passes, that one first; around an ordinary one where None."""
        if prod(len(v) for v in self.values.values()) <= min(FEW_CASES, self.most):
            return [self._case(chosen) for chosen in _products(self.values)]
        middle: Case = {name: v[0] for name, v in self.values.items()}
        if base is not None:
            middle = {name: base.get(name, ABSENT) for name in self.values}
        found: dict[str, Case] = {}
        each = [_products({name: self.values[name] for name in fields}) for fields in self.together]
        for chosen in _in_turn([iter([{}]), *each]):
            if len(found) >= self.most:
                self.all_of_them = False
                break
            case = self._case(middle | chosen)
            found.setdefault(key_of(case), case)
        return list(found.values())

    def _case(self, chosen: Mapping[str, Any]) -> Case:
        return self.rest | {name: value for name, value in chosen.items() if value is not ABSENT}


def key_of(case: Case) -> str:
    """Returns a text that is the same for the same case."""
    return repr(sorted(case.items(), key=lambda item: item[0]))


def cases_of(workflow: Workflow, gate: Gate, applying: Applying) -> Cases:
    """Returns the cases in which a gate is judged."""
    looked_at = {r.id: [*applying.conditions(r), *_rules(workflow, r.rules)] for r in gate.all_requirements()}
    every = [c for conditions in looked_at.values() for c in conditions]
    made = {repr(part): (part, roots(part)) for condition in every for part in comparisons(condition)}
    names = [key.removeprefix(PROJECT) for _, keys in made.values() for key in keys if key.startswith(PROJECT)]
    found = {name: _values(workflow.fields[name], list(made.values())) for name in dict.fromkeys(names)}
    values = {name: seen for name, (seen, _) in found.items()}
    sets = [[c for part in top.family() for c in looked_at[part.id]] for top in gate.requires]
    if gate.every_principle:
        for principle in workflow.principles:
            carriers = [r for r in gate.all_requirements() if principle in r.principles]
            sets.append([c for r in carriers for c in applying.conditions(r)])
    together = dict.fromkeys(tuple(project_fields_in(conditions)) for conditions in sets)
    rest = {f.id: usual(f) for f in workflow.fields.values() if f.required and f.id not in values}
    most = max(8, min(MOST_CASES, MOST_VERDICTS // max(len(looked_at), 1)))
    complete = all(whole for _, whole in found.values())
    return Cases(rest, values, [fields for fields in together if fields], most, complete)


def _in_turn(iterators: Sequence[Iterator[Case]]) -> Iterator[Case]:
    """Yields the first of each, then the second of each, and so on."""
    waiting = list(iterators)
    while waiting:
        left = []
        for one in waiting:
            value = next(one, None)
            if value is not None:
                yield value
                left.append(one)
        waiting = left


def _rules(workflow: Workflow, names: Sequence[str]) -> list[Condition]:
    return [workflow.rules[name].condition for name in names]


def _products(values: Mapping[str, Sequence[Any]]) -> Iterator[Case]:
    for chosen in product(*values.values()):
        yield dict(zip(values, chosen, strict=True))


def _values(field: Field, comparisons_made: Sequence[Comparison]) -> tuple[list[Any], bool]:
    """Returns one value of a field for each way in which it can make comparisons true, the usual way first.

    And whether these are all the ways there are.
    """
    key, own, joined = PROJECT + field.id, [], False
    for part, looked_at in comparisons_made:
        if looked_at == [key] and part.op != "share":
            own.append(part)
        elif key in looked_at:
            joined = True
    tried = to_try(field, named_in(Literal(part, True) for part in own))
    step = len(tried) * len(own) // MOST_SEEN + 1
    tried = [*tried[:-1:step], ABSENT]
    if joined:
        tried.insert(0, _generous(field))
    if field.required:
        tried = tried[:-1]
    found: dict[tuple[bool, ...], Any] = {}
    for value in tried:
        fields = {} if value is ABSENT else {field.id: value}
        scope = Scope(fields, {field.id: field})
        sees = (value is ABSENT and field.default is None, *(holds(part, scope) for part in own))
        found.setdefault(sees, value)
    return list(found.values()), step == 1


def _generous(field: Field) -> Any:
    """Returns a value that a record can well be compared with."""
    return 10 if field.type == "integer" else dict.fromkeys(field.of, 10) if field.type == "counts" else usual(field)


def in_words(workflow: Workflow, case: Case, names: Sequence[str]) -> str:
    """Returns a case as people read it, as far as these fields go: `a project with Regime: psr`."""
    said = []
    for name in names:
        field = workflow.fields[name]
        said.append(f"{field.title}: {show(field, case[name])}" if name in case else f"no {field.title}")
    return f"a project with {'; '.join(said)}" if said else "any project"
