"""Taking a transition, and looking ahead: given a history, when it is wished, then what comes of it."""

from __future__ import annotations

import pytest

from engine.core.commands import Advance, Decide
from engine.core.decide import preview
from engine.core.definition import Workflow
from engine.core.outcome import Refused
from engine.core.rulings.moves import outcome_of

from .builders import advance, asking, decide_on, gate, hand_in, needs, stage, way, workflow
from .story import Story, story

GIVEN = [("Publish the log.", "lead", "2026-07-01")]


@pytest.fixture
def told() -> Story:
    """Returns a project before a gate that one person decides on."""
    return story(asking(needs("talk"), decided_by=["sro"]))


@pytest.fixture
def ready(told: Story) -> Story:
    """Returns a project before an open gate."""
    return told.given(hand_in("talk")).given(decide_on(), by="sro")


@pytest.fixture
def past(ready: Story) -> Story:
    """Returns a project beyond its gate."""
    return ready.given(advance())


def open_ways(*ways: str) -> Workflow:
    """Returns a workflow of one stage with ungated ways of these ids, each to a stage of its own."""
    ends = [stage(f"end-{n}", final=True) for n in range(len(ways))]
    begin = stage("plan", *(way(id, f"end-{n}") for n, id in enumerate(ways)))
    return workflow(gate(needs("talk")), stages_=[begin, *ends])


# passing


def test_passing_a_gate_is_written_with_exactly_these_members(ready: Story) -> None:
    """Passing writes the act, the stages, the gate, what it rested on and the day, and without words nothing else."""
    binds = ready.judgement().binds
    (event,) = ready.when(advance()).accepted("advanced").events
    assert event.body == {
        "act": "advance",
        "from": "plan",
        "to": "build",
        "gate": "gate",
        "outcome": "passed",
        "new_cycle": False,
        "binds": binds,
        "verdicts": {"talk": ["met", ["a1"]]},
        "conditions": [],
        "today": "2026-06-01",
    }
    assert event.words == {}


def test_conditions_have_an_owner_and_a_day_and_their_words_stand_apart(ready: Story) -> None:
    """Passing with conditions writes owner and day of each in clear and its text among the words."""
    (event,) = ready.when(advance(reason=" Go. ", conditions=GIVEN)).accepted("advanced").events
    assert event.body["outcome"] == "passed_with_conditions"
    assert event.body["conditions"] == [{"owner": "lead", "due": "2026-07-01"}]
    assert event.words == {"condition.0": "Publish the log.", "reason": "Go."}
    (passing,) = ready.project.passings
    assert [(c.text, c.owner, c.due) for c in passing.conditions] == GIVEN


def test_a_shut_gate_refuses_with_its_complete_answer(told: Story) -> None:
    """A refusal at a gate carries the very answer that the gate gives."""
    found = told.when(advance()).refused("rules", "gate_shut", "Gate is shut: 1 of 1")
    assert found.answer == told.answer()
    assert told.project.stage == "plan"


def test_a_gate_stays_shut_until_everyone_has_decided(told: Story) -> None:
    """Where every requirement holds and somebody is still to decide, nothing advances."""
    told.given(hand_in("talk")).when(advance()).refused("rules", "gate_shut", "still to decide: the senior")
    told.given(decide_on(), by="sro").when(advance()).accepted("advanced")


def test_a_passing_keeps_who_decided(past: Story) -> None:
    """The decisions a gate was passed on stand in the passing, and none is left in the project."""
    assert [(d.by, d.role) for d in past.project.passings[0].decisions] == [("sro", "sro")]
    assert past.project.decisions == []


# ways without a gate


def test_a_move_without_a_gate_has_no_answer_behind_it(past: Story) -> None:
    """Going back writes no gate, no digest and no verdicts; its reason stands among the words."""
    (event,) = past.when(advance(act="send_back", reason="More to do.")).accepted("advanced").events
    kept = {name: event.body[name] for name in ("gate", "binds", "verdicts", "conditions", "outcome")}
    assert kept == {"gate": None, "binds": None, "verdicts": {}, "conditions": [], "outcome": "returned"}
    assert event.words == {"reason": "More to do."}


@pytest.mark.parametrize(
    ("act", "outcome"), [("back", "returned"), ("same", "returned"), ("on", "moved"), ("end", "stopped")]
)
def test_the_outcome_of_an_ungated_move_is_where_it_goes(act: str, outcome: str) -> None:
    """Ungated, a way back is *returned*, one to a final stage *stopped*, one ahead *moved*."""
    ways = [way("back", "plan"), way("same", "build"), way("on", "check"), way("end", "done")]
    on = [stage("plan", way("advance", "build")), stage("build", *ways), stage("check", way("advance", "done"))]
    of = workflow(gate(needs("talk")), stages_=[*on, stage("done", final=True)])
    told = story(of).given(advance())
    (event,) = told.when(advance(act=act)).accepted("advanced").events
    assert event.body["outcome"] == outcome


def test_a_gated_way_back_or_to_an_end_is_passed() -> None:
    """Returned and stopped are the outcomes of ungated transitions only."""
    on = [stage("plan", way("advance", "done", "gate")), stage("done", final=True)]
    of = workflow(gate(needs("talk")), stages_=on)
    assert outcome_of(of, "plan", of.stages["plan"].transitions[0], conditions=False) == "passed"


def test_a_new_cycle_raises_the_number(past: Story) -> None:
    """A way with `new_cycle` begins the next cycle, and evidence of earlier ones no longer counts."""
    past.given(advance(act="again"))
    assert (past.project.cycle, past.project.stage) == (2, "plan")
    assert past.state("talk") == "unmet"


# mistakes


def test_a_reason_is_required_where_the_way_says_so(past: Story) -> None:
    """`reason: required` refuses a move without one, or with an empty one."""
    past.when(advance(act="send_back")).refused("input", "input_refused", "needs a reason: give --reason")
    past.when(advance(act="send_back", reason=" ")).refused("input", says="The reason must not be empty.")


def test_conditions_go_with_gated_transitions_only(past: Story) -> None:
    """Conditions on a way that no gate guards are a mistake."""
    past.when(advance("stopped", reason="x", conditions=GIVEN), by="sro").refused("input", says="no gate guards")


@pytest.mark.parametrize("due", ["2026-05-31", "soon", ""])
def test_a_condition_is_due_on_a_day_to_come(ready: Story, due: str) -> None:
    """A condition that is due in the past, or on no day, is a mistake; today is a day to come."""
    ready.when(advance(conditions=[("Do it.", "lead", due)])).refused("input", "input_refused")
    ready.when(advance(conditions=[("Do it.", "lead", "2026-06-01")])).accepted("advanced")


def test_every_mistake_of_a_move_is_told_at_once(told: Story) -> None:
    """Reason, words and days of conditions, and what the way asks are told together, whatever the gate says."""
    wrong = [("", "lead", "soon"), ("Do it.", "lead", "2020-01-01")]
    found = told.when(advance("stopped", reason="", conditions=wrong)).refused("input")
    assert [p["field"] for p in found.problems] == ["reason", "condition", "due", "due", "condition"]


# which way


def test_advance_without_more_takes_the_way_called_advance(past: Story) -> None:
    """Of several ways, the one called `advance` is the usual one."""
    past.given(advance())
    assert past.project.stage == "done"


def test_advance_without_more_takes_the_only_way() -> None:
    """Where there is one way, it is taken whatever it is called."""
    assert story(open_ways("leap")).given(advance()).project.stage == "end-0"


def test_advance_without_more_asks_where_there_are_several_ways() -> None:
    """Where none of several ways is called `advance`, the refusal asks which, with each way."""
    told = story(open_ways("leap", "jump"))
    told.when(advance()).refused("input", "input_refused", "--act leap (to End 0), --act jump (to End 1)")
    assert told.given(advance(act="jump")).project.stage == "end-1"


def test_two_ways_to_one_stage_are_told_apart_by_their_act(past: Story) -> None:
    """Naming the target is not enough where two ways lead there."""
    past.when(advance("plan", reason="x")).refused("input", says="--act send_back")
    past.when(advance("plan", "again")).accepted("advanced")


def test_two_gates_before_one_stage_are_decided_each_by_its_act() -> None:
    """Where two gates lead to one stage, who decides says which by the act, and is asked for it where they do not.

    Seen to fail when a decision named its gate by the stage alone: nobody could ever decide.
    """
    gates = [gate(needs("talk"), decided_by=["sro"]), gate(needs("note"), id="other", decided_by=["edi"])]
    begin = stage("plan", way("short", "done", "gate"), way("long", "done", "other"))
    told = story(workflow(*gates, stages_=[begin, stage("done", final=True)])).given(hand_in("talk"), hand_in("note"))
    told.when(Decide("", "done"), by="edi").refused("input", says="--act short (Gate), --act long (Other)")
    told.given(Decide("", act="long"), by="edi").given(advance(act="long"))
    assert told.project.passings[0].gate == "other"


def test_an_unknown_stage_is_not_found(told: Story) -> None:
    """A stage that the workflow has not is not found, with the one that was meant."""
    told.when(advance("bild")).refused("not_found", "no_such_stage", "Did you mean build?")


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (advance("done"), "no way to Done. There is: advance (to Build), stop (to Stopped)."),
        (advance(act="stopp"), "no way called stopp. There is: advance (to Build), stop (to Stopped). Did you mean"),
        (advance("build", "stop"), "no way to Build"),
    ],
)
def test_there_is_no_such_way_from_here(told: Story, wish: Advance, says: str) -> None:
    """A known stage that no way leads to, an unknown act, and a pair that does not fit are refused with the ways."""
    told.when(wish).refused("rules", "no_such_transition", says)


def test_a_project_that_has_ended_goes_nowhere(told: Story) -> None:
    """In a final stage every move is refused, by the rules."""
    told.given(advance("stopped", reason="No money."), by="sro")
    told.when(advance()).refused("rules", "project_ended", "(Stopped)")
    told.when(advance("plan")).refused("rules", "project_ended")


# looking ahead


def test_a_preview_says_of_every_way_what_deciding_would_say(told: Story) -> None:
    """Every way out is shown with the outcome it would have for this person, and nothing is recorded."""
    before = len(told.entries)
    lead = {p.transition.id: p for p in preview(told.project, told.workflow, told.actor("lead"), told.moment)}
    sro = {p.transition.id: p for p in preview(told.project, told.workflow, told.actor("sro"), told.moment)}
    assert list(lead) == ["advance", "stop"]
    assert [p.allowed for p in (*lead.values(), *sro.values())] == [False, False, False, True]
    assert isinstance(lead["advance"].outcome, Refused)
    assert lead["advance"].why_not.startswith("Gate is shut")
    assert "Only the senior responsible owner" in lead["stop"].why_not
    assert sro["stop"].why_not == ""
    assert len(told.entries) == before
