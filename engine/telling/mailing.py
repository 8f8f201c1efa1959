"""Hands letters to the mail server: one line for many, one message each, and says what a failure means for the others.

    connect, once -> MAIL, RCPT, DATA for each -> 250: it is the server's now

What the server said yes to is never handed in again. In two cases nobody knows whether it did: this process can die
between the server's yes and the note of it in the box, and the line can break before the yes is heard. The letter is
then handed in again, the second time that happens never more, and under the same Message-ID, by which mail systems
know it for the same.
"""

from __future__ import annotations

import math
import re
import smtplib
import time
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final

from engine.anchoring.parcel import NotTaken
from engine.anchoring.places import MailServer, Places, is_address
from engine.anchoring.smtp import InDoubt, LetterRefused, NoLine, connected, hand_in, hang_up
from engine.anchoring.smtp_line import Line
from engine.hookshapes import DeliveryFailed
from engine.outbox import OfThemAll, OfThisOneOnly
from engine.telling.composing import Composed
from engine.telling.letter import one_line
from engine.telling.subject import Subject

ANSWER: Final = 10.0  # seconds that one answer of the server is waited for
WHOLE: Final = 35.0  # seconds for one letter, a new line included, however many answers that takes
MOST_ON_A_LINE: Final = 100  # letters; many servers want a new connection after that
DOUBT: Final = 3600.0  # seconds until a letter that may have arrived is handed in once more
ONCE_MORE: Final = "It may have arrived. It is handed in once more, under the same Message-ID."
NO_MORE: Final = "It may have arrived, twice even, and is not handed in again unless you resend it."
_WORD = re.compile(r"\w{2,}")
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
    """A line to the mail server, opened with the first letter. Where there is none, the other letters do not wait."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._line: Line | None = None
        self._sent = 0
        self._away: str | None = None  # why there is no line, once that is known

    def send(self, found: Composed, before: str | None = None) -> str:
        """Hands in a letter; returns a line for the log.

        Args:
            found: the letter.
            before: what came of the try before this one, if there was one.

        Raises:
            OfThisOneOnly: the server does not take this one, which says nothing of the others; `final` for ever.
            OfThemAll: the server cannot be reached, or took nothing.
            DeliveryFailed: nobody knows whether it took this one; `final` where that happened twice.
        """
        server = self._places.server
        assert server is not None
        if not is_address(found.address):
            raise OfThisOneOnly("What stands as this person's e-mail is no address that can be written to.", final=True)
        message = message_of(found, self._places.sender)
        began = time.monotonic()
        try:
            hand_in(self._connected(server), message, self._places.sender, found.address)
        except LetterRefused as error:
            said = without(found.address, error.words, found.name, found.letter.subject)
            told = f"The mail server {server.host} says: {error.code} {said}"
            raise OfThisOneOnly(told, final=error.code >= 500) from error
        except InDoubt as error:
            self._gone(f"The mail server {server.host} gave no answer to another letter.", began)
            again = before is not None and ONCE_MORE in before
            raise DeliveryFailed(f"{error} {NO_MORE if again else ONCE_MORE}", final=again, after=DOUBT) from error
        except NotTaken as error:
            self._gone(str(error), -math.inf if isinstance(error, NoLine) else began)
            raise OfThemAll(str(error)) from error
        self._sent += 1
        return f"The mail server {server.host} took it."

    def close(self) -> None:
        """Says goodbye, where there is somebody to say it to."""
        line, self._line, self._sent = self._line, None, 0
        if line is not None:
            hang_up(line)

    def _gone(self, why: str, began: float) -> None:
        """Lets go of a line that failed; where that took its time, the letters after it do not wait for the same."""
        self.close()
        if time.monotonic() - began >= ANSWER:
            self._away = why

    def _connected(self, server: MailServer) -> Line:
        """Returns the line that is open, if it still answers, else a new one; all of it and a letter within `WHOLE`."""
        if self._away is not None:
            raise NoLine(self._away)
        until = time.monotonic() + WHOLE
        if self._line is not None and self._sent < MOST_ON_A_LINE:
            self._line.until = until
            with suppress(smtplib.SMTPException, OSError):
                if self._line.noop()[0] == 250:
                    return self._line
        self.close()
        self._line = connected(server, ANSWER, until - time.monotonic())
        return self._line


def without(address: str, words: str, name: str = "", subject: str = "") -> str:
    """Returns a server's words without what it may repeat of a letter: what is kept here about one cannot be erased.

    Left out are every address, what stands before the @ of this one and its parts, the words of the person's name, and
    those of the subject that are longer than three letters.
    """
    found = _ANY_ADDRESS.sub("(address)", words.replace(address, "(address)"))
    local = address.partition("@")[0]
    for part in sorted({local, *re.split(r"[._+-]", local)}, key=len, reverse=True):
        if len(part) > 2:
            found = re.sub(re.escape(part), "(name)", found, flags=re.IGNORECASE)
    personal = {word for word in _WORD.findall(subject) if len(word) > 3} | {*_WORD.findall(name)}
    for word in sorted(personal, key=len, reverse=True):
        found = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "(…)", found, flags=re.IGNORECASE)
    return one_line(found)


def _label(origin: str) -> str:
    """Returns a register's name as the name of a list can be written."""
    found = re.sub(r"[^a-z0-9.-]+", "-", origin.lower()).strip(".-")
    return re.sub(r"\.{2,}", ".", found) or "cocycle"
