"""The box of notices: nothing lies there twice, and one digest a person a day takes in what it can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.api import create_register
from engine.clock import stamp
from engine.notices.box import digest_key, put, put_channels, reminders_in
from engine.notices.wanted import DECIDE, NOTICE, REMINDER, NoticeWanted
from engine.store import outbox
from engine.store.database import Database, open_database
from engine.store.outbox import DELIVERED, WAITING

MORNING = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
REMINDED = NoticeWanted(
    "p-1", "CC-1", REMINDER, "CC-1/stage/plan/1.1/2026-06-15/10", {"deadline": "CC-1/stage/plan/1.1"}
)
TOLD = NoticeWanted("p-1", "CC-1", DECIDE, "CC-1/plan-gate/abc", {"gate": "plan-gate"})


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A register of its own."""
    path: Path = tmp_path_factory.mktemp("box") / "a.db"
    engine, _ = create_register(path, admin="ada@example.org", name="Ada")
    engine.close()
    opened = open_database(path)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def emptied(database: Database) -> None:
    """Empties the box before each test."""
    with database.write() as tx:
        tx.execute("DELETE FROM outbox")
        put_channels(tx, [])


def put_all(database: Database, *wanted: NoticeWanted, at: datetime = MORNING) -> list[bool]:
    """Puts notices, each in a transaction of its own."""
    found = []
    for one in wanted:
        with database.write() as tx:
            found.append(put(tx, one, stamp(at)))
    return found


def lying(database: Database, topic: str = NOTICE) -> list[str]:
    """Returns the occurrences of a topic, oldest first."""
    with database.read() as tx:
        return [row.occurrence for row in outbox.under(tx, topic)]


@pytest.mark.parametrize("one", [REMINDED, TOLD])
def test_the_same_notice_lies_there_once(database: Database, one: NoticeWanted) -> None:
    """Putting the same notice again changes nothing, on whatever day; somebody else's is another.

    Seen to fail when the day of the digest is in the occurrence of a reminder.
    """
    later = MORNING + timedelta(days=3)
    assert put_all(database, one, one, replace(one, person="p-2")) == [True, False, True]
    before = lying(database)
    assert put_all(database, one, at=later) == [False]
    assert lying(database) == before


def test_a_digest_that_was_touched_takes_no_more_in(database: Database) -> None:
    """Once a digest was sent, or somebody is at it, a reminder of that day goes into the next day's.

    Seen to fail when every digest of the day takes more in.
    """
    put_all(database, REMINDED)
    with database.write() as tx:
        (row,) = outbox.under(tx, NOTICE)
        outbox.delivered(tx, row, stamp(MORNING), "sent")
    put_all(database, replace(REMINDED, occurrence="b"))
    with database.write() as tx:
        claimed = outbox.claim(tx, NOTICE, stamp(MORNING + timedelta(days=2)), stamp(MORNING + timedelta(days=3)), 5)
    assert [row.occurrence for row in claimed or []] == [digest_key("p-1", "2026-06-02")]
    put_all(database, replace(REMINDED, occurrence="c"))
    with database.read() as tx:
        days = [len(reminders_in(tx, "p-1", f"2026-06-{day:02}")) for day in range(1, 5)]
    assert days == [1, 1, 1, 0]


def test_a_digest_goes_out_at_seven_or_at_once(database: Database) -> None:
    """It is due at seven in the morning by the clocks of England, in summer and winter, or at once later in the day."""
    for day, hour, due in (
        ("2026-06-01", 0, "2026-06-01T06:00:00.000000Z"),
        ("2026-06-02", 12, "2026-06-02T12:00:00.000000Z"),
        ("2026-12-01", 1, "2026-12-01T07:00:00.000000Z"),
    ):
        at = datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")
        put_all(database, replace(REMINDED, occurrence=day), at=at)
        with database.read() as tx:
            row = outbox.about(tx, NOTICE, digest_key("p-1", day))
        assert row is not None
        assert row.next_at == due


def test_each_channel_gets_a_notice_of_its_own(database: Database) -> None:
    """A notice goes out by e-mail and on each channel, each with a state of its own; a new channel gets no old ones."""
    put_all(database, TOLD)
    with database.write() as tx:
        put_channels(tx, ["acme/sms"])
    put_all(database, replace(TOLD, occurrence="later"), REMINDED)
    assert len(lying(database)) == 3
    assert lying(database, f"{NOTICE}:acme/sms") == ["p-1/decide/later", digest_key("p-1", "2026-06-01")]


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["put", "send"]), st.integers(0, 4), st.sampled_from(["p-1", "p-2"]), st.integers(0, 40)
        ),
        max_size=25,
    )
)
def test_whatever_happens_every_reminder_is_in_one_digest(
    database: Database, steps: list[tuple[str, int, str, int]]
) -> None:
    """Put in any order, with digests sent in between, each reminder is in exactly one digest, and no day has two."""
    with database.write() as tx:
        tx.execute("DELETE FROM outbox")
    at, wanted = MORNING, set()
    for act, which, person, hours in steps:
        at += timedelta(hours=hours)
        if act == "put":
            put_all(database, replace(REMINDED, person=person, occurrence=f"d{which}"), at=at)
            wanted.add((person, f"d{which}"))
        else:
            with database.write() as tx:
                for row in outbox.under(tx, NOTICE):
                    if row.state == WAITING and row.next_at <= stamp(at):
                        outbox.delivered(tx, row, stamp(at), "sent")
    digests = lying(database)
    assert len(digests) == len(set(digests))
    found = []
    with database.read() as tx:
        for key in digests:
            person, _, day = key.split("/")
            inside = [r.occurrence for r in outbox.under(tx, f"reminder:{person}") if f'"digest":"{day}"' in r.payload]
            assert inside, "a digest with nothing in it"
            found += [(person, occurrence) for occurrence in inside]
        assert all(r.state == DELIVERED for p in ("p-1", "p-2") for r in outbox.under(tx, f"reminder:{p}"))
    assert sorted(found) == sorted(wanted)
