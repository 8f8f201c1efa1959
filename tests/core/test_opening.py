"""Opening a project and setting its fields: what is asked of them, and the facts they make."""

from __future__ import annotations

from typing import Any

import pytest

from engine.core.commands import OpenProject, SetFields
from engine.core.decide import decide
from engine.core.definition import Workflow
from engine.core.outcome import Accepted, Refused

from .builders import Json, advance, asking, field, gate, hold, needs, resume, set_fields, way, workflow
from .builders import stage as a_stage
from .story import Story, actor, story

MANAGER = actor("manager", register=("programme_manager",))
OPEN = asking(needs("paper"))


def of_fields(*fields: Json) -> Workflow:
    return workflow(gate(needs("paper")), fields=fields)


def opening(command: OpenProject, on: Workflow = OPEN) -> Accepted | Refused:
    moment = story(on if not any(f.required for f in on.fields.values()) else OPEN).moment
    return decide(None, command, on, MANAGER, moment)


def mistakes(outcome: Accepted | Refused) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    assert (outcome.kind, outcome.code) == ("input", "input_refused")
    assert outcome.message == " ".join(p["message"] for p in outcome.problems)
    return [p["field"] for p in outcome.problems]


def opened(command: OpenProject, on: Workflow = OPEN) -> dict[str, Any]:
    """Returns the members of the event that opens a project, in clear and in words."""
    outcome = opening(command, on)
    assert isinstance(outcome, Accepted), outcome
    (event,) = outcome.events
    assert (event.name, event.project) == ("project_opened", command.id)
    return {**event.body, "words": dict(event.words)}


def test_a_project_is_opened_with_exactly_these_members() -> None:
    """Opening writes the workflow, its digest, the first stage, the fields in clear, the day, and the words apart."""
    assert opened(OpenProject("CC-1", " Community care ", {"value": "12.50", "summary": "Ours", "groups": "Roma"})) == {
        "workflow": "test",
        "definition": OPEN.digest,
        "stage": "plan",
        "fields": {"value": 1250},
        "today": "2026-06-01",
        "words": {"title": "Community care", "field.summary": "Ours", "field.groups": ["Roma"]},
    }


@pytest.mark.parametrize("id", ["", "-a", ".a", "a b", "a/b", "a" * 65, "a\n", "é"])
def test_an_id_that_could_not_be_typed_everywhere_is_refused(id: str) -> None:
    """A project's id is 1 to 64 letters, digits, dots, dashes or underscores and begins with a letter or a digit."""
    assert mistakes(opening(OpenProject(id, "Care"))) == ["id"]


@pytest.mark.parametrize("id", ["a", "7", "CC-001", "a._-b", "a" * 64])
def test_a_plain_id_is_taken_as_it_is(id: str) -> None:
    """Any plain id opens a project."""
    assert opened(OpenProject(id, "Care"))["stage"] == "plan"


@pytest.mark.parametrize("title", ["", "  ", "x" * 301, "a\x00b"])
def test_a_title_must_say_something_in_300_characters(title: str) -> None:
    """A title is 1 to 300 characters of text."""
    assert mistakes(opening(OpenProject("a", title))) == ["title"]


def test_every_mistake_of_an_opening_is_told_at_once() -> None:
    """The id, the title, an unknown field, an unfit value and a field left out are told together."""
    on = of_fields(field("size", "integer"), field("regime", "choice", "open", required=True))
    found = opening(OpenProject("a b", "", {"size": "many", "sise": "2"}), on)
    assert mistakes(found) == ["id", "title", "sise", "size", "regime"]
    assert isinstance(found, Refused)
    assert "Did you mean size?" in found.message
    assert "Regime is required: give regime=…" in found.message


def test_required_fields_must_be_given_when_the_project_is_opened() -> None:
    """A required field that is left out is refused, with how to give it; one that is given unfit is told once."""
    on = of_fields(field("present", "counts", "lived", "carer", required=True))
    left_out, unfit = (
        opening(OpenProject("a", "Care"), on),
        opening(OpenProject("a", "Care", {"present.lived": "x"}), on),
    )
    assert mistakes(left_out) == mistakes(unfit) == ["present"]
    assert isinstance(left_out, Refused)
    assert "give present.lived=…" in left_out.message


def test_defaults_fill_what_is_left_out_only() -> None:
    """A field left out has its default, and one that is given has what was given."""
    on = of_fields(field("regime", "choice", "open", "closed", default="open"), field("size", "integer", default=1))
    assert opened(OpenProject("a", "Care", {"size": "2"}), on)["fields"] == {"regime": "open", "size": 2}


def test_a_count_is_given_whole_or_in_parts() -> None:
    """`present.lived=2` gives one part of a count, a mapping gives the whole, and both at once is refused."""
    on = of_fields(field("present", "counts", "lived", "carer"), field("size", "integer"))
    parts = OpenProject("a", "Care", {"present.lived": "2", "present.carer": 1})
    assert opened(parts, on)["fields"] == {"present": {"lived": 2, "carer": 1}}
    assert opened(OpenProject("a", "Care", {"present": {"lived": 2}}), on)["fields"] == {"present": {"lived": 2}}
    both = {"present": {"lived": 2}, "present.carer": 1}
    assert "present" in mistakes(opening(OpenProject("a", "Care", both), on))
    assert mistakes(opening(OpenProject("a", "Care", {"size.lived": "2"}), on)) == ["size.lived"]


def test_a_workflow_without_fields_says_that_there_is_none() -> None:
    """Where there is no field at all, the refusal of one says so."""
    found = opening(OpenProject("a", "Care", {"size": "2"}), of_fields())
    assert mistakes(found) == ["size"]
    assert isinstance(found, Refused)
    assert found.message.endswith("There is none.")


def test_an_id_that_is_taken_is_a_conflict() -> None:
    """A project that is there already is not opened again."""
    story(OPEN).when(OpenProject("CC-1", "Again"), by="manager").refused("conflict", "id_taken", "CC-1")


def test_only_an_opening_is_decided_without_a_project() -> None:
    """Without a project no wish but opening one can be ruled on; asking for it is a bug of the caller."""
    with pytest.raises(AssertionError, match="OpenProject"):
        decide(None, SetFields({}), OPEN, MANAGER, story(OPEN).moment)


# setting


@pytest.fixture
def told() -> Story:
    return story(OPEN, size="3", summary="Old")


def test_setting_writes_exactly_the_fields_given(told: Story) -> None:
    """Setting writes the values in clear under `fields` and what was typed among the words, and nothing else."""
    (event,) = told.when(set_fields(size="4", summary="New", value="")).accepted("fields_set").events
    assert (event.body, event.words) == ({"fields": {"size": 4, "value": None}}, {"field.summary": "New"})
    assert told.project.fields == {"size": 4, "summary": "New"}


@pytest.mark.parametrize("empty", ["", None])
def test_empty_text_unsets_a_field(told: Story, empty: str | None) -> None:
    """An empty value unsets a field, be it kept in clear or among the words."""
    told.given(set_fields(size=empty, summary=empty))
    assert told.project.fields == {}


def test_a_required_field_cannot_be_emptied() -> None:
    """A required field is changed but never unset."""
    on = of_fields(field("size", "integer", required=True))
    told = story(on, size="3")
    told.when(set_fields(size="")).refused("input", "input_refused", "required and cannot be emptied")
    told.when(set_fields(size="4")).accepted("fields_set")


def test_every_mistake_of_a_setting_is_told_at_once(told: Story) -> None:
    """An unfit value and an unknown field are told together, and nothing is set."""
    found = told.when(set_fields(size="x", nothing="", regime="maybe")).refused("input")
    assert sorted(p["field"] for p in found.problems) == ["nothing", "regime", "size"]
    assert told.project.fields["size"] == 3


def test_setting_nothing_is_refused(told: Story) -> None:
    """A wish to set no field asks which."""
    told.when(set_fields()).refused("input", says="Say which field to set")


def test_fields_change_on_hold_but_not_after_the_end() -> None:
    """Fields are set in any stage that is not final."""
    ending = [a_stage("plan", way("advance", "done")), a_stage("done", final=True)]
    told = story(workflow(gate(needs("paper")), stages_=ending))
    told.given(set_fields(size="1"), hold(), set_fields(size="2"), resume(), by="manager").given(advance())
    told.when(set_fields(size="2"), by="manager").refused("rules", "project_ended")
