"""Entries that the rules of their moment would have refused, as an owner writes them into a ledger that agrees."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from engine.core.events import SCHEMA
from engine.ledger.canonical import encode
from engine.ledger.leaf import commit_bytes

from .forger import Forged, find
from .town import ADMIN, AUDITOR, COCHAIR, DEPUTY, EDI, IDLE, LEAD, MANAGER, PROJECT, SRO, Json, Town

SECOND = "second-admin@example.org"
Entries = list[Forged]
Attack = Callable[[Town, Entries], int]


def person(town: Town, email: str) -> str:
    """Returns somebody's id."""
    with town.sql() as database:
        return str(database.execute("SELECT id FROM person WHERE email = ?", (email,)).fetchone()[0])


def put(entries: Entries, event: str, by: str, body: Json, *, of: str | None = None, **words: Any) -> int:
    """Adds an entry at the end that fits the ledger in everything but what it says; returns its index."""
    version = max((e.leaf["version"] for e in entries if e.leaf.get("project") == of), default=0)
    leaf: Json = {
        "at": entries[-1].leaf["at"],
        "body": body,
        "by": by,
        "cocycle": 1,
        "event": event,
        "key": secrets.token_hex(32),
        "schema": SCHEMA[event][0] if event in SCHEMA else 1,
        "version": 0 if of is None else version + 1,
        "words": {},
    }
    kept = []
    for word, value in words.items():
        text, salt = encode(value), secrets.token_bytes(32)
        leaf["words"][word] = commit_bytes(text, salt)
        kept.append((word, text.decode(), salt))
    entries.append(Forged(leaf if of is None else {**leaf, "project": of}, kept))
    return len(entries) - 1


def record(entries: Entries, requirement: str) -> Json:
    """Returns the body of the last record of a requirement."""
    body: Json = entries[find(entries, "evidence_added", lambda b: b["requirement"] == requirement)].leaf["body"]
    return body


def _regraded_up(town: Town, entries: Entries) -> int:
    body = {"evidence": record(entries, "mandate")["evidence"], "level": "co_production"}
    return put(entries, "evidence_regraded", person(town, AUDITOR), body, of=PROJECT, reason="Better than said")


def _law_waived(town: Town, entries: Entries) -> int:
    body = {"waiver": "w-1", "requirement": "equality", "until": "2026-12-31", "second": person(town, COCHAIR)}
    return put(entries, "waived", person(town, SRO), body, of=PROJECT, reason="No time")


def _waived_by_one(town: Town, entries: Entries) -> int:
    body = {"waiver": "w-1", "requirement": "specification", "until": "2026-12-31", "second": person(town, SRO)}
    return put(entries, "waived", person(town, SRO), body, of=PROJECT, reason="No time")


def _signature(town: Town, entries: Entries, by: str, role: str) -> int:
    signed = entries[find(entries, "signed", lambda b: b["requirement"] == "mandate")].leaf["body"]
    body = {**signed, "signature": "s-1", "role": role}
    return put(entries, "signed", person(town, by), body, of=PROJECT)


def _signed_without_the_role(town: Town, entries: Entries) -> int:
    return _signature(town, entries, IDLE, "sro")


def _signed_twice(town: Town, entries: Entries) -> int:
    return _signature(town, entries, DEPUTY, "sro")


def _record(town: Town, entries: Entries, by: str, **more: Any) -> int:
    old = entries[find(entries, "evidence_added", lambda b: b["requirement"] == "priorities")]
    body = {**old.leaf["body"], "evidence": "e-1", "files": [], **more}
    return put(entries, "evidence_added", person(town, by), body, of=PROJECT)


def _handed_in_by_an_auditor(town: Town, entries: Entries) -> int:
    return _record(town, entries, AUDITOR)


def _handed_in_from_the_future(town: Town, entries: Entries) -> int:
    return _record(town, entries, LEAD, happened_on="2027-01-01")


def _handed_in_earlier_than_it_was(town: Town, entries: Entries) -> int:
    return _record(town, entries, LEAD, recorded_on="2026-01-01", happened_on="2026-01-01")


def _handed_in_for_another(town: Town, entries: Entries) -> int:
    return _record(town, entries, LEAD, requirement="specification")


def _withdrawn_by_another(town: Town, entries: Entries) -> int:
    body = {"evidence": record(entries, "mandate")["evidence"]}
    return put(entries, "evidence_withdrawn", person(town, EDI), body, of=PROJECT, reason="Wrong")


def _held_twice(town: Town, entries: Entries) -> int:
    return put(entries, "held", person(town, MANAGER), {}, of=PROJECT, reason="Again")


def _wrong_stage(town: Town, entries: Entries) -> int:
    body = {**entries[find(entries, "project_opened")].leaf["body"], "stage": "design"}
    return put(entries, "project_opened", person(town, MANAGER), body, of="CC-2", title="Another")


def _opened_lacking_a_field(town: Town, entries: Entries) -> int:
    body = {**entries[find(entries, "project_opened")].leaf["body"], "fields": {}}
    return put(entries, "project_opened", person(town, MANAGER), body, of="CC-2", title="Another")


def _moved_by_the_wrong_person(town: Town, entries: Entries) -> int:
    return _stopped(town, entries, LEAD, reason="Enough")


def _moved_without_a_reason(town: Town, entries: Entries) -> int:
    entries.pop()  # the hold
    return _stopped(town, entries, SRO)


def _stopped(town: Town, entries: Entries, by: str, **words: str) -> int:
    passed = entries[find(entries, "advanced")].leaf["body"]
    body = {**passed, "act": "stop", "from": "design", "to": "stopped", "gate": None, "outcome": "stopped"}
    body |= {"binds": None, "verdicts": {}}
    return put(entries, "advanced", person(town, by), body, of=PROJECT, **words)


def _reopened(town: Town, entries: Entries) -> int:
    passed = find(entries, "advanced")
    body = {"gate": "plan-gate", "passing": passed, "from": "design", "to": "plan", "today": "2026-06-01"}
    return put(entries, "gate_reopened", person(town, SRO), body, of=PROJECT)


def _unsound_out_of_nothing(town: Town, entries: Entries) -> int:
    body = {"gate": "plan-gate", "passing": find(entries, "advanced"), "requirements": ["mandate"]}
    return put(entries, "gate_unsound", person(town, SRO), body, of=PROJECT)


def _erasure(town: Town, entries: Entries, by: str, second: str) -> int:
    seq = find(entries, "evidence_added", lambda b: b["requirement"] == "market-notice")
    body = {"evidence": entries[seq].leaf["body"]["evidence"], "second": person(town, second), "ground": "unstated"}
    body |= {"today": "2026-06-01", "words": [[seq, ["fact.reference"]]], "files": [], "stood": []}
    entries[seq].words = [w for w in entries[seq].words if w[0] != "fact.reference"]
    return put(entries, "evidence_erased", person(town, by), body, of=PROJECT, authority="Nobody")


def _erased_by_no_admin(town: Town, entries: Entries) -> int:
    return _erasure(town, entries, MANAGER, SECOND)


def _erased_by_one(town: Town, entries: Entries) -> int:
    return _erasure(town, entries, ADMIN, ADMIN)


def _erased_with_nobody_who_may(town: Town, entries: Entries) -> int:
    return _erasure(town, entries, ADMIN, IDLE)


def _erased_words_of_others(town: Town, entries: Entries) -> int:
    hold = len(entries) - 1
    entries[hold].words = []
    body = {"evidence": record(entries, "market-notice")["evidence"], "second": person(town, SECOND)}
    body |= {"ground": "unstated", "today": "2026-06-01", "words": [[hold, ["reason"]]], "files": [], "stood": []}
    return put(entries, "evidence_erased", person(town, ADMIN), body, of=PROJECT, authority="Nobody")


def _role_given_by_nobody(town: Town, entries: Entries) -> int:
    body = {"person": person(town, IDLE), "role": "edi", "scope": ""}
    return put(entries, "role_granted", person(town, IDLE), body)


def _role_given_by_the_system(town: Town, entries: Entries) -> int:
    return put(entries, "role_granted", "system", {"person": person(town, IDLE), "role": "admin", "scope": ""})


def _role_given_as_it_begins(town: Town, entries: Entries) -> int:
    seq = put(entries, "role_granted", "system", {"person": person(town, IDLE), "role": "edi", "scope": ""})
    entries[seq].leaf["key"] = entries[0].leaf["key"]
    return seq


def _person_added_by_nobody(town: Town, entries: Entries) -> int:
    body = {"person": "p-ghost"}
    return put(entries, "person_added", person(town, IDLE), body, email="ghost@example.org", name="A ghost")


def _person_erased_by_one(town: Town, entries: Entries) -> int:
    gone = person(town, IDLE)
    body = {"person": gone, "second": person(town, ADMIN), "ground": "unstated", "words": []}
    return put(entries, "person_erased", person(town, ADMIN), body, authority="Nobody")


def _definition_by_nobody(town: Town, entries: Entries) -> int:
    body = entries[find(entries, "definition_loaded")].leaf["body"]
    return put(entries, "definition_loaded", person(town, MANAGER), body)


def _corrected_by_nobody(town: Town, entries: Entries) -> int:
    body = {"entry": 0, "leaf": "0" * 64, "second": person(town, MANAGER)}
    return put(entries, "corrected", person(town, IDLE), body, reason="It never was so")


def _corrected_with_anybody(town: Town, entries: Entries) -> int:
    body = {"entry": 0, "leaf": "0" * 64, "second": person(town, IDLE)}
    return put(entries, "corrected", person(town, ADMIN), body, reason="It never was so")


def _recovered_by_nobody(town: Town, entries: Entries) -> int:
    key = entries[0].leaf["body"]["public_key"]
    body = {"from": key, "to": key, "size": len(entries), "root": "", "lost_size": None, "lost_root": None}
    return put(
        entries, "ledger_recovered", person(town, IDLE), {**body, "second": person(town, SECOND)}, reason="A loss"
    )


def _refused_to_nobody(town: Town, entries: Entries) -> int:
    body = {"verb": "sign", "code": "not_permitted", "times": 1, "since": entries[-1].leaf["at"]}
    return put(entries, "refused", "p-ghost", body)


def _refused_many_times_at_once(town: Town, entries: Entries) -> int:
    body = {"verb": "sign", "code": "not_permitted", "times": 1000, "since": entries[-1].leaf["at"]}
    return put(entries, "refused", person(town, SRO), body)


def _clock_confirmed_by_a_manager(town: Town, entries: Entries) -> int:
    return put(entries, "clock_confirmed", person(town, MANAGER), {"was": "2026-01-01T00:00:00.000000Z"})


def _clock_confirmed_that_was_known(town: Town, entries: Entries) -> int:
    return put(entries, "clock_confirmed", person(town, ADMIN), {"was": entries[-1].leaf["at"]})


def _clock_confirmed_since_no_time(town: Town, entries: Entries) -> int:
    return put(entries, "clock_confirmed", person(town, ADMIN), {"was": "yesterday"})


def _unheard_of(town: Town, entries: Entries) -> int:
    return put(entries, "promised", person(town, ADMIN), {})


def _more_than_there_is(town: Town, entries: Entries) -> int:
    entries[(seq := len(entries) - 1)].leaf["body"]["until"] = "2027-01-01"
    return seq


def _of_an_older_form(town: Town, entries: Entries) -> int:
    entries[(seq := find(entries, "decided"))].leaf["schema"] = 1
    return seq


FORBIDDEN: dict[str, Attack] = {
    name.removeprefix("_").replace("_", " "): attack
    for name, attack in list(globals().items())
    if name.startswith("_") and getattr(attack, "__annotations__", {}).keys() == {"town", "entries", "return"}
}
