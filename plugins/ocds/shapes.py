"""What OCDS 1.1 says of a release, as far as notices use it: which members there are, and of which form.

Written from the reference of the standard (Open Contracting Data Standard 1.1.5). Members that are not named here are
the extensions' business and are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Form: TypeAlias = "str | Codes | ListOf | Parts"


@dataclass(frozen=True, slots=True)
class Codes:
    """One word out of a closed list."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one form; `at_least` that many, and where `apart` no two alike."""

    form: Form
    at_least: int = 0
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """An object: its members by name, and those that have to be there."""

    members: Mapping[str, Form]
    needed: tuple[str, ...] = ()


TEXT, FULL_TEXT, ID, CODE, MOMENT, NUMBER, WHOLE, YES_NO, ADDRESS = (
    "text", "full_text", "id", "code", "moment", "number", "whole", "yes_no", "address",
)  # fmt: skip

TAGS = (
    "planning", "planningUpdate", "tender", "tenderAmendment", "tenderUpdate", "tenderCancellation", "award",
    "awardUpdate", "awardCancellation", "contract", "contractUpdate", "contractAmendment", "implementation",
    "implementationUpdate", "contractTermination", "compiled",
)  # fmt: skip

VALUE = Parts({"amount": NUMBER, "amountGross": NUMBER, "currency": "currency"})
PERIOD = Parts({"startDate": MOMENT, "endDate": MOMENT, "maxExtentDate": MOMENT, "durationInDays": WHOLE})
CLASSIFICATION = Parts({"scheme": TEXT, "id": CODE, "description": TEXT, "uri": ADDRESS})
IDENTIFIER = Parts({"scheme": TEXT, "id": CODE, "legalName": TEXT, "uri": ADDRESS})
REFERENCE = Parts({"name": FULL_TEXT, "id": CODE})
ORGANIZATION = Parts({
    "id": TEXT,
    "name": TEXT,
    "identifier": IDENTIFIER,
    "additionalIdentifiers": ListOf(IDENTIFIER, apart=True),
    "address": Parts(dict.fromkeys(("streetAddress", "locality", "region", "postalCode", "countryName"), TEXT)),
    "contactPoint": Parts({**dict.fromkeys(("name", "email", "telephone", "faxNumber"), TEXT), "url": ADDRESS}),
    "roles": ListOf(TEXT),
})  # fmt: skip
DOCUMENT = Parts(
    {
        "id": ID, "documentType": TEXT, "noticeType": TEXT, "title": TEXT, "description": TEXT, "url": ADDRESS,
        "datePublished": MOMENT, "dateModified": MOMENT, "format": TEXT, "language": TEXT,
    },
    ("id",),
)  # fmt: skip
MILESTONE = Parts(
    {
        "id": ID, "title": TEXT, "type": TEXT, "description": TEXT, "code": TEXT, "dueDate": MOMENT,
        "dateMet": MOMENT, "dateModified": MOMENT, "status": Codes(("scheduled", "met", "notMet", "partiallyMet")),
    },
    ("id",),
)  # fmt: skip
AMENDMENT = Parts(
    {"id": TEXT, "date": MOMENT, "rationale": TEXT, "description": TEXT, "amendsReleaseID": TEXT, "releaseID": TEXT}
)
ITEM = Parts(
    {
        "id": ID, "description": TEXT, "classification": CLASSIFICATION, "quantity": NUMBER,
        "additionalClassifications": ListOf(CLASSIFICATION, apart=True),
        "unit": Parts({"scheme": TEXT, "id": TEXT, "name": TEXT, "value": VALUE, "uri": ADDRESS}),
    },
    ("id",),
)  # fmt: skip
RELATED = Parts(
    {"id": TEXT, "relationship": ListOf(TEXT), "title": TEXT, "scheme": TEXT, "identifier": TEXT, "uri": ADDRESS}
)

_DOCUMENTS, _MILESTONES = ListOf(DOCUMENT), ListOf(MILESTONE)
PLANNING = Parts({
    "rationale": TEXT,
    "budget": Parts(
        {"id": CODE, "description": TEXT, "amount": VALUE, "project": TEXT, "projectID": CODE, "uri": ADDRESS}
    ),
    "documents": _DOCUMENTS,
    "milestones": _MILESTONES,
})  # fmt: skip
TENDER = Parts(
    {
        "id": ID, "title": TEXT, "description": TEXT,
        "status": Codes(("planning", "planned", "active", "cancelled", "unsuccessful", "complete", "withdrawn")),
        "procuringEntity": REFERENCE, "items": ListOf(ITEM, apart=True), "value": VALUE, "minValue": VALUE,
        "procurementMethod": Codes(("open", "selective", "limited", "direct")),
        "procurementMethodDetails": TEXT, "procurementMethodRationale": TEXT,
        "mainProcurementCategory": Codes(("goods", "works", "services")),
        "additionalProcurementCategories": ListOf(TEXT), "awardCriteriaDetails": TEXT,
        "submissionMethod": ListOf(TEXT), "submissionMethodDetails": TEXT,
        "tenderPeriod": PERIOD, "enquiryPeriod": PERIOD, "awardPeriod": PERIOD, "contractPeriod": PERIOD,
        "hasEnquiries": YES_NO, "eligibilityCriteria": TEXT, "numberOfTenderers": WHOLE,
        "tenderers": ListOf(REFERENCE, apart=True), "documents": _DOCUMENTS, "milestones": _MILESTONES,
        "amendments": ListOf(AMENDMENT), "amendment": AMENDMENT, "specialRegime": ListOf(TEXT),
    },
    ("id",),
)  # fmt: skip
AWARD = Parts(
    {
        "id": ID, "title": TEXT, "description": TEXT, "date": MOMENT, "value": VALUE,
        "status": Codes(("pending", "active", "cancelled", "unsuccessful")),
        "suppliers": ListOf(REFERENCE, apart=True), "items": ListOf(ITEM, 1, apart=True), "contractPeriod": PERIOD,
        "documents": ListOf(DOCUMENT, apart=True), "amendments": ListOf(AMENDMENT), "amendment": AMENDMENT,
        "standstillPeriod": PERIOD,
    },
    ("id",),
)  # fmt: skip
TRANSACTION = Parts(
    {"id": ID, "source": ADDRESS, "date": MOMENT, "value": VALUE, "payer": REFERENCE, "payee": REFERENCE}, ("id",)
)
CONTRACT = Parts(
    {
        "id": ID, "awardID": ID, "title": TEXT, "description": TEXT, "period": PERIOD, "value": VALUE,
        "status": Codes(("pending", "active", "cancelled", "terminated")),
        "items": ListOf(ITEM, 1, apart=True), "dateSigned": MOMENT, "documents": ListOf(DOCUMENT, apart=True),
        "implementation": Parts({
            "transactions": ListOf(TRANSACTION, apart=True), "milestones": ListOf(MILESTONE, apart=True),
            "documents": ListOf(DOCUMENT, apart=True),
        }),
        "relatedProcesses": ListOf(RELATED, apart=True), "milestones": _MILESTONES,
        "amendments": ListOf(AMENDMENT), "amendment": AMENDMENT,
    },
    ("id", "awardID"),
)  # fmt: skip
RELEASE = Parts(
    {
        "ocid": FULL_TEXT, "id": FULL_TEXT, "date": MOMENT, "tag": ListOf(Codes(TAGS), 1),
        "initiationType": Codes(("tender",)), "parties": ListOf(ORGANIZATION, apart=True), "buyer": REFERENCE,
        "planning": PLANNING, "tender": TENDER, "awards": ListOf(AWARD, apart=True),
        "contracts": ListOf(CONTRACT, apart=True), "language": TEXT, "relatedProcesses": ListOf(RELATED, apart=True),
    },
    ("ocid", "id", "date", "tag", "initiationType"),
)  # fmt: skip
PACKAGE = Parts(
    {
        "uri": ADDRESS, "version": TEXT, "extensions": ListOf(TEXT), "publishedDate": MOMENT,
        "publisher": Parts({"name": TEXT, "scheme": TEXT, "uid": TEXT, "uri": ADDRESS}, ("name",)),
        "license": ADDRESS, "publicationPolicy": ADDRESS, "releases": ListOf(RELEASE, 1, apart=True),
    },
    ("uri", "publisher", "publishedDate", "releases", "version"),
)  # fmt: skip
