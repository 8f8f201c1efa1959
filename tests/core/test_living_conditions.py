"""A gate that was passed with conditions: somebody who decided accepts each as met, and one that is late is a loss."""

from __future__ import annotations

import pytest

from engine.core.soundness import why_unsound

from .builders import advance, decide_on, gate, hand_in, hold, meet, needs, workflow
from .story import STRANGER, Story, actor, story

DUE = "2026-07-01"
WORLD = workflow(gate(needs("talk"), decided_by=["sro", "cochair"]))


def passed(owner: str = "lead", number: int = 1) -> Story:
    """Returns a project that passed its gate on 1 June with conditions due on 1 July."""
    told = story(WORLD).given(hand_in("talk")).given(decide_on()).given(decide_on(), by="cochair")
    return told.given(advance(conditions=[(f"Mend the door {n}.", owner, DUE) for n in range(number)]))


def seq(told: Story) -> int:
    return told.project.passings[0].seq


def why(told: Story) -> list[str]:
    (passing,) = told.project.passings
    return why_unsound(told.workflow, told.project, passing, told.today, told.calendar)


def test_a_condition_that_is_met_in_time_is_no_loss() -> None:
    """Met up to and on its due day, it is met for good, and the event says by its place which one it was."""
    told = passed(number=2).on(DUE)
    (met,) = told.when(meet(seq(told), 2)).accepted("condition_met").events
    assert met.body == {"passing": seq(told), "condition": 1, "today": DUE}
    assert met.words == {"reason": "Seen and done."}
    first, second = told.project.passings[0].conditions
    assert (first.met_on, second.met_on, second.met_by, second.met_how) == (None, DUE, "sro", "Seen and done.")
    told.given(meet(seq(told), 1))
    assert why(told.on("2027-01-01")) == []


def test_a_condition_is_overdue_once_its_day_has_ended() -> None:
    """On its due day the gate is sound, the day after it is not, without any event.

    Seen to fail when `day > c.due` is written with >=.
    """
    told = passed().on(DUE)
    assert why(told) == []
    assert why(told.on("2026-07-02")) == ["Condition 1 (“Mend the door 0.”): It was due on 1 July 2026 and is not met."]


@pytest.mark.parametrize("by", ["manager", "lead"])
def test_an_act_that_finds_a_condition_overdue_records_it_once(by: str) -> None:
    """Whatever is done next says that the gate is no longer sound because of its condition; nothing says it again."""
    told = passed().on("2026-07-02")
    wish = hold() if by == "manager" else hand_in("talk")
    done = told.when(wish, by=by)
    assert [e.name for e in done.outcome.events][-1] == "gate_unsound"  # type: ignore[union-attr]  # a refusal fails here
    assert told.project.passings[0].overdue == (0,)
    told.when(hand_in("talk")).accepted("evidence_added")


def test_what_an_overdue_condition_records_names_the_condition() -> None:
    """The event has the conditions by their place, and no requirement where none was lost."""
    told = passed(number=2).on("2026-07-02")
    told.given(meet(seq(told), 1))
    body = {"gate": "gate", "passing": seq(told), "requirements": [], "conditions": [0, 1]}
    assert told.entries[-1].event.body == body


def test_a_condition_that_is_met_late_stays_a_loss() -> None:
    """What was met after its day is told until people affirm the gate."""
    told = passed().on("2026-07-02")
    told.when(meet(seq(told))).accepted("condition_met", "gate_unsound")
    assert why(told) == ["Condition 1 (“Mend the door 0.”): It was due on 1 July 2026 and met on 2 July 2026."]


def test_whoever_owns_a_condition_does_not_accept_it() -> None:
    """The owner says it is done, and somebody else who decided accepts it."""
    told = passed("sro")
    told.when(meet(seq(told)), by="sro").refused("not_permitted", "not_permitted", "You own this condition")
    told.when(meet(seq(told)), by="cochair").accepted("condition_met")


@pytest.mark.parametrize("by", ["lead", "edi", "manager", "auditor"])
def test_only_those_who_decide_accept_a_condition(by: str) -> None:
    """Of a gate with deciders one of them accepts, and neither another role nor the register's."""
    told = passed("nobody")
    told.when(meet(seq(told)), by=by).refused("not_permitted")
    told.when(meet(seq(told)), by=STRANGER).refused("not_permitted", "unknown_person")


def test_of_a_gate_without_deciders_anyone_with_a_role_accepts_a_condition() -> None:
    """Then any role in the project will do, or a programme manager, but for the owner."""
    told = story(workflow(gate(needs("talk")))).given(hand_in("talk"))
    told.given(advance(conditions=[("One.", "edi", DUE), ("Two.", "edi", DUE), ("Three.", "edi", DUE)]))
    told.when(meet(seq(told), 1), by="lead").accepted("condition_met")
    told.when(meet(seq(told), 2), by="manager").accepted("condition_met")
    told.when(meet(seq(told), 3), by="edi").refused("not_permitted", says="You own this condition")
    told.when(meet(seq(told), 3), by=actor("idle")).refused("not_permitted")


def test_what_is_not_there_is_told_first() -> None:
    """No such passing, no such condition, a reason left out, no leave, met already: in this order."""
    told = passed()
    told.when(meet(7, 9, ""), by="lead").refused("not_found", "no_such_passing", "It passed gates at: ")
    told.when(meet(seq(told), 0, ""), by="lead").refused("not_found", "no_such_condition", "1 condition;")
    told.when(meet(seq(told), 2, ""), by="lead").refused("not_found", "no_such_condition")
    told.given(meet(seq(told)))
    told.when(meet(seq(told), 1, " "), by="lead").refused("input")
    told.when(meet(seq(told)), by="lead").refused("not_permitted")
    told.when(meet(seq(told))).refused("rules", "met_already", "1 June 2026")


def test_a_condition_can_be_met_on_hold_and_after_the_end() -> None:
    """Conditions run on while a project is on hold, and those of the last gate after it has ended."""
    told = passed(number=2)
    told.given(hold()).given(meet(seq(told), 1))
    ended = passed().given(advance())
    assert ended.workflow.stages[ended.project.stage].final
    ended.when(meet(seq(ended))).accepted("condition_met")
