"""Plays all stories of some definitions and reports: what was kept, what was covered, which breaks nobody noticed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from engine.core.errors import InputRefused, Problem
from engine.core.opinions import NOBODY, Judges
from engine.definitions.compile import Compiled
from engine.scenarios.coverage import coverage_of
from engine.scenarios.find import Found, found_at, read_bytes
from engine.scenarios.mutate import Noticed, Story, breaks_to_make, mutate
from engine.scenarios.play import Played, play
from engine.scenarios.read import read_scenarios, titles_in
from engine.scenarios.shapes import ScenarioFile, Use
from engine.scenarios.steps import Kept
from engine.scenarios.unnoticed import Explanations, explanations

Json = dict[str, Any]


class Loaded(NamedTuple):
    """A definition, and the canonical form of what it builds on; None where it is written out in full."""

    compiled: Compiled
    base: bytes | None


Load = Callable[[Path], Loaded]


def play_scenarios(paths: Sequence[str], load: Load, *, breaking: bool = False, judges: Judges = NOBODY) -> Json:
    """Returns what came of the stories at some paths, and where `breaking` which breaks of the definition they notice.

    Args:
        paths: definitions, folders with `workflow.yaml` and `scenarios/`, or single files of stories.
        load: compiles the definition in a file; raises DefinitionError.
        breaking: also break each definition in every way; asked only where all its stories are kept.
        judges: answers for the requirements that plugins judge; each of them is an error where nobody does.

    Returns:
        `{"ok", "files": [{"file", "workflow", "ok", "scenarios": [{"title", "line", "ok", "expected", "came"}]}],
        "coverage": {WORKFLOW: …}, "mutants": {WORKFLOW: …}}`; `ok` where every story was kept and every break was
        noticed or explained.

    Raises:
        InputRefused: something is not there, or a definition, a story or an explanation has mistakes: all of them.
    """
    everything = [_read(path, load, judges) for path in dict.fromkeys(paths)]
    _refuse([p for one in everything for p in one.problems])
    found: Json = {"ok": True, "files": [], "coverage": {}, "mutants": {}}
    for one in everything:
        _report(one, found, breaking)
    return found


class _Read:
    """A definition with its stories and explanations, read, and what is wrong with them by file."""

    def __init__(self, found: Found, loaded: Loaded, judges: Judges) -> None:
        self.found = found
        self.compiled = replace(loaded.compiled, workflow=replace(loaded.compiled.workflow, judges=judges))
        self.breaks = breaks_to_make(*loaded)
        self.files: list[ScenarioFile] = []
        self.problems: list[tuple[str, Problem]] = []
        self.explained = Explanations()

    def read(self, file: Path, use: Use | None = None) -> ScenarioFile:
        """Reads a file of stories, with its mistakes."""
        stories, problems = read_scenarios(read_bytes(file), str(file), self.compiled.workflow, use)
        if stories.scenarios:
            self.files.append(stories)
        self.problems += [(str(file), p) for p in problems]
        return stories

    def wrong(self, file: Path, line: int, message: str) -> None:
        """Adds a mistake in a file of stories."""
        self.problems.append((str(file), Problem("scenario/use", "error", line, 1, "use", message)))


def _read(path: str, load: Load, judges: Judges) -> _Read:
    found = found_at(path)
    one = _Read(found, load(found.definition), judges)
    for file in found.stories:
        stories = one.read(file)
        for use in stories.uses:
            used = Path(os.path.normpath(file.parent / use.file))
            if not used.is_file():
                one.wrong(file, use.line, f"There is no file {use.file} beside this one.")
                continue
            for title in set(use.without).difference(titles_in(read_bytes(used))):
                one.wrong(file, use.line, f"There is no story “{title}” in {use.file}.")
            one.read(used, use)
    if found.unnoticed is not None:
        one.explained = explanations(read_bytes(found.unnoticed), [b.id for b in one.breaks])
        one.problems += [(str(found.unnoticed), p) for p in one.explained.report.problems()]
    return one


def _refuse(problems: list[tuple[str, Problem]]) -> None:
    """Raises InputRefused with every mistake, where there is one."""
    if not problems:
        return
    file, first = problems[0]
    many = f"{len(problems)} mistake{'s' if len(problems) != 1 else ''}"
    raise InputRefused(
        f"The scenarios have {many}; the first is in {file}, line {first.line}: {first.message}",
        code="scenarios_refused",
        details={
            "problems": [{"file": f, **p.as_json(), "message": f"{Path(f).name}: {p.message}"} for f, p in problems]
        },
    )


def _report(one: _Read, found: Json, breaking: bool) -> None:
    workflow, played = one.compiled.workflow, list[Played]()
    stories, ok = list[Story](), True
    for file in one.files:
        told = []
        for scenario in file.scenarios:
            facts: Kept = {}
            came = play(scenario, workflow, facts)
            told.append(
                {
                    "title": scenario.title,
                    "line": scenario.line,
                    "ok": came.ok,
                    "expected": came.expected,
                    "came": came.came,
                }
            )
            played.append(came)
            stories.append(Story(scenario, facts, came.touched))
        kept = all(s["ok"] for s in told)
        ok = ok and kept
        found["files"].append({"file": file.file, "workflow": workflow.id, "ok": kept, "scenarios": told})
    name = workflow.id if workflow.id not in found["coverage"] else str(one.found.definition)
    found["coverage"][name] = coverage_of(workflow, played)
    if breaking and ok:
        figures = _figures(mutate(one.compiled, stories, one.breaks), one)
        found["mutants"][name] = figures
        ok = not any(s["because"] is None for s in figures["survivors"])
    found["ok"] = found["ok"] and ok


def _figures(judged: Sequence[Noticed], one: _Read) -> Json:
    noticed = {n.what.id: f"by “{n.by}”" if n.by else "since it would be refused" for n in judged if n.ok}
    problems = one.explained.check(noticed)
    _refuse([(str(one.found.unnoticed), p) for p in problems])
    return {
        "breaks": len(judged),
        "noticed": sum(bool(n.by) for n in judged),
        "refused": sum(bool(n.refused) for n in judged),
        "explained": len(one.explained.because),
        "kinds": _by_kind(judged),
        "survivors": [
            {
                "break": n.what.id,
                "kind": n.what.kind,
                "words": f"Nobody noticed that {n.what.words}.",
                "because": one.explained.because.get(n.what.id),
            }
            for n in judged
            if not n.ok
        ],
    }


def _by_kind(judged: Iterable[Noticed]) -> dict[str, dict[str, int]]:
    judged = list(judged)
    every, seen = Counter(n.what.kind for n in judged), Counter(n.what.kind for n in judged if n.ok)
    return {kind: {"breaks": many, "noticed": seen[kind]} for kind, many in sorted(every.items())}
