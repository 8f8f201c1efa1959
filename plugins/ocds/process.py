"""A contracting process: one cycle of a project, as far as its history has been told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from plugins.ocds.notices import Section

Json = dict[str, Any]


@dataclass(slots=True)
class Record:
    """A record of the project as the ledger holds it in clear.

    `level` is the one that stands; `reference` the number of a notice on Find a Tender, where one was typed.
    """

    id: str
    requirement: str
    level: str | None
    claimed: str | None
    happened_on: str
    facts: Mapping[str, Any]
    digests: tuple[str, ...]
    personal: bool
    reference: str | None


@dataclass(slots=True)
class Passing:
    """A gate that was passed: its milestone, the stage it was passed from, and the conditions not met yet."""

    seq: int
    from_stage: str
    milestone: Json
    section: Section
    open_conditions: set[int]


@dataclass(slots=True)
class Process:
    """What was told of a process so far.

    Attributes:
        project: the project as it is shown now; words come from here, since the ledger has none in clear.
        tender: what stands in `tender` as it was told last.
        fields: the project's fields in clear, as they were at this point of its history.
        begun: the parts of a process that were told of.
        records: those that count, by id, as far as they were reached.
        untold: ids of records that no release has told of yet, or that changed since.
    """

    ocid: str
    tender_id: str
    project: Mapping[str, Any]
    buyer: Json
    supplier: Json | None
    fields: dict[str, Any]
    prior: str | None = None
    status: str = "planning"
    contract_status: str | None = None
    award_status: str | None = None
    tender: Json = field(default_factory=dict)
    begun: set[Section] = field(default_factory=set)
    records: dict[str, Record] = field(default_factory=dict)
    untold: list[str] = field(default_factory=list)
    places: dict[str, Section] = field(default_factory=dict)
    passings: list[Passing] = field(default_factory=list)
    releases: list[Json] = field(default_factory=list)

    @property
    def section(self) -> Section:
        """The part of the process that what happens now belongs to."""
        if "contract" in self.begun:
            return "implementation"
        return "tender" if "tender" in self.begun else "planning"

    @property
    def award_id(self) -> str:
        """The id of the award; there is one in a process."""
        return f"{self.tender_id}-award"

    @property
    def contract_id(self) -> str:
        """The id of the contract; there is one in a process."""
        return f"{self.tender_id}-contract"


def begin(process: Process, section: Section) -> str:
    """Returns the tag for a part of the process: as told of for the first time, or as an update."""
    if section in process.begun:
        return f"{section}Update"
    process.begun.add(section)
    return section
