"""What plugins that send or export are asked with: made-up projects, entries and notices, of nobody that there is.

The projects are those of `portfolio.json`, which a test holds to what the engine hands to exporters. They have been
through a gate, wait, are on hold, or have nothing in them yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

Json = dict[str, Any]
SAMPLE: Final = Path(__file__).with_name("portfolio.json")
ORIGIN: Final = "check.cocycle.example"
LATER: Final = "something_of_a_later_version"
"""An event that no version has: observers outlive the version that they were written for."""


@cache
def _sample() -> str:
    return SAMPLE.read_text(encoding="utf-8")


def sample() -> Json:
    """Returns the sample, in the shape in which exporters are handed projects; whoever asks may change it."""
    found: Json = json.loads(_sample())
    return found


def documents(*, whole: bool) -> Iterator[tuple[str, Json]]:
    """Yields what an exporter is handed, each with what it is in words.

    `whole` says whether the exporter takes many projects at once; else each document holds exactly one.
    """
    every = sample()["projects"]
    for project in every:
        yield f"the project {project['project']}", {**sample(), "projects": [project]}
    for name in ("evidence", "gates_ahead", "deadlines"):
        yield f"a project with nothing in {name}", {**sample(), "projects": [{**every[0], name: []}]}
    yield "a project none of whose fields is set", {**sample(), "projects": [{**every[0], "fields": {}}]}
    odd = {**every[1], "title": "=1+1; “Żółć”, 夜のカフェ <b>&amp;</b> " + "a" * 180}
    yield "a project with a strange title", {**sample(), "projects": [odd]}
    if whole:
        yield "three projects", sample()
        yield "no project", {**sample(), "projects": []}


def entries() -> Iterator[Json]:
    """Yields entries of the ledger as observers are told them: one of each kind in the sample, and some rare ones."""
    seen: set[str] = set()
    for project in sample()["projects"]:
        for entry in project["history"]:
            if entry["name"] not in seen:
                seen.add(entry["name"])
                yield _entry(entry, project["project"])
    last = {**sample()["projects"][0]["history"][0], "version": 0}
    yield _entry({**last, "name": "role_granted", "body": {"person": "p-1", "role": "auditor", "scope": ""}}, None)
    yield _entry({**last, "name": LATER, "body": {}}, None)


def _entry(entry: Json, project: str | None) -> Json:
    told = {name: entry[name] for name in ("seq", "at", "by", "name", "version", "body")}
    return {**told, "project": project, "origin": ORIGIN}


def notices() -> Iterator[Json]:
    """Yields notices as channels are handed them: one of each kind, and one in which all that may be absent is."""
    whole: Json = {
        "id": "n-1",
        "kind": "digest",
        "person": "p-1",
        "project": "CC-1",
        "due": "2026-06-13",
        "subject": "2 deadlines, the nearest on 13 June 2026",
        "text": "Night café, “Harbour”\n  The wait is over on 13 June 2026.\n",
        "link": "https://check.cocycle.example/",
        "origin": ORIGIN,
    }
    for number, kind in enumerate(("digest", "refused", "unsound", "decide"), 1):
        yield {**whole, "id": f"n-{number}", "kind": kind, "due": whole["due"] if kind == "digest" else None}
    yield {**whole, "id": "n-9", "project": None, "due": None, "link": None, "subject": "One line", "text": ""}
