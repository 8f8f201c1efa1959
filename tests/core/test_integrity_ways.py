"""Ways that follow a decision: only the one that was decided on may be taken, and the answer says so beforehand."""

from __future__ import annotations

from typing import Any

from engine.core.decide import preview
from engine.core.definition import Transition, Workflow
from engine.core.rulings.moves import find_transition

from .builders import (
    Json,
    advance,
    decide_on,
    field,
    gate,
    hand_in,
    kind,
    needs,
    sign,
    signature,
    stage,
    way,
    withdraw,
    workflow,
)
from .story import Story, actor, story

OUTCOME = kind("outcome", field("way", "choice", "go_on", "vary", "stop"), field("agreed", "yes_no"))


def after(way_: Json, value: Any, name: str = "way") -> Json:
    return way_ | {"follows": {"requirement": "decision", "field": name, "value": value}}


def review(*, guarded: bool = True, inside: bool = True) -> Workflow:
    """Returns a workflow whose review can go on, vary or stop; the decision is asked for at its gate, or another's."""
    asked = needs("decision", "outcome", signed_by=["sro"])
    own = gate(asked if inside else signature("yes", "sro"), id="review-gate", decided_by=["cochair"])
    other = gate(signature("more", "sro") if inside else asked, id="other-gate")
    guard = "review-gate" if guarded else None
    return workflow(
        own,
        other,
        kinds=[OUTCOME],
        stages_=[
            stage(
                "review",
                after(way("go_on", "running", guard), "go_on"),
                after(way("vary", "varying", guard), "vary"),
                after(way("stop", "stopped"), "stop"),
            ),
            stage("running", way("advance", "stopped", "other-gate")),
            stage("varying", way("advance", "running", "other-gate")),
            stage("stopped", final=True),
        ],
    )


def decided(value: str | None, asked: Workflow | None = None) -> Story:
    """Returns a project in review, with a decision that says this."""
    begun = story(asked or review())
    return begun if value is None else begun.given(hand_in("decision", happened_on="2026-06-01", way=value))


def test_only_the_way_that_was_decided_on_may_be_taken() -> None:
    """Another way than the decision says is refused by the rules, in words; the one it says is not.

    Seen to fail when the check stood only before gates, so that ways without one could be taken.
    """
    told = decided("vary", review(guarded=False))
    says = "“Decision” of 1 June 2026 says vary; this way is for go on."
    told.when(advance("running")).refused("rules", "not_decided", says)
    told.when(advance("stopped")).refused("rules", "not_decided", "this way is for stop.")
    told.when(advance("varying")).accepted("advanced")


def test_what_a_decision_answers_is_handed_in_before_it() -> None:
    """The acts ask for the decision that is followed after the input it can answer, wherever each is written.

    Seen to fail when the decision that is followed was always asked for first.
    """
    cites = kind("cites", field("way", "choice", "go_on", "stop"), field("answers", "records"))
    for names in (["input", "decision"], ["decision", "input"]):
        asked = {"input": needs("input"), "decision": needs("decision", "cites", signed_by=["sro"])}
        of = workflow(
            gate(*(asked[name] for name in names), decided_by=["cochair"]),
            kinds=[cites, kind("note")],
            stages_=[stage("review", after(way("advance", "end", "gate"), "go_on")), stage("end", final=True)],
        )
        acts = [(a.act, a.requirement) for a in story(of).answer().acts]
        assert acts == [("add_evidence", "input"), ("add_evidence", "decision"), ("sign", "decision"), ("decide", None)]


def test_without_a_decision_of_this_cycle_no_way_may_be_taken() -> None:
    """Where no decision stands, every way that follows one is refused; withdrawing it takes it away again."""
    told = decided(None, review(guarded=False))
    told.when(advance("running")).refused("rules", "not_decided", "“Decision” is not recorded yet in this cycle")
    told.given(hand_in("decision", way="go_on"), withdraw("a1"))
    told.when(advance("running")).refused("rules", "not_decided")
    told.given(hand_in("decision", agreed=True))
    told.when(advance("running")).refused("rules", "not_decided", "does not say which way it goes")


def test_the_newest_decision_counts() -> None:
    """A decision recorded anew leads another way from then on."""
    told = decided("vary", review(guarded=False)).given(hand_in("decision", way="stop"))
    told.when(advance("varying")).refused("rules", "not_decided")
    told.when(advance("stopped")).accepted("advanced")


def test_permission_is_asked_before_the_decision() -> None:
    """Whoever may not take the way hears that first."""
    decided("vary").when(advance("running"), by=actor("who")).refused("not_permitted")


def test_preview_says_which_way_is_open() -> None:
    """The preview of each way is what taking it would be told."""
    told = decided("stop", review(guarded=False))
    ways = preview(told.project, told.workflow, told.actor("lead"), told.moment)
    assert [(w.transition.id, w.allowed) for w in ways] == [("go_on", False), ("vary", False), ("stop", True)]


def test_the_answer_of_a_way_without_a_gate_says_what_was_decided() -> None:
    """A way that nothing guards is not open while the decision says otherwise, and recording it anew opens it."""
    told = decided("vary", review(guarded=False))
    found = told.told("running")
    assert (found["open"], found["gate"], found["follows"]["holds"]) == (False, None, False)
    said = "“Decision” of 1 June 2026 says vary; this way is for go on. The way for vary is vary."
    assert found["summary"] == said
    assert [(a["act"], a["detail"]["says"]) for a in found["acts"]] == [("add_evidence", {"way": "go_on"})]
    assert told.told("varying")["open"]
    told.given(hand_in("decision", way="go_on"))
    assert told.told("running")["open"]


def test_the_acts_of_a_gate_lead_the_way_that_was_asked_for() -> None:
    """Doing what the answer says opens the gate on that very way, however much was done for another before.

    Seen to fail when the decisions that lapse with a new record were left out of the acts.
    """
    for inside in (True, False):
        told = decided("vary", review(inside=inside))
        if inside:
            told.given(sign("decision"))
        else:
            told.given(sign("yes"))
        told.given(decide_on("varying"), by="cochair")
        assert told.told("varying")["open"]
        found = told.answer("running")
        assert not found.open
        _do(told, [(a.act, a.requirement) for a in found.acts])
        assert told.told("running")["open"]
        told.when(advance("running")).accepted("advanced")


def _do(told: Story, acts: list[tuple[str, str | None]]) -> None:
    for act, requirement in acts:
        if act == "add_evidence":
            told.given(hand_in(str(requirement), way="go_on"))
        elif act == "sign":
            told.given(sign(str(requirement)))
        else:
            assert act == "decide"
            told.given(decide_on("running"), by="cochair")


def test_a_gate_that_guards_several_ways_answers_for_the_one_decided_on() -> None:
    """Without a stage named, the answer is about the way that the decision says."""
    told = decided("vary")
    found = find_transition(told.project, told.workflow, None, None, gated=True)
    assert isinstance(found, Transition)
    assert found.id == "vary"
