"""Notices and a mail server that goes wrong at any step of a talk: nothing is lost, hardly anything sent twice."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import pytest

from engine.anchoring.places import MailServer, places_from
from engine.api import InputRefused
from engine.telling import mailing
from tests.plugins.receiving import Authority

from .bad_post import AUTH, DATA, END, GREETING, HELLO, MAIL, RCPT, STARTTLS, STEPS, bad_post
from .posting import free_port, office, with_office
from .test_notices_sending import send, stood, three_wait
from .town import SRO, Town


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("does", ["hangs", "drips", "ends", "nonsense", "endless", "long", "421 going down"])
def test_no_step_of_a_server_loses_a_notice_or_holds_the_others_up(
    town: Town, monkeypatch: pytest.MonkeyPatch, step: str, does: str
) -> None:
    """Whatever a server does at whatever step, one letter takes a bounded time, and all are sent once it is well.

    Handed over twice are only those to whose letter no answer came.
    Seen to fail when each read has its own time only, when an answer may have any length, and when each letter of a
    round waits for the server that hung at the one before.
    """
    monkeypatch.setattr(mailing, "WHOLE", 0.6)
    monkeypatch.setattr(mailing, "ANSWER", 0.25)
    with bad_post(step, does) as post:
        with_office(town, post.server)
        three_wait(town)
        began = time.monotonic()
        done = send(town)
        took = time.monotonic() - began
        assert (done["sent"], done["dead"], done["waiting"]) == (0, 0, 3)
        assert took < 8, f"{took:.1f} s"
        assert (step not in (GREETING, HELLO) and does != "hangs") or post.lines == 1  # the others do not wait as well
        told = {told for _, tries, told in stood(town) if tries}
        assert told
        for one in told:
            assert one is not None
            assert one.startswith(("The mail server 127.0.0.1 ", "What answers as the mail server 127.0.0.1 "))
            assert one.endswith(".")
            assert "It broke" not in one
            assert "Error" not in one
        doubtful = step == END and does != "421 going down"
        assert (len(post.letters) > 0) == (step == END)
        assert any("It may have arrived." in str(one) for one in told) == doubtful
        post.times = 0
        before = len(post.letters)
        assert send(town, hours=2)["sent"] == 3
        assert len(post.letters) - before == 3
        assert send(town, hours=30)["sent"] == 0


@pytest.mark.parametrize("step", [RCPT, DATA, END])
@pytest.mark.parametrize("code", ["450", "550"])
def test_what_a_server_says_of_one_letter_keeps_no_other_back(town: Town, step: str, code: str) -> None:
    """A letter that is put off or refused at any step leaves the line fit for the next one, in the same round.

    Seen to fail when the line is not set back after a refusal.
    """
    with bad_post(step, f"{code} 5.7.1 not this one", times=1) as post:
        with_office(town, post.server)
        three_wait(town)
        done = send(town)
        assert (done["sent"], done["failed"] + done["dead"]) == (2, 1)
        assert done["dead"] == (code == "550")
        assert post.lines == 1
        (told,) = [told for state, _, told in stood(town) if state != "delivered"]
        assert told == f"The mail server 127.0.0.1 says: {code} 5.7.1 not this one"


def test_a_sender_that_is_refused_gives_no_notice_up(town: Town) -> None:
    """Where the server takes no mail from our address, everything waits, and what is said names the setting.

    Seen to fail when a sender that is refused counts as a letter that is.
    """
    with bad_post(MAIL, "550 5.7.60 no permission to send as this sender") as post:
        with_office(town, post.server)
        three_wait(town)
        assert send(town)["failed"] == 3
        assert {told for _, _, told in stood(town)} == {
            "The mail server 127.0.0.1 takes no mail from the address in COCYCLE_MAIL_FROM (code 550)."
        }


def test_a_letter_in_doubt_is_handed_in_twice_and_no_more(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the answer to a letter never comes, it is handed in once more, an hour later, under the same Message-ID.

    After that it is given up, in words that say it may have arrived; whoever knows better has it resent.
    Seen to fail when it is handed in as often as any other.
    """
    monkeypatch.setattr(mailing, "WHOLE", 0.6)
    with bad_post(END, "ends") as post:
        with_office(town, post.server)
        three_wait(town)
        for _ in range(30):
            send(town, minutes=10)
        ids = [one.lower().partition(b"message-id: ")[2].partition(b"\r\n")[0] for one in post.letters]
        assert sorted(ids.count(one) for one in set(ids)) == [2, 2, 2]
        assert {(state, tries) for state, tries, _ in stood(town)} == {("dead", 2)}
        assert all("twice even, and is not handed in again unless you resend it." in str(t) for _, _, t in stood(town))


def test_an_answer_that_takes_its_time_is_waited_for(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that looks long at a letter before its yes is waited for until the end of the letter's whole time.

    Seen to fail when it is waited for as long as any other answer.
    """
    monkeypatch.setattr(mailing, "ANSWER", 0.2)
    with office() as post:
        post.slow = 0.8
        with_office(town, post.server)
        three_wait(town)
        assert send(town)["sent"] == 3
        assert len(post.messages) == 3


def test_a_server_that_is_down_for_ten_days_costs_no_notice(town: Town) -> None:
    """However often a server cannot be reached, its notices wait: for fourteen days, and no longer.

    Seen to fail when twelve failures of the server give a notice up.
    """
    port = free_port()
    with_office(town, MailServer("127.0.0.1", port))
    three_wait(town)
    for _ in range(40):
        assert send(town, hours=6)["dead"] == 0
    with office(port=port) as post:
        assert send(town, hours=8)["sent"] == 3
        assert len(post.messages) == 3


def test_a_server_that_stays_down_has_its_notices_given_up_after_14_days(town: Town) -> None:
    """After fourteen days of failures a notice is given up with the words of the last one.

    Seen to fail when it is tried for ever.
    """
    with_office(town, MailServer("127.0.0.1", free_port()))
    three_wait(town)
    for _ in range(70):
        send(town, hours=6)
    assert {state for state, _, _ in stood(town)} == {"dead"}
    assert all("cannot be reached" in str(told) for _, _, told in stood(town))


# ---- secrets, and lines that are not safe

SECRET = "Pa55-w0rd-not-to-be-seen"  # noqa: S105  # made up


@pytest.mark.parametrize(
    ("offers", "at", "does", "said"),
    [
        (("AUTH PLAIN LOGIN",), AUTH, "535 5.7.8 no", "does not accept the user and the password (code 535)."),
        (("AUTH PLAIN LOGIN",), AUTH, "454 4.7.0 later", "cannot check the password now (code 454)."),
        (("AUTH PLAIN",), AUTH, f"535 no {SECRET}", "does not accept the user and the password (code 535)."),
        (("AUTH LOGIN",), AUTH, "334 a", "cannot be understood when we logged in."),
        ((), AUTH, "", "asks for no user and no password, and some are set."),
        (("AUTH GSSAPI",), AUTH, "", "knows no way of logging in that is known here."),
        (("AUTH PLAIN",), AUTH, "hangs", "gave no answer in time when we logged in."),
        (("STARTTLS",), STARTTLS, "454 not now", "offers encryption, and then cannot do it (code 454)."),
        (("STARTTLS",), STARTTLS, "ends", "ended the line when the line was to be encrypted."),
        (("STARTTLS",), STARTTLS, "220 go", "cannot be encrypted"),
        (("AUTH PLAIN",), HELLO, "500 what", "takes no mail now (code 500, after we greeted it)."),
    ],
)
def test_no_way_of_failing_to_log_in_loses_a_notice_or_tells_a_secret(
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    offers: tuple[str, ...],
    at: str,
    does: str,
    said: str,
) -> None:
    """Whatever fails before a letter is begun, all wait, and what is kept says what to look at, and no password.

    Seen to fail when a server that asks for no password is taken for one that refuses the address.
    """
    monkeypatch.setattr(mailing, "WHOLE", 0.8)
    monkeypatch.setattr(mailing, "ANSWER", 0.3)
    with bad_post(at, does or "250", offers=offers) as post:
        server = dataclasses.replace(post.server, user="register", password=SECRET)
        with_office(town, server)
        three_wait(town)
        done = send(town)
        assert (done["dead"], done["waiting"]) == (0, 3)
        assert said in str(stood(town)[0][2])
        with town.sql() as database:
            kept = str(database.execute("SELECT * FROM outbox").fetchall())
        assert SECRET not in kept
        assert SECRET not in str(town.engine.notices()) + repr(server)
        assert post.letters == []


def test_a_line_whose_encryption_fails_carries_no_letter(town: Town, tmp_path: Path) -> None:
    """A server that offers encryption with a certificate nobody trusts gets nothing, and what is said tells why.

    Seen to fail when the certificate is not checked.
    """
    authority = Authority(tmp_path, "localhost")
    with bad_post("never", "", offers=("STARTTLS",), context=authority.context()) as post:
        with_office(town, post.server)
        three_wait(town)
        send(town)
        assert "has a certificate that is not trusted here: " in str(stood(town)[0][2])
        assert post.letters == []
        assert not any(command.startswith("MAIL") for command in post.commands)


def test_an_offer_of_encryption_that_somebody_took_out_is_missed(town: Town) -> None:
    """With smtp+tls nothing is handed in to a server that offers no encryption, on this machine neither.

    Seen to fail when only a password asks for encryption.
    """
    found = places_from({"COCYCLE_MAIL_SERVER": "smtp+tls://mail.example", "COCYCLE_MAIL_FROM": "a@b.example"}).server
    assert found is not None
    assert (found.port, found.sealed, found.strict) == (587, False, True)
    with bad_post("never", "") as post:
        with_office(town, dataclasses.replace(post.server, strict=True))
        three_wait(town)
        assert send(town)["sent"] == 0
        assert stood(town)[0][2] == "The mail server 127.0.0.1 offers no encryption, so nothing is sent to it."
        assert post.letters == []


def test_a_password_that_cannot_be_sent_is_refused_before_it_is_tried() -> None:
    """Letters that no log-in can carry are told at once, and the value is not repeated."""
    with pytest.raises(InputRefused) as caught:
        places_from(
            {"COCYCLE_MAIL_SERVER": "smtp://sam:gehweg%C3%B6rt@mail.example", "COCYCLE_MAIL_FROM": "a@b.example"}
        )
    assert "COCYCLE_MAIL_SERVER" in str(caught.value)
    assert "gehweg" not in str(caught.value)


def test_a_servers_words_keep_neither_address_nor_name(town: Town) -> None:
    """What a server repeats of a letter is left out of what is kept: the address, its parts, the name, the subject."""
    with office() as post:
        with_office(town, post.server)
        three_wait(town)
        post.answers[SRO] = f"550 5.1.1 {SRO.upper()} sro=example.org@relay unknown (Sro), see SRO"
        send(town)
        with town.sql() as database:
            kept = str(database.execute("SELECT told FROM outbox").fetchall()).casefold()
        assert "sro" not in kept
    kept = mailing.without("jo@a.example", "554 “Café for Zofia” to Zofia Ng is spam", "Zofia Ng", "Café: Zofia")
    assert kept == "554 “(…) for (…)” to (…) (…) is spam"
