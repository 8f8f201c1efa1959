"""The page about a workflow for people, made from its definition and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.definition import Field, Gate, Stage, Transition, Workflow
from engine.core.values import show
from engine.definitions.showing.conditions import either, in_lines, in_one_line, level_words, sight, together
from engine.definitions.showing.diagram import mermaid
from engine.definitions.showing.requirements import by_plugin, requirement_lines
from engine.definitions.showing.text import bullet, capital, inside, plain, table

_TYPES = {
    "text": "words",
    "integer": "a whole number",
    "money": "an amount in pounds",
    "date": "a date",
    "yes_no": "yes or no",
    "records": "records of this project that it answers",
}
_FILES = {"required": "A file is needed.", "optional": "A file may go with it.", "none": "No file goes with it."}
_UNSOUND = {
    "warns": "this is shown with the reason, and nothing is stopped",
    "freezes": "this is shown with the reason, and the project passes no other gate until it is put right",
    "reopens": "this is shown with the reason, and the project goes back to this gate",
}
_COUNTING = {
    "same_day": "**With the day itself**: the day of the notice is the first day counted. So 8 days that begin on the "
    "1st end with the 8th.",
    "next_day": "**After the day that follows it**: neither the day of the notice nor the day after it is counted; the "
    "first day counted is the one after that. So 8 days after a notice of the 1st end with the 10th.",
}


def page(workflow: Workflow) -> str:
    """Returns the page: Markdown in which none of the author's words can be anything but words."""
    parts = [
        _head(workflow),
        _roles(workflow),
        _ladder(workflow),
        _profiles(workflow),
        _project(workflow),
        _stages(workflow),
        *(_gate(workflow, gate) for gate in workflow.gates.values()),
        _waits(workflow),
        _kinds(workflow),
        _contradictions(workflow),
    ]
    return "\n".join("\n".join(lines).rstrip("\n") + "\n" for lines in parts if lines)


def _head(workflow: Workflow) -> list[str]:
    return [
        f"# {plain(workflow.title)}",
        "",
        "This page is made from the definition. To change what it says, change the definition.",
        "",
        *([plain(workflow.summary), ""] if workflow.summary else []),
        f"The id is `{workflow.id}`, the version {plain(workflow.version)}. It has "
        f"{_count(len(workflow.stages), 'stage')}, {_count(len(workflow.gates), 'gate')} and "
        f"{_count(len(workflow.requirements), 'requirement')}.",
        "",
        "```mermaid",
        *mermaid(workflow).splitlines(),
        "```",
    ]


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"


def _roles(workflow: Workflow) -> list[str]:
    if not workflow.roles:
        return []
    return ["## Who takes part", "", *(bullet(plain(title)) for title in workflow.roles.values())]


def _ladder(workflow: Workflow) -> list[str]:
    lines = []
    if workflow.levels:
        lines += ["## Levels of participation", "", "From the lowest to the highest. Levels never add up.", ""]
        lines += [f"{n}. {plain(capital(level_words(level)))}" for n, level in enumerate(workflow.levels, 1)]
    if workflow.principles:
        lines += ["", "## Principles", ""] if lines else ["## Principles", ""]
        lines += [bullet(f"{plain(id)}: {plain(title)}") for id, title in workflow.principles.items()]
    return lines


def _profiles(workflow: Workflow) -> list[str]:
    if not workflow.profiles:
        return []
    lines = ["## How much is asked", "", "A project has the first profile that fits:", ""]
    for profile in workflow.profiles:
        if profile.condition is not None:
            where = plain(in_one_line(profile.condition, sight(workflow)))
            lines.append(bullet(f"**{plain(profile.id)}** where {where}"))
    lines += [bullet(f"**{plain(p.id)}** otherwise") for p in workflow.profiles if p.condition is None]
    return lines


def _project(workflow: Workflow) -> list[str]:
    if not workflow.fields:
        return []
    return ["## What a project records", "", *_fields(workflow.fields)]


def _fields(fields: Mapping[str, Field]) -> list[str]:
    rows = [
        (plain(f.title), plain(_type(f)), "yes" if f.required else "no", plain(f.help or "")) for f in fields.values()
    ]
    return table(("What", "Written as", "Needed", "Help"), rows)


def _type(field: Field) -> str:
    if field.type == "choice":
        said = "one of: " + ", ".join(o.replace("_", " ") for o in field.of)
    elif field.type == "counts":
        said = "a number each of: " + ", ".join(o.replace("_", " ") for o in field.of)
    elif field.type == "list":
        said = "a list"
    else:
        said = _TYPES[field.type]
    start = "" if field.default is None else f"; {show(field, field.default)} unless said otherwise"
    hidden = "; numbers under five are never shown" if field.small_hidden else ""
    return said + start + hidden


def _stages(workflow: Workflow) -> list[str]:
    lines = ["## The stages", ""]
    for stage in workflow.stages.values():
        lines += _stage(workflow, stage)
    return lines


def _stage(workflow: Workflow, stage: Stage) -> list[str]:
    target = f" It should take {stage.target}." if stage.target else ""
    ends = " The project ends here." if stage.final else ""
    first = " A project starts here." if stage is workflow.first_stage else ""
    lines = [f"### {plain(stage.title)}", ""]
    if said := (first + target + ends).strip():
        lines += [said, ""]
    lines += [bullet(_way(workflow, way)) for way in stage.transitions]
    return [*lines, ""] if stage.transitions else lines


def _way(workflow: Workflow, way: Transition) -> str:
    gate = "" if way.gate is None else f", through the gate “{plain(workflow.gates[way.gate].title)}”"
    parts = [f"**{plain(way.title)}** leads to {plain(workflow.stages[way.to].title)}{gate}."]
    if way.follows is not None:
        decision = workflow.requirements[way.follows.requirement]
        kind = workflow.evidence.get(str(decision.evidence))
        said = show(None if kind is None else kind.fields.get(way.follows.field), way.follows.value)
        parts.append(f"Only where “{plain(decision.title)}” says {plain(said)}.")
    if way.by:
        parts.append(f"Taken by {either(f'the {plain(inside(workflow.roles[r]))}' for r in way.by)}.")
    if way.reason_required:
        parts.append("A reason must be given.")
    if way.new_cycle:
        parts.append("A new cycle begins.")
    return " ".join(parts)


def _gate(workflow: Workflow, gate: Gate) -> list[str]:
    def people(roles: tuple[str, ...], join: str) -> str:
        named = [f"the {plain(inside(workflow.roles[r]))}" for r in roles]
        return together(named) if join == "and" else either(named)

    guards = [f"{plain(way.title)} (from {plain(stage.title)})" for stage, way in workflow.leads(gate.id)]
    lines = [f"## {plain(gate.title)}", ""]
    if guards:
        lines.append(bullet(f"Stands before: {together(guards)}."))
    if gate.decided_by:
        each = ", each a different person" if len(gate.decided_by) > 1 else ""
        lines.append(bullet(f"Decided by {people(gate.decided_by, 'and')}{each}."))
        blocks = "keeps the gate shut until that person decides again"
        lines.append(bullet(f"Dissent {'is recorded and does not stop it' if gate.dissent == 'recorded' else blocks}."))
    if waivers := gate.waived_by or gate.decided_by:
        lines.append(bullet(f"What is not law may be let be until a day by two people: {people(waivers, 'or')}."))
    if gate.every_principle:
        lines.append(bullet("Every principle must be shown by at least one requirement that is met."))
    lines.append(bullet(f"If it was passed and is no longer sound: {_UNSOUND[gate.if_unsound]}."))
    lines.append("")
    for requirement in gate.requires:
        lines += requirement_lines(workflow, requirement)
    return lines


def _waits(workflow: Workflow) -> list[str]:
    ways = dict.fromkeys(r.wait.counting_from for r in workflow.requirements.values() if r.wait is not None)
    if not ways:
        return []
    lines = ["## How waits are counted", ""]
    lines += [bullet(text) for way, text in _COUNTING.items() if way in ways]
    calendar = plain(workflow.calendar)
    working = "Working days are Monday to Friday without the bank holidays of the calendar"
    lines.append(bullet(f"{working}, which is {calendar} unless the wait names another."))
    lines.append(bullet("A wait is over on the day after its last day."))
    return lines


def _kinds(workflow: Workflow) -> list[str]:
    lines = ["## What records hold", ""]
    for kind in workflow.evidence.values():
        looked_at = f" Examined by {plain(by_plugin(kind.examiner))}." if kind.examiner is not None else ""
        lines += [f"### {plain(kind.title)}", "", _FILES[kind.file] + looked_at, ""]
        lines += [*_fields(kind.fields), ""] if kind.fields else []
    return lines if workflow.evidence else []


def _contradictions(workflow: Workflow) -> list[str]:
    lines = ["## What is pointed out before anybody signs", ""]
    for found in workflow.contradictions:
        kinds = [workflow.evidence[kind] for kind in found.evidence]
        at = f" that claims {plain(level_words(found.level))} or above" if found.level else ""
        where = f"Looked at: {either(plain(k.title) for k in kinds)}{at}. Pointed out unless:"
        lines += [f"### {plain(found.title)}", "", plain(found.says), "", where, ""]
        unless = in_lines(found.unless, sight(workflow, kinds[0].fields if kinds else {}))
        lines += [*(bullet(plain(text), depth) for depth, text in unless), ""]
    return lines if workflow.contradictions else []
