"""Whether the dates of a release are in order: none to come that cannot be, none before what it follows.

The shortest standstill is eight working days, which is never over sooner than nine days after its first (SI 2023/1348,
regulation 12; Procurement Act 2023, section 51). Bank holidays are not looked at here; the wait at the gate counts
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.hookspecs import Finding
from plugins.ocds.looked_at import LookedAt, fault, given_day, in_words, note
from plugins.ocds.structure import moment

_SHORTEST_STANDSTILL = 9
_MANDATORY = ("psr_direct_award_c", "psr_most_suitable_provider", "psr_competitive", "pa23_full")


def check_dates(looked: LookedAt) -> Iterator[Finding]:
    """Yields what is wrong with the dates."""
    yield from _published(looked)
    tender, path = looked.named("tender"), f"{looked.path}.tender"
    for name in ("tenderPeriod", "enquiryPeriod", "awardPeriod", "contractPeriod"):
        yield from _forwards(tender, name, path)
    yield from _time_to_bid(looked)
    for where, award in looked.each("awards"):
        yield from _forwards(award, "contractPeriod", where)
        yield from _forwards(award, "standstillPeriod", where)
        yield from _standstill(looked, award, where)
    for where, contract in looked.each("contracts"):
        yield from _forwards(contract, "period", where)
        yield from _signed(looked, contract, where)


def _published(looked: LookedAt) -> Iterator[Finding]:
    day = looked.day(looked.release, "date")
    if day is None:
        return  # that it cannot be read is told where the form is looked at
    if day > looked.today:
        yield fault(
            "not-published-yet",
            f"At {looked.path}.date: {in_words(day)} is still to come. A notice can be handed in once it is published.",
        )
    said = given_day(looked.submission.facts.get("published_on"))
    if said is not None and said != day:
        yield fault(
            "other-day",
            f"At {looked.path}.date: the file says {in_words(day)}; the record says that the notice was published on "
            f"{in_words(said)}. Waiting times are counted from that day.",
        )


def _forwards(holder: dict[str, Any], name: str, path: str) -> Iterator[Finding]:
    period = holder.get(name)
    if not isinstance(period, dict):
        return
    start, end = moment(period.get("startDate")), moment(period.get("endDate"))
    if start is not None and end is not None and end < start:
        yield fault("ends-before-it-begins", f"At {path}.{name}: the period ends before it begins.")


def _time_to_bid(looked: LookedAt) -> Iterator[Finding]:
    period = looked.named("tender").get("tenderPeriod")
    published, last = looked.day(looked.release, "date"), None
    if isinstance(period, dict):
        last = looked.day(period, "endDate")
    declared = looked.declared
    if published is None or last is None or declared is None or declared.id not in ("uk4", "psr_tender"):
        return
    if last <= published:
        yield fault(
            "no-time-to-bid",
            f"At {looked.path}.tender.tenderPeriod.endDate: bids are due by {in_words(last)}, and the notice was "
            f"published on {in_words(published)}: nobody had time to bid.",
        )


def _standstill(looked: LookedAt, award: dict[str, Any], path: str) -> Iterator[Finding]:
    period = award.get("standstillPeriod")
    if not isinstance(period, dict):
        return
    start, end = looked.day(period, "startDate"), looked.day(period, "endDate")
    published = looked.day(looked.release, "date")
    declared = looked.declared
    first = start or published
    if end is None or first is None or end < first:
        return
    if (end - first).days < _SHORTEST_STANDSTILL:
        says = (
            f"At {path}.standstillPeriod: it runs from {in_words(first)} to {in_words(end)}. Eight working days "
            "are never over so soon."
        )
        yield (fault if looked.regime in _MANDATORY else note)("standstill-too-short", says)
    tells_of_it = declared is not None and declared.id in ("uk6", "psr_intention")
    if tells_of_it and published is not None and start is not None and start < published:
        yield fault(
            "standstill-before-notice",
            f"At {path}.standstillPeriod.startDate: it begins on {in_words(start)}, before the notice was published on "
            f"{in_words(published)}. The notice is what starts it.",
        )


def _signed(looked: LookedAt, contract: dict[str, Any], path: str) -> Iterator[Finding]:
    signed = looked.day(contract, "dateSigned")
    if signed is None:
        return
    if signed > looked.today and contract.get("status") == "active":
        yield fault("signed-in-the-future", f"At {path}.dateSigned: {in_words(signed)} is still to come.")
    for where, award in looked.each("awards"):
        if award.get("id") != contract.get("awardID"):
            continue
        awarded, period = looked.day(award, "date"), award.get("standstillPeriod")
        ends = looked.day(period, "endDate") if isinstance(period, dict) else None
        if awarded is not None and signed < awarded:
            yield fault(
                "signed-before-award",
                f"At {path}.dateSigned: signed on {in_words(signed)}, before the award of {in_words(awarded)} "
                f"at {where}.date.",
            )
        elif ends is not None and signed <= ends:
            yield fault(
                "signed-in-standstill",
                f"At {path}.dateSigned: signed on {in_words(signed)}, and the standstill at {where} ends on "
                f"{in_words(ends)}. A contract is signed after it.",
            )
