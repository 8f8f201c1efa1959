"""The topology of a workflow as a workflow net in PNML (ISO/IEC 15909-2), for others to judge it independently.

Each stage is a place and each way out of it a transition. One source leads to the first stage, and each final stage
leads to one sink. Gates are left out: whether one can be passed is proved elsewhere, and here every way counts as one
that can be taken. `sound` is our own verdict on the same net, in the classical sense (van der Aalst, 1998): from every
state the sink can be reached, reaching it leaves nothing behind, and no transition is dead.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from engine.core.definition import Workflow
from engine.definitions.prover.topology import Topology

SOURCE, SINK = "source", "sink"
_GRAMMAR = "http://www.pnml.org/version-2009/grammar/pnml"
_NET = "http://www.pnml.org/version-2009/grammar/ptnet"


def sound(workflow: Workflow) -> bool:
    """Returns whether the net of a workflow is sound; found by exploring the machine that steps real projects."""
    return Topology(workflow).sound


def pnml(workflow: Workflow) -> str:
    """Returns the net of a workflow as a PNML document, marked with one token in the source."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<pnml xmlns="{_GRAMMAR}">',
        f'  <net id={quoteattr(workflow.id)} type="{_NET}">',
        '    <page id="page">',
        f'      <place id="{SOURCE}"><name><text>{SOURCE}</text></name>',
        "        <initialMarking><text>1</text></initialMarking></place>",
        f'      <place id="{SINK}"><name><text>{SINK}</text></name></place>',
    ]
    for number, stage in enumerate(workflow.stages):
        lines.append(f'      <place id="stage-{number}"><name><text>{stage}</text></name></place>')
    for number, (name, before, after) in enumerate(_moves(workflow)):
        lines += [
            f'      <transition id="move-{number}"><name><text>{name}</text></name></transition>',
            f'      <arc id="in-{number}" source="{before}" target="move-{number}"/>',
            f'      <arc id="out-{number}" source="move-{number}" target="{after}"/>',
        ]
    lines += ["    </page>", "  </net>", "</pnml>", ""]
    return "\n".join(lines)


def _moves(workflow: Workflow) -> Iterator[tuple[str, str, str]]:
    """Yields each transition of the net: its name, the place before and the place after it. Ids need no escaping."""
    place = {id: f"stage-{number}" for number, id in enumerate(workflow.stages)}
    yield "start", SOURCE, place[workflow.first_stage.id]
    for stage in workflow.stages.values():
        for way in stage.transitions:
            yield f"{stage.id}.{way.id}", place[stage.id], place[way.to]
        if stage.final:
            yield f"{stage.id}.end", place[stage.id], SINK
