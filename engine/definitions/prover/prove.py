"""Everything that is proved about a definition, in order: where it leads, then whether its gates can be passed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from engine.core.canonical_form import workflow_from
from engine.definitions.names import Names
from engine.definitions.prover.applies import Applying
from engine.definitions.prover.asking import Asking
from engine.definitions.prover.findings import Findings
from engine.definitions.prover.following import Following
from engine.definitions.prover.passable import Passing
from engine.definitions.prover.redundant import warn_of_redundant
from engine.definitions.prover.topology import Topology, in_words, path_to
from engine.definitions.prover.witness import Willing
from engine.definitions.report import Report, quoted

MOST_NAMED = 8


def prove(document: Mapping[str, Any], names: Names, report: Report) -> None:
    """Adds to the report what is proved about a definition that has no other mistake.

    Args:
        document: its canonical form.
        names: what it declares, with places.
        report: where findings go; each has an example.
    """
    workflow = replace(workflow_from(document, _name_of(document)), judges=Willing())
    findings = Findings(names, report)
    _say_where_it_leads(Topology(workflow), findings)
    applying = Applying(workflow)
    passing = Passing(workflow, applying, findings)
    tried = passing.prove()
    Following(workflow, applying, findings, passing.witnesses).prove()
    Asking(workflow, applying, findings).prove(tried)
    warn_of_redundant(workflow, findings)


def _name_of(document: Mapping[str, Any]) -> str:
    """Returns what tells this definition's machine from all others; quicker made than its identity, and never that."""
    return f"proved {hashlib.sha256(orjson.dumps(document)).hexdigest()}"


def _say_where_it_leads(topology: Topology, findings: Findings) -> None:
    workflow = topology.workflow
    first = workflow.first_stage.id
    no_end = first not in topology.ends  # then no final stage can be reached, which is said once
    for stage in topology.unreached():
        if no_end and workflow.stages[stage].final:
            continue
        into = [s.id for s in workflow.stages.values() for t in s.transitions if t.to == stage and s.id != stage]
        told = f"only {_named(into)} would lead there, which no project can come to" if into else "nothing leads there"
        message = f"No path from the first stage leads to {quoted(stage)}."
        example = f"A project begins in {quoted(first)}; {told}."
        findings.add("proof/unreachable-stage", findings.stage(stage), message, example)
    for group in topology.traps():
        path = in_words(workflow, path_to(group[0], topology.came_by))
        if first in group:
            message = "No path leads from the first stage to a final one, so no project could ever end."
            example = f"A project begins in {quoted(first)} and can only ever be in: {_named(group)}."
            findings.add("proof/no-end", findings.stage(first), message, example)
            continue
        message = f"From {_named(group)} no path leads to a final stage, so a project that comes there can never end."
        example = f"The path {path}; from there it can only ever be in: {_named(group)}."
        findings.add("proof/trap", findings.stage(group[0]), message, example)
    for stage, moves in topology.ways_round():
        message = f"A gate guards the way to {quoted(stage)}, and this way leads round it; put the gate here, too."
        here, act, _ = moves[-1]
        example = f"The path {in_words(workflow, moves)} passes no gate that guards {quoted(stage)}."
        findings.add("proof/way-round", findings.transition(here, act), message, example)


def _named(stages: list[str]) -> str:
    shown = ", ".join(quoted(stage) for stage in dict.fromkeys(stages[:MOST_NAMED]))
    return shown if len(stages) <= MOST_NAMED else f"{shown} and {len(stages) - MOST_NAMED} more"
