"""The choke point: the one place where registers change.

    with write transaction: load the project -> decide -> append events and save the snapshot -> answer
                                                       -> or refuse, and put that on record

Everything that is recorded passes through `_change` (a project) or `_change_register`, but for three acts that have
nothing to load or cannot wait for it: making a register (`engine.opening`), opening a project, and confirming a clock.
Both end in `_append`. The project is read inside the write transaction, so what was decided on is what stands; a caller
who looked earlier says which version they saw (`expect`) and hears of a conflict if it moved meanwhile.

What is refused and may not be forgotten (`engine.refused` says what that is) is put on record in the very transaction
in which it was refused, and the error leaves once that has committed: whoever hears the refusal can find it in the
ledger, and where it cannot be written the act fails for that reason instead.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson

from engine import keys
from engine.clock import Clock, SystemClock
from engine.consequences import follow, follow_refusal
from engine.core.circumstances import circumstances
from engine.core.commands import Command
from engine.core.decide import decide
from engine.core.definition import Workflow
from engine.core.errors import CocycleError, Conflict, InputRefused
from engine.core.events import Event
from engine.core.outcome import Accepted, Actor, Outcome, Refused
from engine.core.project import Project, evolve, replay
from engine.core.snapshot import to_json
from engine.files import FileGiven, keep_files
from engine.forgetting import forget
from engine.hosting.host import Host
from engine.logs import Log, silence
from engine.refusals import error_of, raise_refusal, together
from engine.refused import Attempt, attempt_on_project, is_recorded, record
from engine.rehearsing import REHEARSALS, AskFirst, without_waiting
from engine.replies import reply
from engine.rested import altered_for
from engine.room import Room, new_id, project_row
from engine.settings import Settings
from engine.store import files, journal, people, projects
from engine.store.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls, with which idempotency key, and what exactly is asked: what makes two calls the same."""

    actor: str | None
    key: str | None
    asked: Sequence[Any]


class ChokePoint:
    """What every act shares: an open register, and the way through."""

    def __init__(self, database: Database, settings: Settings, clock: Clock | None = None, log: Log = silence) -> None:
        self.database = database
        self.settings = settings
        self.clock = clock or SystemClock()
        self.log = log
        self.host = Host(
            settings.plugins, settings.plugins_dir, settings.plugin_settings, (database.path.parent,), log=log
        )
        self.room = Room(self.clock, settings.extra_holidays, self.host.judges())

    def _change(
        self,
        project: str,
        call: Call,
        command: Callable[[Transaction, Workflow], Command],
        taken: Sequence[FileGiven] = (),
        expect: int | None = None,
        late: InputRefused | None = None,
    ) -> dict[str, Any]:
        """Changes a project: `late` is what was wrong with the input before the register was asked."""
        for _ in range(REHEARSALS):
            try:
                return self._change_now(project, call, command, taken, expect, late)
            except AskFirst:  # nothing was written, and nothing is locked now
                self._rehearse(project, call, command)
        return self._change_now(project, call, command, taken, expect, late, waits=True)

    def _rehearse(self, project: str, call: Call, command: Callable[[Transaction, Workflow], Command]) -> None:
        """Has plugins asked what an act will ask them; whatever else comes of it is told when the act is done."""
        with suppress(CocycleError):
            with self.database.read() as tx:
                before, workflow = self.room.load(tx, project)
                wanted = command(tx, workflow)
                person = self.room.actor(tx, call.actor, project, workflow)
                moment = self.room.moment(tx, workflow)
                altered = altered_for(tx, workflow, before, wanted)
            decide(before, wanted, workflow, person, moment, altered)

    def _change_now(
        self,
        project: str,
        call: Call,
        command: Callable[[Transaction, Workflow], Command],
        taken: Sequence[FileGiven],
        expect: int | None,
        late: InputRefused | None,
        *,
        waits: bool = False,
    ) -> dict[str, Any]:
        """Changes a project under the lock; raises AskFirst where a plugin would be waited for, unless it `waits`."""
        started, answer = time.perf_counter(), None
        with self.database.write() as tx:
            before, workflow = self.room.load(tx, project)
            if not waits:
                workflow = without_waiting(workflow, self.host.judges())
            seen = self._seen(tx, call)
            if isinstance(seen, dict):
                return seen
            if seen is None and expect is not None and expect != before.version:
                seen = Conflict(
                    f"Somebody else changed {project} a moment ago; look at it again before you go on.", code="moved"
                )
            wanted = command(tx, workflow)
            person = self.room.actor(tx, call.actor, project, workflow)
            moment = self.room.moment(tx, workflow)
            altered = altered_for(tx, workflow, before, wanted)
            outcome = decide(before, wanted, workflow, person, moment, altered)
            ruled = self._heard(tx, outcome, seen, call, late)
            if isinstance(ruled, Refused):
                said = None if ruled.answer is None else ruled.answer.judgement
                verdicts = () if said is None else said.by_id().values()
                judged_on = circumstances(moment.calendar, altered, before, verdicts)
                attempt = attempt_on_project(call.asked[0], ruled, before, workflow, wanted, judged_on)
                refusal = self._put_on_record(tx, ruled, attempt, person, moment.at)
                follow_refusal(tx, ruled, before, workflow, person.person, moment)
            else:
                keep_files(tx, taken)
                answer = self._append(tx, before, ruled.events, workflow, person, call, moment.at)
        if answer is None:
            raise refusal
        self.log("act", verb=call.asked[0], project=project, seq=answer["seq"], seconds=time.perf_counter() - started)
        return answer

    def _change_register(
        self,
        call: Call,
        ruling: Callable[[Transaction, Actor], Outcome],
        founding: bool = False,
        late: InputRefused | None = None,
    ) -> dict[str, Any]:
        """Changes the register itself; `founding` is the one act that nobody known has to do."""
        answer = None
        with self.database.write() as tx:
            seen = self._seen(tx, call)
            if isinstance(seen, dict):
                return seen
            person = self.room.actor(tx, call.actor, None, None)
            ruled = self._heard(tx, ruling(tx, person), seen, call, late, founding=founding)
            at = self.room.at(tx)
            if isinstance(ruled, Refused):
                refusal = self._put_on_record(tx, ruled, Attempt(call.asked[0], ruled.code), person, at)
            else:
                answer = self._append(tx, None, ruled.events, None, person, call, at)
        if answer is None:
            raise refusal
        self.log("act", verb=call.asked[0], seq=answer["seq"])
        return answer

    def _heard(
        self,
        tx: Transaction,
        outcome: Outcome,
        conflict: Conflict | None,
        call: Call,
        late: InputRefused | None = None,
        *,
        founding: bool = False,
    ) -> Accepted | Refused:
        """Returns the ruling that counts, else raises the first refusal in the order of the contract.

        Not found, conflict, input (all of it together), not permitted, rules. One that goes on record is returned.
        """
        wrong = [late] if late is not None else []
        if not call.actor and not founding:
            wrong.insert(0, InputRefused("Say who is acting: --as EMAIL, or set COCYCLE_ACTOR.", code="no_actor"))
        if call.key is not None and not (1 <= len(call.key) <= 500 and call.key.isprintable()):
            wrong.append(InputRefused("An idempotency key has 1 to 500 characters that can be printed."))
        if isinstance(outcome, Refused) and outcome.kind == "not_found":
            raise_refusal(outcome, self.room.names(tx))
        if conflict is not None:
            raise conflict
        if wrong:
            raise together(wrong, outcome if isinstance(outcome, Refused) and outcome.kind == "input" else None)
        if isinstance(outcome, Refused) and not is_recorded(call.asked[0], outcome):
            raise_refusal(outcome, self.room.names(tx))
        return outcome

    def _put_on_record(
        self, tx: Transaction, refused: Refused, attempt: Attempt, person: Actor, at: str
    ) -> CocycleError:
        """Records a refusal; returns the error to raise once that has committed. No idempotency key is used up."""
        error = error_of(refused, self.room.names(tx))
        error.details |= record(tx, attempt, person.person, at)
        self.log("refused", verb=attempt.verb, code=attempt.code, project=attempt.project)
        return error

    def _append(
        self,
        tx: Transaction,
        before: Project | None,
        events: Sequence[Event],
        workflow: Workflow | None,
        person: Actor,
        call: Call,
        at: str,
    ) -> dict[str, Any]:
        """Seals the events, folds them into the project, saves both; from the commit that follows they are history."""
        version = 0 if before is None else before.version
        numbered = [(e, version + place + 1 if e.project is not None else 0) for place, e in enumerate(events)]
        key = call.key or new_id("k")
        entries = journal.append(
            tx,
            numbered,
            at=at,
            by=person.person or "system",
            key_hash=keys.hash_of(key),
            fingerprint=keys.fingerprint(key, [*call.asked, (call.actor or "").casefold()]),
        )
        after = before
        for entry in entries:
            forget(tx, entry)
            if entry.event.project is None:
                people.apply_register_entry(tx, entry)
            else:
                if entry.event.name == "words_erased":  # folded anew, without the words that are gone by now
                    after = replay(journal.entries(tx, project=entry.event.project, last=entry.seq))
                else:
                    after = evolve(after, entry)
                if entry.event.name == "evidence_added":
                    files.note_evidence(tx, entry.event.body["evidence"], entry.event.project, entry.seq)
        if after is not None:
            assert workflow is not None
            row = project_row(after, workflow, orjson.dumps(to_json(after), option=orjson.OPT_SORT_KEYS))
            projects.save_project(tx, row, expected_version=None if before is None else before.version)
            follow(tx, self.room, entries, after, workflow)
        return reply(entries, key, replayed=False)

    def _seen(self, tx: Transaction, call: Call) -> dict[str, Any] | Conflict | None:
        """Returns the answer given before to the same call, or the conflict where the key was another call's."""
        if call.key is None:
            return None
        found = journal.remembered(tx, keys.hash_of(call.key))
        if found is None:
            return None
        if found.fingerprint != keys.fingerprint(call.key, [*call.asked, (call.actor or "").casefold()]):
            return Conflict("This key was used before, for something else; choose another.", code="key_reused")
        entries = list(journal.entries(tx, first=found.first_seq, last=found.last_seq))
        return reply(entries, call.key, replayed=True)
