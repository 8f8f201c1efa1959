"""The shapes of a definition that builds on another, and the shape of any definition: written out, or built so.

The parts that changes bring in have the shapes they would have in a definition written out in full.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from engine.core.definition import FieldType
from engine.definitions.document import (
    DocumentShape,
    FieldShape,
    GateShape,
    KindShape,
    RequirementShape,
    RoleShape,
    RuleShape,
    Shape,
    StageShape,
    needed,
    optional,
)
from engine.definitions.written import FieldId, Id, Title, Use

MOST_CHANGES = 500


class InsertStageShape(Shape):
    """A stage put on the way that leads forward out of another."""

    after: Id = needed("The stage it comes after; its advance then leads to the new stage.")
    stage: StageShape = optional("The new stage; without transitions it gets an advance to where that way led.")
    use: Use = optional("A plugin's stage, like acme/panel, in place of stage.")
    gate: Id = optional("The gate on the advance of a new stage that brings no transitions.")


class AddRequirementShape(Shape):
    """A requirement put into a gate."""

    gate: Id = needed("The gate that asks for it.")
    requirement: RequirementShape = needed("The new requirement.")
    before: Id = optional("The requirement of the gate it comes before; it comes last where nothing is said.")
    after: Id = optional("The requirement of the gate it comes after.")


class ReplaceRequirementShape(Shape):
    """A requirement in the place of another."""

    id: Id = optional("The requirement that is replaced; the one of the same id where it is left out.")
    requirement: RequirementShape = needed("What stands in its place.")


class RemoveRequirementShape(Shape):
    """A requirement that is taken out."""

    requirement: Id = needed("The requirement that is taken out; never one of law.")


class SetFieldShape(FieldShape):
    """A field of the project, new or changed; keys that are left out keep what the base says."""

    id: FieldId = needed("The field.")
    type: FieldType = optional("The type of its value; needed for a new field.")


class AddRoleShape(RoleShape):
    """A new role."""

    id: Id = needed("Its id.")


class AddEvidenceShape(KindShape):
    """A new kind of evidence."""

    id: Id = needed("Its id.")


class AddRuleShape(RuleShape):
    """A new rule."""

    id: Id = needed("Its id.")


class AddGateShape(GateShape):
    """A new gate."""

    id: Id = needed("Its id.")


class StageTextShape(Shape):
    """A stage as a plugin brings it, with its gate and all that the two need."""

    stage: StageShape = needed("The stage; its ways out are said where it is placed.")
    gate: AddGateShape = optional("The gate that guards the advance of the stage.")
    roles: dict[Id, RoleShape] = optional("The roles it needs, where the definition has not got them.")
    evidence: dict[Id, KindShape] = optional("The kinds of evidence it needs.")
    rules: dict[Id, RuleShape] = optional("The rules it needs.")


def _removed_tag(value: Any) -> str:
    return "<where>" if isinstance(value, dict) else "<id>"


Removed = Annotated[
    Annotated[RemoveRequirementShape, Tag("<where>")] | Annotated[Id, Tag("<id>")],
    Discriminator(_removed_tag),
]


class ChangeShape(Shape):
    """One change: exactly one of these."""

    insert_stage: InsertStageShape = optional("Puts a stage on the way forward.")
    add_requirement: AddRequirementShape = optional("Puts a requirement into a gate.")
    replace_requirement: ReplaceRequirementShape = optional("Puts a requirement in the place of another.")
    remove_requirement: Removed = optional("Takes a requirement out; never one of law.")
    set_field: SetFieldShape = optional("Adds a field of the project, or changes one.")
    add_role: AddRoleShape = optional("Adds a role.")
    add_evidence: AddEvidenceShape = optional("Adds a kind of evidence.")
    add_rule: AddRuleShape = optional("Adds a rule.")
    add_gate: AddGateShape = optional("Adds a gate, for the ways out of an inserted stage.")


class DefinitionShape(DocumentShape):
    """A definition: written out in full with its stages, or built on another with its changes."""

    stages: list[StageShape] = optional("The stages; a project starts in the first. Needed unless extends is there.")
    extends: Title = optional("The workflow it builds on: an id, or a path relative to this file.")
    change: list[ChangeShape] = optional("What is different from that workflow, in order.")


# What a definition that builds on another may say at the top; everything else it says by changes.
OVERLAY_KEYS = ("cocycle", "id", "version", "title", "summary", "extends", "change")
OPERATIONS = tuple(ChangeShape.model_fields)
