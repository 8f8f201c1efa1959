"""A mail server on this machine that does as it is told: takes, refuses, puts off, is slow, breaks off; with TLS."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from engine.anchoring.places import MailServer, Places
from engine.api import Engine, Settings

from .town import Town

SENDER = "register@example.nhs.uk"


@dataclass(slots=True)
class Office:
    """A mail server.

    Attributes:
        answers: what it answers to an address it is asked to take, instead of 250; a callable is asked each time.
        slow: seconds before it answers to a message.
        ends: what it answers to a message, instead of 250.
        before: called with each message before it is answered.
        greets: how often somebody said hello.
    """

    messages: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str | Callable[[], str]] = field(default_factory=dict)
    slow: float = 0.0
    ends: str = "250 OK"
    before: Callable[[EmailMessage], None] = lambda message: None
    greets: int = 0
    encrypted: list[bool] = field(default_factory=list)
    server: MailServer = field(default_factory=lambda: MailServer("127.0.0.1", 0))

    async def handle_EHLO(  # noqa: N802  # the names that the library calls, here and below
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Says hello."""
        self.greets += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802  # as above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes an address, or answers as it was told."""
        answer = self.answers.get(address)
        if answer is not None:
            said = answer() if callable(answer) else answer
            if not said.startswith("250"):
                return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        """Takes a message."""
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.before(message)
        if self.slow:
            await asyncio.sleep(self.slow)
        if self.ends.startswith("250"):
            self.messages.append(message)
            self.encrypted.append(session.ssl is not None)
        return self.ends

    def to(self, address: str) -> list[EmailMessage]:
        """Returns the messages to an address."""
        return [m for m in self.messages if m["To"] == address]

    def texts(self, address: str) -> list[str]:
        """Returns the plain texts of the messages to an address, each on one line."""
        return [" ".join(plain(m).split()) for m in self.to(address)]


@contextmanager
def office(context: ssl.SSLContext | None = None, *, port: int = 0) -> Iterator[Office]:
    """A mail server that listens as long as this lasts; with a context it offers encryption, and asks for it."""
    found = Office()
    controller = Controller(
        found,
        hostname="127.0.0.1",
        port=port or free_port(),
        tls_context=context,
        require_starttls=context is not None,
    )
    controller.start()
    found.server = MailServer("localhost" if context else "127.0.0.1", controller.port)
    try:
        yield found
    finally:
        controller.stop()


def free_port() -> int:
    """Returns a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def with_office(town: Town, server: MailServer | None, **more: object) -> Engine:
    """Opens the town's register with a mail server, or without one, and without plugins."""
    places = Places() if server is None else Places(server=server, sender=SENDER)
    given: dict[str, object] = {"places": places, "plugins": (), **more}
    return town.reopen(settings=Settings(str(town.path), **given))  # type: ignore[arg-type]  # each by its own name


def plain(message: EmailMessage) -> str:
    """Returns the plain text of a message."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def html(message: EmailMessage) -> str:
    """Returns the HTML of a message."""
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def until(happened: Callable[[], bool], seconds: float = 20.0) -> None:
    """Waits until something happened, at most so long."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
