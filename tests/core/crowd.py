"""Two gates and the people around them, for wishes of any kind in any order."""

from __future__ import annotations

from datetime import timedelta

from engine.core.definition import Workflow
from engine.core.outcome import Accepted, Outcome, Refused

from .builders import (
    advance,
    any_of,
    decide_on,
    gate,
    hand_in,
    needs,
    share,
    sign,
    signature,
    span,
    wait,
    workflow,
)
from .builders import rule as a_rule
from .story import Story, actor, story

TALK = needs("talk", level="engagement", rules=["quorum"], signed_by=["sro"], fresh=span(20, "days"))
EITHER = any_of("either", needs("paper", count=2), signature("yes", "sro", "cochair"))
NOTICE = needs("notice", "notice", signed_by=["sro", "edi"])
PAUSE = wait("pause", "notice.published_on", 1, "days")


def world(if_unsound: str = "warns") -> Workflow:
    """Returns the two gates, the first of which warns, freezes or reopens."""
    return workflow(
        gate(TALK, EITHER, decided_by=["sro", "cochair"], if_unsound=if_unsound),
        gate(NOTICE, PAUSE, id="next", decided_by=["edi"], dissent="recorded"),
        rules=[a_rule("quorum", share(["present.lived"], "present", 50))],
    )


WORLD, FREEZING, REOPENING = world(), world("freezes"), world("reopens")
PEOPLE = {
    "sro": actor("sro", "sro"),
    "both": actor("both", "sro", "cochair"),
    "cochair": actor("cochair", "cochair"),
    "edi": actor("edi", "edi", "lead"),
    "lead": actor("lead", "lead"),
    "manager": actor("manager", register=("programme_manager",)),
    "auditor": actor("auditor", register=("auditor",)),
}


def fresh(of: Workflow = WORLD) -> Story:
    return story(of)


def ready(of: Workflow = WORLD) -> Story:
    told = fresh(of).given(hand_in("talk", "co_design", present={"lived": 2}), hand_in("paper"), hand_in("paper"))
    return told.given(sign("talk"), by="sro")


def later(of: Workflow = WORLD) -> Story:
    told = ready(of).given(decide_on(), by="sro").given(decide_on(), by="cochair")
    due = (told.today + timedelta(days=5)).isoformat()
    return told.given(advance(conditions=[("Mend the door.", "lead", due)]))


def is_ruled(outcome: Outcome) -> None:
    """Fails unless an outcome is one of the two there are, and a refusal says why and can be told apart."""
    if isinstance(outcome, Refused):
        assert outcome.message.strip()
        assert outcome.code.isidentifier()
        assert outcome.kind in ("not_found", "conflict", "input", "not_permitted", "rules")
        assert bool(outcome.problems) == (outcome.kind == "input")
        assert (outcome.answer is not None) == (outcome.code in ("gate_shut", "frozen"))
    else:
        assert isinstance(outcome, Accepted)
        assert outcome.events
