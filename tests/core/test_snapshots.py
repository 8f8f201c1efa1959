"""The snapshot of a project: the state after every event reads back the same, and leaves nothing out."""

from __future__ import annotations

import copy
import json
from dataclasses import fields

from hypothesis import given

from engine.core.events import SCHEMA
from engine.core.project import Project, evolve, replay
from engine.core.snapshot import FORM, from_json, to_json

from .builders import (
    a_file,
    advance,
    affirm,
    asking,
    decide_on,
    erase,
    hand_in,
    hold,
    meet,
    needs,
    regrade,
    resume,
    set_fields,
    sign,
    signature,
    waive,
    withdraw,
)
from .story import Story, story
from .worlds import moderate, situations


def whole_life() -> Story:
    """A story in which every event that a project can have happens."""
    of = asking(
        needs("talk", level="co_design", signed_by=["sro"]),
        signature("name", "edi"),
        decided_by=["sro"],
        waived_by=["sro", "cochair"],
    )
    told = story(of, size=2, summary="For all.", groups=["Roma"])
    told.given(hand_in("talk", "co_design", files=(a_file(), a_file("b.pdf")), score=3, heard=["Roma"]))
    told.given(regrade("a1", "informing"), withdraw("a1"), hand_in("talk", "co_production"))
    told.given(sign("talk")).given(sign("name"), by="edi").given(hold(), resume(), set_fields(size=3))
    told.given(decide_on(dissent="I doubt it.")).given(decide_on())
    told.given(advance(conditions=[("Mend it.", "lead", "2026-07-01")]))
    seq = told.project.passings[0].seq
    told.given(meet(seq)).given(withdraw("a2"), hand_in("talk", "co_production")).given(sign("talk"), affirm(seq))
    told.given(erase("a2"), advance("plan", "again"))
    told.given(waive("talk"), hand_in("talk", files=(a_file(sealed=True),), said="In words."))
    return told.given(erase(told.record_of("talk").id))


def put_back() -> Story:
    """A story in which a project is put back to a gate it had passed."""
    told = story(asking(needs("talk"), if_unsound="reopens")).given(hand_in("talk"), advance())
    return told.given(withdraw("a1"))


def test_each_event_of_a_project_reads_back_from_its_snapshot() -> None:
    """After each event of a project the snapshot, through JSON, gives back an equal project, and equal JSON."""
    seen = set()
    for told in (whole_life(), put_back()):
        reads_back(told)
        seen |= {e.event.name for e in told.entries}
    # erasing the words of an entry changes the state only by folding it anew, which tests/journeys looks at
    assert seen == OF_A_PROJECT - {"decisions_lapsed", "words_erased"}


OF_A_PROJECT = frozenset(list(SCHEMA)[list(SCHEMA).index("project_opened") :])
"""The events of a project; the schema has those of the register before them."""


def reads_back(told: Story) -> None:
    for n in range(1, len(told.entries) + 1):
        project = replay(told.entries[:n])
        assert project is not None
        written = json.dumps(to_json(project))
        assert from_json(json.loads(written)) == project
        assert json.dumps(to_json(from_json(json.loads(written)))) == written


def test_every_attribute_of_a_project_is_in_its_snapshot() -> None:
    """The snapshot leaves no attribute of a project out, and says the number of its form."""
    written = to_json(story(asking(needs("talk"))).project)
    assert set(written) == {f.name for f in fields(Project)} | {"form"}
    assert written["form"] == FORM


def test_projects_that_differ_anywhere_differ_in_their_snapshots() -> None:
    """Of the states a project goes through no two are equal, and no two snapshots are."""
    told = whole_life()
    written = [json.dumps(to_json(p)) for n in range(1, len(told.entries) + 1) if (p := replay(told.entries[:n]))]
    assert len(set(written)) == len(told.entries)


@moderate(40)
@given(situations())
def test_any_history_folds_replays_and_reads_back(told: Story) -> None:
    """Whatever has happened, event by event and all at once give one state, which its snapshot gives back."""
    folded: Project | None = None
    for entry in told.entries:
        kept = copy.deepcopy(folded)
        after = evolve(folded, entry)
        assert folded == kept
        folded = after
    assert folded == replay(told.entries) == told.project
    assert from_json(json.loads(json.dumps(to_json(told.project)))) == told.project
