"""The notices of the Procurement Act 2023 and of the Provider Selection Regime, and where each stands in OCDS.

The placement of UK1 to UK4 is that of the UK's own publisher; that of the others is ours and fits the standard's
codelists. The numbers UK8, UK10 and UK11 were not confirmed against the official list. Notices of the Provider
Selection Regime have no number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Section = Literal["planning", "tender", "award", "contract", "implementation"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A kind of notice.

    Attributes:
        id: as it stands in a record: `uk4`, `psr_intention`.
        number: what OCDS carries as `noticeType`; None for the Provider Selection Regime.
        document_type: what OCDS carries as `documentType`.
        section: the part of a release that it is about.
        tags: the release tags that fit it; the first is the one we give.
    """

    id: str
    title: str
    number: str | None
    document_type: str
    section: Section
    tags: tuple[str, ...]

    @property
    def of_psr(self) -> bool:
        """Whether it is a notice of the Provider Selection Regime."""
        return self.number is None


_PLANNING = ("planning", "planningUpdate")
_TENDER = ("tender", "tenderUpdate", "tenderAmendment")
_AWARD = ("award", "awardUpdate")
_CONTRACT = ("contract", "contractUpdate")
_RUNNING = ("implementation", "implementationUpdate", "contractUpdate")
_CHANGE = ("contractAmendment", "contractUpdate")

ALL: tuple[Notice, ...] = (
    Notice("uk1", "Pipeline notice", "UK1", "procurementPlan", "planning", _PLANNING),
    Notice("uk2", "Preliminary market engagement notice", "UK2", "marketEngagementNotice", "planning", _PLANNING),
    Notice("uk3", "Planned procurement notice", "UK3", "plannedProcurementNotice", "planning", _PLANNING),
    Notice("uk4", "Tender notice", "UK4", "tenderNotice", "tender", _TENDER),
    Notice("uk5", "Transparency notice", "UK5", "awardNotice", "award", (*_AWARD, *_TENDER)),
    Notice("uk6", "Contract award notice", "UK6", "awardNotice", "award", _AWARD),
    Notice("uk7", "Contract details notice", "UK7", "contractNotice", "contract", _CONTRACT),
    Notice("uk8", "Contract payment notice", "UK8", "implementationNotice", "implementation", _RUNNING),
    Notice("uk9", "Contract performance notice", "UK9", "implementationNotice", "implementation", _RUNNING),
    Notice("uk10", "Contract change notice", "UK10", "contractAnnexe", "contract", _CHANGE),
    Notice("uk11", "Contract termination notice", "UK11", "contractTerminationNotice", "implementation",
           ("contractTermination",)),
    Notice("uk12", "Procurement termination notice", "UK12", "tenderCancellationNotice", "tender",
           ("tenderCancellation",)),
    Notice("psr_approach", "Notice of the intended approach", None, "plannedProcurementNotice", "planning",
           (*_PLANNING, *_TENDER)),
    Notice("psr_tender", "Notice that opens the competition", None, "tenderNotice", "tender", _TENDER),
    Notice("psr_intention", "Intention to award", None, "awardNotice", "award", _AWARD),
    Notice("psr_confirmation", "Confirmation of the award", None, "contractNotice", "contract",
           (*_CONTRACT, *_AWARD)),
    Notice("psr_direct", "Award notice of a direct award", None, "awardNotice", "award", (*_AWARD, *_CONTRACT)),
    Notice("psr_change", "Notice of a change of contract", None, "contractAnnexe", "contract", _CHANGE),
)  # fmt: skip

NOTICES: dict[str, Notice] = {notice.id: notice for notice in ALL}
BY_NUMBER: dict[str, Notice] = {notice.number: notice for notice in ALL if notice.number is not None}

_ROUTES_OF_PSR = {
    "psr_direct_award_a": "Provider Selection Regime: direct award process A",
    "psr_direct_award_b": "Provider Selection Regime: direct award process B",
    "psr_direct_award_c": "Provider Selection Regime: direct award process C",
    "psr_most_suitable_provider": "Provider Selection Regime: most suitable provider process",
    "psr_competitive": "Provider Selection Regime: competitive process",
}
ROUTES: dict[str, str] = {
    **_ROUTES_OF_PSR,
    "pa23_light_touch": "Procurement Act 2023: light-touch contract",
    "pa23_below_threshold": "Procurement Act 2023: below the threshold",
    "pa23_full": "Procurement Act 2023: competitive procurement",
    "pa23_direct_award": "Procurement Act 2023: direct award",
}
"""What the field `regime` of a project says, in words."""

_ALWAYS: dict[str, str] = {
    "planned-notice": "uk3",
    "market-notice": "uk2",
    "direct-award-notice": "psr_direct",
    "contract-details": "uk7",
    "performance-notice": "uk9",
    "modification-notice": "psr_change",
    "vary-notice": "psr_change",
    "vary-notice-first": "uk10",
}
"""The notice that a requirement of the shipped workflows asks for, whatever the route."""

_ACT = ("pa23_light_touch", "pa23_full", "pa23_direct_award")
_STANDSTILL = ("psr_direct_award_c", "psr_most_suitable_provider", "psr_competitive")
_BY_ROUTE: dict[str, dict[str, str]] = {
    "opening-notice": {
        "pa23_light_touch": "uk4",
        "pa23_full": "uk4",
        "pa23_direct_award": "uk5",
        "psr_most_suitable_provider": "psr_approach",
        "psr_competitive": "psr_tender",
    },
    "award-notice": {**dict.fromkeys(_ACT, "uk6"), **dict.fromkeys(_STANDSTILL, "psr_intention")},
    "award-confirmation": dict.fromkeys(_STANDSTILL, "psr_confirmation"),
}


def asked_for(requirement: str, regime: object) -> Notice | None:
    """Returns the notice that a requirement of the shipped workflows asks for on a route; None where nobody can say."""
    always = _ALWAYS.get(requirement)
    if always is not None:
        return NOTICES[always]
    found = _BY_ROUTE.get(requirement, {}).get(regime) if isinstance(regime, str) else None
    return None if found is None else NOTICES[found]
