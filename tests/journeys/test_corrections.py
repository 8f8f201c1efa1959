"""Corrections: two people say beside an entry that it is wrong; nothing is edited, and no tool could."""

from __future__ import annotations

import re

import pytest

from engine.api import CocycleError, InputRefused, NotFound, NotPermitted
from engine.store import statements

from .town import ADMIN, AUDITOR, COCHAIR, IDLE, LEAD, MANAGER, PROJECT, SRO, UNKNOWN, Json, Town, refused

OTHER = "other@example.org"
WRONG = "It was held on 2 May, not on 1 May."


@pytest.fixture
def record(town: Town) -> Json:
    """A project with a record, and a second programme manager; returns the answer that handed the record in."""
    town.open()
    town.engine.add_person(OTHER, "Oli Other", roles=["programme_manager"], actor=ADMIN)
    town.add("mandate")
    last: Json = town.engine.history(PROJECT)["history"][-1]
    return last


def test_a_correction_stands_beside_what_it_corrects(town: Town, record: Json) -> None:
    """A correction is an event of the register that names the entry and its leaf hash; no state changes by it.

    Seen to fail when the correction was an event of the project.
    """
    before, bytes_before = town.engine.project(PROJECT), town.engine.leaf(record["seq"])
    size = town.size
    answer = town.engine.correct(record["seq"], WRONG, MANAGER, actor=LEAD)
    assert (answer["seq"], answer["events"]) == (size, ["corrected"])
    assert town.engine.project(PROJECT) == before
    assert town.engine.leaf(record["seq"]) == bytes_before
    (leaf,) = town.leaves(size)
    people = {p["email"]: p["id"] for p in town.engine.people()["people"]}
    with town.sql() as database:
        hashed = database.execute("SELECT hex(leaf_hash) FROM entry WHERE seq = ?", (record["seq"],)).fetchone()[0]
    said = {"entry": record["seq"], "leaf": hashed.lower(), "second": people[MANAGER], "project": PROJECT}
    assert (leaf["by"], leaf["body"], "project" in leaf) == (people[LEAD], said, False)
    assert WRONG.encode() not in town.engine.leaf(size), "what people typed is no part of a leaf"
    shown = {e["seq"]: e["corrections"] for e in town.engine.history(PROJECT)["history"]}
    (one,) = shown.pop(record["seq"])
    assert (one["reason"], one["name"], one["second_name"], one["seq"]) == (WRONG, "Lead", "Manager", size)
    assert not any(shown.values())


PAIRS: dict[str, tuple[str, str, type[CocycleError] | None]] = {
    "who made it, with a programme manager": (LEAD, MANAGER, None),
    "who made it, with the project's sro": (LEAD, SRO, None),
    "a programme manager, with an admin": (MANAGER, ADMIN, None),
    "an admin, with a programme manager": (ADMIN, OTHER, None),
    "a programme manager, with another": (MANAGER, OTHER, None),
    "one person twice": (MANAGER, MANAGER, NotPermitted),
    "somebody else in the project": (COCHAIR, MANAGER, NotPermitted),
    "an auditor": (AUDITOR, MANAGER, NotPermitted),
    "with an auditor": (MANAGER, AUDITOR, NotPermitted),
    "with somebody who has no such role": (LEAD, COCHAIR, NotPermitted),
    "with who made it": (MANAGER, LEAD, NotPermitted),
    "somebody with no role": (IDLE, MANAGER, NotPermitted),
    "a stranger": (UNKNOWN, MANAGER, NotPermitted),
    "with a stranger": (MANAGER, UNKNOWN, NotFound),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_two_people_correct(town: Town, record: Json, pair: str) -> None:
    """Who made the entry, a programme manager or an admin, with another manager or admin, or the project's sro.

    Seen to fail when the second person could be anybody.
    """
    first, second, denied = PAIRS[pair]
    size = town.size
    if denied is None:
        assert town.engine.correct(record["seq"], WRONG, second, actor=first)["events"] == ["corrected"]
        return
    refused(denied, None, lambda: town.engine.correct(record["seq"], WRONG, second, actor=first))
    assert town.recorded(size) == (["refused"] if denied is NotPermitted else [])


def test_an_auditor_does_not_correct_even_their_own(town: Town, record: Json) -> None:
    """An auditor writes nothing but regradings, so they do not correct the one they made; others do."""
    town.engine.regrade(record["body"]["evidence"], "informing", "Told only", actor=AUDITOR)
    seq = town.size - 1
    refused(NotPermitted, "not_permitted", lambda: town.engine.correct(seq, WRONG, MANAGER, actor=AUDITOR))
    town.engine.correct(seq, WRONG, MANAGER, actor=ADMIN)


def test_the_sro_of_a_project_answers_for_that_project_only(town: Town, record: Json) -> None:
    """An entry of the register, or of another project, is not the sro's to answer for."""
    seq = town.engine.new_project("Other", "two-gates", fields={"lifetime_value": 1}, actor=MANAGER)["seq"]
    for elsewhere in (0, seq):
        refused(NotPermitted, None, lambda: town.engine.correct(elsewhere, WRONG, SRO, actor=MANAGER))  # noqa: B023  # called at once
    town.engine.correct(record["seq"], WRONG, SRO, actor=MANAGER)


@pytest.mark.parametrize("seq", [-1, 10_000, 2**63, 2**70])
def test_an_entry_that_is_not_there_cannot_be_corrected(town: Town, seq: int) -> None:
    """An index that the ledger does not have is not found, before anything else is looked at."""
    refused(NotFound, None, lambda: town.engine.correct(seq, "", UNKNOWN, actor=UNKNOWN))


def test_a_correction_says_what_is_wrong(town: Town, record: Json) -> None:
    """A reason is needed, and told to be missing before who may is looked at."""
    refused(InputRefused, None, lambda: town.engine.correct(record["seq"], " ", MANAGER, actor=IDLE))


def test_corrections_and_refusals_can_be_corrected(town: Town, record: Json) -> None:
    """Whatever stands in the ledger may be wrong: a correction and a refusal, too, and one entry more than once."""
    first = town.engine.correct(record["seq"], WRONG, MANAGER, actor=LEAD)["seq"]
    town.engine.correct(record["seq"], "It was 3 May.", MANAGER, actor=LEAD)
    again = town.engine.correct(first, "That was no mistake.", SRO, actor=LEAD)["seq"]
    denied = refused(NotPermitted, None, lambda: town.engine.hold(PROJECT, "x", actor=LEAD)).details["seq"]
    town.engine.correct(denied, "It was Kim at the keyboard.", SRO, actor=LEAD)
    history = {e["seq"]: e for e in town.engine.history(PROJECT)["history"]}
    assert len(history[record["seq"]]["corrections"]) == 2
    assert history[again]["body"]["entry"] == first
    assert [c["reason"] for c in history[denied]["corrections"]] == ["It was Kim at the keyboard."]


def test_the_same_key_corrects_once(town: Town, record: Json) -> None:
    """A correction asked for again under its key is answered and not made again."""
    answers = [town.engine.correct(record["seq"], WRONG, MANAGER, actor=LEAD, key="k") for _ in range(2)]
    assert answers[1] == answers[0] | {"replayed": True}
    assert len(town.engine.history(PROJECT)["history"][-1]["corrections"]) == 1


def test_no_tool_edits() -> None:
    """Of all statements the store runs, none changes or takes away an entry of the ledger.

    Seen to fail with an UPDATE of entry among them.
    """
    texts = [text for name, text in vars(statements).items() if name.isupper()]
    assert len(texts) > 50
    editing = re.compile(
        r"\b(UPDATE|DELETE\s+FROM|REPLACE\s+INTO|DROP\s+TABLE|ALTER\s+TABLE)\s+\"?entry\b", re.IGNORECASE
    )
    assert editing.search("UPDATE entry SET leaf = 1")
    assert [text for text in texts if editing.search(text)] == []
    assert [text for text in texts if re.search(r"INSERT (OR \w+ )?INTO entry\b", text)] == [statements.ADD_ENTRY]
    assert "OR REPLACE" not in statements.ADD_ENTRY
    assert "ON CONFLICT" not in statements.ADD_ENTRY
