"""A published notice as Find a Tender gives it, and a record with which it is handed in; both made by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from engine.hookspecs import Finding, Submission, SubmittedFile
from plugins.ocds.examining import examine

Json = dict[str, Any]
OCID = "ocds-h6vhtk-0abc12"


def tender_notice() -> Json:
    """Returns the release package of a tender notice (UK4) under the Procurement Act 2023, in order throughout."""
    return _package(
        {
            "id": "012345-2026",
            "date": "2026-02-09T10:15:00Z",
            "tag": ["tender"],
            "tender": {
                "id": "ITT-77",
                "title": "Crisis cafés",
                "status": "active",
                "procurementMethod": "open",
                "mainProcurementCategory": "services",
                "value": {"amount": 1450000, "amountGross": 1740000, "currency": "GBP"},
                "tenderPeriod": {"endDate": "2026-03-16T12:00:00Z"},
                "contractPeriod": {"startDate": "2026-09-01T00:00:00+01:00", "endDate": "2029-08-31T23:59:59+01:00"},
                "items": [{"id": "1", "classification": {"scheme": "CPV", "id": "85100000"}}],
                "documents": [
                    {
                        "id": "012345-2026",
                        "documentType": "tenderNotice",
                        "noticeType": "UK4",
                        "datePublished": "2026-02-09T10:15:00Z",
                        "format": "text/html",
                    }
                ],
            },
        }
    )


def award_notice() -> Json:
    """Returns the release package of a contract details notice (UK7): an award with its standstill, and a contract."""
    return _package(
        {
            "id": "023456-2026",
            "date": "2026-05-20T09:00:00+01:00",
            "tag": ["award", "contract"],
            "awards": [
                {
                    "id": "1",
                    "status": "active",
                    "date": "2026-04-27T00:00:00+01:00",
                    "value": {"amount": 1450000, "currency": "GBP"},
                    "suppliers": [{"id": "GB-PPON-SUPP-0001-ABCD", "name": "Harbour Lights CIC"}],
                    "standstillPeriod": {
                        "startDate": "2026-04-28T00:00:00+01:00",
                        "endDate": "2026-05-08T23:59:59+01:00",
                    },
                }
            ],
            "contracts": [
                {
                    "id": "1",
                    "awardID": "1",
                    "status": "active",
                    "dateSigned": "2026-05-18T00:00:00+01:00",
                    "value": {"amount": 1450000, "currency": "GBP"},
                    "period": {"startDate": "2026-09-01T00:00:00+01:00", "endDate": "2029-08-31T23:59:59+01:00"},
                    "documents": [{"id": "023456-2026", "documentType": "contractNotice", "noticeType": "UK7"}],
                }
            ],
        }
    )


def psr_intention() -> Json:
    """Returns the release of an intention to award under the Provider Selection Regime, by itself."""
    package = _package(
        {
            "id": "034567-2026",
            "date": "2026-02-02T09:00:00Z",
            "tag": ["award"],
            "tender": {
                "id": "T-1",
                "description": "Awarded under the Health Care Services (Provider Selection Regime) Regulations.",
                "value": {"amount": 1450000, "currency": "GBP"},
            },
            "awards": [{"id": "1", "status": "pending", "value": {"amount": 1450000, "currency": "GBP"}}],
        }
    )
    release: Json = package["releases"][0]
    return release


def _package(release: Json) -> Json:
    whole = {
        "ocid": OCID,
        "initiationType": "tender",
        "language": "en",
        "parties": [
            {
                "id": "GB-PPON-BUYR-0001-ABCD",
                "name": "Northmere ICB",
                "roles": ["buyer"],
                "identifier": {"scheme": "GB-PPON", "id": "BUYR-0001-ABCD"},
            },
            {"id": "GB-PPON-SUPP-0001-ABCD", "name": "Harbour Lights CIC", "roles": ["supplier"]},
        ],
        "buyer": {"id": "GB-PPON-BUYR-0001-ABCD", "name": "Northmere ICB"},
        **release,
    }
    return {
        "uri": "https://www.find-tender.service.gov.uk/api/1.0/ocdsReleasePackages/012345-2026",
        "version": "1.1",
        "extensions": ["https://example.org/extension.json"],
        "publishedDate": whole["date"],
        "publisher": {"name": "Cabinet Office", "scheme": "GB-GOR", "uid": "D2"},
        "license": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "releases": [whole],
    }


def submission(
    *contents: bytes | Json,
    regime: str = "pa23_full",
    requirement: str = "opening-notice",
    facts: Mapping[str, Any] | None = None,
    name: str = "notice.json",
    **fields: object,
) -> Submission:
    """Returns a record with these files, of a project of £1,450,000 on a route; a document is written as JSON."""
    files = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in contents]
    return Submission(
        "P-1",
        requirement,
        "notice",
        None,
        None,
        "2026-06-30",
        {"regime": regime, "lifetime_value": 145_000_000, **fields},
        {} if facts is None else facts,
        tuple(SubmittedFile(name, sha256(content).hexdigest(), content) for content in files),
    )


def found(*contents: bytes | Json, **how: Any) -> dict[str, list[Finding]]:
    """Returns what the examiner finds, by its code."""
    by_code: dict[str, list[Finding]] = {}
    for finding in examine(submission(*contents, **how)):
        by_code.setdefault(finding.code, []).append(finding)
    return by_code
