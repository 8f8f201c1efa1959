"""The examiner of `ocds/notice`: a notice in order passes, and each thing that is wrong is told with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from engine.conformance.sentences import fault_of
from plugins.ocds.examining import MOST_FINDINGS, examine

from .ocds_files import OCID, Json, award_notice, found, psr_intention, submission, tender_notice

UK4 = {"notice_type": "uk4", "published_on": "2026-02-09"}
UK7 = {"notice_type": "uk7", "published_on": "2026-05-20"}
Change = Callable[[Json], Any]


def the(package: Json) -> Json:
    """Returns the release of a package."""
    release: Json = package["releases"][0]
    return release


def test_a_notice_in_order_has_no_findings() -> None:
    """A tender notice, a contract details notice and one of the Provider Selection Regime pass without a word.

    Seen to fail when the shortest standstill was set to twelve days.
    """
    assert not found(tender_notice(), facts=UK4)
    assert not found(the(tender_notice()), facts=UK4)
    assert not found(award_notice(), requirement="contract-details", facts=UK7, ocid=OCID)
    psr = {"notice_type": "psr_intention", "published_on": "2026-02-02"}
    assert not found(psr_intention(), regime="psr_direct_award_c", requirement="award-notice", facts=psr)


WRONG_TENDER: dict[str, tuple[Change, str]] = {
    "not-as-the-standard": (lambda p: the(p)["tender"].update(status="open"), "$.releases[0].tender.status"),
    "unknown-notice": (
        lambda p: the(p)["tender"]["documents"][0].update(noticeType="UK77"),
        "$.releases[0].tender.documents[0].noticeType",
    ),
    "no-notice-type": (lambda p: the(p)["tender"]["documents"][0].pop("noticeType"), ""),
    "not-as-declared": (
        lambda p: the(p)["tender"]["documents"][0].update(noticeType="UK6"),
        "$.releases[0].tender.documents[0].noticeType",
    ),
    "other-stage": (lambda p: the(p).update(tag=["planning"]), "$.releases[0].tag"),
    "part-missing": (lambda p: the(p).update(tender={"id": "1"}) or the(p).pop("tender"), "$.releases[0]"),
    "not-published-yet": (lambda p: the(p).update(date="2026-07-01T10:00:00Z"), "$.releases[0].date"),
    "other-day": (lambda p: the(p).update(date="2026-02-10T00:30:00Z"), "$.releases[0].date"),
    "ends-before-it-begins": (
        lambda p: the(p)["tender"]["contractPeriod"].update(endDate="2026-08-31T00:00:00+01:00"),
        "$.releases[0].tender.contractPeriod",
    ),
    "no-time-to-bid": (
        lambda p: the(p)["tender"]["tenderPeriod"].update(endDate="2026-02-09T12:00:00Z"),
        "$.releases[0].tender.tenderPeriod.endDate",
    ),
    "other-process": (lambda p: the(p).update(ocid="ocds-h6vhtk-999999"), "$.releases[0].ocid"),
    "no-buyer": (lambda p: the(p)["buyer"].pop("name") and the(p)["parties"][0].pop("name"), "$.releases[0].buyer"),
    "buyer-unknown": (lambda p: the(p)["buyer"].update(id="somebody"), "$.releases[0].buyer.id"),
    "above-lifetime-value": (
        lambda p: the(p)["tender"]["value"].update(amount=2_000_000),
        "$.releases[0].tender.value",
    ),
    "below-lifetime-value": (lambda p: the(p)["tender"]["value"].update(amount=1000), ""),
    "below-nothing": (lambda p: the(p)["tender"]["value"].update(amount=-1), "$.releases[0].tender.value"),
    "other-currency": (
        lambda p: the(p)["tender"]["value"].update(currency="EUR"),
        "$.releases[0].tender.value.currency",
    ),
    "several-releases": (lambda p: p["releases"].append({**the(p), "date": "2026-01-01T00:00:00Z"}), "$.releases"),
    "several-processes": (lambda p: p["releases"].append({**the(p), "ocid": "ocds-h6vhtk-1"}), "$.releases"),
}
NOTES = {"below-lifetime-value", "several-releases"}
"""What people should know of, and what keeps nothing from counting."""


@pytest.mark.parametrize("code", WRONG_TENDER)
def test_what_is_wrong_with_a_tender_notice_is_told(code: str) -> None:
    """Each planted mistake has its code, its place in the file, and a sentence that people can read.

    Seen to fail when tags were not looked at, when a buyer needed no name, and when amounts were compared in pence.
    """
    change, place = WRONG_TENDER[code]
    package = tender_notice()
    change(package)
    fields = {} if code == "several-processes" else {"ocid": OCID}
    findings = found(package, facts=UK4, **fields)
    assert code in findings
    for finding in findings[code]:
        assert finding.severity == ("note" if code in NOTES else "fault")
        assert fault_of(finding.says, ("published_on", "notice_type")) is None
    assert any(place in finding.says for finding in findings[code])


def test_a_notice_of_another_day_in_another_zone_is_of_the_same_day() -> None:
    """The day of a notice is its day in the United Kingdom: half past eleven at night in UTC is the next day in summer.

    Seen to fail when the zone was left as it was written.
    """
    package = tender_notice()
    the(package)["date"] = "2026-06-01T23:30:00Z"
    the(package)["tender"]["tenderPeriod"]["endDate"] = "2026-06-29T12:00:00Z"
    assert "other-day" in found(package, facts={**UK4, "published_on": "2026-06-01"})
    assert not found(package, facts={**UK4, "published_on": "2026-06-02"})


WRONG_CONTRACT: dict[str, tuple[Change, str]] = {
    "standstill-too-short": (
        lambda p: the(p)["awards"][0]["standstillPeriod"].update(endDate="2026-05-06T23:59:59+01:00"),
        "$.releases[0].awards[0].standstillPeriod",
    ),
    "signed-in-standstill": (
        lambda p: the(p)["contracts"][0].update(dateSigned="2026-05-08T00:00:00+01:00"),
        "$.releases[0].contracts[0].dateSigned",
    ),
    "signed-before-award": (
        lambda p: the(p)["contracts"][0].update(dateSigned="2026-04-01T00:00:00+01:00"),
        "$.releases[0].contracts[0].dateSigned",
    ),
    "signed-in-the-future": (
        lambda p: the(p)["contracts"][0].update(dateSigned="2026-07-01T00:00:00+01:00"),
        "$.releases[0].contracts[0].dateSigned",
    ),
    "above-award": (
        lambda p: the(p)["awards"][0]["value"].update(amount=1_100_000),
        "$.releases[0].contracts[0].value",
    ),
    "ends-before-it-begins": (
        lambda p: the(p)["contracts"][0]["period"].update(endDate="2020-01-01T00:00:00Z"),
        "$.releases[0].contracts[0].period",
    ),
}


@pytest.mark.parametrize("code", WRONG_CONTRACT)
def test_what_is_wrong_with_an_award_and_a_contract_is_told(code: str) -> None:
    """A standstill that is too short, a contract signed too early or worth more than its award: each is told."""
    change, place = WRONG_CONTRACT[code]
    package = award_notice()
    change(package)
    findings = found(package, requirement="contract-details", facts=UK7)
    assert list(findings) == [code]
    assert place in findings[code][0].says
    assert findings[code][0].severity == "fault"


def test_a_notice_of_the_other_regime_is_told() -> None:
    """A numbered notice is none of the Provider Selection Regime; one of that regime has to name it, which is a note.

    Seen to fail when the project's route was not looked at.
    """
    assert "other-regime" in found(tender_notice(), regime="psr_competitive")
    release = psr_intention()
    release["tender"]["description"] = "A service."
    psr = {"notice_type": "psr_intention"}
    said = found(release, regime="psr_direct_award_c", requirement="award-notice", facts=psr)
    assert list(said) == ["psr-not-named"]
    assert said["psr-not-named"][0].severity == "note"


def test_a_notice_for_another_requirement_is_told() -> None:
    """A requirement of the shipped workflows takes the notice it asks for, and says which that is.

    Seen to fail when what a requirement asks for was compared with what the record declares only.
    """
    said = found(tender_notice(), requirement="contract-details")
    assert "contract details notice (UK7)" in said["other-notice"][0].says
    assert "other-notice" in found(tender_notice(), requirement="contract-details", facts=UK4)
    assert "other-notice" not in found(tender_notice(), requirement="something-else")


def test_a_standstill_nobody_has_to_hold_may_be_short() -> None:
    """Under light touch a standstill is held by choice; a short one is a note, and the record counts."""
    package = award_notice()
    the(package)["awards"][0]["standstillPeriod"]["endDate"] = "2026-05-01T23:59:59+01:00"
    said = found(package, regime="pa23_light_touch", requirement="contract-details", facts=UK7)
    assert said["standstill-too-short"][0].severity == "note"


def test_every_mistake_is_told_at_once_up_to_a_number() -> None:
    """Mistakes of different kinds are told together, and of thousands only the first, with how many more there are.

    Seen to fail when the checks of the content were left out once the form was wrong.
    """
    package = tender_notice()
    the(package)["tender"]["status"] = "open"
    the(package)["buyer"]["id"] = "somebody"
    the(package)["tender"]["value"]["currency"] = "EUR"
    assert {"not-as-the-standard", "buyer-unknown", "other-currency"} <= found(package, facts=UK4).keys()
    the(package)["contracts"] = [{"id": str(n), "value": {"amount": -1}} for n in range(1000)]
    findings = examine(submission(package, facts=UK4))
    assert len(findings) == MOST_FINDINGS + 1
    assert re.fullmatch(r"There are 98\d more; they are not listed.", findings[-1].says)


def test_each_file_is_looked_at_and_told_apart() -> None:
    """Where several files are JSON each is examined, and what is found says in which; others may lie beside them."""
    wrong = deepcopy(tender_notice())
    the(wrong)["tag"] = ["planning"]
    assert not found(tender_notice(), b"%PDF-1.7 a letter", facts=UK4, name="notice")
    said = found(tender_notice(), wrong, facts=UK4)
    assert re.match(r"In “notice.json”: At \$.releases\[0\].tag", said["other-stage"][0].says)
    assert list(found(b"%PDF", b"GIF8", name="scan")) == ["no-release"]


def test_packages_that_are_no_notice_are_told_apart() -> None:
    """A record package, an empty package, a list and an object of another kind each have their own words."""
    assert list(found({"records": []})) == ["record-package"]
    assert "no-release" in found({**tender_notice(), "releases": []})
    assert list(found(b"[1, 2]")) == ["not-ocds"]
    assert list(found({"hello": "there"})) == ["not-ocds"]


def test_of_several_releases_one_without_a_day_is_never_the_newest() -> None:
    """A release whose day cannot be read is passed over for one that has a day.

    Seen to fail when a missing day counted as later than all.
    """
    package = tender_notice()
    undated = {name: value for name, value in the(package).items() if name != "date"}
    package["releases"].append(undated)
    (told,) = found(package, facts=UK4)["several-releases"]
    assert "$.releases[0]," in told.says


def test_a_notice_may_be_called_by_its_id_or_by_that_of_its_process() -> None:
    """The reference on the record is the id of the release or the ocid; any other is told, and does no harm.

    Seen to fail when only the id of the release would do.
    """
    for reference in ("012345-2026", OCID, f" {OCID} "):
        assert not found(tender_notice(), facts={**UK4, "reference": reference})
    (told,) = found(tender_notice(), facts={**UK4, "reference": "2026/7"})["other-reference"]
    assert told.severity == "note"
