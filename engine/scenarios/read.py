"""From the text of a scenario file to its stories, or to everything that is wrong with it, each at its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from engine.core.contradictions import SAME_FILE
from engine.core.definition import Workflow
from engine.core.errors import Problem
from engine.definitions.reader import read_tree
from engine.definitions.report import Report
from engine.definitions.tree import Node
from engine.scenarios.read_steps import people_of, step_of
from engine.scenarios.reading import Reading
from engine.scenarios.shapes import Expected, Later, Scenario, ScenarioFile, Step, Use

IN_THE_STAGE: Final = timedelta(days=30)
"""How long a project has been in its stage where a story does not say."""
STATES: Final = ("met", "unmet", "pending", "waived", "not_applicable", "error")
OUTCOMES: Final = ("refused", "passed", "accepted")
_TOP: Final = ("people", "project", "use", "scenarios")
_STORY: Final = ("title", "on", "entered", "stage", "project", "people", "before", "given", "when", "then")
_THEN: Final = (
    "outcome",
    "code",
    "because",
    "stage",
    "cycle",
    "profile",
    "on_hold",
    "way",
    "open",
    "earliest",
    "states",
    "says",
    "claims",
    "unsound",
)
_OF_AN_ACT: Final = ("outcome", "code", "because")


def read_scenarios(
    raw: bytes, file: str, workflow: Workflow, use: Use | None = None
) -> tuple[ScenarioFile, list[Problem]]:
    """Returns the stories of a file and every mistake in it; the stories are only to be played where there is none.

    Args:
        raw: the bytes of the file.
        file: what to call it.
        workflow: the definition the stories are about.
        use: how another file uses this one; None where it is read for itself.
    """
    report = Report()
    reading = Reading(workflow, report)
    root = read_tree(raw, report)
    if root is None:
        return ScenarioFile(file, ()), report.problems()
    reading.keys(root, _TOP, "A scenario file")
    people = people_of(root.get("people"), reading)
    fields = reading.facts(root.get("project"), workflow.fields, "Fields of the project")
    uses, listed = _uses(root.get("use"), reading), root.get("scenarios")
    if use is not None and uses:
        reading.wrong(root.value["use"], "A file that another one uses cannot itself use others.", at_key=True)
    if root.kind == "map" and not uses and (listed is None or listed.kind != "list" or not listed.elements()):
        reading.wrong(listed or root, "A scenario file has a list of stories under scenarios.", at_key=True)
    found, titles = list[Scenario](), dict[str, int]()
    for node in [] if listed is None else listed.elements():
        if use is not None and (title := node.get("title")) is not None and title.word in use.without:
            continue
        scenario = _scenario(node, reading, people, fields, {} if use is None else use.fields)
        if scenario is None:
            continue
        if scenario.title in titles:
            message = f"The story in line {titles[scenario.title]} has the same title; give this one another."
            reading.wrong(node, message)
        titles.setdefault(scenario.title, scenario.line)
        found.append(scenario)
    return ScenarioFile(file, tuple(found), uses), report.problems()


def titles_in(raw: bytes) -> list[str]:
    """Returns the titles of the stories of a file, as far as it can be read."""
    root = read_tree(raw, Report())
    listed = None if root is None else root.get("scenarios")
    titles = [] if listed is None else [node.get("title") for node in listed.elements()]
    return [title.word for title in titles if title is not None and title.word]


def _uses(node: Node | None, reading: Reading) -> tuple[Use, ...]:
    if node is None:
        return ()
    if node.kind != "list":
        reading.wrong(node, "use is a list of files, like `use: [{file: ../other/scenarios/plan.yaml}]`.")
    found = []
    for one in node.elements():
        reading.keys(one, ("file", "except", "project"), "An entry of use")
        if one.get("file") is None:
            reading.wrong(one, "Say which file: add file.")
        left_out = one.get("except")
        titles = [reading.text(title) or "" for title in ([] if left_out is None else left_out.elements())]
        fields = reading.facts(one.get("project"), reading.workflow.fields, "Fields of the project")
        found.append(Use(reading.text(one.get("file")) or "", tuple(titles), fields, one.line))
    return tuple(found)


def _scenario(
    node: Node,
    reading: Reading,
    people: Mapping[str, tuple[str, ...]],
    fields: dict[str, Any],
    over: Mapping[str, Any],
) -> Scenario | None:
    reading.keys(node, _STORY, "A scenario")
    if node.kind != "map":
        return None
    missing = [key for key in ("title", "on", "then") if node.get(key) is None]
    if missing:
        reading.wrong(node, f"This scenario lacks {' and '.join(missing)}.")
    workflow = reading.workflow
    people = {**people, **people_of(node.get("people"), reading)}
    reading.people = set(people)
    on = reading.day(node.get("on")) or date.max
    entered = reading.day(node.get("entered")) or (on - IN_THE_STAGE)
    if entered > on:
        reading.wrong(node.value["entered"], f"The stage cannot have been entered after {on}, the day of the story.")
    when = node.get("when")
    own = reading.facts(node.get("project"), workflow.fields, "Fields of the project")
    scenario = Scenario(
        title=reading.text(node.get("title")) or "",
        line=node.line,
        on=on,
        entered=entered,
        stage=reading.name(node.get("stage"), workflow.stages, "stage") or workflow.first_stage.id,
        fields={name: value for name, value in {**fields, **own, **over}.items() if value is not None},
        people=people,
        before=_steps(node.get("before"), reading),
        given=_steps(node.get("given"), reading),
        when=None if when is None else step_of(when, reading, None),
        then=_expected(node.get("then"), reading, acted=when is not None),
    )
    _in_order(node.get("before"), scenario.before, date.min, entered, reading)
    _in_order(node.get("given"), scenario.given, on, date.max, reading)
    return scenario


def _steps(node: Node | None, reading: Reading) -> tuple[Step, ...]:
    if node is None:
        return ()
    if node.kind != "list":
        reading.wrong(node, "Steps are a list, each beginning with a dash.")
    read = (step_of(one, reading, lambda see: _expected(see, reading, acted=False)) for one in node.elements())
    return tuple(step for step in read if step is not None)


def _in_order(node: Node | None, steps: tuple[Step, ...], first: date, last: date, reading: Reading) -> None:
    """Reports a clock that runs backwards, or past the day the stage was entered."""
    lines = {} if node is None else {one.line: one for one in node.elements()}
    now = first
    for step in steps:
        if isinstance(step.what, Later):
            if step.what.day < now or step.what.day > last:
                bound = f"before {now}" if step.what.day < now else f"after {last}, when the stage was entered"
                reading.wrong(lines[step.line], f"The clock cannot go to {step.what.day}, which is {bound}.")
            now = step.what.day


def _expected(node: Node | None, reading: Reading, *, acted: bool) -> Expected:
    if node is None:
        return Expected()
    reading.keys(node, _THEN, "What is expected")
    if node.kind == "map" and not any(key in _THEN for key, _ in node.items()):
        reading.wrong(node, "Nothing is expected here; say at least one thing, like `open: no`.")
    for key in node.has(*_OF_AN_ACT) if not acted else []:
        reading.wrong(node.value[key], f"{key} speaks of an act, and this story has none under when.", at_key=True)
    workflow = reading.workflow
    profiles = [p.id for p in workflow.profiles]
    stages = workflow.stages
    ways = list(dict.fromkeys([t.id for s in stages.values() for t in s.transitions] + list(stages)))
    unsound = node.get("unsound")
    return Expected(
        outcome=reading.name(node.get("outcome"), OUTCOMES, "outcome") or None,
        code=reading.text(node.get("code")),
        because=reading.text(node.get("because")),
        stage=reading.name(node.get("stage"), stages, "stage") or None,
        cycle=reading.number(node.get("cycle")),
        profile=reading.name(node.get("profile"), profiles, "profile") or None,
        on_hold=reading.yes(node.get("on_hold")),
        way=reading.name(node.get("way"), ways, "way or stage") or None,
        open=reading.yes(node.get("open")),
        earliest=reading.day(node.get("earliest")),
        states={id: reading.name(child, STATES, "state") for id, child in _by_requirement(node, "states", reading)},
        says={id: reading.text(child) or "" for id, child in _by_requirement(node, "says", reading)},
        claims={
            id: reading.names(child, [SAME_FILE, *(c.id for c in workflow.contradictions)], "contradiction")
            for id, child in _by_requirement(node, "claims", reading)
        },
        unsound=None if unsound is None else reading.names(unsound, workflow.gates, "gate"),
    )


def _by_requirement(node: Node, key: str, reading: Reading) -> list[tuple[str, Node]]:
    found = node.get(key)
    if found is None:
        return []
    if found.kind != "map":
        reading.wrong(found, f"{key} is written by requirement, like {{mandate: …}}.")
    entries = []
    for id, child in found.items():
        if id not in reading.workflow.requirements:
            near = reading.report.near(id, reading.workflow.requirements)
            message = f"There is no requirement {id[:64]}.{near}"
            reading.report.mistake("scenario/unknown-name", child, message, at_key=True)
        else:
            entries.append((id, child))
    return entries
