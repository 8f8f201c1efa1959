"""Whether what a plugin brings into definitions can be used in one: its options, its fields, its stages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from engine.conformance.rules import Found
from engine.conformance.sentences import is_title
from engine.core.errors import CocycleError
from engine.definitions.brought import Brings
from engine.definitions.compile import problems_in
from engine.definitions.reader import read_values
from engine.definitions.using.kinds import Unusable, evidence_kind, requirement_kind
from engine.hosting.described import Described

AROUND: Final = """\
cocycle: 1
id: a-small-workflow
version: "1"
title: A small workflow
levels: [informing, consultation, engagement, co_design, co_production]
roles: {{sro: {{title: Senior responsible owner}}, lx_cochair: {{title: Lived-experience co-chair}}}}
stages:
  - {{id: before-it, title: Before it, transitions: [{{id: advance, to: {stage}}}]}}
  - {{use: {use}}}
  - {{id: after-it, title: After it, final: true}}
"""
ROLES_AROUND: Final = ("sro", "lx_cochair")


def misplaced(described: Described, brings: Brings) -> Iterator[Found]:
    """Yields what of a plugin no definition could use, each with the first thing that is wrong with it."""
    name = described.name
    for id in described.evidence_kinds:
        kind = evidence_kind(brings, f"{name}/{id}")
        if isinstance(kind, Unusable):
            yield Found("loads/fields", "fault", f"{name}/{id}", kind.says)
    for id, brought in described.requirement_kinds.items():
        use = f"{name}/{id}"
        asked = requirement_kind(brings, use)
        if isinstance(asked, Unusable):
            yield Found("loads/options", "fault", use, asked.says)
        if brought.evidence is not None and brought.evidence not in described.evidence_kinds:
            says = f"It takes evidence of the kind {brought.evidence}, which the plugin does not bring."
            yield Found("loads/options", "fault", use, says)
    for id, stage in described.stages.items():
        yield from _stage(f"{name}/{id}", stage.text, brings)


def _stage(use: str, text: str, brings: Brings) -> Iterator[Found]:
    try:
        values = read_values(text.encode(), use)
    except CocycleError as error:
        yield Found("loads/stages", "fault", use, error.message)
        return
    stage = values.get("stage") if isinstance(values, dict) else None
    id = stage.get("id") if isinstance(stage, dict) else None
    if not isinstance(id, str):
        says = "Its text has no stage with an id; begin it with `stage:` and, below that, `id:` and `title:`."
        yield Found("loads/stages", "fault", use, says)
        return
    _, problems = problems_in(AROUND.format(use=use, stage=id).encode(), "a small workflow", brings=brings)
    for problem in problems:
        severe = problem.severity == "error"
        if not severe and any(f'The role "{role}" signs nothing' in problem.message for role in ROLES_AROUND):
            continue  # it is the small workflow's own, which this stage need not use
        yield Found("loads/stages", "fault" if severe else "note", use, problem.message)


def untitled(described: Described) -> Iterator[Found]:
    """Yields what a plugin brings that has no title for people."""
    brought: list[Mapping[str, object]] = [
        described.stages,
        described.evidence_kinds,
        described.requirement_kinds,
        described.observers,
        described.channels,
        described.exporters,
    ]
    for kinds in brought:
        for id, one in kinds.items():
            title = str(getattr(one, "title", ""))
            if not is_title(title, id):
                says = f"Its title is “{title}”. Give it one for people, which begins with a capital letter."
                yield Found("explains/titles", "fault", f"{described.name}/{id}", says)
    for id, kind in described.requirement_kinds.items():
        for name, declared in kind.options.items():
            if not is_title(str(declared.get("title", "")), name):
                says = f"The option {name} has no title for people."
                yield Found("explains/titles", "note", f"{described.name}/{id}", says)
