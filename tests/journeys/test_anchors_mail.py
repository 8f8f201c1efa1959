"""Mail: checkpoints to those who keep them, and to everyone who decides the receipt of their decision."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from engine.anchoring.places import MailServer, Places
from engine.api import Settings
from engine.ledger.checkpoint import open_checkpoint
from engine.ledger.proof import check_receipt, read_receipt

from .test_anchors import decide
from .test_signer import keys
from .town import COCHAIR, PROJECT, SRO, Town

AUDIT = "audit@example.nhs.uk"
SENDER = "register@example.nhs.uk"


class Mailbox:
    """What a mail server took. `refuses` are addresses that it does not know."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuses: set[str] = set()

    async def handle_RCPT(  # noqa: N802  # the name that the library calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes an address, or answers as servers do, with the address in it."""
        if address in self.refuses:
            return f"550 5.1.1 <{address}> unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        """Takes a message."""
        assert isinstance(envelope.content, bytes)
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Returns the messages to an address."""
        return [m for m in self.messages if m["To"] == address]


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, MailServer]]:
    """A mail server that listens on this machine."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, MailServer("127.0.0.1", controller.port)
    controller.stop()


def free_port() -> int:
    """Returns a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def attached(message: EmailMessage) -> str:
    """Returns the one file of a message."""
    (part,) = message.iter_attachments()
    content = part.get_content()
    assert isinstance(content, bytes)
    return content.decode()


def with_mail(town: Town, server: MailServer, *mail: str) -> None:
    """Opens the register with a mail server, and addresses that keep checkpoints; its project waits for decisions."""
    town.reopen(settings=Settings(str(town.path), places=Places(mail=mail, server=server, sender=SENDER)))
    town.open()
    town.fill_plan()


def waiting(town: Town) -> list[tuple[str, int, str | None]]:
    """Returns person, tries and failure of each letter that waits."""
    with town.sql() as database:
        return database.execute("SELECT person, tries, failure FROM letter ORDER BY seq").fetchall()


def test_a_checkpoint_arrives_byte_for_byte(town: Town, mailbox: tuple[Mailbox, MailServer]) -> None:
    """The attached checkpoint opens with the ledger's key, and the message says in words what to do with it."""
    box, server = mailbox
    with_mail(town, server, AUDIT)
    town.engine.anchor()
    (message,) = box.to(AUDIT)
    checkpoint, _ = open_checkpoint(attached(message), keys(town.engine))
    assert checkpoint.size == town.size
    body = message.get_body()
    assert body is not None
    text = body.get_content()
    assert "for keeping" in text
    assert "cocycle ledger verify --checkpoint" in text


def test_everyone_who_decides_is_sent_their_receipt(town: Town, mailbox: tuple[Mailbox, MailServer]) -> None:
    """Each who decides at a gate is mailed the proof of their own decision, once, and nobody else's.

    Seen to fail when letters that were sent stayed on the list.
    """
    box, server = mailbox
    with_mail(town, server)
    for by in (SRO, COCHAIR):
        assert "warnings" not in decide(town, by)
    town.engine.give_out(town.engine.advance(PROJECT, actor=SRO))
    town.engine.anchor()
    assert [len(box.to(by)) for by in (SRO, COCHAIR)] == [2, 1]
    for message in box.messages:
        receipt = read_receipt(attached(message))
        check_receipt(receipt, town.engine.leaf(receipt.index), keys(town.engine))
    (leaf,) = (town.engine.leaf(read_receipt(attached(m)).index) for m in box.to(COCHAIR))
    assert b'"event":"decided"' in leaf
    assert waiting(town) == []


def test_a_receipt_waits_until_it_can_be_sent(town: Town, mailbox: tuple[Mailbox, MailServer]) -> None:
    """Without a mail server that answers, the decision stands, its receipt waits, and anchoring sends it later."""
    box, server = mailbox
    with_mail(town, MailServer("127.0.0.1", free_port()))
    assert decide(town, SRO)["receipt"]
    assert [tries for _, tries, _ in waiting(town)] == [1]
    town.reopen(settings=Settings(str(town.path), places=Places(server=server, sender=SENDER)))
    assert town.engine.anchor()["letters"] == {"sent": 1, "waiting": 0}
    assert len(box.to(SRO)) == 1


def test_an_address_that_is_refused_is_not_written_down(town: Town, mailbox: tuple[Mailbox, MailServer]) -> None:
    """What a server says about an address is told in our own words: an address must stay erasable.

    Seen to fail when the server's own answer was kept.
    """
    box, server = mailbox
    box.refuses = {SRO, AUDIT}
    with_mail(town, server, AUDIT)
    decide(town, SRO)
    (_, _, why) = waiting(town)[0]
    assert why is not None
    assert "550" in why
    with town.sql() as database:
        kept = str(database.execute("SELECT * FROM anchor").fetchall()) + str(waiting(town))
    assert "550" in kept
    assert SRO not in kept
    assert AUDIT not in kept


def test_somebody_who_was_erased_gets_no_mail(town: Town, mailbox: tuple[Mailbox, MailServer]) -> None:
    """A receipt that still waits for somebody whose address was erased is taken off the list and sent to nobody."""
    box, server = mailbox
    with_mail(town, MailServer("127.0.0.1", free_port()))
    decide(town, SRO)
    person = waiting(town)[0][0]
    town.reopen(settings=Settings(str(town.path), places=Places(server=server, sender=SENDER)))
    with town.sql() as database:
        row = database.execute("SELECT email_folded, email, name FROM person WHERE id = ?", (person,)).fetchone()
        database.execute("UPDATE person SET email_folded = NULL, email = NULL, name = NULL WHERE id = ?", (person,))
    town.engine.anchor()
    assert box.messages == []
    assert waiting(town) == []
    with town.sql() as database:
        database.execute("UPDATE person SET email_folded = ?, email = ?, name = ? WHERE id = ?", (*row, person))


def test_no_password_goes_over_an_open_line(town: Town, mailbox: tuple[Mailbox, MailServer]) -> None:
    """A server elsewhere that offers no encryption is sent neither the password nor the mail."""
    from engine.anchoring.parcel import NotTaken
    from engine.anchoring.smtp import log_in

    _, server = mailbox
    import smtplib

    elsewhere = MailServer("mail.example", server.port, user="register", password="secret")
    with smtplib.SMTP(server.host, server.port, timeout=5) as line, pytest.raises(NotTaken) as caught:
        log_in(line, elsewhere)
    assert "no encryption" in str(caught.value)
    assert "secret" not in str(caught.value)
