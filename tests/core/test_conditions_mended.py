"""Which fields of the project would help a condition to hold, and what is made of a field that is about to be set."""

from __future__ import annotations

import pytest

from engine.core.canonical_form import condition_from
from engine.core.conditions import SOMETHING, fields_that_mend, fields_to_set

from .builders import Json, against, check, group, share
from .test_conditions import scope, true, why

HEARD = against("heard", "includes_all_of", "groups")
SCORED = check("score", "at_least", 3)
TARGET = check("project.target", "at_least", 3)
MENDS: list[tuple[Json, Json, Json, list[str] | None, list[str]]] = [
    # condition, project, record, fields that mend this record, fields without which no record will do
    (SCORED, {}, {"score": 5}, [], []),
    (SCORED, {}, {"score": 1}, None, []),
    (SCORED, {}, {}, None, []),
    (HEARD, {}, {"heard": ["x"]}, ["groups"], ["groups"]),
    (HEARD, {}, {}, None, ["groups"]),
    (HEARD, {"groups": ["Roma"]}, {"heard": ["x"]}, None, []),
    (HEARD, {"groups": ["Roma"]}, {"heard": ["Roma"]}, [], []),
    (TARGET, {}, {}, ["target"], ["target"]),
    (TARGET, {"target": 2}, {}, ["target"], ["target"]),
    (TARGET, {"target": 3}, {}, [], []),
    (check("project.team.lived", "at_least", 1), {"team": {"carer": 1}}, {}, ["team"], ["team"]),
    (against("project.value", "at_most", "target"), {}, {}, ["value", "target"], ["value", "target"]),
    (against("project.value", "at_most", "target"), {"value": 5}, {}, ["target"], ["target"]),
    (against("project.value", "at_most", "target"), {"target": 5}, {}, ["value"], ["value"]),
    (against("project.value", "at_most", "target"), {"target": 5, "value": 6}, {}, ["value"], ["value"]),
    (against("project.value", "at_most", "value"), {}, {}, ["value"], ["value"]),
    (group("all", HEARD, TARGET), {}, {"heard": ["x"]}, ["groups", "target"], ["groups", "target"]),
    (group("all", HEARD, TARGET), {"target": 3}, {"heard": ["x"]}, ["groups"], ["groups"]),
    (group("all", SCORED, TARGET), {}, {"score": 1}, None, ["target"]),
    (group("all", TARGET, TARGET), {}, {}, ["target"], ["target"]),
    (group("any", group("all", HEARD, TARGET), TARGET), {}, {"heard": []}, ["target"], ["target"]),
    (group("any", SCORED, HEARD), {}, {"heard": []}, ["groups"], []),
    (group("any", SCORED, HEARD), {}, {}, None, []),
    (group("any", HEARD, TARGET), {}, {}, ["target"], ["groups"]),
    (group("none", HEARD), {}, {"heard": ["x"]}, [], []),
    (group("none", SCORED), {}, {"score": 5}, None, []),
    (group("none", SCORED), {}, {"score": 1}, [], []),
    (group("none", TARGET), {"target": 3}, {}, ["target"], ["target"]),
    (group("none", TARGET), {}, {}, [], []),
    (group("none", TARGET, SCORED), {"target": 3}, {"score": 1}, ["target"], ["target"]),
    (group("none", TARGET, SCORED), {"target": 3}, {"score": 5}, None, ["target"]),
    (group("none", group("all", TARGET, SCORED)), {"target": 3}, {"score": 5}, ["target"], []),
    (group("none", group("any", TARGET, SCORED)), {"target": 3}, {"score": 5}, None, ["target"]),
    (group("none", group("none", TARGET)), {}, {}, ["target"], ["target"]),
    (group("none", group("none", TARGET, SCORED)), {}, {}, ["target"], []),
    (share(["present.lived"], "present", 50), {}, {"present": {"carer": 1}}, None, []),
    (share(["project.team.lived"], "project.team", 50), {"team": {"carer": 1}}, {}, ["team"], ["team"]),
    (share(["project.team.lived"], "project.team", 50), {}, {}, ["team"], ["team"]),
]


@pytest.mark.parametrize(("written", "project", "record", "mend", "needed"), MENDS)
def test_which_fields_of_the_project_would_help(
    written: Json, project: Json, record: Json, mend: list[str] | None, needed: list[str]
) -> None:
    """It is known which fields of the project mend a record, and without which no record at all would do.

    A field that is set is never to be set anew so that it suits a record. Seen red: for a comparison of two fields of
    which one was absent, both were to be set; for `none` over a field of the project, neither.
    """
    made = condition_from(written)
    assert fields_that_mend(made, scope(project, **record)) == mend
    assert fields_to_set(made, scope(project)) == needed


def test_something_not_known_yet_is_there_and_says_nothing_more() -> None:
    """A field that is about to be set is recorded, and no comparison of it is known to hold."""
    soon = {"groups": SOMETHING, "target": SOMETHING, "team": SOMETHING, "regime": SOMETHING}
    assert true(check("project.groups", "not_empty"), soon)
    for written in (
        TARGET,
        check("project.target", "at_most", 3),
        check("project.target", "before", 3),
        check("project.target", "after", 3),
        check("project.regime", "equals", "open"),
        check("project.regime", "in", ["open"]),
        check("project.groups", "includes_all_of", ["Roma"]),
        share(["project.team.lived"], "project.team", 1),
        against("cost", "at_most", "target"),
        against("cost", "at_least", "target"),
    ):
        assert not true(written, soon, cost=3)
        assert why(written, soon, cost=3)
