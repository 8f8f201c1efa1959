"""What was given up is seen by the doctor: notices that reached nobody, and deliveries that no plugin took."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.api import Engine, Settings
from engine.clock import stamp
from engine.notices.wanted import NOTICE
from engine.store import outbox
from engine.store.outbox import OBSERVER

from .machine import give_conditions
from .posting import office, with_office
from .town import LONDON, SRO, Town


def said(engine: Engine, check: str) -> tuple[bool, str]:
    """Returns what the doctor says of one thing."""
    (found,) = [one for one in engine.doctor()["checks"] if one["check"] == check]
    return found["ok"], found["message"]


def give_up(town: Town, topic: str, occurrence: str) -> None:
    """Puts something into the box that is given up at this moment."""
    at = stamp(town.clock.now())
    with town.engine.database.write() as tx:
        outbox.put_one(tx, topic, occurrence, "{}", at, at)
        (one,) = outbox.claim(tx, topic, at, "9999", 1) or []
        outbox.not_delivered(tx, one, at, None, "It will never be taken.")


def test_a_letter_that_was_given_up_is_found(town: Town) -> None:
    """What the mail server refuses for good is a finding, with the command that lists it; once sent it is none.

    Seen to fail when the doctor is not asked about the box.
    """
    give_conditions(town, projects=1, each=1)
    town.clock.set(datetime(2026, 6, 17, 12, 0, tzinfo=LONDON))
    with office() as post:
        engine = with_office(town, post.server)
        assert said(engine, "notices") == (True, "No notice was given up in the last 14 days.")
        post.answers[SRO] = "550 no such mailbox"
        dead = engine.sweep()["notices"]["dead"]
        assert dead > 1
        well, words = said(engine, "notices")
        assert not well
        assert words.startswith(f"{dead} notices to people were given up in the last 14 days.")
        assert "cocycle notices --state dead" in words
        assert not engine.doctor()["ok"]
        post.answers.clear()
        for letter in engine.notices(state="dead")["notices"]:
            engine.resend(letter["id"])
        assert engine.sweep()["notices"]["dead"] == 0
        assert said(engine, "notices")[0]


def test_after_two_weeks_a_letter_that_was_given_up_is_no_news(town: Town) -> None:
    """What is older than any notice that is still tried is listed, and found no more: nobody could mend it.

    Seen to fail when the moment is not looked at: the doctor is not well for 90 days.
    """
    with office() as post:
        engine = with_office(town, post.server)
        give_up(town, NOTICE, "p/decide/1")
        give_up(town, f"{NOTICE}:webhook/teams", "p/decide/1")
        assert said(engine, "notices")[1].startswith("2 notices to people were given up")
        town.clock.set(town.clock.moment + timedelta(days=14, seconds=1))
        assert said(engine, "notices")[0]
        with town.engine.database.read() as tx:
            assert outbox.dead_under(tx, NOTICE) == 2, "kept, and listed"


def test_without_a_mail_server_e_mails_that_are_too_old_are_no_finding(town: Town) -> None:
    """Who has no mail server has chosen so; what a plugin's channel did not take is a finding all the same.

    Seen to fail when all notices are counted whatever is set.
    """
    engine = with_office(town, None)
    give_up(town, NOTICE, "p/decide/1")
    assert said(engine, "notices")[0]
    give_up(town, f"{NOTICE}:webhook/teams", "p/decide/1")
    assert said(engine, "notices")[1].startswith("1 notice to somebody was given up")


@pytest.mark.parametrize("active", [True, False])
def test_a_delivery_that_was_given_up_is_found_while_its_plugin_is_active(
    town: Town, tmp_path: Path, *, active: bool
) -> None:
    """What an active plugin was to be told and was not is a gap until it is sent again, however long ago that was.

    Seen to fail when what a plugin was to be told counts that is not active any more: nobody could mend that.
    """
    given: dict[str, Any] = {"plugins": ("webhook",) if active else ()}
    engine = town.reopen(settings=Settings(str(town.path), **given))
    assert said(engine, "deliveries") == (True, "No delivery to an active plugin was given up.")
    give_up(town, f"{OBSERVER}webhook/entries", "3")
    give_up(town, f"{OBSERVER}webhook/entries", "4")
    town.clock.set(town.clock.moment + timedelta(days=40))
    well, words = said(engine, "deliveries")
    assert well is not active
    if active:
        assert words.startswith("2 deliveries to plugins were given up.")
        assert "cocycle plugin deliveries --state dead" in words
        engine.redeliver(all_dead=True)
        assert said(engine, "deliveries")[0]


def test_without_a_mail_server_the_doctor_says_that_nobody_is_told(town: Town) -> None:
    """Notices that wait for a mail server that nobody set are no fault, and are not passed over in silence either.

    Seen to fail when only what was given up is counted.
    """
    give_conditions(town, projects=1, each=1)
    town.clock.set(datetime(2026, 6, 17, 12, 0, tzinfo=LONDON))
    engine = with_office(town, None)
    assert engine.sweep()["notices"]["waiting"] == 1
    well, words = said(engine, "notices")
    assert well
    assert "1 waits, and nobody is told by e-mail, since no mail server is set" in words
    assert "COCYCLE_MAIL_SERVER" in words
