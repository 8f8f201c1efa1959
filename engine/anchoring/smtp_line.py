"""A line to a mail server that can neither hang, nor drip, nor talk without end: one deadline holds for all of it.

smtplib limits each single read. A server that sends a byte just before that limit, or answers without ever coming to an
end, would keep it for ever and fill the memory. Here every read and every write waits until the same deadline at most,
and what is read as one answer has a limit.
"""

from __future__ import annotations

import io
import smtplib
import socket
import ssl
import time
from typing import TYPE_CHECKING, Any, Final

from engine.anchoring.places import MailServer

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_READ: Final = 65_536  # bytes of one answer, however many lines it has
STEPS: Final = {
    "connect": "when it was to greet us",
    "ehlo": "after we greeted it",
    "helo": "after we greeted it",
    "starttls": "when the line was to be encrypted",
    "auth": "when we logged in",
    "mail": "when it was told whom a letter is from",
    "rcpt": "when it was told whom a letter is to",
    "data": "when a letter was to be handed over",
}
"""The commands that a failure is told of, each with when that was, as a sentence ends."""


class Nonsense(smtplib.SMTPException):
    """What the server answered is no answer."""


class Endless(OSError):
    """What the server answered comes to no end."""


class Line(smtplib.SMTP):
    """A line to one mail server, not yet open.

    Attributes:
        until: when all of it must have ended, by the steady clock; whoever uses a line again sets it anew.
        step: the last command that was sent, one of `STEPS`.
    """

    def __init__(self, where: MailServer, answer: float, until: float) -> None:
        """Makes a line; each answer is waited for `answer` seconds. Nothing is looked up or sent yet."""
        super().__init__(local_hostname="[127.0.0.1]", timeout=answer)
        self.where, self.until, self.step = where, until, "connect"
        self._host = where.host  # what smtplib compares the certificate with
        self._answer = answer
        self._unread = 0

    def left(self) -> float:
        """Returns the seconds that may be waited for what comes next; a little more than none when it is too late."""
        return max(min(self._answer, self.until - time.monotonic()), 0.001)

    def answer_in_the_end(self) -> tuple[int, bytes]:
        """Returns the answer to a letter, waited for until the deadline: some look long at it before their yes."""
        was, self._answer = self._answer, float("inf")
        try:
            return self.getreply()
        finally:
            self._answer = was

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Sends a command, and keeps which it was."""
        name = cmd.partition(" ")[0].lower()
        self.step = name if name in STEPS else self.step
        super().putcmd(cmd, args)

    def send(self, s: Any) -> None:
        """Sends everything, within the time that is left."""
        if self.sock is not None:
            self.sock.settimeout(self.left())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """Returns one answer: its code and its words.

        Raises:
            Nonsense: it is none.
            smtplib.SMTPServerDisconnected: the line ended, or the time; what it was is its `__context__`.
        """
        self._unread = MOST_READ
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Reading(self))
        try:
            code, words = super().getreply()
        except smtplib.SMTPResponseException as error:  # a line that is too long
            raise Nonsense from error
        if not 200 <= code <= 599:
            self.close()
            raise Nonsense
        return code, words

    def read_into(self, buffer: WriteableBuffer) -> int:
        """Reads what has come, within the time that is left, and not more than one answer may have."""
        if self._unread <= 0:
            raise Endless
        if self.sock is None:
            return 0
        self.sock.settimeout(self.left())
        read = self.sock.recv_into(buffer)
        self._unread -= read
        return read

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connects to the first address that answers; many that do not are not waited for one after the other."""
        failure: OSError = OSError("the name has no address")
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            found = socket.socket(family, kind, protocol)
            try:
                found.settimeout(self.left())
                found.connect(address)
                self.local_hostname = _literal(found)
                return self._wrapped(found) if self.where.sealed else found
            except OSError as error:
                found.close()
                failure = error
                if isinstance(error, ssl.SSLError) or time.monotonic() >= self.until:
                    break
        raise failure

    def _wrapped(self, found: socket.socket) -> ssl.SSLSocket:
        found.settimeout(self.left())
        return ssl.create_default_context().wrap_socket(found, server_hostname=self.where.host)


class _Reading(io.RawIOBase):
    """What smtplib reads from."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        return self._line.read_into(buffer)


def _literal(connected: socket.socket) -> str:
    """Returns what we call ourselves: the machine's full name where it has one, else its address on this line.

    Neither asks a name server, which can take longer than all the rest.
    """
    name = socket.gethostname()
    if "." in name and name.isascii() and name.isprintable() and " " not in name:
        return name
    address = str(connected.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
