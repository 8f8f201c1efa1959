"""Mail for people: checkpoints to keep, and the receipt of a decision to whoever made it."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import formatdate
from hashlib import sha256

from engine.anchoring.parcel import Parcel
from engine.anchoring.places import Places
from engine.anchoring.smtp import connected, hand_in, hang_up

_CHECKPOINT = """\
This message is for keeping. Please do not delete it.

It comes from the register {origin}. The attached file says what the
register holds now: {size} entries, with a number worked out from all of
them. Somebody who later changes or removes one of these entries cannot
make that number come out again. The file proves it.

You need to do nothing now. To check the register one day:

1. Save the attached file, for example as checkpoint.txt
2. On a machine with cocycle and the register, type

   cocycle ledger verify --checkpoint checkpoint.txt

It says whether everything this file speaks of still stands.
"""

_RECEIPT = """\
This is your receipt. Please keep it.

You recorded a decision in the register {origin}. It is entry {seq} of its
ledger. The attached file proves that the entry was there. If anybody
later changes or removes it, your file shows that.

You need to do nothing now. To check it one day:

1. Save the attached file, for example as receipt.tlog-proof
2. On a machine with cocycle and the register, type

   cocycle ledger verify --receipt receipt.tlog-proof

If you made no decision, please tell whoever looks after the register.
"""


def send_checkpoint(address: str, parcel: Parcel, places: Places) -> str:
    """Mails a checkpoint to somebody who keeps it; returns the note.

    Raises:
        NotTaken: the server cannot be reached, or did not take it.
    """
    checkpoint = parcel.checkpoint
    message = _message(
        places.sender,
        address,
        f"checkpoint {checkpoint.origin} {checkpoint.size}",
        f"To keep: the register {checkpoint.origin} holds {checkpoint.size:,} entries",
        _CHECKPOINT.format(origin=checkpoint.origin, size=f"{checkpoint.size:,}"),
    )
    _attach(message, parcel.note, f"checkpoint-{checkpoint.size}.txt")
    _send(message, address, places, parcel.seconds)
    return parcel.note


def send_receipt(address: str, origin: str, seq: int, receipt: str, places: Places, seconds: float) -> None:
    """Mails a receipt to somebody who decided.

    Raises:
        NotTaken: the server cannot be reached, or did not take it.
    """
    message = _message(
        places.sender,
        address,
        f"receipt {origin} {seq}",
        f"Your receipt: entry {seq} of the register {origin}",
        _RECEIPT.format(origin=origin, seq=seq),
    )
    _attach(message, receipt, f"receipt-{seq}.tlog-proof")
    _send(message, address, places, seconds)


def _message(sender: str, address: str, what: str, subject: str, text: str) -> EmailMessage:
    """Returns a message; `what` it is makes its id, so that one that is sent twice is known for the same."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, address, subject
    message["Date"] = formatdate()
    number = sha256(f"{what}\n{address}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{number}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _attach(message: EmailMessage, text: str, name: str) -> None:
    """Attaches a file byte for byte: as text, a server might change its line ends."""
    message.add_attachment(text.encode(), maintype="application", subtype="octet-stream", filename=name)


def _send(message: EmailMessage, address: str, places: Places, seconds: float) -> None:
    assert places.server is not None
    line = connected(places.server, seconds, seconds)
    try:
        hand_in(line, message, places.sender, address)
    finally:
        hang_up(line)
