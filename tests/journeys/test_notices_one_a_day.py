"""One digest a person a day, whatever becomes of the mail server, and no heap of mail about one and the same thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from engine.anchoring.places import MailServer
from engine.api import RulesRefused

from .posting import Office, free_port, office, with_office
from .town import COCHAIR, DEPUTY, LEAD, PROJECT, SRO, Town, refused

DUE = ("2026-06-29", "2026-06-30", "2026-07-01", "2026-07-02", "2026-07-03")


def conditions(town: Town, days: Sequence[str] = DUE) -> None:
    """Has the lead answer for a condition on each of these days."""
    town.open()
    town.fill_plan()
    town.decide()
    town.engine.advance(PROJECT, actor=SRO, conditions=[(f"Due {day}", LEAD, day) for day in days])


def sweep(town: Town, day: str, time: str) -> None:
    """Sweeps at a moment of London."""
    town.on(day, time)
    assert town.engine.sweep(outside=False)["problems"] == []


def digests(town: Town, post: Office, email: str = LEAD) -> list[str]:
    """Returns the plain texts of the digests that somebody got."""
    return [text for text in post.texts(email) if "at most once a day" in text and "gate says" not in text]


def put_right(town: Town) -> str:
    """Has a new mandate handed in and signed, and the plan gate affirmed; returns the record."""
    record = town.add("mandate")
    town.sign("mandate", SRO, COCHAIR)
    for by in (SRO, COCHAIR):
        town.engine.affirm(PROJECT, town.passings()[0]["seq"], actor=by)
    return record


def ended(town: Town) -> list[tuple[str, str, str | None]]:
    """Returns day, state and what came of it of each digest of the lead, oldest first."""
    found = [n for n in town.engine.notices(LEAD, limit=100)["notices"] if n["kind"] == "digest"]
    return [(n["day"], n["state"], n["told"]) for n in reversed(found)]


def test_after_days_without_a_server_one_digest_holds_all_of_them(town: Town) -> None:
    """The digests of the days that were missed go out in the newest one, each deadline once, and not one by one.

    Seen to fail when each day's digest goes out for itself.
    """
    port = free_port()
    with_office(town, MailServer("127.0.0.1", port))
    conditions(town)
    for day in range(15, 20):
        for time in ("08:00", "12:00", "20:00"):
            sweep(town, f"2026-06-{day}", time)
    assert len(ended(town)) > 2
    with office(port=port) as post:
        sweep(town, "2026-06-20", "03:00")
        sweep(town, "2026-06-20", "11:00")
        sweep(town, "2026-06-20", "20:00")
        (text,) = digests(town, post)
        for due in DUE:
            assert text.count(f"“Due {due}”") == 1
    *missed, (_, state, told) = ended(town)
    assert (state, told) == ("delivered", "The mail server 127.0.0.1 took it.")
    assert all(str(told).startswith("Nothing was sent. What was in it is in the digest of ") for _, _, told in missed)


def test_a_digest_that_was_given_up_is_in_the_next(town: Town) -> None:
    """What was in a digest that the server refused for good is told with the next one, as far as it still stands.

    Seen to fail when a digest holds its own day only.
    """
    with office() as post:
        with_office(town, post.server)
        conditions(town, ["2026-06-29", "2026-06-30"])
        post.answers[LEAD] = "550 5.1.1 unknown"
        sweep(town, "2026-06-15", "08:00")
        assert [state for _, state, _ in ended(town)] == ["dead"]
        post.answers.clear()
        sweep(town, "2026-06-16", "08:00")
        (text,) = digests(town, post)
        assert "Due 2026-06-29" in text
        assert "Due 2026-06-30" in text


def test_a_digest_that_comes_late_is_the_days_only_one(town: Town) -> None:
    """One that waited over midnight goes into the new day's; where it went out that day, the next is tomorrow's.

    Seen to fail when a new digest is begun on a day on which an older one was sent.
    """
    port = free_port()
    with_office(town, MailServer("127.0.0.1", port))
    conditions(town, ["2026-06-29", "2026-06-30"])
    sweep(town, "2026-06-15", "08:00")
    with office(port=port) as post:
        town.on("2026-06-16", "00:01")
        town.engine.send_notices()  # before anything fired on the new day
        assert len(digests(town, post)) == 1
        for time in ("00:02", "07:01", "12:00", "23:59"):
            sweep(town, "2026-06-16", time)
        assert len(digests(town, post)) == 1
        sweep(town, "2026-06-17", "07:01")
        assert len(digests(town, post)) == 2
        assert "Due 2026-06-30" in digests(town, post)[1]


def test_over_midnight_a_digest_that_waits_joins_the_new_days(town: Town) -> None:
    """In the night one that waits is not sent where the new day's stands ready: both are one letter in the morning.

    Seen to fail when each day's digest goes out for itself.
    """
    port = free_port()
    with_office(town, MailServer("127.0.0.1", port))
    conditions(town, ["2026-06-29", "2026-06-30"])
    sweep(town, "2026-06-15", "08:00")
    with office(port=port) as post:
        sweep(town, "2026-06-16", "00:05")
        assert digests(town, post) == []
        sweep(town, "2026-06-16", "07:00")
        (text,) = digests(town, post)
        assert "2 deadlines" in text


def test_an_old_digest_is_sent_again_when_asked_for(town: Town) -> None:
    """`resend` has a digest sent once more for itself, though later ones went out since.

    Seen to fail when every digest with a later one is held back.
    """
    with office() as post:
        with_office(town, post.server)
        conditions(town, ["2026-06-29", "2026-06-30"])
        sweep(town, "2026-06-15", "08:00")
        sweep(town, "2026-06-16", "08:00")
        assert len(digests(town, post)) == 2
        first = [n for n in town.engine.notices(LEAD)["notices"] if n["kind"] == "digest"][-1]
        town.engine.resend(first["id"])
        sweep(town, "2026-06-16", "09:00")
        assert len(digests(town, post)) == 3
        assert digests(town, post)[2].count("“Due 2026-06-30”") == 0


def test_two_hundred_tries_at_a_shut_gate_are_one_letter_each(town: Town) -> None:
    """However often a gate is tried in an hour, by however many, each who can help gets one letter that day."""
    with office() as post:
        with_office(town, post.server)
        town.open()
        for number in range(200):
            by = (LEAD, SRO, COCHAIR, DEPUTY)[number % 4]
            refused(RulesRefused, "gate_shut", lambda by=by: town.engine.advance(PROJECT, actor=by))  # type: ignore[misc]  # bound now
            if number % 50 == 0:
                town.clock.set(town.clock.moment + timedelta(minutes=15))
                town.engine.send_notices()
        town.engine.send_notices()
        assert max(Counter(str(m["To"]) for m in post.messages).values()) == 1


def test_a_gate_that_falls_again_and_again_before_anybody_is_told_is_told_once(town: Town) -> None:
    """What fell, stood and fell once more between two rounds is one letter, which says how it stands.

    Seen to fail when each fall is a notice of its own while one waits.
    """
    with office() as post:
        with_office(town, post.server)
        town.open()
        records = town.pass_plan()
        town.engine.send_notices()
        post.messages.clear()
        record = records["mandate"]
        for _ in range(5):
            town.engine.withdraw(record, "The wrong document", actor=LEAD)
            record = put_right(town)
        town.engine.withdraw(record, "The wrong document", actor=LEAD)
        town.engine.send_notices()
        assert Counter(str(m["To"]) for m in post.messages) == {SRO: 1, COCHAIR: 1}
        record = put_right(town)
        town.engine.withdraw(record, "The wrong document once more", actor=LEAD)
        town.engine.send_notices()
        assert Counter(str(m["To"]) for m in post.messages) == {SRO: 2, COCHAIR: 2}
