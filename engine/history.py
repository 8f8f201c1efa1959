"""What happened in a project, for people: its own entries, what was refused in it, and corrections beside them.

Refusals and corrections are events of the register, so that they move nobody's project. They are found here by two
small indexes, and not by looking through the ledger: reading them costs as much as there are of them.
"""

from __future__ import annotations

from typing import Any

from engine.core.answer_json import Names
from engine.core.definition import Workflow
from engine.core.events import ERASED, Entry
from engine.core.values import without_small
from engine.refused import STRANGER
from engine.store import journal
from engine.store.corrections import corrections
from engine.store.database import Transaction
from engine.store.refusals import RefusalRow, refusals_of_project

Json = dict[str, Any]


def history_of(tx: Transaction, project: str, workflow: Workflow, names: Names) -> list[Json]:
    """Returns what happened in a project, oldest first.

    Each entry has its `corrections`. What was refused is one member a person, thing and day, `refused`, at the place
    of its first entry, with how many `times` it was until now; the same stands for all days in `refused_in`.
    """
    found = [_happened(e, names(e.by)) for e in journal.entries(tx, project=project)]
    for row in refusals_of_project(tx, project):
        entry = _entry(tx, row)
        found.append(_happened(entry, _who(row, names)) | {"times": row.times, "to": _leads_to(entry, workflow)})
    return _corrected(tx, project, sorted(found, key=lambda e: int(e["seq"])), names)


def refused_in(
    tx: Transaction,
    project: str,
    workflow: Workflow,
    names: Names,
    *,
    last: int | None = None,
    until: str | None = None,
) -> list[Json]:
    """Returns what was refused in a project, the newest first: who tried what, why not, how often and since when.

    Args:
        tx: a reading.
        project: its id.
        workflow: the definition it is pinned to.
        names: from a person's id to their name.
        last, until: only what was refused by this entry, or by this moment, in the form of `at`. How often it had been
            by then is null where counting went on that day: between two entries only a counter moves.
    """
    if last is not None:
        until = next(journal.entries(tx, first=last, last=last)).at
    kept: dict[tuple[str, str], Json] = {}
    for row in refusals_of_project(tx, project):
        if (last is not None and row.seq > last) or (until is not None and row.since > until):
            continue
        one, times = kept.get((row.person, row.what)), _times(row, until)
        if one is None:
            body = (entry := _entry(tx, row)).event.body
            kept[row.person, row.what] = {
                "seq": row.seq,
                "person": None if row.person == STRANGER else row.person,
                "name": _who(row, names),
                **{name: body.get(name) for name in ("verb", "code", "gate", "act", "requirement")},
                "to": _leads_to(entry, workflow),
                "times": times,
                "since": row.since,
                "newest": row.seq,
            }
        else:
            known = None not in (times, one["times"])
            one |= {"newest": row.seq, "times": one["times"] + times if known else None}
    ordered = sorted(kept.values(), key=lambda one: int(one["newest"]), reverse=True)
    return [{name: value for name, value in one.items() if name != "newest"} for one in ordered]


def _times(row: RefusalRow, until: str | None) -> int | None:
    """Returns how often it was refused that day until a moment, as far as that can be told."""
    return row.times if until is None or row.times == 1 or row.day < until[:10] else None


def _entry(tx: Transaction, row: RefusalRow) -> Entry:
    return next(journal.entries(tx, first=row.seq, last=row.seq))


def _who(row: RefusalRow, names: Names) -> str | None:
    """Returns the name of who tried; None for somebody the register does not know."""
    return None if row.person == STRANGER else names(row.person)


def _leads_to(entry: Entry, workflow: Workflow) -> str | None:
    """Returns the stage that the way leads to which was tried; None where there was none, or several are called so."""
    gate, act = entry.event.body.get("gate"), entry.event.body.get("act")
    ways = {t.to for s in workflow.stages.values() for t in s.transitions if (t.gate, t.id) == (gate, act)}
    return next(iter(ways)) if len(ways) == 1 else None


def _corrected(tx: Transaction, project: str, found: list[Json], names: Names) -> list[Json]:
    """Adds to each entry what was said to be wrong with it; of one that is not shown the correction stands alone."""
    by_seq = {one["seq"]: one | {"corrections": []} for one in found}
    for entry in corrections(tx):
        if entry.event.body.get("project") != project:
            continue
        corrected = by_seq.get(entry.event.body["entry"])
        if corrected is None:
            by_seq[entry.seq] = _happened(entry, names(entry.by)) | {"corrections": []}
        else:
            corrected["corrections"].append(_correction(entry, names))
    return [by_seq[seq] for seq in sorted(by_seq)]


def _correction(entry: Entry, names: Names) -> Json:
    reason, second = entry.event.words["reason"], entry.event.body["second"]
    return {
        "seq": entry.seq,
        "at": entry.at,
        "by": entry.by,
        "name": names(entry.by),
        "second": second,
        "second_name": names(second),
        "reason": None if reason is ERASED else reason,
    }


def _happened(entry: Entry, name: str | None) -> Json:
    event = entry.event
    # a number stands among the words only because small ones are hidden; so they are in the history
    words = {n: None if w is ERASED else without_small(w) for n, w in event.words.items()}
    return {
        "seq": entry.seq,
        "at": entry.at,
        "by": entry.by,
        "name": name,
        "event": event.name,
        "version": entry.version,
        "body": dict(event.body),
        "words": words,
    }
