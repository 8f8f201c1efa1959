"""What an owner of a database writes into a ledger that agrees with itself: whatever the rules forbade is found.

No checkpoint is needed for these: what was recorded could not have been accepted by the rules of that day.
"""

from __future__ import annotations

import pytest

from .forbidden_entries import FORBIDDEN, SECOND, person, put
from .forger import find, forging
from .town import ADMIN, COCHAIR, MANAGER, PROJECT, Town
from .wreck import open_and_verify, unguarded


@pytest.mark.parametrize("attack", FORBIDDEN)
def test_what_the_rules_forbade_is_found_without_a_checkpoint(town: Town, attack: str) -> None:
    """An entry that the rules of its moment would have refused is told with its index, though the tree agrees.

    Seen to fail for all but a few of them before the entries were ruled on again.
    """
    everything(town)
    with forging(town) as entries:
        seq = FORBIDDEN[attack](town, entries)
    _people_agree(town)
    found = [(p["kind"], p["seq"]) for p in open_and_verify(town)["problems"]]
    assert {(kind, seq) for kind in ("judged", "permission", "leaf", "refusal")} & set(found), found
    assert not {"root", "leaf_hash", "head", "node", "filing", "word"} & {kind for kind, _ in found}, found


def everything(town: Town) -> None:
    town.engine.add_person(SECOND, "Sasha Second", roles=["admin"], actor=ADMIN)
    town.open(priority_groups="")
    town.pass_plan()
    town.add("market-notice", facts={"published_on": "2026-06-01", "reference": "2026/S 1"})
    town.engine.hold(PROJECT, "A pause", actor=MANAGER)
    assert open_and_verify(town)["problems"] == []
    town.wrecked = True


def _people_agree(town: Town) -> None:
    """Puts the rows beside the entries in agreement where a forgery is about people, as its maker would."""
    with town.sql() as database:
        for leaf in town.leaves():
            body = leaf["body"]
            if leaf["event"] == "role_granted":
                row = (body["person"], body["role"], body["scope"])
                database.execute("INSERT OR IGNORE INTO role_grant VALUES (?, ?, ?)", row)


def test_a_dissent_is_not_made_to_go_away(town: Town) -> None:
    """A dissent that a forged entry has lapse is told, since its gate answered as before.

    Seen to fail when lapses were not judged again.
    """
    town.wrecked = True
    town.open(priority_groups="")
    town.fill_plan()
    town.engine.decide(PROJECT, dissent="Not yet", actor=COCHAIR)
    town.engine.hold(PROJECT, "A pause", actor=MANAGER)
    with forging(town) as entries:
        decision = entries[find(entries, "decided")].leaf["body"]["decision"]
        seq = put(entries, "decisions_lapsed", person(town, MANAGER), {"decisions": [decision]}, of=PROJECT)
        entries[seq].leaf["key"] = entries[seq - 1].leaf["key"]
    assert ("judged", seq) in [(p["kind"], p["seq"]) for p in open_and_verify(town)["problems"]]


def test_a_signature_under_an_altered_record_is_told_as_that(town: Town) -> None:
    """Where a record was altered, the signatures under it are told to be under other bytes, and nobody is accused.

    Seen to fail when it said that the signer could not do that then.
    """
    everything(town)
    with forging(town) as entries:
        seq = find(entries, "evidence_added", lambda b: b["requirement"] == "mandate")
        entries[seq].leaf["body"]["level"] = "co_production"
        signed = [n for n, e in enumerate(entries) if e.leaf["body"].get("requirement") == "mandate" and n > seq]
    told = {p["seq"]: p for p in open_and_verify(town)["problems"]}
    for n in signed:
        assert told[n]["kind"] == "judged"
        assert "other bytes" in told[n]["message"]


@pytest.mark.parametrize("column", ["title", "version", "workflow"])
def test_the_label_of_a_definition_is_its_own(town: Town, column: str) -> None:
    """A definition that is listed under another name, title or version than its text gives is told.

    Seen to fail when only its digest, its text and the entry that loaded it were compared.
    """
    town.wrecked = True
    with unguarded(town) as database:
        database.execute(f"UPDATE definition SET {column} = 'other' WHERE workflow = 'two-gates'")
    assert open_and_verify(town)["ok"] is False
