"""Deciding to pass a gate: once everything holds, one role and one person each, bound to the whole answer."""

from __future__ import annotations

import pytest

from .builders import (
    Json,
    advance,
    asking,
    check,
    decide_on,
    gate,
    hand_in,
    hold,
    needs,
    resume,
    stage,
    waive,
    way,
    workflow,
)
from .story import Story, actor, story

BOTH = actor("both", "sro", "cochair")


def deciding(*requires: Json, dissent: str = "blocks") -> Story:
    return story(asking(*requires, decided_by=["sro", "cochair"], dissent=dissent))


@pytest.fixture
def told() -> Story:
    return deciding(needs("talk", level="engagement")).given(hand_in("talk", "co_design"))


def roles_decided(told: Story) -> list[str]:
    return [d.role for d in told.answer().decisions]


def test_a_decision_is_written_with_exactly_these_members(told: Story) -> None:
    """A decision is bound to the digest of the whole answer it was made on, and has no words without dissent."""
    (event,) = told.when(decide_on(), by="sro").accepted("decided").events
    binds = told.judgement().binds
    body = {"decision": "d2", "gate": "gate", "role": "sro", "binds": binds, "dissent": False}
    assert (event.body, event.words) == (body, {})


def test_open_includes_the_decisions(told: Story) -> None:
    """A gate is open once everyone named in `decided_by` has decided; the last decision moves nothing by itself."""
    assert not told.answer().open
    told.given(decide_on(), by="sro")
    assert not told.answer().open
    told.given(decide_on(), by="cochair")
    assert told.answer().open
    assert told.project.stage == "plan"


def test_nothing_is_decided_before_every_requirement_holds() -> None:
    """A decision on a gate whose requirements do not hold is refused with the complete answer."""
    found = deciding(needs("talk")).when(decide_on(), by="sro").refused("rules", "gate_shut", "1 of 1")
    assert found.answer is not None
    assert not found.answer.open


def test_a_principle_that_is_missing_keeps_people_from_deciding() -> None:
    """Where `every_principle` is set, one that is not evidenced keeps the gate shut though every requirement holds."""
    told = story(workflow(gate(needs("talk"), decided_by=["sro"], every_principle=True), principles=["P1"]))
    found = told.given(hand_in("talk")).when(decide_on()).refused("rules", "gate_shut")
    assert "nothing that is met evidences this yet: Principle P1" in found.message


def test_what_is_waived_or_does_not_apply_holds() -> None:
    """People decide on a gate whose requirements are met, waived or not applicable."""
    told = deciding(needs("talk"), needs("reach", when=check("project.groups", "not_empty"))).given(waive("talk"))
    told.when(decide_on(), by="sro").accepted("decided")


@pytest.mark.parametrize("role", [None, "sro", "cochair"])
def test_nobody_decides_twice(told: Story, role: str | None) -> None:
    """Who has decided does not decide again, in this role or in another."""
    told.given(decide_on(role="sro"), by=BOTH)
    told.when(decide_on(role=role), by=BOTH).refused("rules", "decided_already", "You have decided already")


def test_a_role_decides_once(told: Story) -> None:
    """Another person does not decide in a role that has decided."""
    told.given(decide_on(), by="sro")
    told.when(decide_on(), by=actor("other", "sro")).refused("rules", "decided_already", "has decided already")


def test_who_holds_several_open_roles_is_asked_which(told: Story) -> None:
    """With two roles open somebody of both is asked; with one left they decide in that."""
    told.when(decide_on(), by=BOTH).refused("input", "input_refused", "--role sro or cochair")
    told.given(decide_on(), by="sro").given(decide_on(), by=BOTH)
    assert roles_decided(told) == ["sro", "cochair"]


def test_only_holders_of_the_roles_named_decide(told: Story) -> None:
    """A role that does not decide, one not held, and none at all are refused."""
    told.when(decide_on(), by="edi").refused("not_permitted", "not_permitted", "may decide on this")
    told.when(decide_on(role="edi"), by="edi").refused("not_permitted", says="does not decide on this")
    told.when(decide_on(role="sro"), by="edi").refused("not_permitted", says="You do not hold the role")


# dissent


@pytest.mark.parametrize(("dissent", "opens"), [("blocks", False), ("recorded", True)])
def test_dissent_blocks_unless_the_definition_says_recorded(dissent: str, opens: bool) -> None:
    """With `dissent: recorded` dissent counts as having decided; else it blocks."""
    told = deciding(needs("talk"), dissent=dissent).given(hand_in("talk")).given(decide_on(), by="sro")
    (event,) = told.when(decide_on(dissent=" Too soon. "), by="cochair").accepted("decided").events
    assert (event.body["dissent"], event.words) == (True, {"dissent": "Too soon."})
    assert told.answer().open is opens
    assert ("There is dissent, and it blocks." in told.told()["summary"]) is not opens


def test_dissent_is_lifted_by_the_same_person_deciding_again(told: Story) -> None:
    """Whoever dissented decides again in their role, and the gate opens; then they have decided."""
    told.given(decide_on(), by="sro").given(decide_on(dissent="Too soon."), by="cochair")
    told.when(decide_on(), by=actor("other", "cochair")).refused("rules", "decided_already")
    told.given(decide_on(role="cochair"), by="cochair")
    assert told.answer().open
    told.when(decide_on(), by="cochair").refused("rules", "decided_already")


def test_dissent_is_recorded_once(told: Story) -> None:
    """Dissenting again is deciding twice: the words that stand are the first, until the same person decides."""
    told.given(decide_on(dissent="Too soon."), by="sro")
    told.when(decide_on(dissent="Much too soon."), by="sro").refused("rules", "decided_already")
    assert [d.words for d in told.answer().decisions] == ["Too soon."]


def test_dissent_is_not_lifted_in_another_role_or_without_the_role(told: Story) -> None:
    """Dissent is lifted in the role it was recorded in, by somebody who still holds it."""
    told.given(decide_on(role="sro", dissent="Too soon."), by=BOTH)
    told.when(decide_on(role="cochair"), by=BOTH).refused("rules", "decided_already")
    told.when(decide_on(), by=actor("both", "cochair")).refused("rules", "decided_already")


def test_dissent_has_words_and_every_mistake_is_told_at_once(told: Story) -> None:
    """Dissent without words, an unknown role and a way nobody decides on are told together."""
    found = told.when(decide_on("stopped", "srro", " "), by="sro").refused("input", "input_refused")
    assert [p["field"] for p in found.problems] == ["role", "dissent", "to"]
    assert "Did you mean sro?" in found.message
    told.when(decide_on(dissent="x" * 4001), by="sro").refused("input", says="4000 is the most")


# which way


def test_deciding_means_the_gated_way() -> None:
    """Without `to`, only the ways that a gate guards are meant, even beside an ungated one called advance."""
    ways = [way("advance", "done"), way("leap", "end", "gate")]
    on = [stage("plan", *ways), stage("done", final=True), stage("end", final=True)]
    told = story(workflow(gate(needs("talk"), decided_by=["sro"]), stages_=on)).given(hand_in("talk"))
    told.when(decide_on(), by="sro").accepted("decided")


def two_ways(*gates: str) -> Story:
    """Returns a project with a way through each of these gates, each to an end of its own."""
    ways = [way(f"leap-{n}", f"end-{n}", name) for n, name in enumerate(gates)]
    ends = [stage(f"end-{n}", final=True) for n in range(len(gates))]
    asked = [gate(needs(f"talk-{name}"), id=name, decided_by=["sro"]) for name in dict.fromkeys(gates)]
    told = story(workflow(*asked, stages_=[stage("plan", *ways), *ends]))
    return told.given(*(hand_in(f"talk-{name}") for name in dict.fromkeys(gates)))


def test_one_gate_over_several_ways_is_decided_on_without_asking_which() -> None:
    """Where one gate guards every way that is meant, there is nothing to ask, and the decision counts on each."""
    told = two_ways("one", "one").given(decide_on())
    assert [told.answer(to).open for to in ("end-0", "end-1")] == [True, True]


def test_several_gates_out_of_a_stage_are_asked_about() -> None:
    """Where ways lead through different gates, the refusal asks where to, with each gate."""
    told = two_ways("one", "two")
    told.when(decide_on()).refused("input", "input_refused", "--to end-0 (One), --to end-1 (Two)")
    (event,) = told.when(decide_on("end-1")).accepted("decided").events
    assert event.body["gate"] == "two"


@pytest.mark.parametrize("to", ["build", "stopped"])
def test_where_nobody_has_to_decide_there_is_nothing_to_decide(to: str) -> None:
    """A way without a gate, and a gate without `decided_by`, take no decision."""
    story(asking(needs("talk"))).when(decide_on(to)).refused("input", says="nothing to decide")


def test_an_unknown_stage_is_not_found_and_one_out_of_reach_is_no_way(told: Story) -> None:
    """A stage that the workflow has not is not found; one that no way leads to is refused by the rules."""
    told.when(decide_on("bild"), by="sro").refused("not_found", "no_such_stage", "Did you mean build?")
    told.when(decide_on("done"), by="sro").refused("rules", "no_such_transition")
    told.when(decide_on("done"), by="nobody").refused("not_permitted", says="holds a role in the project may decide")


def test_nothing_is_decided_after_the_end(told: Story) -> None:
    """In a final stage there is no gate to pass."""
    told.given(advance("stopped", reason="No money."), by="sro")
    told.when(decide_on(), by="sro").refused("rules", "project_ended")


def test_nothing_is_decided_on_hold(told: Story) -> None:
    """On hold nothing is decided, and what the gate answers is unchanged; resumed, it is decided."""
    before = told.judgement()
    told.given(hold())
    assert told.judgement() == before
    told.when(decide_on(), by="sro").refused("rules", "on_hold")
    told.given(resume()).when(decide_on(), by="sro").accepted("decided")
