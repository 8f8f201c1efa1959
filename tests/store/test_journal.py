"""The journal: what was appended is sealed, whole or not at all, and can be read back for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.core.errors import Conflict, InputRefused, IntegrityFailure, NotFound, RulesRefused
from engine.core.events import ERASED, Entry, Event
from engine.ledger.leaf import commit, read_leaf
from engine.ledger.merkle import EMPTY_ROOT, leaf_hash, root_of
from engine.store import journal
from engine.store.database import Database, Transaction, create_database
from engine.store.driver import dbapi

from .checked import found_in

Act = Callable[[Transaction, str], Entry]

KEY = hashlib.sha256(b"key").hexdigest()


def at(second: int) -> str:
    return f"2026-11-22T10:00:{second:02}.000000Z"


def opened(project: str, title: str = "A title") -> tuple[Event, int]:
    return Event("project_opened", project, {"workflow": "w", "fields": {"n": 1}}, {"title": title}), 1


def append(
    tx: Transaction, events: Sequence[tuple[Event, int]], second: int = 0, key: str | None = None
) -> list[Entry]:
    return journal.append(tx, events, at=at(second), by="p1", key_hash=key, fingerprint="f" if key else None)


def contents(database: Database) -> dict[str, list[Any]]:
    """Everything in the register."""
    with database.read() as tx:
        tables = [name for (name,) in tx.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
        return {name: tx.execute(f"SELECT * FROM {name}").fetchall() for name in tables}


def sound(database: Database) -> bool:
    with database.read() as tx:
        return found_in(tx) == []


def test_an_empty_journal(database: Database) -> None:
    """A new register's ledger has no entries, the root of nothing, and no time before which nothing may happen."""
    with database.read() as tx:
        assert journal.head(tx) == (0, EMPTY_ROOT, "", 0)
        assert list(journal.entries(tx)) == []
    assert sound(database)


def test_what_was_appended_is_read_back(database: Database) -> None:
    """The entries that append returns are those that entries yields, with their words, in a later transaction."""
    first = Event("person_added", None, {"person": "p1"}, {"email": "a@example.org", "name": "Añã\n"})
    second = Event(
        "evidence_added", "a", {"evidence": "e1", "facts": {"x": {"y": 2}}}, {"fact.list": ["b", "a"], "file.0": None}
    )
    with database.write() as tx:
        sealed = append(tx, [(first, 0), opened("a"), (second, 2)])
    with database.read() as tx:
        assert list(journal.entries(tx)) == sealed
        assert [entry.seq for entry in sealed] == [0, 1, 2]
        assert [entry.version for entry in sealed] == [0, 1, 2]
        assert [entry.leaf for entry in sealed] == [leaf_hash(journal.leaf(tx, seq)).hex() for seq in range(3)]
    assert sound(database)


def test_the_head_is_the_tree_over_all_leaves(database: Database) -> None:
    """After every append size, root and time of the head are those of the leaves that are stored."""
    hashes: list[bytes] = []
    for second in range(9):
        with database.write() as tx:
            sealed = append(tx, [opened(f"p{second}-{n}") for n in range(second % 3 + 1)], second)
            hashes += [bytes.fromhex(entry.leaf) for entry in sealed]
        with database.read() as tx:
            assert journal.head(tx) == (len(hashes), root_of(hashes), at(second), 0)
    assert sound(database)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.sampled_from(["a", "b", None]), min_size=1, max_size=5), max_size=6))
def test_any_history_verifies(tmp_path_factory: pytest.TempPathFactory, batches: list[list[str | None]]) -> None:
    """Whatever is appended, in batches of any size, verifies and comes back in order."""
    versions: dict[str | None, int] = {"a": 0, "b": 0, None: 0}
    expected: list[tuple[str | None, int]] = []
    with create_database(tmp_path_factory.mktemp("any") / "r.db") as database:
        for batch in batches:
            events = []
            for project in batch:
                versions[project] += project is not None
                events.append((Event("held", project, {}, {"reason": "r"}), versions[project]))
            expected += [(event.project, version) for event, version in events]
            with database.write() as tx:
                append(tx, events)
        with database.read() as tx:
            assert [(entry.event.project, entry.version) for entry in journal.entries(tx)] == expected
        assert sound(database)


def test_leaves_hold_no_words(database: Database) -> None:
    """What a person typed stands in no leaf and no key in clear; the leaf commits to it under the stored salt."""
    with database.write() as tx:
        append(tx, [opened("a", "Kept secret")], key=KEY)
    with database.read() as tx:
        data = journal.leaf(tx, 0)
        ((value, salt),) = tx.execute("SELECT value, salt FROM word").fetchall()
    assert b"secret" not in data
    read = read_leaf(data)
    assert read.key == KEY
    assert value == '"Kept secret"'
    assert read.commitments == {"title": commit("Kept secret", salt)}


def test_every_word_has_a_salt_of_its_own(database: Database) -> None:
    """The same words recorded twice have different commitments."""
    with database.write() as tx:
        append(tx, [opened("a"), opened("b")])
    with database.read() as tx:
        first, second = (read_leaf(journal.leaf(tx, seq)).commitments for seq in (0, 1))
    assert first != second


def test_an_erased_word_leaves_the_ledger_as_it_was(database: Database) -> None:
    """Without its row a word reads as ERASED, the leaf is the same, and the ledger still verifies."""
    with database.write() as tx:
        append(tx, [opened("a")])
        before = journal.leaf(tx, 0)
    with database.write() as tx:
        tx.execute("DELETE FROM word")
    with database.read() as tx:
        (entry,) = journal.entries(tx)
        assert entry.event.words == {"title": ERASED}
        assert journal.leaf(tx, 0) == before
    assert sound(database)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE word SET value = '\"B title\"'",
        "UPDATE word SET value = 'not json'",
        "UPDATE word SET value = x'00'",
        "UPDATE word SET salt = zeroblob(32)",
        "UPDATE word SET name = 'reason'",
        "INSERT INTO word SELECT seq, 'more', value, salt FROM word",
        "INSERT INTO word SELECT 7, name, value, salt FROM word",
    ],
)
def test_altered_words_are_told(database: Database, tampering: str) -> None:
    """A stored word that is not the one its leaf commits to is a problem, wherever and whatever it is."""
    with database.write() as tx:
        append(tx, [opened("a")])
    connection = database.connection()
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute(tampering)
    with database.read() as tx:
        assert [problem.kind for problem in found_in(tx, "word")] == ["word"]


def test_a_salt_of_another_length_is_told(database: Database) -> None:
    """A salt that lost bytes makes its word a problem, not a crash."""
    with database.write() as tx:
        append(tx, [opened("a")])
    connection = database.connection()
    connection.execute("PRAGMA ignore_check_constraints=ON")
    connection.execute("UPDATE word SET salt = x'00'")
    with database.read() as tx:
        assert [problem.kind for problem in found_in(tx, "word")] == ["word"]


def test_a_failing_append_leaves_nothing(database: Database) -> None:
    """When an act fails after its events were appended, the register is as it was, head and key included."""
    before = contents(database)

    def fail_late() -> None:
        with database.write() as tx:
            append(tx, [opened("a"), opened("b")], key=KEY)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_late()
    assert contents(database) == before


@pytest.mark.parametrize(
    ("events", "error", "code"),
    [
        ([opened("a"), (Event("held", "a", {"x": "y" * 70_000}), 2)], InputRefused, "too_large"),
        ([opened("a"), (Event("held", "a", {"x": 0.5}), 2)], InputRefused, "not_recordable"),
        ([opened("a"), (Event("held", "a", {}, {"reason": "\udcff"}), 2)], InputRefused, "not_recordable"),
        ([opened("a"), opened("a")], Conflict, "conflict"),
    ],
)
def test_one_bad_event_refuses_all(
    database: Database, events: list[tuple[Event, int]], error: type[Exception], code: str
) -> None:
    """If one event of several cannot be recorded, none is, and the refusal says why."""
    before = contents(database)
    with pytest.raises(error) as refusal, database.write() as tx:
        append(tx, events)
    assert getattr(refusal.value, "code", None) == code
    assert contents(database) == before


def test_time_does_not_run_backwards(database: Database) -> None:
    """An append from before the last entry is refused; one from the same moment is not."""
    with database.write() as tx:
        append(tx, [opened("a")], second=5)
    with database.write() as tx:
        append(tx, [opened("b")], second=5)
    with pytest.raises(RulesRefused) as refusal, database.write() as tx:
        append(tx, [opened("c")], second=4)
    assert refusal.value.code == "clock_behind"
    assert sound(database)


def test_a_key_is_remembered_with_its_answer(database: Database) -> None:
    """A key gives back its fingerprint and exactly the entries that were its answer; an unknown key gives nothing."""
    with database.write() as tx:
        append(tx, [opened("a")])
        append(tx, [opened("b"), opened("c")], key=KEY)
    with database.read() as tx:
        assert journal.remembered(tx, KEY) == ("f", 1, 2)
        assert journal.remembered(tx, "0" * 64) is None


def test_a_key_is_used_once(database: Database) -> None:
    """A second append with a key is a conflict and leaves nothing."""
    with database.write() as tx:
        append(tx, [opened("a")], key=KEY)
    before = contents(database)
    with pytest.raises(Conflict) as refusal, database.write() as tx:
        append(tx, [opened("b")], key=KEY)
    assert refusal.value.code == "key_reused"
    assert contents(database) == before


def test_a_head_that_moved_is_a_conflict(database: Database) -> None:
    """If the head is not the one that was read, the append is refused: here a trigger moves it in between."""
    database.connection().execute(
        "CREATE TRIGGER rival AFTER INSERT ON entry BEGIN UPDATE head SET size = size + 1; END"
    )
    with pytest.raises(Conflict) as refusal, database.write() as tx:
        append(tx, [opened("a")])
    assert refusal.value.code == "moved"


def test_entries_of_one_project_of_the_register_and_of_a_span(database: Database) -> None:
    """Entries can be read of one project, of no project, of a span with both ends, and up to a moment."""
    with database.write() as tx:
        append(tx, [(Event("role_granted", None, {}), 0), opened("a")], 0)
        append(tx, [opened("b"), (Event("held", "a", {}), 2)], 1)
        append(tx, [(Event("role_revoked", None, {}), 0), (Event("resumed", "a", {}), 3)], 2)

    def seqs(**filters: Any) -> list[int]:
        with database.read() as tx:
            return [entry.seq for entry in journal.entries(tx, **filters)]

    assert seqs() == [0, 1, 2, 3, 4, 5]
    assert seqs(project="a") == [1, 3, 5]
    assert seqs(project="nobody") == []
    assert seqs(register_only=True) == [0, 4]
    assert seqs(first=2, last=4) == [2, 3, 4]
    assert seqs(project="a", first=2, last=4) == [3]
    assert seqs(until=at(1)) == [0, 1, 2, 3]
    assert seqs(project="a", until=at(0)) == [1]
    assert seqs(until="2026-11-22T09:00:00.000000Z") == []


def test_entries_are_streamed(database: Database, act: Act) -> None:
    """Reading the first of many entries reads no others: those that follow may be unreadable."""
    with database.write() as tx:
        for _ in range(3):
            act(tx, "a")
    connection = database.connection()
    connection.execute("DROP TRIGGER entry_is_never_updated")
    connection.execute("UPDATE entry SET leaf = 'no leaf' WHERE seq > 0")
    with database.read() as tx:
        stream = journal.entries(tx)
        assert next(stream).seq == 0
        with pytest.raises(IntegrityFailure):
            next(stream)
        assert list(found_in(tx, "word")) == []  # of a leaf that cannot be read only verify_entries tells


def test_unreadable_words_are_an_integrity_failure(database: Database, act: Act) -> None:
    """An entry whose stored words are not JSON cannot be read."""
    with database.write() as tx:
        act(tx, "a")
        tx.execute("UPDATE word SET value = '{'")
    with pytest.raises(IntegrityFailure), database.read() as tx:
        list(journal.entries(tx))


@pytest.mark.parametrize("seq", [-1, 1, 2**63, 10**30])
def test_no_leaf_where_no_entry_is(database: Database, act: Act, seq: int) -> None:
    """Asking for the leaf of an entry that does not exist finds nothing, however wild the number."""
    with database.write() as tx:
        act(tx, "a")
    with database.read() as tx, pytest.raises(NotFound):
        journal.leaf(tx, seq)


def test_a_lost_head_is_an_integrity_failure(database: Database) -> None:
    """A register without the row that says where its ledger ends is damaged."""
    database.connection().execute("DELETE FROM head")
    with pytest.raises(IntegrityFailure), database.read() as tx:
        journal.head(tx)


def test_a_head_of_another_kind_is_damage(database: Database) -> None:
    """A row that says where the ledger ends in values cocycle never writes there is damaged.

    Seen to fail when the kinds of the values were not looked at: every reading stumbled over the value itself.
    """
    database.connection().execute("UPDATE head SET size = 'many'")
    with database.read() as tx, pytest.raises(IntegrityFailure, match="as cocycle writes it"):
        journal.head(tx)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET actor = 'p2'",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE seq = 0",
        "INSERT INTO entry SELECT 7, leaf, leaf_hash, root, NULL, 0, name, at, actor FROM entry WHERE seq = 0",
    ],
)
def test_the_database_guards_the_ledger(path: Path, database: Database, act: Act, statement: str) -> None:
    """Another program that changes, removes, replaces or misplaces an entry is stopped by the database itself."""
    with database.write() as tx:
        act(tx, "a")
        act(tx, "b")
    before = contents(database)
    stranger = dbapi.connect(str(path), isolation_level=None)
    with pytest.raises(dbapi.IntegrityError, match="an entry of the ledger is"):
        stranger.execute(statement)
    stranger.close()
    assert contents(database) == before
