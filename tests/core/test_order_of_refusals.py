"""The order of refusals: not found, then input, then not permitted, then the rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.core.commands import Command, OpenProject
from engine.core.outcome import Actor, Kind

from .builders import (
    advance,
    decide_on,
    gate,
    hand_in,
    hold,
    needs,
    regrade,
    resume,
    set_fields,
    sign,
    stage,
    waive,
    way,
    withdraw,
    workflow,
)
from .story import STRANGER, Story, actor, story

ORDER: tuple[Kind, ...] = ("not_found", "input", "not_permitted", "rules")
SECOND = actor("second", "cochair")


def running() -> Story:
    """Returns a project whose one record was superseded, judged as low as can be and signed; the gate is shut."""
    told = story(workflow(gate(needs("talk", signed_by=["sro"]), needs("note"), decided_by=["sro"])))
    told.given(hand_in("talk", "informing"), hand_in("talk", "informing")).given(sign("talk"), by="sro")
    return told


def ended() -> Story:
    on = [stage("plan", way("advance", "done", "gate"), way("stop", "done")), stage("done", final=True)]
    told = story(workflow(gate(needs("talk", signed_by=["sro"]), decided_by=["sro"]), stages_=on))
    return told.given(hand_in("talk", "informing"), withdraw("a1"), advance(act="stop"))


# each wish is wrong in every way at once; then it is mended in one, and the next thing is told
WRONG: dict[str, tuple[Callable[[], Story], list[tuple[Command, str | Actor, Kind]]]] = {
    "hand in": (
        ended,
        [
            (hand_in("tolk", "high"), STRANGER, "not_found"),
            (hand_in("talk", "high"), STRANGER, "input"),
            (hand_in("talk"), STRANGER, "not_permitted"),
            (hand_in("talk"), "lead", "rules"),
        ],
    ),
    "withdraw": (
        ended,
        [
            (withdraw("a9", ""), STRANGER, "not_found"),
            (withdraw("a1", ""), STRANGER, "input"),
            (withdraw("a1"), "sro", "not_permitted"),
            (withdraw("a1"), "lead", "rules"),
        ],
    ),
    "regrade": (
        running,
        [
            (regrade("a9", "low", ""), STRANGER, "not_found"),
            (regrade("a1", "low"), STRANGER, "input"),
            (regrade("a1", "informing"), "manager", "not_permitted"),
            (regrade("a1", "informing"), "auditor", "rules"),
        ],
    ),
    "sign": (
        running,
        [
            (sign("tolk", "srro"), STRANGER, "not_found"),
            (sign("talk", "srro"), STRANGER, "input"),
            (sign("talk"), STRANGER, "not_permitted"),
            (sign("talk"), "sro", "rules"),
        ],
    ),
    "sign after the end": (
        ended,
        [
            (sign("tolk"), "lead", "not_found"),
            (sign("talk", "srro"), "lead", "input"),
            (sign("talk"), "lead", "not_permitted"),
            (sign("talk"), "sro", "rules"),
        ],
    ),
    "waive": (
        ended,
        [
            (waive("tolk", "soon", STRANGER), STRANGER, "not_found"),
            (waive("talk", "2020-01-01", STRANGER), STRANGER, "input"),
            (waive("talk", second=STRANGER), "sro", "not_permitted"),
            (waive("talk", second=actor("second", "sro")), "sro", "rules"),
        ],
    ),
    "decide": (
        running,
        [
            (decide_on("bild", "srro", ""), STRANGER, "not_found"),
            (decide_on("build", "srro"), STRANGER, "input"),
            (decide_on(), STRANGER, "not_permitted"),
            (decide_on(), "sro", "rules"),
        ],
    ),
    "decide on a way there is not": (
        running,
        [
            (decide_on("bild"), STRANGER, "not_found"),
            (decide_on("done", dissent=""), STRANGER, "input"),
            (decide_on("done"), STRANGER, "not_permitted"),
            (decide_on("done"), "sro", "rules"),
        ],
    ),
    "advance": (
        running,
        [
            (advance("bild", reason=""), STRANGER, "not_found"),
            (advance("build", reason=""), STRANGER, "input"),
            (advance(), STRANGER, "not_permitted"),
            (advance(), "lead", "rules"),
        ],
    ),
    "advance on a way there is not": (
        running,
        [
            (advance("bild", "leap"), STRANGER, "not_found"),
            (advance("done", "leap", reason=""), STRANGER, "input"),
            (advance("done", "leap"), STRANGER, "not_permitted"),
            (advance("done", "leap"), "lead", "rules"),
        ],
    ),
    "set fields": (
        ended,
        [
            (set_fields(sise="1"), STRANGER, "input"),
            (set_fields(size="1"), "lead", "not_permitted"),
            (set_fields(size="1"), "manager", "rules"),
        ],
    ),
    "hold": (
        ended,
        [(hold(""), STRANGER, "input"), (hold(), "lead", "not_permitted"), (hold(), "manager", "rules")],
    ),
    "resume": (
        running,
        [(resume(""), STRANGER, "input"), (resume(), "lead", "not_permitted"), (resume(), "manager", "rules")],
    ),
}


@pytest.mark.parametrize("act", WRONG)
def test_a_wish_that_is_wrong_in_several_ways_hears_them_in_order(act: str) -> None:
    """What is not found is told before wrong input, that before a want of permission, and that before the rules."""
    history, wishes = WRONG[act]
    for command, by, kind in wishes:
        history().when(command, by=by).refused(kind)
    told = [kind for _, _, kind in wishes]
    assert told == [kind for kind in ORDER if kind in told]


def test_a_taken_id_is_a_conflict_whoever_asks() -> None:
    """Opening what is open is told before everything else: who asks, and for what, does not matter."""
    running().when(OpenProject("", ""), by=STRANGER).refused("conflict", "id_taken")


def test_a_hold_refuses_moves_before_the_gate_is_asked() -> None:
    """On hold a move hears of the hold, and only somebody who may move at all hears it."""
    told = running().given(hold())
    told.when(advance(), by="nobody").refused("not_permitted")
    told.when(advance()).refused("rules", "on_hold")
    told.when(decide_on(), by="lead").refused("not_permitted")
    told.when(decide_on()).refused("rules", "on_hold")


def test_a_second_person_is_asked_for_their_permission_like_the_first() -> None:
    """A waiver whose second person may not is refused for permission, not by the rules."""
    running().when(waive("note", second=SECOND)).refused("not_permitted", says="Second may not waive this")
