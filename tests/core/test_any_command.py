"""Whatever anyone wishes is ruled on, never raised, and what is accepted folds into the project."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.core.commands import (
    AddEvidence,
    Advance,
    Affirm,
    Command,
    ConditionGiven,
    Decide,
    EraseEvidence,
    EraseWords,
    Hold,
    MeetCondition,
    OpenProject,
    Regrade,
    Resume,
    SetFields,
    Sign,
    Typed,
    Waive,
    Withdraw,
)
from engine.core.decide import decide
from engine.core.events import ERASED
from engine.core.evidence import File
from engine.core.outcome import Accepted, Actor
from engine.core.project import replay

from .builders import (
    LEVELS,
    advance,
    erase,
    hold,
    withdraw,
)
from .crowd import FREEZING, PEOPLE, REOPENING, WORLD, fresh, is_ruled, later, ready
from .story import Story, actor, forgotten
from .worlds import moderate

NAMED = [*WORLD.requirements, *WORLD.stages, *WORLD.roles, *WORLD.fields, *LEVELS]
KNOWN = [*NAMED, "a1", "advance", "2026-06-01", "CC-1"]
NAMES = [*WORLD.fields, "said", "score", "cost", "present", "present.lived", "published_on", "heard"]
words = st.one_of(st.sampled_from(KNOWN), st.text(st.characters(), max_size=12))  # surrogates among them
maybe = st.none() | words
json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), words),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(words, inside, max_size=3),
    max_leaves=5,
)
values = st.dictionaries(st.sampled_from(NAMES) | words, json, max_size=3)
sets = st.frozensets(st.sampled_from([*WORLD.roles, "ghost"]))
actors = st.one_of(
    st.sampled_from(list(PEOPLE.values())),
    st.builds(Actor, words, words, st.frozensets(st.sampled_from(["admin", "auditor", "programme_manager"])), sets),
)
files = st.lists(st.builds(File, words, st.integers(0), maybe, maybe), max_size=2).map(tuple)
admins = st.sampled_from([actor("admin", register=("admin",)), actor("other", register=("admin",))])
grounds = st.sampled_from([None, "objection", "because"])
seqs = st.integers(100, 112)
conditions = st.lists(st.builds(ConditionGiven, words, words, words), max_size=2).map(tuple)
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(OpenProject, words, words, values),
    st.builds(SetFields, values),
    st.builds(AddEvidence, words, words, values, maybe, files, maybe, st.booleans()),
    st.builds(Withdraw, words, words),
    st.builds(Regrade, words, words, words),
    st.builds(EraseEvidence, words, words, maybe, actors, st.just(())),
    st.builds(Sign, words, words, maybe),
    st.builds(Waive, words, words, words, words, actors),
    st.builds(Decide, words, maybe, maybe, maybe),
    st.builds(Affirm, words, seqs, maybe),
    st.builds(MeetCondition, seqs, st.integers(-1, 3), words),
    st.builds(Advance, maybe, maybe, maybe, conditions),
    st.builds(Hold, words),
    st.builds(Resume, words),
)


STORIES = [
    fresh(),
    ready(),
    later(),
    later(FREEZING),
    later(REOPENING).given(withdraw("a1")),
    later().given(erase("a1")),
    ready().given(hold()),
    fresh().given(advance("stopped", reason="x"), by="sro"),
]


@moderate(600)
@given(st.sampled_from(STORIES), commands, actors)
def test_any_wish_is_ruled_on(told: Story, command: Command, by: Actor) -> None:
    """Whatever is wished of a project by whomever is accepted or refused, and never raises; what is accepted folds."""
    outcome = decide(told.project, command, told.workflow, by, told.moment)
    is_ruled(outcome)
    assert outcome == decide(told.project, command, told.workflow, by, told.moment)
    if isinstance(outcome, Accepted):
        after = Story(told.workflow, told.today, entries=list(told.entries), project_=told.project)
        for event in outcome.events:
            after.record(event, by.person)


@moderate(150)
@given(st.sampled_from(STORIES), st.integers(0, 99), words, grounds, admins | actors, admins | actors)
def test_any_erasure_of_an_entry_is_ruled_on(
    told: Story, place: int, authority: str, ground: str | None, by: Actor, second: Actor
) -> None:
    """Whichever entry is to lose its words is erased or refused, and never raises; the state is what is left.

    Seen to fail when nothing was said of an entry that holds no words: an erasure of nothing was recorded.
    """
    said = told.entries[place % len(told.entries)]
    gone = replace(said, event=replace(said.event, words=dict.fromkeys(said.event.words, ERASED)))
    without = replay(gone if entry is said else entry for entry in forgotten(told.entries))
    assert without is not None
    wish = EraseWords(Typed(said, authority, ground, None), second, without)
    outcome = decide(told.project, wish, told.workflow, by, told.moment)
    is_ruled(outcome)
    if isinstance(outcome, Accepted):
        assert outcome.events[0].body["words"] == [[said.seq, sorted(said.event.words)]]
        assert said.event.words
        after = Story(told.workflow, told.today, entries=list(told.entries), project_=told.project)
        for event in outcome.events:
            after.record(event, by.person)


@moderate(150)
@given(words, words, values, actors)
def test_any_opening_is_ruled_on(id: str, title: str, fields: dict[str, Any], by: Actor) -> None:
    """Whatever is wished of a new project is accepted or refused, and never raises; what is accepted folds."""
    outcome = decide(None, OpenProject(id, title, fields), WORLD, by, STORIES[0].moment)
    is_ruled(outcome)
    if isinstance(outcome, Accepted):
        Story(WORLD, STORIES[0].today).record(outcome.events[0], by.person)
