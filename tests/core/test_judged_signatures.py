"""What the judge makes of signatures: which count, which lapsed and why, and who has still to sign."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any

import pytest

from .builders import advance, asking, hand_in, needs, regrade, sign, signature, span, withdraw
from .story import story


def test_a_signature_is_asked_of_each_role() -> None:
    """One signature for each role: those still missing are named in their order, and once all are there, all are."""
    told = story(asking(signature("name", "sro", "edi", "cochair")))
    assert told.why("name") == "Not yet signed by the senior responsible owner, the EDI lead and the co-chair."
    assert (told.state("name"), told.verdict("name").unsigned) == ("unmet", ("sro", "edi", "cochair"))
    told.given(sign("name"), by="cochair").given(sign("name"), by="sro")
    found = told.verdict("name")
    assert (found.state, found.why, found.unsigned) == ("unmet", ("Not yet signed by the EDI lead.",), ("edi",))
    assert [s.role for s in found.signatures] == ["sro", "cochair"]
    told.given(sign("name"), by="edi")
    found = told.verdict("name")
    assert found.why == ("Signed by the senior responsible owner, the EDI lead and the co-chair.",)
    assert (found.state, found.would, found.unsigned, found.evidence) == ("met", "met", (), ())
    assert [s.role for s in found.signatures] == ["sro", "edi", "cochair"]
    assert (found.good, found.over_on, found.mendable, found.waiver, found.of) == (1, None, (), None, ())


def test_a_signed_record_shows_the_record_and_the_signatures() -> None:
    """Evidence that is to be signed is unmet until it is, and shows what was looked at beside who signed."""
    told = story(asking(needs("talk", level="co_design", fresh=span(2, "weeks"), signed_by=["sro", "edi"])))
    told.given(hand_in("talk", "co_design"), sign("talk"))
    found = told.verdict("talk")
    assert found.why == ("Note of 1 June 2026, level co-design.", "Not yet signed by the EDI lead.")
    assert (found.state, found.evidence, found.good, str(found.over_on)) == ("unmet", ("a1",), 1, "2026-06-15")
    told.given(sign("talk"), by="edi")
    found = told.verdict("talk")
    assert found.why[1] == "Signed by the senior responsible owner and the EDI lead."
    assert (found.state, [s.id for s in found.signatures]) == ("met", ["s2", "s3"])


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (hand_in("talk", "co_production"), "a newer record took its place"),
        (regrade("a1", "co_design"), "the record was judged down"),
    ],
)
def test_a_signature_lapses_with_what_was_signed(act: Any, why: str) -> None:
    """When a record is superseded or regraded its signatures lapse: they count no more, and the answer says why."""
    told = story(asking(needs("talk", level="co_design", signed_by=["sro", "edi"]))).given(
        hand_in("talk", "co_production")
    )
    told.given(sign("talk"), by="sro").given(sign("talk"), by="edi")
    assert told.state("talk") == "met"
    told.given(act)
    found = told.verdict("talk")
    assert (found.state, found.signatures, found.unsigned) == ("unmet", (), ("sro", "edi"))
    assert found.why[1:] == (
        f"The signature of the senior responsible owner lapsed: {why}.",
        f"The signature of the EDI lead lapsed: {why}.",
        "Not yet signed by the senior responsible owner and the EDI lead.",
    )
    told.given(sign("talk"), by="sro")
    assert told.verdict("talk").why[1:] == (
        f"The signature of the EDI lead lapsed: {why}.",
        "Not yet signed by the EDI lead.",
    )


def test_signatures_that_lapsed_stay_lapsed() -> None:
    """After a withdrawal the older record counts again, and its signatures do not."""
    told = story(asking(needs("talk", signed_by=["sro"]))).given(hand_in("talk"), sign("talk"), hand_in("talk"))
    told.given(withdraw("a3"))
    assert told.verdict("talk").evidence == ("a1",)
    assert (told.state("talk"), told.verdict("talk").unsigned) == ("unmet", ("sro",))


def test_a_faulty_record_keeps_its_signatures() -> None:
    """What fails its rules can be signed still; the verdict is unmet for the fault, and shows who signed."""
    told = story(asking(needs("talk", level="co_design", signed_by=["sro", "edi"]))).given(
        hand_in("talk"), sign("talk")
    )
    found = told.verdict("talk")
    assert (found.state, found.good, [s.role for s in found.signatures]) == ("unmet", 0, ["sro"])
    assert (found.unsigned, found.evidence, found.mendable, found.over_on) == (("edi",), ("a1",), (), None)
    assert found.why == ("It does not say at which level people took part; at least co-design is needed.",)


def test_a_signature_without_a_record_lasts_to_the_end_of_the_cycle() -> None:
    """A signature without a record lasts to the end of the cycle, in any stage, and not into the next."""
    told = story(asking(signature("name", "sro"))).given(sign("name"))
    told.given(advance(), advance("plan", "send_back", "Again."))
    assert told.state("name") == "met"
    told.given(advance(), advance("plan", "again"))
    assert told.why("name") == "Not yet signed by the senior responsible owner."


@pytest.mark.parametrize("change", [{"binds": "another"}, {"evidence": "another"}, {"role": "lead"}, {"lapsed": "So."}])
def test_a_signature_counts_only_for_what_was_signed(change: dict[str, str]) -> None:
    """A signature bound to other bytes, another record, a role that is not asked, or one that lapsed, never counts."""
    told = story(asking(needs("talk", signed_by=["sro"])), checked=False).given(hand_in("talk"), sign("talk"))
    assert told.state("talk") == "met"
    project = copy(told.project)
    project.signatures = [replace(s, **change) for s in project.signatures]  # type: ignore[arg-type]  # all are text
    told.project_ = project
    assert (told.state("talk"), told.verdict("talk").signatures) == ("unmet", ())
    # nor where the record has a fault besides
    told.workflow = asking(needs("talk", level="co_design", signed_by=["sro"]))
    assert (told.verdict("talk").signatures, told.verdict("talk").unsigned) == ((), ("sro",))


def test_lapsed_signatures_of_earlier_cycles_are_not_told() -> None:
    """What lapsed in an earlier cycle is no reason in this one."""
    told = story(asking(needs("talk", signed_by=["sro"]), needs("new", fresh="this stage")), checked=False)
    told.given(hand_in("talk"), sign("talk"), hand_in("talk"), sign("talk"), hand_in("new"), advance())
    told.given(advance("plan", "again"), hand_in("talk"))
    assert told.verdict("talk").why == ("Note of 1 June 2026.", "Not yet signed by the senior responsible owner.")
