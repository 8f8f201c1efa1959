"""Whether a signature could be given: by its role and person, once, and under the record that was the newest then.

It says what `engine.core.rulings.assent.sign` says, without the words for people: signatures are most of what people do
in a register, and each is looked at again.
"""

from __future__ import annotations

from engine.core.authority import takes_part
from engine.core.definition import Requirement, Workflow
from engine.core.events import Entry
from engine.core.evidence import Record, Signature, digest_of
from engine.core.outcome import Actor
from engine.core.project import Project
from engine.ledger.verify import Problem


def signed_wrongly(project: Project, entry: Entry, workflow: Workflow, actor: Actor) -> list[Problem]:
    """Returns what is wrong with a signature; `project` is as it stood before it, `actor` whoever it names."""
    body, seq = entry.event.body, entry.seq
    requirement, role = workflow.requirements[body["requirement"]], body["role"]
    record = _newest(project, requirement) if requirement.type == "evidence" else None
    alone = record is not None and len(requirement.signed_by) == 1 and record.by == actor.person
    if role not in requirement.signed_by or role not in actor.held or takes_part(actor) is not None or alone:
        message = f"Entry {seq} (signed) is in the name of {entry.by}, who could not do that then."
        return [Problem(seq, "permission", message)]
    wrong = _bound_wrongly(project, requirement, record, body["evidence"], body["binds"])
    others = [s for s in project.signatures if s.requirement == requirement.id and _counts(s, project, record)]
    if any(s.role == role or s.by == actor.person for s in others):
        wrong.append("signs a second time, in one role or in one person's name")
    if workflow.stages[project.stage].final:
        wrong.append("signs in a project that had ended")
    return [Problem(seq, "judged", f"Entry {seq} {' and '.join(wrong)}.")] if wrong else []


def _newest(project: Project, requirement: Requirement) -> Record | None:
    for record in reversed(project.records.values()):
        here = record.cycle == project.cycle or requirement.carries_over
        if record.requirement == requirement.id and not record.withdrawn and here:
            return record
    return None


def _counts(signature: Signature, project: Project, record: Record | None) -> bool:
    if signature.lapsed:
        return False
    if record is None:
        return signature.cycle == project.cycle
    return signature.evidence == record.id and signature.binds == record.digest


def _bound_wrongly(
    project: Project, requirement: Requirement, record: Record | None, evidence: str | None, binds: str
) -> list[str]:
    if requirement.type == "evidence" and record is None:
        return ["signs a record, and none had been handed in"]
    if record is None:
        due = digest_of({"definition": project.definition, "requirement": requirement.id, "cycle": project.cycle})
        right = evidence is None and binds == due
        return [] if right else [f"is a signature under something else than {requirement.title}"]
    if evidence != record.id:
        return [f"is a signature under another record than {record.id}, which was the newest"]
    if binds != record.digest:
        return [
            f"is a signature under other bytes than those of {record.id} as it stands in the ledger now:"
            " one of the two was altered"
        ]
    return ["signs a record whose words were erased"] if record.erased_by is not None else []
