"""What each thing that happens in a project becomes in OCDS; every package is of the standard's form."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from plugins.ocds.notices import ALL, NOTICES
from plugins.ocds.publisher import NotReady

from .ocds_standard import faults_of_records, faults_of_releases
from .ocds_stories import Json, Story


@pytest.fixture(autouse=True)
def _every_package_is_of_the_standards_form(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test of this page exports is held against the standard.

    Seen to fail when a milestone had a day without a time, and when two documents of an award were alike.
    """
    exported = Story.exported
    made: list[tuple[Json, Json]] = []

    def kept(story: Story, **settings: str) -> tuple[Json, Json]:
        made.append(exported(story, **settings))
        return made[-1]

    monkeypatch.setattr(Story, "exported", kept)
    yield
    for releases, records in made:
        assert faults_of_releases(releases) == []
        assert faults_of_records(records) == []


def tags(story: Story) -> list[list[str]]:
    """Returns the tags of each release."""
    return [release["tag"] for release in story.releases()]


def test_a_competition_under_the_selection_regime() -> None:
    """Opening, tender, intention, confirmation and contract each are a release, marked PSR, without a notice number.

    Seen to fail when the confirmation did not make the award active.
    """
    story = Story()
    story.record("opening-notice", "2026-02-09")
    story.record("award-notice", "2026-04-20")
    story.record("award-confirmation", "2026-05-15")
    story.passed("procure-gate", "procure", "review", contract="met")
    assert tags(story) == [
        ["planning"],
        ["tender"],
        ["award"],
        ["awardUpdate", "contract"],
        ["implementation", "contractUpdate"],
    ]
    whole = story.compiled()
    assert whole["tender"]["specialRegime"] == ["PSR"]
    assert whole["tender"]["procurementMethodDetails"] == "Provider Selection Regime: competitive process"
    assert whole["tender"]["status"] == "complete"
    assert whole["tender"]["value"] == {"amount": 1450000.5, "currency": "GBP"}
    assert whole["awards"][0]["status"] == "active"
    assert whole["awards"][0]["standstillPeriod"] == {"startDate": "2026-04-21T00:00:00Z"}
    assert whole["contracts"][0]["status"] == "active"
    assert whole["contracts"][0]["awardID"] == whole["awards"][0]["id"]
    assert "noticeType" not in json.dumps(whole)


def test_a_procurement_under_the_act_has_its_notice_numbers() -> None:
    """UK2 and UK3 stand in the planning, UK4 in the tender, UK6 in the award, UK7 in the contract, UK9 beneath it.

    Seen to fail when the documents of the implementation were put beside those of the contract.
    """
    story = Story("pa23_full")
    for requirement, day in {
        "market-notice": "2026-01-12",
        "planned-notice": "2026-01-20",
        "opening-notice": "2026-03-02",
        "award-notice": "2026-06-01",
        "contract-details": "2026-07-01",
        "performance-notice": "2027-07-01",
        "vary-notice-first": "2027-08-01",
    }.items():
        story.record(requirement, day)
    whole = story.compiled()
    numbers = {
        "planning": [d["noticeType"] for d in whole["planning"]["documents"]],
        "tender": [d["noticeType"] for d in whole["tender"]["documents"]],
        "awards": [d["noticeType"] for d in whole["awards"][0]["documents"]],
        "contracts": [d["noticeType"] for d in whole["contracts"][0]["documents"]],
        "implementation": [d["noticeType"] for d in whole["contracts"][0]["implementation"]["documents"]],
    }
    assert numbers == {
        "planning": ["UK2", "UK3"],
        "tender": ["UK4"],
        "awards": ["UK6"],
        "contracts": ["UK7", "UK10"],
        "implementation": ["UK9"],
    }
    assert whole["awards"][0]["standstillPeriod"] == {"startDate": "2026-06-01T00:00:00Z"}
    assert whole["contracts"][0]["proposedAmendments"][0]["description"] == "Contract change notice"
    assert whole["tender"]["aboveThreshold"] is True
    assert "specialRegime" not in whole["tender"]


@pytest.mark.parametrize("notice", ALL, ids=lambda notice: notice.id)
def test_every_notice_can_be_told_first_and_last(notice: object) -> None:
    """Any notice that a record says it is makes a release with one of its tags and its document, whatever came before.

    Seen to fail when a notice of a contract left the award out.
    """
    one = NOTICES[notice.id]  # type: ignore[attr-defined]  # pytest hands parameters over untyped
    for before in ((), ("opening-notice", "award-notice", "contract-details")):
        story = Story("pa23_full")
        for requirement in before:
            story.record(requirement, "2026-02-02")
        id = story.record("of-another-workflow", "2026-03-02", notice_type=one.id)
        release = story.releases()[-1]
        assert set(release["tag"]) & set(one.tags)
        awards = [award["id"] for award in story.compiled().get("awards", [])]
        assert [contract["awardID"] for contract in release.get("contracts", [])] in ([], awards)
        assert id in json.dumps(release)
        assert json.dumps(release).count('"noticeType"') == (0 if one.of_psr else 1)


def test_gates_are_milestones_that_are_met_half_met_and_not_met() -> None:
    """A gate passed with conditions is partly met until the last is met; one that is gone back behind is not met.

    Seen to fail when a condition that was met again made another release, and when later gates were left as met.
    """
    story = Story()
    seq = story.passed("plan-gate", "plan", "design", conditions=2)
    later = story.passed("design-gate", "design", "procure")

    def statuses() -> dict[str, str]:
        return {m["id"]: m["status"] for m in story.compiled()["planning"]["milestones"]}

    story.happened("condition_met", passing=seq, condition=0, today="2026-02-01")
    assert statuses() == {f"plan-gate-{seq}": "partiallyMet", f"design-gate-{later}": "met"}
    story.happened("condition_met", passing=seq, condition=0, today="2026-02-01")
    story.happened("condition_met", passing=seq, condition=1, today="2026-02-01")
    assert statuses()[f"plan-gate-{seq}"] == "met"
    told = len(story.releases())
    story.happened("condition_met", passing=seq, condition=1, today="2026-02-01")
    assert len(story.releases()) == told
    story.moved("procure", "plan", "returned")
    assert statuses() == {f"plan-gate-{seq}": "notMet", f"design-gate-{later}": "notMet"}
    assert all("dateMet" not in m for m in story.compiled()["planning"]["milestones"])
    again = story.passed("plan-gate", "plan", "design", membership="met", accessibility="waived")
    met = next(m for m in story.compiled()["planning"]["milestones"] if m["id"] == f"plan-gate-{again}")
    said = {"requirements": {"met": 1, "waived": 1}, "waived": ["accessibility"], "decidedBy": ["sro", "lx_cochair"]}
    assert (met["title"], met["x_coproduction"]) == ("Plan-Gate", said)


def test_a_gate_that_reopens_counts_no_more() -> None:
    """Where a gate reopens, its milestone and those of later gates are not met."""
    story = Story()
    first = story.passed("plan-gate", "plan", "design")
    story.passed("design-gate", "design", "procure")
    story.happened("gate_reopened", gate="plan-gate", passing=first, to="plan", **{"from": "procure"})
    assert {m["status"] for m in story.compiled()["planning"]["milestones"]} == {"notMet"}


def test_a_project_that_is_stopped() -> None:
    """Before the tender its planning is cancelled; after it, the tender; once a contract runs, nothing is."""
    early, late, running = Story(), Story(), Story()
    late.record("opening-notice", "2026-02-09")
    running.record("award-confirmation", "2026-02-09")
    running.passed("procure-gate", "procure", "review", contract="met")
    for story in (early, late, running):
        story.moved("plan", "stopped", "stopped")
    assert [tags(story)[-1] for story in (early, late, running)] == [
        ["planningUpdate"],
        ["tenderCancellation"],
        ["implementationUpdate"],
    ]
    assert [s.compiled()["tender"]["status"] for s in (early, late, running)] == ["cancelled", "cancelled", "complete"]
    assert running.compiled()["contracts"][0]["status"] == "active"
    assert early.releases()[-1]["x_coproduction"] == {"stopped": True}


def test_a_new_cycle_is_a_process_of_its_own() -> None:
    """Buying anew has another ocid, which names the one before; the project's own ocid is that of its present cycle.

    Seen to fail when the second process went on where the first one was.
    """
    story = Story(ocid="left out")
    story.record("award-confirmation", "2026-02-09")
    story.passed("review-gate", "review", "plan", again=True)
    story.passed("plan-gate", "plan", "design")
    story.project["cycle"] = 2
    first, second = story.exported()[1]["records"]
    assert (first["ocid"], second["ocid"]) == ("ocds-a1b2c3-P-1", "ocds-a1b2c3-P-1-2")
    assert second["compiledRelease"]["relatedProcesses"] == [
        {"id": "1", "relationship": ["prior"], "scheme": "ocid", "identifier": "ocds-a1b2c3-P-1"}
    ]
    assert not {"awards", "contracts"} & second["compiledRelease"].keys()
    assert ("x_coproduction" in first, "x_coproduction" in second) == (False, True)
    story.project["fields"]["ocid"] = "ocds-h6vhtk-0abc12"
    assert [record["ocid"] for record in story.exported()[1]["records"]] == ["ocds-a1b2c3-P-1", "ocds-h6vhtk-0abc12"]


def test_participation_is_told_with_small_groups_as_a_range() -> None:
    """A record with a level is a milestone of engagement; groups below five are a range, and nobody is no group.

    Seen to fail when the groups were given as they stand.
    """
    story = Story()
    people = {"lived_experience": 6, "carer": 1, "clinician": 0}
    id = story.record("priorities", level="co_production", attendance=people)
    story.record("resources")
    assert "milestones" not in json.dumps(story.releases())
    story.passed("plan-gate", "plan", "design")
    milestone = next(m for m in story.releases()[-1]["planning"]["milestones"] if m["id"] == id)
    assert milestone["type"] == "engagement"
    assert milestone["title"] == "Priorities"
    assert milestone["x_coproduction"]["tookPart"] == {"carer": {"from": 1, "to": 4}, "lived_experience": {"people": 6}}
    assert story.releases()[-1]["x_coproduction"]["levels"] == {"co_production": 1}
    story.happened("evidence_regraded", evidence=id, level="consultation")
    story.passed("design-gate", "design", "procure")
    judged = next(m for m in story.compiled()["planning"]["milestones"] if m["id"] == id)["x_coproduction"]
    assert (judged["level"], judged["levelClaimed"]) == ("consultation", "co_production")
    assert story.compiled()["x_coproduction"]["levels"] == {"co_production": 0, "consultation": 1}


def test_documents_are_told_by_their_digests_and_personal_ones_not_at_all() -> None:
    """A file of a kind the standard names is a document with its digest; one about persons is left out."""
    story = Story()
    story.record("needs-data", files=("ab" * 32,))
    story.record("moderation", files=("cd" * 32,), personal=True)
    story.passed("plan-gate", "plan", "design")
    document = story.releases()[-1]["planning"]["documents"][0]
    assert document["documentType"] == "needsAssessment"
    assert document["x_coproduction"] == {"sha256": ["ab" * 32]}
    assert "cd" * 32 not in json.dumps(story.exported())


def test_what_was_withdrawn_or_erased_is_not_told() -> None:
    """A record that was withdrawn or erased makes no release and no milestone; the releases of others keep their ids.

    Seen to fail when every record was told.
    """
    for state in ("withdrawn", "erased"):
        story = Story()
        gone = story.record("opening-notice", "2026-02-09", level="co_design", state=state)
        kept = story.record("award-notice", "2026-04-20")
        assert tags(story) == [["planning"], ["award"]]
        assert gone not in json.dumps(story.exported())
        assert story.releases()[-1]["id"] == f"ocds-a1b2c3-P-1-{kept.removeprefix('e-')}"


def test_only_the_number_of_a_notice_leaves() -> None:
    """A reference that is a number of Find a Tender becomes the document's address; other words stay here."""
    story = Story()
    story.record("opening-notice", "2026-02-09", reference="012345-2026")
    story.record("award-notice", "2026-04-20", reference="ask Ada Okafor, 012345-2026")
    told = [r["tender"].get("documents") or r["awards"][0]["documents"] for r in story.releases()[1:]]
    assert told[0][0]["url"] == "https://www.find-tender.service.gov.uk/Notice/012345-2026"
    assert "url" not in told[1][0]


def test_a_route_that_changes_takes_its_marks_away() -> None:
    """What a release said of the route before is gone from the compiled release once it no longer holds.

    Seen to fail when what had gone was left out instead of being null.
    """
    story = Story("psr_direct_award_c")
    story.happened("fields_set", fields={"regime": "pa23_full", "lifetime_value": 200_000_000})
    story.passed("plan-gate", "plan", "design")
    tender = story.compiled()["tender"]
    assert tender["procurementMethodDetails"] == "Procurement Act 2023: competitive procurement"
    assert not {"specialRegime", "procurementMethod"} & tender.keys()
    assert tender["value"]["amount"] == 2_000_000
    assert story.releases()[0]["tender"]["value"]["amount"] == 1450000.5


def test_settings_say_who_buys_and_publishes() -> None:
    """The buyer is the one of the settings, with its identifier; else the project's commissioner; the rest is optional.

    Seen to fail when the project's field went before the setting.
    """
    package, _ = Story().exported()
    assert package["publisher"] == {"name": "Northmere ICB"}
    assert package["uri"].startswith("urn:uuid:")
    story = Story()
    story.project["fields"]["supplier"] = "Harbour Lights CIC"
    story.record("award-notice", "2026-02-09")
    package, records = story.exported(
        buyer_name="NHS Northmere Integrated Care Board",
        buyer_id="GB-PPON-ABCD-1234-EFGH",
        publisher_name="Northmere Data Team",
        published_at="https://data.example.org/ocds/",
        license="https://example.org/licence",
    )
    buyer, supplier = package["releases"][-1]["parties"]
    assert buyer["identifier"] == {
        "scheme": "GB-PPON",
        "id": "ABCD-1234-EFGH",
        "legalName": "NHS Northmere Integrated Care Board",
    }
    assert package["releases"][-1]["buyer"]["id"] == "GB-PPON-ABCD-1234-EFGH"
    assert package["releases"][-1]["awards"][0]["suppliers"] == [{"id": supplier["id"], "name": "Harbour Lights CIC"}]
    assert package["publisher"] == {"name": "Northmere Data Team"}
    assert (package["uri"], records["uri"]) == tuple(
        f"https://data.example.org/ocds/{name}.json" for name in ("releases", "records")
    )
    assert records["packages"] == [package["uri"]]


def test_every_mistake_in_the_settings_is_told_at_once() -> None:
    """What is missing or wrong is told all at once, each with the variable that is to be set.

    Seen to fail when the first mistake ended the look.
    """
    wrong = {"ocid_prefix": "h6vhtk", "buyer_id": "1234", "published_at": "ftp://x", "licence": "OGL"}
    with pytest.raises(NotReady) as told:
        Story().exported(**wrong)
    for variable in ("OCID_PREFIX has", "BUYER_ID has", "PUBLISHED_AT has", "LICENCE;", "BUYER_NAME."):
        assert f"COCYCLE_PLUGIN_OCDS__{variable}" in str(told.value)
    with pytest.raises(NotReady, match="COCYCLE_PLUGIN_OCDS__OCID_PREFIX"):
        Story().exported(ocid_prefix="")
    nameless = Story()
    nameless.project["fields"] = {}
    with pytest.raises(NotReady, match="COCYCLE_PLUGIN_OCDS__OCID_PREFIX.*COCYCLE_PLUGIN_OCDS__BUYER_NAME"):
        nameless.exported(ocid_prefix="")
