"""Diagrams of a workflow: Mermaid text for documents, SVG for pages, and the same facts in words."""

from __future__ import annotations

import re

from engine.core.definition import Stage, Transition, Workflow
from engine.definitions.showing.layout import asked, layout_of
from engine.definitions.showing.svg import drawn

# What Mermaid may read as part of its own language is written as a character code.
_PLAIN = re.compile(r"[^\W_]|[ ,.'\-]")


def svg(workflow: Workflow) -> str:
    """Returns an SVG picture of the stages, ways and gates, which also says the same facts in words."""
    # A letter first and no spaces: a workflow's id is made so, and the picture may stand beside others on a page.
    return drawn(layout_of(workflow), f"workflow-{workflow.id}", f"Workflow: {workflow.title}", in_words(workflow))


def mermaid(workflow: Workflow) -> str:
    """Returns a Mermaid flowchart; stages and gates have names of our own, so that no id or title can be syntax."""
    names = {id: f"s{place}" for place, id in enumerate(workflow.stages)}
    lines = [
        "flowchart LR",
        f"  accTitle: Workflow {_text(workflow.title)}",
        f"  accDescr: {_text(in_words(workflow))}",
    ]
    for id, stage in workflow.stages.items():
        opening, closing = ("[[", "]]") if stage.final else ("[", "]")
        lines.append(f'  {names[id]}{opening}"{_text(stage.title)}"{closing}')
    gates = 0
    for id, stage in workflow.stages.items():
        for transition in stage.transitions:
            source, arrow = names[id], f' -->|"{_text(_act(transition))}"| '
            if transition.gate is not None:
                gate = workflow.gates[transition.gate]
                lines.append(f'  g{gates}{{"{_text(gate.title)}"}}')
                lines.append(f"  {source}{arrow}g{gates} --> {names[transition.to]}")
                gates += 1
            else:
                lines.append(f"  {source}{arrow}{names[transition.to]}")
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    return "".join(c if _PLAIN.fullmatch(c) else f"#{ord(c)};" for c in " ".join(text.split()))


def _act(transition: Transition) -> str:
    return f"{transition.title}, new cycle" if transition.new_cycle else transition.title


def in_words(workflow: Workflow) -> str:
    """Returns what the diagram shows, in sentences."""
    count = len(workflow.stages)
    said = [
        f"{workflow.title} has {count} stage{'' if count == 1 else 's'} and begins at {workflow.first_stage.title}."
    ]
    said += [_stage_in_words(workflow, stage) for stage in workflow.stages.values()]
    return " ".join(said)


def _stage_in_words(workflow: Workflow, stage: Stage) -> str:
    target = f" should take {stage.target}" if stage.target else ""
    if stage.final:
        return f"{stage.title}{target and target + ' and'} ends the project."
    begins = f"{stage.title}{target}. " if target else ""
    ways = "; ".join(_way_in_words(workflow, transition) for transition in stage.transitions)
    return f"{begins}From {stage.title}: {ways}."


def _way_in_words(workflow: Workflow, transition: Transition) -> str:
    parts = [f"{transition.title} leads to {workflow.stages[transition.to].title}"]
    if transition.gate is not None:
        gate = workflow.gates[transition.gate]
        by = ", decided by " + " and ".join(workflow.roles[role] for role in gate.decided_by) if gate.decided_by else ""
        requirements = list(gate.all_requirements())
        plugins = dict.fromkeys(r.use.partition("/")[0] for r in requirements if r.use is not None)
        judged = f", judged in part by the plugin {' and the plugin '.join(plugins)}" if plugins else ""
        parts.append(f"through the gate {gate.title} with {asked(len(requirements))}{judged}{by}")
    if transition.new_cycle:
        parts.append("in a new cycle")
    if transition.reason_required:
        parts.append("with a reason")
    if transition.by:
        parts.append("by " + " or ".join(workflow.roles[role] for role in transition.by))
    return ", ".join(parts)
