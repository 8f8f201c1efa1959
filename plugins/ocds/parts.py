"""The parts of a release: tender, award, contract, documents and milestones, out of what a process holds."""

from __future__ import annotations

from typing import Any, Final

from plugins.ocds.notices import ROUTES, Notice, Section
from plugins.ocds.participation import day, in_words
from plugins.ocds.process import Json, Process, Record

FIND_A_TENDER: Final = "https://www.find-tender.service.gov.uk/Notice/"

_DOCUMENTS: dict[str, tuple[Section, str]] = {
    "needs-data": ("planning", "needsAssessment"),
    "market": ("planning", "marketStudies"),
    "specification": ("tender", "technicalSpecifications"),
    "criteria": ("tender", "evaluationCriteria"),
    "panel-conflicts": ("tender", "conflictOfInterest"),
    "moderation": ("tender", "evaluationReports"),
}
"""Requirements of the shipped workflows whose files are documents of a kind that the standard names."""

_MAY_GO = ("procurementMethod", "procurementMethodDetails", "specialRegime", "aboveThreshold")


def tender(process: Process) -> Json:
    """Returns `tender` as it stands now; what no longer holds is null, so that merging takes it away."""
    regime = process.fields.get("regime")
    now: Json = {
        "id": process.tender_id,
        "title": process.project["title"] or process.project["project"],
        "status": process.status,
        "procuringEntity": reference(process.buyer),
        "mainProcurementCategory": "services",
    }
    if isinstance(regime, str) and regime in ROUTES:
        now["procurementMethodDetails"] = ROUTES[regime]
        if regime.startswith("psr_"):
            now["specialRegime"] = ["PSR"]
        else:
            now["aboveThreshold"] = regime != "pa23_below_threshold"
        if regime == "pa23_light_touch":
            now["specialRegime"] = ["lightTouch"]
        if "direct_award" in regime:
            now["procurementMethod"] = "direct"
    if (whole := value(process)) is not None:
        now["value"] = whole
    gone = {name: None for name in _MAY_GO if name in process.tender and name not in now}
    process.tender = now
    return {**now, **gone}


def award(process: Process) -> Json:
    """Returns the award of the process as it stands now."""
    found: Json = {"id": process.award_id, "title": process.project["title"] or process.project["project"]}
    found["status"] = process.award_status
    if (whole := value(process)) is not None:
        found["value"] = whole
    if process.supplier is not None:
        found["suppliers"] = [reference(process.supplier)]
    return found


def contract(process: Process) -> Json:
    """Returns the contract of the process as it stands now."""
    found: Json = {"id": process.contract_id, "awardID": process.award_id, "status": process.contract_status}
    found["title"] = process.project["title"] or process.project["project"]
    if (whole := value(process)) is not None:
        found["value"] = whole
    return found


def value(process: Process) -> Json | None:
    """Returns the lifetime value in pounds, as the project recorded it by then; None where it did not."""
    pence = process.fields.get("lifetime_value")
    if not isinstance(pence, int) or isinstance(pence, bool) or pence < 0:
        return None
    return {"amount": pence // 100 if pence % 100 == 0 else pence / 100, "currency": "GBP"}


def reference(party: Json) -> Json:
    """Returns how another part of a release names an entry of `parties`."""
    return {"id": party["id"], "name": party["name"]}


def notice_document(notice: Notice, record: Record, published_on: str) -> Json:
    """Returns a published notice as a document; its id is the record's."""
    found = {"id": record.id, "documentType": notice.document_type, "title": notice.title}
    if notice.number is not None:
        found["noticeType"] = notice.number
    else:
        found["description"] = "Published under the Provider Selection Regime."
    found |= {"datePublished": day(published_on), "language": "en"}
    if record.reference is not None:
        found["url"] = f"{FIND_A_TENDER}{record.reference}"
    return found


def record_document(record: Record) -> tuple[Section, Json] | None:
    """Returns the files of a record as a document, and where it belongs; None where it is no document of the standard.

    The files themselves do not leave the register: their digests do, by which whoever is given one can know it.
    """
    found = _DOCUMENTS.get(record.requirement)
    if found is None or record.personal or not record.digests:
        return None
    said: dict[str, Any] = {"sha256": list(record.digests)}
    return found[0], {
        "id": record.id,
        "documentType": found[1],
        "title": in_words(record.requirement),
        "dateModified": day(record.happened_on),
        "x_coproduction": said,
    }
