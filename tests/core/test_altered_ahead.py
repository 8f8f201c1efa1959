"""A gate asked forward: a file that is no longer what was handed in lets nothing pass, and is asked for anew."""

from __future__ import annotations

from engine.core.answer import answer
from engine.core.decide import decide
from engine.core.outcome import Refused
from engine.core.soundness import evidence_ahead, weigh

from .builders import (
    a_file,
    advance,
    affirm,
    any_of,
    asking,
    decide_on,
    gate,
    hand_in,
    needs,
    sign,
    signature,
    wait,
    waive,
    withdraw,
    workflow,
)
from .story import Story, story

PAPER = needs("paper", "paper", signed_by=["sro"])


def handed_in(name: str = "plan.pdf") -> Story:
    """Returns a project with one signed paper, a1, and nothing left but a decision."""
    told = story(asking(PAPER, decided_by=["cochair"])).given(hand_in("paper", files=(a_file(name),)))
    return told.given(sign("paper"), by="sro")


def states(told: Story, *altered: str) -> dict[str, str]:
    found = answer(told.workflow, told.project, told.way(), told.today, told.calendar, frozenset(altered))
    assert found.judgement is not None
    return {name: v.state for name, v in found.judgement.by_id().items()}


def acts(told: Story, *altered: str) -> list[tuple[str, str | None]]:
    found = answer(told.workflow, told.project, told.way(), told.today, told.calendar, frozenset(altered))
    return [(a.act, a.requirement) for a in found.acts]


def test_nobody_decides_and_nothing_moves_on_an_altered_file() -> None:
    """Where a file the gate looks at is altered, deciding and passing are refused, and the answer names the file.

    Seen to fail when `advance` judged without what was found altered.
    """
    told = handed_in()
    told.when(decide_on(), by="cochair", altered=["a1"]).refused("rules", "gate_shut")
    told.given(decide_on(), by="cochair")
    shut = told.when(advance(), altered=["a1"]).refused("rules", "gate_shut").answer
    assert shut is not None
    assert shut.judgement is not None
    (verdict,) = shut.judgement.verdicts
    assert verdict.state == "error"
    assert verdict.why[0] == (
        "The file “plan.pdf” is no longer what was handed in: its stored bytes were altered, or are gone."
    )
    told.given(advance())


def test_a_new_record_takes_the_place_of_an_altered_one() -> None:
    """The acts of the answer are to hand it in anew, signed and decided; done, the gate is open for all that is known.

    Seen to fail when the planner took every error for one that a new record would have, too.
    """
    told = handed_in()
    assert acts(told, "a1") == [("add_evidence", "paper"), ("sign", "paper"), ("decide", None)]
    told.given(hand_in("paper", files=(a_file("again.pdf"),)))
    told.given(sign("paper"), by="sro").given(decide_on(), by="cochair")
    told.when(advance(), altered=["a1"]).accepted("advanced")


def test_an_older_record_does_not_slip_in() -> None:
    """Only the newest record is looked at, altered or not: an older one counts again only when that is withdrawn."""
    told = story(asking(needs("paper", "paper")))
    told.given(hand_in("paper", files=(a_file("a.pdf"),)), hand_in("paper", files=(a_file("b.pdf"),)))
    assert states(told, "a2") == {"paper": "error"}
    assert states(told, "a1") == {"paper": "met"}
    assert states(told.given(withdraw("a2")), "a2") == {"paper": "met"}


def test_of_several_records_altered_ones_do_not_count() -> None:
    """Where enough others do, it is met by them; else it is an error, and only what lacks is asked for."""
    told = story(asking(needs("paper", "paper", count=2)))
    told.given(*(hand_in("paper", files=(a_file(f"{n}.pdf"),)) for n in range(3)))
    assert states(told, "a3") == {"paper": "met"}
    assert states(told, "a3", "a2") == {"paper": "error"}
    assert acts(told, "a3", "a2") == [("add_evidence", "paper")]


def test_another_part_of_a_group_still_opens_it() -> None:
    """A group rests on the parts that are met, and a wait is broken with the record it counts from."""
    told = story(asking(any_of("either", needs("paper", "paper"), signature("yes", "sro"))))
    told.given(hand_in("paper", files=(a_file(),)))
    assert states(told, "a1")["either"] == "error"
    told.given(sign("yes"), by="sro")
    assert states(told, "a1")["either"] == "met"
    waits = story(asking(needs("notice", "notice"), wait("pause", "notice.published_on", 1, "days")))
    waits.given(hand_in("notice", published_on="2026-05-01", files=(a_file(),)))
    assert states(waits, "a1") == {"notice": "error", "pause": "error"}
    assert acts(waits, "a1") == [("add_evidence", "notice"), ("wait", "pause")]


def test_no_waiver_covers_an_altered_file() -> None:
    """An error is never waived: whoever let the requirement be did not let the file be another."""
    told = story(asking(needs("paper", "paper", level="co_design"), decided_by=["sro", "cochair"]))
    told.given(hand_in("paper", files=(a_file(),)), waive("paper"))
    assert states(told) == {"paper": "waived"}
    assert states(told, "a1") == {"paper": "error"}


def test_only_the_records_a_gate_looks_at_are_read() -> None:
    """What is hashed again are the newest record of each requirement, all where several count, and those of waits."""
    of = workflow(
        gate(
            needs("one", "paper"), needs("many", "paper", count=2), needs("bare"), wait("pause", "far.published_on", 1)
        ),
        gate(needs("far", "notice"), needs("other", "paper"), id="next"),
    )
    told = story(of).given(hand_in("one", files=(a_file("1"),)), hand_in("one", files=(a_file("2"),)))
    told.given(*(hand_in("many", files=(a_file(str(n)),)) for n in range(3)), hand_in("bare"))
    told.given(hand_in("far", published_on="2026-06-01", files=(a_file("f"),)), hand_in("other", files=(a_file(),)))
    assert evidence_ahead(of, told.project, of.gates["gate"]) == ["a7", "a5", "a4", "a3", "a2"]
    told.given(withdraw("a2"), withdraw("a7"))
    assert evidence_ahead(of, told.project, of.gates["gate"]) == ["a5", "a4", "a3", "a1"]


def test_a_superseded_record_whose_file_is_altered_asks_for_affirming_alone() -> None:
    """Where what a passed gate rests on now is whole, the acts that unfreeze the project are to affirm it, no more.

    Seen to fail when everything handed in for the requirement was taken to be gone.
    """
    of = workflow(gate(needs("paper", "paper"), if_unsound="freezes"), gate(needs("end"), id="next"))
    told = story(of).given(hand_in("paper", files=(a_file(),)), advance(), hand_in("end"))
    told.given(hand_in("paper", files=(a_file("newer.pdf"),)))
    (passing,) = told.project.passings
    weighed = weigh(of, told.project, passing, told.today, told.calendar, frozenset({"a1"}))
    assert (weighed.wrong, len(weighed.lasting)) == ((), 1)
    assert acts(told, "a1") == [("decide", None)]
    for part in ("affirm", "advance"):
        assert not isinstance(do(told, part, "a1"), Refused)


def do(told: Story, what: str, *altered: str) -> object:
    """Affirms the first passing or advances, with these records known to be altered."""
    wish = affirm(told.project.passings[0].seq) if what == "affirm" else advance()
    return told.when(wish, altered=altered).outcome


def test_an_altered_file_of_a_part_that_is_not_needed_asks_for_affirming_alone() -> None:
    """Where another part holds a group, it rests on that; the acts are to affirm it, and doing them is enough.

    Seen to fail when a group was weighed by what any of its parts rested on.
    """
    either = any_of("either", needs("paper", "paper"), signature("yes", "sro"))
    of = workflow(gate(either, if_unsound="freezes"), gate(needs("end"), id="next"))
    told = story(of).given(hand_in("paper", files=(a_file(),))).given(sign("yes"), by="sro")
    told.given(advance(), hand_in("end"))
    assert acts(told, "a1") == [("decide", None)]
    for part in ("affirm", "advance"):
        assert not isinstance(do(told, part, "a1"), Refused)


def test_deciding_is_the_same_function_of_what_was_found() -> None:
    """What is found altered is an input of the ruling like any other: the same wish gives the same outcome."""
    told = handed_in()
    actor = told.actor("cochair")
    wish = decide_on()
    rulings = [
        decide(told.project, wish, told.workflow, actor, told.moment, frozenset(altered))
        for altered in (["a1"], ["a1"], [], ["a9"])
    ]
    assert rulings[0] == rulings[1]
    assert rulings[2] == rulings[3]
    assert [isinstance(r, Refused) for r in rulings] == [True, True, False, False]
