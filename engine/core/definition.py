"""The nouns of a workflow definition: workflow, stage, transition, gate, requirement.

A `Workflow` is built from the *canonical form* of a definition, a JSON document with every default filled in, and
from nothing else. The canonical form is what is hashed, recorded and pinned; YAML is only how people write it.
`definitions.compile` writes the canonical form, this file reads it, and `tests/definitions` hold the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.core.opinions import NOBODY, Judges

FieldType = Literal["text", "integer", "money", "date", "choice", "yes_no", "list", "counts", "records"]
RequirementType = Literal["evidence", "signature", "wait", "any_of", "all_of", "at_least", "plugin"]
GROUPS: tuple[RequirementType, ...] = ("any_of", "all_of", "at_least")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of calendar time: `n` of `unit` (days, weeks, months, years or working_days)."""

    n: int
    unit: str

    def __str__(self) -> str:
        unit = self.unit.replace("_", " ")
        return f"{self.n} {unit[:-1] if self.n == 1 else unit}"


@dataclass(frozen=True, slots=True)
class Field:
    """A typed field of a project or of a record.

    `of` holds the options of a choice, the names of a counts field, and for a list one word: the type of its items
    (followed by the options where that type is choice). `default` is a value of the type, already parsed:
    money in pence, dates as ISO text. `small_hidden`: numbers of 1 to 4 never leave the register in clear.
    """

    id: str
    type: FieldType
    title: str
    help: str | None
    required: bool
    default: Any
    of: tuple[str, ...]
    small_hidden: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """What a record of this kind holds. `file` is required, optional or none.

    `examiner` is the PLUGIN/KIND that looks at a record while it is handed in; None where nobody does.
    """

    id: str
    title: str
    file: str
    fields: Mapping[str, Field]
    examiner: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One closed condition, a tree.

    `op` is an operator of `core.conditions`, or all, any, none with `of`. `field` is `project.X`, `X` or `X.part`.
    `value` is a parsed value (money in pence, dates as ISO text) or, where `project_field` is set, that field's value.
    For share: `fields` is the numerator, `field` the whole, `value` a whole number of per cent. `less` is the path of
    a counts field whose parts are taken away from the counts that are looked at; None where nobody stands aside.
    """

    op: str
    field: str = ""
    value: Any = None
    project_field: str | None = None
    fields: tuple[str, ...] = ()
    of: tuple[Condition, ...] = ()
    less: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A named condition on a record, with the author's own words for when it does not hold."""

    id: str
    title: str
    condition: Condition
    otherwise: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What a record may claim without facts that carry it; shown to whoever is about to sign, and never a verdict.

    It is weighed for records of the kinds in `evidence` that claim at least `level` (any record where None): where
    `unless` does not hold, the record claims more than its facts carry, and `says` puts that into words.
    """

    id: str
    title: str
    says: str
    level: str | None
    evidence: tuple[str, ...]
    unless: Condition


@dataclass(frozen=True, slots=True)
class Wait:
    """`length` counted from the date in `field` of the newest record of `requirement`.

    `calendar` is the calendar of working days; None for the workflow's own.
    """

    requirement: str
    field: str
    length: Span
    counting_from: str
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a requirement comes from: law, guide, good_practice or local, and the source in words."""

    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of a gate. Which members are set depends on `type`; groups have children in `of`.

    `supports` is the requirement of the decision that its records must not be younger than; None where there is none.
    `use` is the PLUGIN/KIND that judges it, with `options` as the plugin is handed them; None where the core judges.
    """

    id: str
    title: str
    help: str | None
    type: RequirementType
    evidence: str | None
    level: str | None
    rules: tuple[str, ...]
    signed_by: tuple[str, ...]
    fresh: Span | Literal["this stage"] | None
    count: int | None
    carries_over: bool
    wait: Wait | None
    of: tuple[Requirement, ...]
    at_least: int
    principles: tuple[str, ...]
    when: Condition | None
    profiles: tuple[str, ...]
    basis: Basis | None
    law: bool
    supports: str | None = None
    use: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def family(self) -> Iterator[Requirement]:
        """Yields this requirement and every one inside it, parents first."""
        yield self
        for child in self.of:
            yield from child.family()

    @property
    def holds_law(self) -> bool:
        """True where this requirement, or one inside it, is a requirement of law."""
        return any(r.law for r in self.family())


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate: its requirements, who decides to pass it, and who may waive.

    `dissent` is blocks or recorded. `if_unsound` is what it means for a project when the gate was passed and is no
    longer sound: warns (it is shown), freezes (nothing passes a gate until it is put right) or reopens (the project
    goes back to it).
    """

    id: str
    title: str
    decided_by: tuple[str, ...]
    waived_by: tuple[str, ...]
    every_principle: bool
    dissent: str
    requires: tuple[Requirement, ...]
    if_unsound: str = "warns"

    def all_requirements(self) -> Iterator[Requirement]:
        """Yields every requirement of the gate, children of groups included."""
        for requirement in self.requires:
            yield from requirement.family()


@dataclass(frozen=True, slots=True)
class Follows:
    """The decision a transition follows: the newest record of `requirement` says `value` in `field`."""

    requirement: str
    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class Transition:
    """A way out of a stage. `id` is the act's name; `by` empty means any holder of a role in the project."""

    id: str
    title: str
    to: str
    gate: str | None
    reason_required: bool
    by: tuple[str, ...]
    new_cycle: bool
    follows: Follows | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage and the ways out of it; `target` is how long it should take."""

    id: str
    title: str
    final: bool
    target: Span | None
    transitions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of proportionality; `condition` None is the one that holds otherwise."""

    id: str
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class Workflow:
    """A complete definition. `digest` is the SHA-256 (hex) of its canonical form, its identity.

    `judges` answers for the requirements that plugins judge; it is no part of the definition, and whoever reads one
    binds it (`dataclasses.replace`).
    """

    digest: str
    id: str
    version: str
    title: str
    summary: str
    calendar: str
    time_zone: str
    principles: Mapping[str, str]
    levels: tuple[str, ...]
    roles: Mapping[str, str]
    fields: Mapping[str, Field]
    evidence: Mapping[str, EvidenceKind]
    rules: Mapping[str, Rule]
    contradictions: tuple[Contradiction, ...]
    profiles: tuple[Profile, ...]
    stages: Mapping[str, Stage]
    gates: Mapping[str, Gate]
    requirements: Mapping[str, Requirement] = field(repr=False)
    gate_of: Mapping[str, str] = field(repr=False)
    judges: Judges = field(default=NOBODY, repr=False, compare=False)

    @property
    def first_stage(self) -> Stage:
        """The stage where a project starts."""
        return next(iter(self.stages.values()))

    def level_rank(self, level: str | None) -> int:
        """The place of a level in the ladder from 0, lowest first; -1 for none or one not in the ladder."""
        return self.levels.index(level) if level in self.levels else -1

    def leads(self, gate: str) -> list[tuple[Stage, Transition]]:
        """The transitions a gate guards, each with the stage it leaves."""
        return [(s, t) for s in self.stages.values() for t in s.transitions if t.gate == gate]
