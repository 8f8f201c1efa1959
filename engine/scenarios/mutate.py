"""Breaks a definition in every way there is, one at a time, and asks the stories which breaks they notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from engine.core.canonical_form import workflow_from
from engine.core.definition import Workflow
from engine.definitions.compile import Compiled
from engine.scenarios.breaking import Break, broken, refused
from engine.scenarios.breaks import breaks_of
from engine.scenarios.play import Played, mentions, play
from engine.scenarios.shapes import Scenario
from engine.scenarios.steps import Kept


@dataclass(slots=True)
class Story:
    """A scenario with the facts it was played with, and the stages and gates it has to do with."""

    scenario: Scenario
    kept: Kept
    touched: set[str]


@dataclass(frozen=True, slots=True)
class Noticed:
    """What became of a break: `by` is the title of the story that noticed it, or why it would be refused when loaded.

    Both empty: nobody noticed.
    """

    what: Break
    by: str = ""
    refused: str = ""

    @property
    def ok(self) -> bool:
        """True where somebody noticed."""
        return bool(self.by or self.refused)


def breaks_to_make(compiled: Compiled, base: bytes | None) -> list[Break]:
    """Returns every break of a definition; where it builds on another, those that cannot be made there just so.

    What it takes over unchanged is broken where it is written, before the stories of that definition.
    """
    taken_over = set() if base is None else {one.id for one in breaks_of(orjson.loads(base))}
    return [one for one in breaks_of(orjson.loads(compiled.canonical)) if one.id not in taken_over]


def mutate(compiled: Compiled, stories: Sequence[Story], breaks: Sequence[Break]) -> list[Noticed]:
    """Returns what became of each break. A story notices a break by not being kept any more.

    Every story must be kept on the definition as it is. Those that speak of what was broken are asked first.
    """
    document = orjson.loads(compiled.canonical)
    by_mention: dict[str, list[int]] = {}
    for n, story in enumerate(stories):
        for id in mentions(story.scenario):
            by_mention.setdefault(id, []).append(n)
    return [_judged(one, document, compiled, stories, by_mention) for one in breaks]


def _judged(
    one: Break,
    document: dict[str, Any],
    compiled: Compiled,
    stories: Sequence[Story],
    by_mention: Mapping[str, list[int]],
) -> Noticed:
    changed = broken(document, one)
    why = refused(changed)
    if why is not None:
        return Noticed(one, refused=why)
    # the machine of a definition is kept under its digest: only where the ways are others is another one made
    same_ways, digest = changed["stages"] is document["stages"], compiled.digest
    read = workflow_from(changed, digest if same_ways else f"{digest}/{one.id}")
    workflow = replace(read, judges=compiled.workflow.judges)
    nearest = [n for id in one.about[:1] for n in by_mention.get(id, ())]
    near = [n for id in one.about[1:] for n in by_mention.get(id, ())]
    for n in dict.fromkeys([*nearest, *near, *range(len(stories))]):
        # up to the first thing the break changes a story is the same story, so one that never gets there stays kept
        if one.where and stories[n].touched.isdisjoint(one.where):
            continue
        if not _holds(stories[n], workflow):
            return Noticed(one, by=stories[n].scenario.title)
    return Noticed(one)


def _holds(story: Story, workflow: Workflow) -> bool:
    played: Played = play(story.scenario, workflow, dict(story.kept), hurry=True)
    return played.ok
