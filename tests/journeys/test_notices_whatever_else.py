"""Notices go out by mail whatever else is wrong: a channel, a plugin that is away, an erasure, an odd address."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.anchoring.places import Places, is_address
from engine.anchoring.smtp import LetterRefused, connected, hand_in, hang_up
from engine.api import Settings
from engine.telling.composing import Composed
from engine.telling.letter import Letter
from engine.telling.mailing import message_of
from tests.hosting.folders import write_plugin

from .bad_post import bad_post
from .posting import SENDER, office, with_office
from .test_anchors_mail import AUDIT, with_mail
from .test_erasing import SECOND, erase, with_second_admin
from .test_notices_sending import send, three_wait
from .town import LEAD, SRO, Town

CHANNEL = """
import time

def deliver(notice, settings):
    {does}

@hookimpl
def cocycle_channels():
    return [Channel("sms", "Short messages", deliver)]
"""


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("time.sleep(60)", "acme"),
        ("raise RuntimeError(notice.person)", "acme"),
        ("import os; os._exit(3)", "acme"),
        ("raise DeliveryFailed('The text service is away')", "The text service is away"),
    ],
)
def test_a_channel_that_goes_wrong_holds_up_no_mail(town: Town, tmp_path: Path, does: str, said: str) -> None:
    """Whatever a channel does, the mail goes out in the same round, and the channel's own are tried again."""
    folder = tmp_path / "plugins"
    write_plugin(folder, "acme", CHANNEL.format(does=does))
    with office() as post:
        with_office(town, post.server, plugins_dir=str(folder))
        send(town)  # from now on the channel is known
        three_wait(town)
        town.clock.set(town.clock.moment + timedelta(seconds=1))
        done = town.engine.send_notices(limit=4)["notices"]  # the mail, and one on the channel, which may hang
        assert (done["sent"], done["dead"], done["waiting"]) == (3, 0, 3)
        assert len(post.messages) == 3
        waits = [n for n in town.engine.notices()["notices"] if n["state"] == "waiting" and n["tries"]]
        assert waits
        assert all(n["channel"] == "acme/sms" and said in n["told"] for n in waits)


def test_a_plugin_that_is_not_there_holds_up_no_mail(town: Town) -> None:
    """Where a plugin that is set to be active cannot be found, people are told all the same."""
    with office() as post:
        three_wait(town)
        places = Places(server=post.server, sender=SENDER)
        town.reopen(settings=Settings(str(town.path), places=places, plugins=("webhook", "not_there")))
        send(town)
        assert len(post.messages) == 3


# ---- erasures


def test_after_an_erasure_nobody_is_written_to_and_no_row_tells_of_them(town: Town) -> None:
    """Who was erased gets no letter, not even one that is asked for again; no row, answer or letter has their name."""
    with office() as post:
        with_office(town, post.server)
        with_second_admin(town)
        three_wait(town)
        post.answers[SRO] = f"550 5.1.1 No mailbox of Sro <{SRO}> here"
        send(town)
        (number,) = [n["id"] for n in town.engine.notices(SRO)["notices"]]
        erase(town, SRO, second=SECOND)
        erase(town, LEAD, second=SECOND)
        post.answers.clear()
        post.messages.clear()
        town.engine.resend(number)
        done = send(town)
        assert (done["sent"], done["dead"]) == (0, 1)
        assert post.messages == []
        with town.sql() as database:
            kept = str(database.execute("SELECT * FROM outbox").fetchall())
        for one in town.engine.notices(limit=100)["notices"]:
            kept += str(one) + str(town.engine.notice(one["id"]))
        for word in (SRO, LEAD, "Sro", "Lead tried"):
            assert word not in kept


# ---- odd addresses

ODD = st.from_regex(r"[^@\s<>\"',;:()\[\]\\]{1,64}@[a-zA-Z0-9.-]{1,190}", fullmatch=True).filter(is_address)


def test_an_odd_address_is_written_to_as_it_stands_or_not_at_all() -> None:
    """Every address that can stand here reaches the server as itself alone, or is refused; never as another."""
    with bad_post("never", "", offers=("SMTPUTF8", "8BITMIME")) as post:
        letter = Letter()
        letter.about("Something")
        line = connected(post.server, 5.0, 60.0)

        @settings(max_examples=80, deadline=None)
        @given(address=ODD)
        def each(address: str) -> None:
            found = Composed("n1", "refused", "p-1", address, None, None, "", "town", letter)
            before = len(post.letters)
            try:
                hand_in(line, message_of(found, SENDER), SENDER, address)
            except LetterRefused:
                return
            assert len(post.letters) == before + 1
            told = [command for command in post.commands if command.lower().startswith("rcpt")][-1]
            assert told.encode("latin-1").decode("utf-8").lower() == f"rcpt to:<{address}>".lower()
            assert post.letters[-1].lower().count(b"\nto:") == 1
            assert b"\nbcc:" not in post.letters[-1].lower()

        each()
        hang_up(line)


# ---- mail that is no notice


def test_a_server_with_a_strange_goodbye_is_sent_a_checkpoint_once(town: Town) -> None:
    """What a server says to our goodbye changes nothing: what it took is not sent again.

    Seen to fail when a goodbye that is not 221 counts as a failure.
    """
    with bad_post("QUIT", "500 what") as post:
        with_mail(town, post.server, AUDIT)
        for _ in range(3):
            town.engine.anchor()
        checkpoints = [one for one in post.letters if AUDIT.encode() in one]
        assert len(checkpoints) == 1


def test_a_checkpoint_that_is_sent_twice_is_known_for_the_same(town: Town) -> None:
    """Where no answer came, the same checkpoint goes out again under the same Message-ID.

    Seen to fail when the id is made anew at each try.
    """
    with bad_post(".", "ends", times=1) as post:
        with_mail(town, post.server, AUDIT)
        town.engine.anchor()
        town.engine.anchor()
        ids = [one.lower().partition(b"message-id: ")[2].partition(b"\r\n")[0] for one in post.letters]
        assert len(ids) == 2
        assert len(set(ids)) == 1
