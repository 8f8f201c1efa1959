"""Tells of a published notice: what it changes in the process, and where its document stands."""

from __future__ import annotations

from datetime import date, timedelta

from plugins.ocds import parts
from plugins.ocds.notices import Notice
from plugins.ocds.participation import day
from plugins.ocds.process import Process, Record, begin
from plugins.ocds.releasing import Draft, told

_STANDSTILL_FROM = {"uk6": 0, "psr_intention": 1}
"""How many days after its notice a standstill begins: Procurement Act 2023, section 51; SI 2023/1348, regulation 12."""


def tell(process: Process, notice: Notice, record: Record, seq: int, at: str) -> None:
    """Adds the release of a notice to the process."""
    draft = Draft()
    published_on = str(record.facts["published_on"])
    document = parts.notice_document(notice, record, published_on)
    if notice.section == "planning":
        draft.tags.append("planningUpdate")
    elif notice.id == "uk12":
        process.status = "cancelled"
        draft.tags.append("tenderCancellation")
    elif notice.section == "tender":
        process.status = "active"
        draft.tags.append(begin(process, "tender"))
        draft.tender["tenderPeriod"] = {"startDate": day(published_on)}
    else:
        _later(process, notice, record, draft, published_on)
    draft.add(notice.section, "documents", document)
    told(process, draft, seq, at)


def _later(process: Process, notice: Notice, record: Record, draft: Draft, published_on: str) -> None:
    """Fills the draft for a notice of an award, a contract or what becomes of it."""
    process.status = "complete"
    if notice.section == "award":
        if process.award_status != "active":
            process.award_status = "active" if notice.id == "psr_direct" else "pending"
        draft.award = {}
        draft.tags.append(begin(process, "award"))
        if notice.id in _STANDSTILL_FROM:
            first = date.fromisoformat(published_on) + timedelta(days=_STANDSTILL_FROM[notice.id])
            draft.award["standstillPeriod"] = {"startDate": day(first.isoformat())}
        return
    if process.award_status != "active":
        process.award_status, draft.award = "active", {}
        draft.tags.append(begin(process, "award"))
    if notice.id == "uk11":
        process.contract_status = "terminated"
    elif notice.id != "psr_confirmation":
        process.contract_status = "active"
    process.contract_status = process.contract_status or "pending"
    draft.contract = {}
    first_told = "contract" not in process.begun
    if first_told:
        draft.tags.append(begin(process, "contract"))
    if notice.section == "implementation" and notice.id != "uk11":
        draft.tags.append(begin(process, "implementation"))
    elif notice.id == "uk11":
        draft.tags.append("contractTermination")
    elif notice.id in ("uk10", "psr_change"):
        draft.tags.append("contractAmendment")
        _change(notice, record, draft, published_on)
    elif not first_told:
        draft.tags.append("contractUpdate")


def _change(notice: Notice, record: Record, draft: Draft, published_on: str) -> None:
    """A change is proposed where the notice comes before it, as the Procurement Act 2023 has it; else it is made."""
    if notice.id == "uk10":
        draft.add("contract", "proposedAmendments", {"id": record.id, "description": notice.title})
    else:
        amendment = {"id": record.id, "date": day(published_on), "description": notice.title}
        draft.add("contract", "amendments", amendment)
