"""Whether the stored files that passed gates rest on are still the bytes that were handed in: they are hashed again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from engine.core.commands import Affirm, Command, MeetCondition, Regrade, Withdraw
from engine.core.definition import Workflow
from engine.core.evidence import Passing
from engine.core.project import Project
from engine.core.soundness import NOTHING, evidence_under
from engine.core.unsound import in_force, is_strict
from engine.store import files
from engine.store.database import Transaction


def altered_records(
    tx: Transaction, workflow: Workflow, project: Project, passings: Iterable[Passing]
) -> frozenset[str]:
    """Returns the records under these passings with a stored file that is other bytes, or that is gone.

    Each file is read and hashed once; one that was reopened rests on nothing any more.
    """
    looked: dict[str, bool] = {}
    found = set()
    for evidence in sorted({e for p in passings if not p.reopened for e in evidence_under(workflow, project, p)}):
        for file in project.records[evidence].files:
            if file.sha256 not in looked:
                content = files.file_content(tx, file.sha256)
                looked[file.sha256] = content is None or hashlib.sha256(content).hexdigest() != file.sha256
            if looked[file.sha256]:
                found.add(evidence)
    return frozenset(found)


def altered_for(tx: Transaction, workflow: Workflow, project: Project, command: Command) -> frozenset[str]:
    """Returns the altered records that a ruling on a wish must know of.

    Rare acts look at every gate that was passed. The others look only where an unsound gate freezes or reopens, and
    then at those that can: what is done all day reads no file in a workflow that only warns.
    """
    if not project.passings:
        return NOTHING
    if isinstance(command, Affirm | MeetCondition | Regrade | Withdraw):
        return altered_records(tx, workflow, project, project.passings)
    return altered_strictly(tx, workflow, project)


def altered_strictly(tx: Transaction, workflow: Workflow, project: Project) -> frozenset[str]:
    """Returns the altered records under the passings that can freeze or reopen; none where no gate does."""
    if not project.passings or not is_strict(workflow):
        return NOTHING
    return altered_records(tx, workflow, project, in_force(workflow, project))
