"""Hands letters to the mail server: one line for many, one message each, and says what a failure means for the others.

    connect, once -> MAIL, RCPT, DATA for each -> 250: it is the server's now

Between the server's 250 and the note of it in the box this process can die. The letter is then handed in again under
the same Message-ID, by which mail systems know it for the same. So it is at least once, and never silently not at all.
"""

from __future__ import annotations

import re
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final

from engine.anchoring.parcel import NotTaken
from engine.anchoring.places import MailServer, Places, is_address
from engine.anchoring.smtp import connected, log_in, plain_failures
from engine.hookshapes import DeliveryFailed
from engine.outbox import OfThisOneOnly
from engine.telling.composing import Composed
from engine.telling.letter import one_line
from engine.telling.subject import Subject

ANSWER: Final = 10.0  # seconds that one answer of the server is waited for
WHOLE: Final = 25.0  # seconds for handing in one letter once connected, however many answers that takes
MOST_ON_A_LINE: Final = 100  # letters; many servers want a new connection after that
_ANY_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")


def message_of(found: Composed, sender: str) -> EmailMessage:
    """Returns a letter as an e-mail: plain text and HTML that say the same, marked as sent by a machine."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, found.address, Subject(found.letter.subject)
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{found.id}@{sender.rpartition('@')[2]}>"
    message["List-Id"] = f"<notices.{_label(found.origin)}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(found.letter.plain(), cte="quoted-printable")
    message.add_alternative(found.letter.html(), subtype="html", cte="quoted-printable")
    return message


class Postman:
    """A line to the mail server, opened with the first letter."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._line: smtplib.SMTP | None = None
        self._sent = 0

    def send(self, found: Composed) -> str:
        """Hands in a letter; returns a line for the log.

        Raises:
            OfThisOneOnly: the server does not take this one, which says nothing of the others; `final` for ever.
            DeliveryFailed: the server cannot be reached, or takes nothing now.
        """
        server = self._places.server
        assert server is not None
        if not is_address(found.address):
            raise OfThisOneOnly("What stands as this person's e-mail is no address that can be written to.", final=True)
        message = message_of(found, self._places.sender)
        try:
            with _own_words(server, found.address), plain_failures(server):
                line = self._connected(server)
                with _at_most(line, WHOLE):
                    line.send_message(message)
        except NotTaken as error:
            self.close()
            raise DeliveryFailed(str(error)) from error
        self._sent += 1
        return f"The mail server {server.host} took it."

    def close(self) -> None:
        """Says goodbye, where there is somebody to say it to."""
        line, self._line, self._sent = self._line, None, 0
        if line is not None:
            with suppress(smtplib.SMTPException, OSError), _at_most(line, 1.0):
                line.quit()
            line.close()

    def _connected(self, server: MailServer) -> smtplib.SMTP:
        """Returns the line that is open, if it still answers, else a new one."""
        if self._line is not None and self._sent < MOST_ON_A_LINE:
            with suppress(smtplib.SMTPException, OSError):
                if self._line.noop()[0] == 250:
                    return self._line
        self.close()
        line = connected(server, ANSWER)
        self._line = line
        with _at_most(line, WHOLE / 2):
            log_in(line, server)
        return line


@contextmanager
def _at_most(line: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Ends a line that takes longer altogether: a server can answer each time just before it is too late."""

    def cut() -> None:
        sock = line.sock
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _own_words(server: MailServer, address: str) -> Iterator[None]:
    """Raises OfThisOneOnly for what the server says of one letter, in its words, without the address."""
    try:
        yield
    except NotTaken as told:
        error = told.__cause__
        words: bytes | str
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, words = next(iter(error.recipients.values()))
        elif isinstance(error, smtplib.SMTPDataError):
            code, words = error.smtp_code, error.smtp_error
        elif isinstance(error, smtplib.SMTPNotSupportedError):
            code, words = 553, "It cannot write to an address with such letters."
        else:
            raise
        if code == 421:  # it is going down, whoever the letter is to
            raise
        said = without(address, words.decode("utf-8", "replace") if isinstance(words, bytes) else words)
        raise OfThisOneOnly(f"The mail server {server.host} says: {code} {said}", final=code >= 500) from told


def without(address: str, words: str) -> str:
    """Returns a server's words without anybody's address: what is kept about a letter cannot be erased from there."""
    found = _ANY_ADDRESS.sub("(address)", words.replace(address, "(address)"))
    name = address.partition("@")[0]
    if len(name) > 2:
        found = re.sub(re.escape(name), "(name)", found, flags=re.IGNORECASE)
    return one_line(found)


def _label(origin: str) -> str:
    """Returns a register's name as the name of a list can be written."""
    found = re.sub(r"[^a-z0-9.-]+", "-", origin.lower()).strip(".-")
    return re.sub(r"\.{2,}", ".", found) or "cocycle"
