"""Whether the stored files that gates rest on are still the bytes that were handed in: they are hashed again."""

from __future__ import annotations

from collections.abc import Iterable

from engine.core.commands import Advance, Affirm, Command, Decide, EraseEvidence, MeetCondition, Regrade, Withdraw
from engine.core.definition import Transition, Workflow
from engine.core.evidence import Passing
from engine.core.project import Project
from engine.core.rulings.moves import find_transition
from engine.core.soundness import evidence_ahead, evidence_under
from engine.core.unsound import in_force, is_strict
from engine.files import kept_bytes
from engine.store.database import Transaction


def altered_records(
    tx: Transaction, workflow: Workflow, project: Project, passings: Iterable[Passing], ways: Iterable[Transition] = ()
) -> frozenset[str]:
    """Returns the records with a stored file that is other bytes, or that is gone.

    Looked at are the records under these passings (one that was reopened rests on nothing any more), and those that
    the gates on these ways look at now: where such a one is altered the gate stays shut, whatever it would say
    otherwise. Each file is read and hashed once; a sealed one is opened for it, so that another key is found as well.
    """
    records = {e for p in passings if not p.reopened for e in evidence_under(workflow, project, p)}
    for gate in {way.gate for way in ways if way.gate is not None}:
        records.update(evidence_ahead(workflow, project, workflow.gates[gate]))
    looked: dict[str | None, bool] = {}
    found = set()
    for evidence in sorted(records):
        record = project.records[evidence]
        for file in () if record.erased_by is not None else record.files:  # erased by two people is not altered
            kept_as = file.sealed or file.sha256
            if kept_as not in looked:
                looked[kept_as] = kept_bytes(tx, file) is None
            if looked[kept_as]:
                found.add(evidence)
    return frozenset(found)


def altered_for(tx: Transaction, workflow: Workflow, project: Project, command: Command) -> frozenset[str]:
    """Returns the altered records that a ruling on a wish must know of.

    Deciding on a gate and passing it look at the files it rests on; rare acts look at every gate that was passed. The
    others look only where an unsound gate freezes or reopens, and then at those that can: handing in and signing read
    no file in a workflow that only warns.
    """
    if isinstance(command, Affirm | EraseEvidence | MeetCondition | Regrade | Withdraw):
        return altered_records(tx, workflow, project, project.passings)
    return altered_strictly(tx, workflow, project, _gated_way(workflow, project, command))


def _gated_way(workflow: Workflow, project: Project, command: Command) -> Transition | None:
    """Returns the way that somebody wishes to decide on or to take."""
    if isinstance(command, Decide):
        found = find_transition(project, workflow, command.to, command.act, gated=True)
    elif isinstance(command, Advance):
        found = find_transition(project, workflow, command.to, command.act)
    else:
        return None
    return found if isinstance(found, Transition) else None


def altered_strictly(tx: Transaction, workflow: Workflow, project: Project, way: Transition | None) -> frozenset[str]:
    """Returns the altered records under the passings that can freeze or reopen, and under the gate on a way."""
    strict = in_force(workflow, project) if project.passings and is_strict(workflow) else ()
    return altered_records(tx, workflow, project, strict, () if way is None else (way,))
