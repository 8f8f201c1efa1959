"""Records that something was refused, without a word that anybody typed, and so that nobody can flood the ledger.

A refusal is a fact like any other: who tried what, when, and why the register said no. It becomes an event of the
register, never of the project, so that nobody who merely tries moves a project's version under the hands of the others.

Entries are for ever, and trying costs nothing. So the same thing refused to the same person on the same day is told at
the 1st, 10th, 100th … time, each entry saying how often until then; in between only a counter moves. And a person has
at most `MOST_KINDS` different things a day told one by one; whatever comes on top is counted together. Everyone whom
the register does not know counts as one, `STRANGER`: inventing a new name for each attempt gains nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from engine.core.commands import Advance, Affirm, Command, Decide, MeetCondition
from engine.core.definition import Transition, Workflow
from engine.core.events import Event
from engine.core.outcome import Refused
from engine.core.project import Project
from engine.core.rulings.moves import find_transition
from engine.store import journal
from engine.store.database import Transaction
from engine.store.refusals import RefusalRow, kinds_on, put_refusal, refusal

STRANGER = "system"
MOST_KINDS = 100
MOST_VERDICT_BYTES = 48_000  # a leaf takes 61,440; the rest of it is small
PUTS_A_NAME_TO_IT = frozenset({"advance", "sign", "decide", "affirm"})
"""The acts whose refusal by the rules is recorded; of all others only that somebody was not permitted to."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody tried and was refused, in ids of the register's own; `verb` and `code` are words of the engine."""

    verb: str
    code: str
    project: str | None = None
    version: int | None = None
    gate: str | None = None
    act: str | None = None
    requirement: str | None = None
    verdicts: Mapping[str, Any] | None = None
    judged_on: Mapping[str, Any] = field(default_factory=dict)  # extra holidays and altered files, where verdicts are

    @property
    def what(self) -> str:
        """What counts as the same thing; ids hold no space."""
        named = (self.verb.replace(" ", "-"), self.code, self.project, self.gate, self.act, self.requirement)
        return " ".join(part or "-" for part in named)

    def event(self, times: int, since: str) -> Event:
        """Returns the fact, for the time it was refused the `times`-th time that day."""
        said = {"verb": self.verb, "code": self.code, "times": times, "since": since}
        known = ("project", "version", "gate", "act", "requirement", "verdicts")
        said |= {name: value for name in known if (value := getattr(self, name)) is not None}
        if self.verdicts is not None:
            said |= self.judged_on
        return Event("refused", None, said)


THE_REST = Attempt("several", "several")
"""What a person was refused on a day beside the first `MOST_KINDS` different things."""


def is_recorded(verb: str, refused: Refused) -> bool:
    """True for what may not be forgotten: every act denied, and the rules' no to a move, a signature or a decision."""
    return refused.kind == "not_permitted" or (refused.kind == "rules" and verb in PUTS_A_NAME_TO_IT)


def attempt_on_project(
    verb: str,
    refused: Refused,
    project: Project,
    workflow: Workflow,
    wish: Command,
    judged_on: Mapping[str, Any],
) -> Attempt:
    """Returns what was tried on a project; `judged_on` is from `circumstances`, so that it can be judged again."""
    gate, act = _aimed_at(project, workflow, wish)
    requirement = getattr(wish, "requirement", None)  # every wish that names one calls it so
    record = project.records.get(getattr(wish, "evidence", ""))
    if record is not None:
        requirement = record.requirement
    return Attempt(
        verb,
        refused.code,
        project.id,
        project.version,
        gate,
        act,
        requirement if requirement in workflow.requirements else None,
        _verdicts(refused) if refused.code == "gate_shut" else None,
        judged_on,
    )


def record(tx: Transaction, attempt: Attempt, person: str, at: str) -> dict[str, Any]:
    """Counts a refusal, and seals an entry where it is the 1st, 10th, 100th … of its kind that day.

    Args:
        tx: from `Database.write`; it is on record once that has committed.
        attempt: what was tried.
        person: the id of who tried it; empty for somebody the register does not know.
        at: now, as the ledger writes it.

    Returns:
        what goes into the refusal's details: `seq` and `events` of the entry, or how often it is `recorded` by now.
    """
    by, day = person or STRANGER, at[:10]
    row = refusal(tx, by, day, attempt.what)
    if row is None and kinds_on(tx, by, day) >= MOST_KINDS:
        attempt = THE_REST
        row = refusal(tx, by, day, attempt.what)
    times = 1 if row is None else row.times + 1
    since = at if row is None else row.since
    if row is not None and not is_told(times):
        put_refusal(tx, row._replace(times=times))
        return {"recorded": times}
    told = [(attempt.event(times, since), 0)]
    (entry,) = journal.append(tx, told, at=at, by=by, key_hash=None, fingerprint=None)
    first = entry.seq if row is None else row.seq
    put_refusal(tx, RefusalRow(by, day, attempt.what, attempt.project, first, since, times, times))
    return {"seq": entry.seq, "events": [entry.event.name]}


def is_told(times: int) -> bool:
    """True for 1, 10, 100 and so on."""
    return str(times).strip("0") == "1"


def _aimed_at(project: Project, workflow: Workflow, wish: Command) -> tuple[str | None, str | None]:
    """Returns the gate and the transition a wish is about, where the definition has them; what was typed is not it."""
    if isinstance(wish, Advance | Decide):
        way = find_transition(project, workflow, wish.to, wish.act, gated=isinstance(wish, Decide))
        return (way.gate, way.id) if isinstance(way, Transition) else (None, None)
    if isinstance(wish, Affirm | MeetCondition):
        return next((p.gate for p in project.passings if p.seq == wish.passing), None), None
    return None, None


def _verdicts(refused: Refused) -> dict[str, Any] | None:
    """Returns the state of each requirement as `advanced` records them; None where a leaf would be too small."""
    judgement = None if refused.answer is None else refused.answer.judgement
    if judgement is None:
        return None
    found = {name: [v.state, list(v.evidence)] for name, v in judgement.by_id().items()}
    return found if len(orjson.dumps(found)) <= MOST_VERDICT_BYTES else None
