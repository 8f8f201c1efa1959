"""The shapes of a definition: which keys stand where, and what kind of value each has.

Strict and closed: a key that is not here is a mistake. What values mean together is judged by `compile`. The texts
that describe the keys go into the JSON Schema, where editors show them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from engine.definitions.written import Default, FieldId, Id, Of, Text, Title, True_, Use, Value, Values, Version


def optional(description: str, alias: str | None = None) -> Any:
    """Returns the marker of a key that may be left out; an explicit null is not the same and is refused."""
    return Field(default=None, alias=alias, description=description)


def needed(description: str) -> Any:
    """Returns the marker of a key that must be there."""
    return Field(description=description)


class Shape(BaseModel):
    """A mapping with these keys and no others."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PrincipleShape(Shape):
    """A principle that gates may insist on having evidenced."""

    title: Title = optional("What the principle is called; the id in words where it is left out.")
    help: Text = optional("What it means, for people who have to evidence it.")


class RoleShape(Shape):
    """A role that people hold in a project."""

    title: Title = optional("What the role is called; the id in words where it is left out.")


class FieldShape(Shape):
    """A field of the project or of a record."""

    type: Literal["text", "integer", "money", "date", "choice", "yes_no", "list", "counts", "records"] = needed(
        "The type of its value; money is written in pounds."
    )
    of: Of = optional("The options of a choice, the names that counts counts, or the type of a list's items.")
    options: list[Title] = optional("The options of a list whose items are of type choice.")
    title: Title = optional("What the field is called.")
    help: Text = optional("What to put there.")
    required: bool = optional("Whether it must be given; false where it is left out.")
    default: Default = optional("The value it has where none is given.")
    small_numbers: Literal["hidden"] = optional("Numbers of 1 to 4 never leave the register in clear.")


class KindShape(Shape):
    """A kind of evidence: what a record of it holds, or the plugin that says so."""

    title: Title = optional("What the kind is called.")
    file: Literal["required", "optional", "none"] = optional("Whether a record has files; optional where left out.")
    fields: dict[FieldId, FieldShape] = optional("What a record of this kind records.")
    use: Use = optional("The plugin's kind of evidence, like acme/notice; only title goes with it.")


class ConditionShape(Shape):
    """A condition: a field with one operator, a share, or all, any or none of conditions."""

    field: Title = optional("The field that is looked at: project.FIELD, or in a rule FIELD or FIELD.PART.")
    equals: Value = optional("The field has this value.")
    not_: Value = Field(default=None, alias="not", description="The field has another value than this.")
    in_: Values = Field(default=None, alias="in", description="The field has one of these values.")
    at_least: Value = optional("The field is this or more; beside share, a per cent like 50%.")
    at_most: Value = optional("The field is this or less.")
    not_empty: True_ = optional("The field has a value, and not an empty one.")
    includes_all_of: Values = optional("The list has every one of these items.")
    before: Value = optional("The date is before this one.")
    after: Value = optional("The date is after this one.")
    less: Title = optional("The counts field of those who do not count here, taken away part by part.")
    share: list[Title] = optional("The fields that are added up for a share.")
    of: Title = optional("The field that the share is a share of.")
    all: list[ConditionShape] = optional("Every one of these conditions holds.")
    any: list[ConditionShape] = optional("At least one of these conditions holds.")
    none: list[ConditionShape] = optional("None of these conditions holds.")


class RuleShape(ConditionShape):
    """A named condition that a record must meet."""

    title: Title = optional("What the rule is called.")
    otherwise: Text = optional("What people are told where the rule does not hold.")


class ContradictionShape(Shape):
    """What a record may claim without facts that carry it, shown to whoever is about to sign."""

    title: Title = optional("What the contradiction is called.")
    says: Text = needed("What the signatory is told.")
    level: Id = optional("Only records that claim this level or more are looked at.")
    evidence: list[Id] = needed("The kinds of evidence that are looked at.")
    unless: ConditionShape = needed("The condition that the facts of the record meet where they carry its claim.")


class BasisShape(Shape):
    """Where a requirement comes from."""

    kind: Literal["law", "guide", "good_practice", "local"] = needed("What kind of source it is.")
    source: Text = needed("The source, so that a reader can find it.")


class WaitShape(Shape):
    """A wait: met when its last day has ended."""

    after: Title = needed("REQUIREMENT.FIELD: the date that is counted from.")
    working_days: int = optional("How many working days of the calendar.")
    days: int = optional("How many calendar days.")
    weeks: int = optional("How many weeks.")
    months: int = optional("How many months.")
    counting_from: Literal["same_day", "next_day"] = needed("Whether the day itself is the first day counted.")
    calendar: Title = optional("The calendar of working days; the workflow's where it is left out.")


class AtLeastShape(Shape):
    """A group of which a number must be met."""

    count: int = needed("How many of them.")
    of: list[RequirementShape] = needed("The requirements.")


class RequirementShape(Shape):
    """One thing a gate asks for."""

    id: Id = needed("Its id, used once in the definition.")
    title: Title = optional("What it is called; the id in words where it is left out.")
    help: Text = optional("How to fulfil it.")
    evidence: Id = optional("The kind of evidence asked for.")
    level: Id = optional("The lowest level of participation that counts.")
    rules: list[Id] = optional("The rules that the record must meet, all of them.")
    signed_by: list[Id] = optional("The roles that must sign; alone, a decision with no record behind it.")
    fresh: Title = optional("How old the record may be, like 12 months, or: this stage.")
    count: int = optional("How many records there must be.")
    carries_over: bool = optional("Whether evidence of an earlier cycle still counts.")
    supports: Id = optional("The requirement of the decision it supports; what happened after that does not count.")
    wait: WaitShape = optional("A time that must pass.")
    any_of: list[RequirementShape] = optional("One of these must be met.")
    all_of: list[RequirementShape] = optional("All of these must be met.")
    at_least: AtLeastShape = optional("A number of these must be met.")
    use: Use = optional("The plugin's kind of requirement that judges it, like acme/panel.")
    with_: dict[FieldId, Default] = optional("What the plugin is told: the options of its kind.", alias="with")
    principles: list[Id] = optional("The principles it evidences.")
    when: ConditionShape = optional("The condition under which it applies.")
    profiles: list[Id] = optional("The profiles of proportionality in which it applies.")
    basis: BasisShape = optional("Where it comes from.")
    law: bool = optional("Whether it is a requirement of law, which cannot be waived.")


class GateShape(Shape):
    """What must hold before a transition may be taken, and who decides."""

    title: Title = optional("What the gate is called.")
    decided_by: list[Id] = optional("The roles that must decide, each a different person.")
    waived_by: list[Id] = optional("The roles that may waive; those that decide where it is left out.")
    every_principle: bool = optional("Whether each principle must be evidenced here.")
    dissent: Literal["blocks", "recorded"] = optional("What dissent does; it blocks where this is left out.")
    if_unsound: Literal["warns", "freezes", "reopens"] = optional(
        "What it means for a project when the gate was passed and is no longer sound; it warns where left out."
    )
    requires: list[RequirementShape] = optional("What the gate asks for.")


class FollowsShape(Shape):
    """The decision a transition follows."""

    record: Title = needed("REQUIREMENT.FIELD: where the decision says which way it goes.")
    is_: Value = Field(alias="is", description="What the decision says where this way may be taken.")


class TransitionShape(Shape):
    """A way out of a stage."""

    id: Id = needed("The name of the act; advance is the way forward.")
    to: Id = needed("The stage it leads to.")
    title: Title = optional("What the act is called.")
    gate: Id = optional("The gate that guards it.")
    reason: Literal["required"] = optional("Whether a reason must be given.")
    by: list[Id] = optional("The roles that may do it; any where it is left out.")
    new_cycle: bool = optional("Whether a new cycle begins; only to the first stage.")
    follows: FollowsShape = optional("The decision that this way follows.")


class StageShape(Shape):
    """A stage of the work: its id and what goes with it, or the plugin that brings it."""

    id: Id = optional("Its id; needed unless a plugin brings the stage.")
    use: Use = optional("The plugin's stage, like acme/panel; only transitions goes with it.")
    title: Title = optional("What the stage is called.")
    target: Title = optional("How long it should take, like 26 weeks.")
    final: bool = optional("Whether the project ends here.")
    transitions: list[TransitionShape] = optional("The ways out.")


def _profile_tag(value: Any) -> str:
    return "<condition>" if isinstance(value, dict) else "<otherwise>"


ProfileShape = Annotated[
    Annotated[ConditionShape, Tag("<condition>")] | Annotated[Literal["otherwise"], Tag("<otherwise>")],
    Discriminator(_profile_tag),
]


class DocumentShape(Shape):
    """A workflow definition."""

    cocycle: Version = needed("The version of the language.")
    id: Id = needed("The id of the workflow.")
    version: Title = needed("A label for people.")
    title: Title = needed("What the workflow is called.")
    summary: Text = optional("What it is for.")
    calendar: Title = optional("Which calendar of working days the waits use; england-and-wales where it is left out.")
    time_zone: Title = optional("Where a day begins and ends; Europe/London where it is left out.")
    principles: dict[Id, PrincipleShape] = optional("The principles, in the order in which people see them.")
    levels: list[Id] = optional("The ladder of participation, lowest first.")
    roles: dict[Id, RoleShape] = optional("The roles people hold in a project.")
    fields: dict[FieldId, FieldShape] = optional("What the project itself records.")
    evidence: dict[Id, KindShape] = optional("The kinds of evidence.")
    rules: dict[Id, RuleShape] = optional("Named conditions that records must meet.")
    contradictions: dict[Id, ContradictionShape] = optional("Claims that the facts of a record may not carry.")
    profiles: dict[Id, ProfileShape] = optional("Profiles of proportionality; the first whose condition holds.")
    stages: list[StageShape] = needed("The stages; a project starts in the first.")
    gates: dict[Id, GateShape] = optional("The gates.")
