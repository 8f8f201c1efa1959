"""Sending notices through a real mail server that is down, slow, unwilling, or gone in the middle of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from engine.anchoring.places import MailServer
from engine.api import RulesRefused
from engine.telling import mailing
from tests.plugins.receiving import Authority

from .posting import free_port, office, plain, until, with_office
from .town import ADMIN, COCHAIR, DEPUTY, LEAD, PROJECT, ROOT, SRO, Json, Town, refused

DECIDERS = (SRO, COCHAIR, DEPUTY)


def three_wait(town: Town) -> None:
    """Has three notices wait: a gate was refused, and three people can help."""
    town.open()
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=LEAD))


def send(town: Town, **later: float) -> Json:
    """Sends what is due after so long; returns what came of it."""
    town.clock.set(town.clock.moment + timedelta(**(later or {"seconds": 1})))
    found: Json = town.engine.send_notices()["notices"]
    return found


def stood(town: Town) -> list[tuple[str, int, str | None]]:
    """Returns state, tries and what came of it of each notice, oldest first."""
    listed = town.engine.notices()["notices"]
    return [(n["state"], n["tries"], n["told"]) for n in reversed(listed)]


def test_a_server_that_is_down_loses_nothing(town: Town) -> None:
    """While nobody listens notices wait, longer each time; once somebody does, each is sent once.

    Seen to fail when a failed connection gives a notice up.
    """
    port = free_port()
    with_office(town, MailServer("127.0.0.1", port))
    three_wait(town)
    assert send(town)["failed"] == 3
    assert send(town, seconds=30)["failed"] == 0
    assert send(town, seconds=60)["failed"] == 3
    with office(port=port) as post:
        assert send(town, minutes=3)["sent"] == 3
        assert send(town, hours=10)["sent"] == 0
        assert {m["To"] for m in post.messages} == set(DECIDERS)
    assert {(state, tries) for state, tries, _ in stood(town)} == {("delivered", 3)}


def test_one_refused_address_keeps_nobody_back(town: Town) -> None:
    """An address that the server refuses is given up at once with its words, the address left out; others are sent.

    Seen to fail when the server's words are kept as they came: they hold the address.
    """
    with office() as post:
        with_office(town, post.server)
        three_wait(town)
        post.answers[SRO] = f"550 5.1.1 <{SRO}>: mailbox of sro is gone"
        done = send(town)
        assert (done["sent"], done["dead"], done["failed"]) == (2, 1, 0)
        (dead,) = town.engine.notices(SRO)["notices"]
        assert dead["told"] == "The mail server 127.0.0.1 says: 550 5.1.1 <(address)>: mailbox of (name) is gone"
        with town.sql() as database:
            assert SRO not in str(database.execute("SELECT * FROM outbox").fetchall())
        assert send(town, hours=30)["sent"] == 0


def test_greylisting_is_waited_for(town: Town) -> None:
    """An address that is put off (4xx) is tried again after its wait and then taken; meanwhile the others are sent.

    More are put off in a row than the patience with a server that is down would bear.
    Seen to fail when such a failure counts as one of the server.
    """
    with office() as post:
        with_office(town, post.server)
        for number in range(4):
            email = f"zz{number}@example.org"
            town.engine.add_person(email, f"Number {number}", actor=ADMIN)
        town.open()
        for number in range(4):
            town.engine.grant(f"zz{number}@example.org", "sro", project=PROJECT, actor=ADMIN)
            post.answers[f"zz{number}@example.org"] = "451 4.7.1 Come back later"
        refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=LEAD))
        done = send(town)
        assert (done["sent"], done["failed"]) == (3, 4)
        post.answers.clear()
        assert send(town, minutes=2)["sent"] == 4
        assert len(post.messages) == 7


def test_a_server_that_takes_no_message_now_is_asked_again(town: Town) -> None:
    """A message that is put off (452) or found too large (552) is put off, or given up; the others are tried."""
    with office() as post:
        with_office(town, post.server)
        three_wait(town)
        post.ends = "452 4.3.1 No room now"
        assert send(town)["failed"] == 3
        post.ends = "552 5.3.4 Too large"
        assert send(town, minutes=2)["dead"] == 3
        assert post.messages == []


def test_a_slow_server_is_not_waited_for_for_ever(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is slow with each answer is left after the time for one letter, and tried again later.

    Seen to fail when only each answer is limited: the server below gives one every 0.6 seconds.
    """
    monkeypatch.setattr(mailing, "WHOLE", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        with_office(town, MailServer("127.0.0.1", listener.getsockname()[1]))
        three_wait(town)
        import threading

        def drip() -> None:
            line, _ = listener.accept()
            with line:
                line.sendall(b"220 slow\r\n")
                for _ in range(20):
                    time.sleep(0.3)
                    try:
                        line.sendall(b"250-slow\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        town.engine.resend(town.engine.notices(SRO)["notices"][0]["id"])
        began = time.monotonic()
        done = town.engine.send_notices(limit=1)["notices"]
        assert (done["sent"], done["failed"]) == (0, 1)
        assert time.monotonic() - began < 5
    assert all(told is None or "mail server" in told for _, _, told in stood(town))


def test_many_letters_go_over_one_line(town: Town) -> None:
    """A round of notices needs one connection."""
    with office() as post:
        with_office(town, post.server)
        three_wait(town)
        assert send(town)["sent"] == 3
        assert post.greets == 1


def test_the_line_is_encrypted_where_the_server_can(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With STARTTLS a letter goes over an encrypted line to a server whose certificate is checked; else not at all."""
    authority = Authority(tmp_path, "localhost")
    with office(authority.context()) as post:
        with_office(town, post.server)
        three_wait(town)
        done = send(town)
        assert (done["sent"], done["failed"]) == (0, 3)  # nobody here trusts this authority
        authority_file = tmp_path / "authority.pem"
        authority_file.write_text(authority.pem)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
        assert send(town, minutes=2)["sent"] == 3
        assert post.encrypted == [True, True, True]


def test_nothing_is_sent_twice_over_restarts(town: Town) -> None:
    """However often the register is opened and swept, each notice is sent once."""
    with office() as post:
        with_office(town, post.server)
        three_wait(town)
        for _ in range(4):
            send(town, minutes=5)
            with_office(town, post.server)
        assert len(post.messages) == 3


CRASHING = """
    import sys
    from datetime import datetime
    from engine.anchoring.places import MailServer, Places
    from engine.api import SetClock, Settings, open_register

    path, port, now = sys.argv[1:]
    places = Places(server=MailServer("127.0.0.1", int(port)), sender="register@example.nhs.uk")
    settings = Settings(path, places=places, plugins=())
    engine = open_register(path, settings=settings, clock=SetClock(datetime.fromisoformat(now)))
    engine.send_notices()
"""


def test_a_crash_after_the_servers_yes_sends_the_same_letter_again(town: Town) -> None:
    """Killed between the server's 250 and the note of it, the letter is sent again under the same Message-ID, only it.

    Seen to fail when the Message-ID is made anew for each try.
    """
    with office() as post:
        with_office(town, post.server)
        three_wait(town)
        town.engine.close()
        later = town.clock.moment + timedelta(seconds=5)
        command = [sys.executable, "-c", textwrap.dedent(CRASHING), str(town.path)]
        process = subprocess.Popen([*command, str(post.server.port), later.isoformat()], cwd=ROOT)

        def kill(message: EmailMessage) -> None:
            if len(post.messages) == 1:  # the second is taken, and whoever sent it never hears of it
                os.kill(process.pid, signal.SIGKILL)
                process.wait()

        post.before = kill
        assert process.wait(60) == -signal.SIGKILL
        until(lambda: len(post.messages) == 2)
        post.before = lambda message: None
        town.clock.set(later + timedelta(minutes=3))
        with_office(town, post.server)
        assert send(town)["sent"] == 2
    ids = [m["Message-ID"] for m in post.messages]
    assert (len(ids), len(set(ids))) == (4, 3)
    assert ids[1] == ids[2]
    assert plain(post.messages[1]) == plain(post.messages[2])


def test_without_a_server_notices_wait_and_are_not_sent_years_later(town: Town) -> None:
    """Without a mail server each notice waits and says why; after 14 days it is given up, and stays so.

    Seen to fail when what is old is looked for only while no server is set.
    """
    with_office(town, None)
    three_wait(town)
    done = send(town)
    assert (done["waiting"], done["server"]) == (3, False)
    assert {told for _, _, told in stood(town)} == {"Not sent yet: no mail server is set (COCYCLE_MAIL_SERVER)."}
    with office() as post:
        with_office(town, post.server)
        done = send(town, days=15)
        assert (done["sent"], done["dead"]) == (0, 3)
        assert {(s, told) for s, _, told in stood(town)} == {
            ("dead", "Not sent: it waited for more than 14 days, and what is that old helps nobody.")
        }
        town.engine.resend(town.engine.notices(SRO)["notices"][0]["id"])
        assert send(town)["sent"] == 1
        assert len(post.messages) == 1


def test_a_server_that_is_set_within_days_sends_what_waits(town: Town) -> None:
    """What waited for fewer than 14 days is sent once a server is set."""
    with_office(town, None)
    three_wait(town)
    with office() as post:
        with_office(town, post.server)
        assert send(town, days=13)["sent"] == 3
        assert len(post.messages) == 3


def test_somebody_who_was_erased_is_not_written_to(town: Town) -> None:
    """A notice that waits for somebody who was erased is given up, and the list names nobody."""
    with office() as post:
        with_office(town, post.server)
        three_wait(town)
        person = next(p["id"] for p in town.engine.people()["people"] if p["email"] == SRO)
        with town.sql() as database:
            row = database.execute("SELECT email_folded, email, name FROM person WHERE id = ?", (person,)).fetchone()
            database.execute(
                "UPDATE person SET email_folded = NULL, email = NULL, name = NULL, active = 0 WHERE id = ?", (person,)
            )
        done = send(town)
        assert (done["sent"], done["dead"]) == (2, 1)
        (gone,) = [n for n in town.engine.notices()["notices"] if n["person"] == person]
        assert (gone["name"], gone["told"]) == (None, "This person was erased and is not written to.")
        with town.sql() as database:
            database.execute(
                "UPDATE person SET email_folded = ?, email = ?, name = ?, active = 1 WHERE id = ?", (*row, person)
            )


def test_what_is_no_address_is_given_up_and_said(town: Town) -> None:
    """Somebody whose e-mail can be written to nowhere is told nowhere, which is seen; the others are told.

    Such an address can only stand in a register that somebody altered, or that an older cocycle made.
    """
    with office() as post:
        with_office(town, post.server)
        three_wait(town)
        with town.sql() as database:
            database.execute("UPDATE person SET email = 'odd, one@example.org' WHERE email = ?", (SRO,))
        done = send(town)
        assert (done["sent"], done["dead"]) == (2, 1)
        (one,) = [n for n in town.engine.notices()["notices"] if n["state"] == "dead"]
        assert one["told"] == "What stands as this person's e-mail is no address that can be written to."
        with town.sql() as database:
            database.execute("UPDATE person SET email = ? WHERE email = 'odd, one@example.org'", (SRO,))
