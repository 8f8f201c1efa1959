"""Says an event of the register itself in words: people, roles, definitions, keys, refusals, corrections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from terminal.scene import REGISTER_ROLES
from terminal.words import count, day, inside, moment, plain_id


def happened_to_register(entry: Mapping[str, Any]) -> str:
    """Returns one sentence for an entry that is of no project; `entry` is one of `audit log`."""
    body, words = entry["body"], entry["words"]

    def word(name: str) -> str:
        return str(words.get(name) or "(erased)")

    def person(member: str) -> str:
        return str(entry["names"].get(body[member]) or body[member])

    def role() -> str:
        return inside(REGISTER_ROLES.get(body["role"]) or plain_id(body["role"]))

    scope = f" in {body['scope']}" if body.get("scope") else ""
    match entry["action"]:
        case "register_opened":
            return f"Opened the register {body['origin']}."
        case "person_added":
            return f"Added {word('name')} ({word('email')})."
        case "role_granted":
            return f"Gave {person('person')} the role {role()}{scope}."
        case "role_revoked":
            return f"Took the role {role()}{scope} from {person('person')}."
        case "definition_loaded":
            return f"Loaded the workflow {body['workflow']}, definition {body['definition'][:12]}."
        case "person_erased":
            ground = plain_id(body["ground"])
            return (
                f"Erased a person ({body['person']}), with {person('second')}, because of {ground}: {word('authority')}"
            )
        case "register_words_erased":
            ground = plain_id(body["ground"])
            about = f"Erased what was typed in entry {body['entry']}, with {person('second')}"
            return f"{about}, because of {ground}: {word('authority')}"
        case "refused":
            return _refused(body)
        case "corrected":
            return f"Said, with {person('second')}, that entry {body['entry']} is wrong: {word('reason')}"
        case "key_rotated":
            return f"Changed the signing key of the register, with {person('second')}: {word('reason')}"
        case "ledger_recovered":
            return f"Recovered the register from an older copy, with {person('second')}: {word('reason')}"
        case "clock_confirmed":
            return f"Confirmed the clock, which was far ahead: nothing was known since {moment(body['was'])}."
    return plain_id(str(entry["action"])).capitalize() + "."


def _refused(body: Mapping[str, Any]) -> str:
    about = body.get("requirement") or body.get("gate")
    at = f" ({plain_id(about)})" if about else ""
    where = f" in {body['project']}" if body.get("project") else ""
    times = "" if body["times"] == 1 else f", {count(body['times'], 'time')} since {day(body['since'])}"
    return f"Was refused: {body['verb']}{at}{where}, because of {plain_id(body['code'])}{times}."
