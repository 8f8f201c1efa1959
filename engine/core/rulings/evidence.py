"""Handing in evidence, withdrawing it, judging it down."""

from __future__ import annotations

from datetime import date

from engine.core.authority import may, may_hand_in, may_withdraw, refuse
from engine.core.calendar import in_words
from engine.core.commands import AddEvidence, Regrade, Withdraw
from engine.core.definition import GROUPS, EvidenceKind, Requirement, Workflow
from engine.core.events import Event
from engine.core.evidence import File, Record
from engine.core.outcome import Accepted, Hearing, Outcome, Refused, bad_input, known_or
from engine.core.project import Project
from engine.core.records import show_level
from engine.core.rulings.named_records import check_named
from engine.core.rulings.opening import Mistakes, example_of, parsed, reason_in, split
from engine.core.values import BadValue, day, text

MOST_FILES = 200


def add_evidence(project: Project, command: AddEvidence, hearing: Hearing) -> Outcome:
    """Rules on a record for a requirement of any gate of the workflow, its stage come or not."""
    workflow = hearing.workflow
    requirement = workflow.requirements.get(command.requirement)
    if requirement is None:
        return no_requirement(workflow, command.requirement)
    if requirement.evidence is None:
        return bad_input([("requirement", _takes_none(requirement))])
    kind = workflow.evidence[requirement.evidence]
    mistakes: Mistakes = []
    _check_level(workflow, command.level, mistakes)
    _check_files(kind, command.files, mistakes)
    today = hearing.moment.today
    happened_on = _day(command.happened_on, today, mistakes)
    facts = parsed(kind.fields, command.facts, mistakes)
    named = {name.partition(".")[0] for name in command.facts}
    for field in kind.fields.values():
        if field.id in facts or field.id in named:
            continue
        if field.default is not None:
            facts[field.id] = field.default
        elif field.required:
            mistakes.append((field.id, f"{field.title} is required: give {example_of(field)}"))
    check_named(project, requirement, kind, facts, mistakes)
    if mistakes:
        return bad_input(mistakes)
    if no := may_hand_in(hearing.actor):
        return no
    if ended := _ended(project, workflow):
        return ended
    if (kind.examiner is None) != (command.examined is None):
        return Refused("conflict", "moved", "What examines this kind of evidence changed a moment ago; try again.")
    clear, words = split(kind.fields, facts, "fact.")
    body = {
        "evidence": command.id,
        "requirement": requirement.id,
        "kind": kind.id,
        "level": command.level,
        "happened_on": happened_on.isoformat(),
        "recorded_on": today.isoformat(),
        "personal": command.personal,
        "facts": clear,
        "files": [_in_clear(f) for f in command.files],
    }
    names = {f"file.{place}": str(f.name).strip() for place, f in enumerate(command.files)}
    # whoever has a file could recognise it by its digest, so that of a personal one is erased with it
    digests = {f"digest.{place}": f.sha256 for place, f in enumerate(command.files) if f.sealed is not None}
    said: dict[str, str] = {}
    if (examined := command.examined) is not None:
        found = [[code, severity] for code, severity, _ in examined.found]
        body["examined"] = {
            "use": examined.use,
            **examined.source.as_json(),
            "state": examined.state,
            "found": found,
        }
        said = {f"finding.{place}": str(words) for place, (_, _, words) in enumerate(examined.found)}
    return Accepted((Event("evidence_added", project.id, body, {**words, **names, **digests, **said}),))


def _in_clear(file: File) -> dict[str, str | int | None]:
    """Returns what the leaf says of a file: the digest of the bytes that are kept, and the size as handed in."""
    kept = {"sha256": file.sha256} if file.sealed is None else {"sealed": file.sealed}
    return {**kept, "size": file.size}


def withdraw(project: Project, command: Withdraw, hearing: Hearing) -> Outcome:
    """Rules on withdrawing a record: by its submitter or a programme manager, once."""
    record = project.records.get(command.evidence)
    if record is None:
        return no_record(project, command.evidence)
    mistakes: Mistakes = []
    reason = reason_in(command.reason, mistakes)
    if mistakes:
        return bad_input(mistakes)
    if no := may_withdraw(hearing.actor, record.by):
        return no
    if record.withdrawn:
        return Refused("rules", "already_withdrawn", f"The evidence {record.id} is withdrawn already.")
    if no := words_are_gone(record, "withdraw"):
        return no
    return Accepted((Event("evidence_withdrawn", project.id, {"evidence": record.id}, {"reason": reason}),))


def regrade(project: Project, command: Regrade, hearing: Hearing) -> Outcome:
    """Rules on judging a record down: by an auditor who did not submit it, to a lower level, while it is current."""
    workflow = hearing.workflow
    record = project.records.get(command.evidence)
    if record is None:
        return no_record(project, command.evidence)
    mistakes: Mistakes = []
    _check_level(workflow, command.level, mistakes)
    reason = reason_in(command.reason, mistakes)
    if mistakes:
        return bad_input(mistakes)
    if no := may(hearing.actor, "judge evidence down"):
        return no
    if hearing.actor.person == record.by:
        return refuse(hearing.actor, "Whoever handed a record in may not judge it.")
    if no := words_are_gone(record, "judge"):
        return no
    if not is_current(project, workflow, record):
        return Refused(
            "rules", "not_current", f"The evidence {record.id} is not current; only current evidence is judged."
        )
    if workflow.level_rank(command.level) >= workflow.level_rank(record.standing_level):
        return Refused(
            "rules",
            "not_lower",
            "Evidence is only judged down: "
            f"{show_level(command.level)} is not below {show_level(record.standing_level)}.",
        )
    body = {"evidence": record.id, "level": command.level}
    return Accepted((Event("evidence_regraded", project.id, body, {"reason": reason}),))


def is_current(project: Project, workflow: Workflow, record: Record) -> bool:
    """True for a record that counts: neither withdrawn nor erased, and the newest, or one of several that count."""
    if record.withdrawn or record.erased_by is not None:
        return False
    requirement = workflow.requirements[record.requirement]
    found = project.records_for(record.requirement, any_cycle=requirement.carries_over)
    return record in found if requirement.count else bool(found) and found[0].id == record.id


def words_are_gone(record: Record, verb: str) -> Refused | None:
    """Returns the refusal of an act on a record whose words were erased; None where they were not."""
    if record.erased_on is None:
        return None
    return Refused(
        "rules",
        "erased",
        f"The words of the evidence {record.id} were erased on {in_words(record.erased_on)} (entry {record.erased_by});"
        f" there is nothing left to {verb}. It counts for no gate that is still to be passed.",
    )


def no_requirement(workflow: Workflow, wanted: str) -> Refused:
    """Returns the refusal of a requirement that the definition has not."""
    near = known_or(workflow.requirements, wanted)
    return Refused("not_found", "no_such_requirement", f"This workflow has no requirement {wanted}. {near}")


def no_record(project: Project, wanted: str) -> Refused:
    """Returns the refusal of a record that the project has not."""
    return Refused("not_found", "no_such_evidence", f"The project {project.id} has no evidence {wanted}.")


def _takes_none(requirement: Requirement) -> str:
    if requirement.type in GROUPS:
        parts = ", ".join(r.id for r in requirement.of)
        return f"{requirement.title} is a group; hand the evidence in for one of its parts: {parts}."
    if requirement.type == "plugin":
        return f"{requirement.title} is judged by the plugin {requirement.use}; it takes no evidence of its own."
    if requirement.type == "wait":
        return f"{requirement.title} is a wait; it takes no evidence and is over by itself."
    return f"{requirement.title} takes signatures only, no evidence."


def _check_level(workflow: Workflow, level: str | None, mistakes: Mistakes) -> None:
    if level is not None and level not in workflow.levels:
        levels = dict.fromkeys(workflow.levels)
        mistakes.append(("level", f"There is no level {level} in this workflow. {known_or(levels, level)}"))


def _check_files(kind: EvidenceKind, files: tuple[File, ...], mistakes: Mistakes) -> None:
    if kind.file == "required" and not files:
        mistakes.append(("file", f"{kind.title} needs a file."))
    if kind.file == "none" and files:
        mistakes.append(("file", f"{kind.title} takes no file."))
    if len(files) > MOST_FILES:
        mistakes.append(("file", f"{len(files)} files are more than one record can hold; {MOST_FILES} is the most."))
    seen: set[str] = set()
    for raw in (str(f.name) for f in files):
        try:
            name = text(raw, "The name of a file", 255)
        except BadValue as bad:
            mistakes.append(("file", str(bad)))
            continue
        if "\n" in name or "\t" in name:
            mistakes.append(("file", f"A file's name stands on one line, without tabs: {name.split()[0]} …"))
        if name in (".", "..") or "/" in name or "\\" in name:
            mistakes.append(("file", f"A file's name must not hold a path: {name}"))
        if name in seen:
            mistakes.append(("file", f"Two files are called {name}; rename one."))
        seen.add(name)


def _day(raw: str | None, today: date, mistakes: Mistakes) -> date:
    if raw is None:
        return today
    try:
        happened = day(raw, "The day it happened")
    except BadValue as bad:
        mistakes.append(("happened_on", str(bad)))
        return today
    if happened > today:
        mistakes.append(("happened_on", f"It cannot have happened on {happened}, which is still to come."))
    return happened


def _ended(project: Project, workflow: Workflow) -> Refused | None:
    if workflow.stages[project.stage].final:
        title = workflow.stages[project.stage].title
        return Refused("rules", "project_ended", f"The project has ended ({title}); no evidence can be added.")
    return None
