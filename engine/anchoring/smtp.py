"""Mail handed to a mail server: encrypted where the server can, logged in, its failures in our own words.

    connect -> greeting -> EHLO -> STARTTLS -> AUTH -> MAIL -> RCPT -> DATA -> the letter -> its answer

Up to the last of these nothing has been taken, whatever goes wrong. Where the last one fails nobody knows: `InDoubt`.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Final

from engine.anchoring.parcel import NotTaken
from engine.anchoring.places import MailServer
from engine.anchoring.smtp_line import STEPS, Endless, Line, Nonsense

HERE: Final = ("localhost", "127.0.0.1", "::1")
LOOK: Final = "Look at COCYCLE_MAIL_SERVER."
GOING_DOWN: Final = 421  # whatever was asked for
TOO_LARGE: Final = 552


class NoLine(NotTaken):
    """There is no line to the server, so no letter can be handed in, whomever it is to."""


class InDoubt(NotTaken):
    """The letter was handed over whole, and no answer came: nobody knows whether the server has it."""


class LetterRefused(NotTaken):
    """The server does not take this letter, which says nothing of others.

    Attributes:
        code, words: what it said; the words may hold an address, and are for nobody's log as they are.
    """

    def __init__(self, message: str, code: int, words: str) -> None:
        super().__init__(message)
        self.code, self.words = code, words


def connected(where: MailServer, seconds: float, whole: float) -> Line:
    """Returns a line, encrypted where the server can and logged in.

    Args:
        where: the server.
        seconds: how long one answer is waited for.
        whole: how long all of it may take, what is handed in over the line included.

    Raises:
        NoLine: the server cannot be reached, or is not to be used in this way.
    """
    line = Line(where, seconds, time.monotonic() + whole)
    try:
        with _plain_failures(line):
            code, words = line.connect(where.host, where.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, words)
            log_in(line, where)
    except NotTaken as error:
        line.close()
        raise NoLine(str(error)) from error
    return line


def log_in(server: smtplib.SMTP, where: MailServer) -> None:
    """Encrypts the line where the server can, and logs in; a password goes over no open line.

    Raises:
        NotTaken: it offers no encryption where it must, or no way of logging in.
        smtplib.SMTPException, OSError: as smtplib raises them.
    """
    name = f"The mail server {where.host}"
    server.ehlo_or_helo_if_needed()
    if not where.sealed:
        if server.has_extn("starttls"):
            try:
                server.starttls(context=ssl.create_default_context())
            except smtplib.SMTPResponseException as error:
                raise NotTaken(
                    f"{name} offers encryption, and then cannot do it (code {error.smtp_code}). Nothing is sent openly."
                ) from error
            server.ehlo_or_helo_if_needed()
        elif where.strict:
            raise NotTaken(f"{name} offers no encryption, so nothing is sent to it.")
        elif where.user and where.host not in HERE:
            raise NotTaken(f"{name} offers no encryption, so no password is sent to it.")
    if where.user:
        if not server.has_extn("auth"):
            raise NotTaken(f"{name} asks for no user and no password, and some are set. {LOOK}")
        server.login(where.user, where.password)


def hand_in(line: Line, message: EmailMessage, sender: str, address: str) -> None:
    """Hands in a message to one address. The line can be used again, but after NotTaken itself and InDoubt.

    Raises:
        LetterRefused: the server does not take this one.
        InDoubt: it has the letter, and nobody knows whether it took it.
        NotTaken: the server took nothing, for a reason that has to do with no letter.
    """
    with _plain_failures(line):
        try:
            _hand_in(line, message, sender, address)
        except LetterRefused:
            with suppress(smtplib.SMTPException, OSError):  # the next letter finds out whether the line still holds
                line.rset()
            raise


def hang_up(line: Line) -> None:
    """Says goodbye, where there is somebody to say it to; whatever comes back changes nothing of what was taken."""
    line.until = time.monotonic() + 1.0
    with suppress(smtplib.SMTPException, OSError):
        line.quit()
    line.close()


def _hand_in(line: Line, message: EmailMessage, sender: str, address: str) -> None:
    name = f"The mail server {line.where.host}"
    wide = not (address.isascii() and sender.isascii())
    if wide and not line.has_extn("smtputf8"):
        raise LetterRefused(f"{name} cannot write to such an address.", 553, "It cannot write to such an address.")
    raw = re.sub(rb"(?m)^\.", b"..", message.as_bytes(policy=SMTPUTF8 if wide else SMTP))
    options = ["SMTPUTF8", "BODY=8BITMIME"] if wide else []
    code, words = line.mail(sender, [*([f"size={len(raw)}"] if line.has_extn("size") else []), *options])
    if code == TOO_LARGE:
        raise _refused(name, "this letter", code, words)
    if not 200 <= code < 300:
        raise smtplib.SMTPSenderRefused(code, words, sender)
    code, words = line.rcpt(address)
    if not 200 <= code < 300:
        raise _refused(name, "mail to this address", code, words)
    code, words = line.docmd("data")
    if code != 354:
        raise _refused(name, "this letter", code, words)
    line.send(raw + b".\r\n")
    try:
        code, words = line.answer_in_the_end()
    except (smtplib.SMTPException, OSError) as error:
        raise InDoubt(f"{name} was handed a letter, and gave no answer that says whether it took it.") from error
    if not 200 <= code < 300:
        raise _refused(name, "this letter", code, words)


def _refused(name: str, what: str, code: int, words: bytes) -> Exception:
    """Returns what is raised for a code; one that says the server is going down, or nothing, is about no letter."""
    if code == GOING_DOWN:
        return smtplib.SMTPResponseException(code, words)
    if code < 400:
        return Nonsense()
    return LetterRefused(f"{name} does not take {what} (code {code}).", code, words.decode("utf-8", "replace"))


@contextmanager
def _plain_failures(line: Line) -> Iterator[None]:
    """Raises NotTaken in our own words for what smtplib raises: a server's own may repeat an address, or a password.

    An address must stay erasable, and what is kept about a failure is not where it is looked for.
    """
    where = line.where
    name = f"The mail server {where.host}"
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        code = error.smtp_code
        said = "does not accept the user and the password" if code >= 500 else "cannot check the password now"
        raise NotTaken(f"{name} {said} (code {code}).{f' {LOOK}' if code >= 500 else ''}") from error
    except smtplib.SMTPSenderRefused as error:
        raise NotTaken(
            f"{name} takes no mail from the address in COCYCLE_MAIL_FROM (code {error.smtp_code})."
        ) from error
    except smtplib.SMTPResponseException as error:
        raise NotTaken(f"{name} takes no mail now (code {error.smtp_code}, {STEPS[line.step]}).") from error
    except smtplib.SMTPServerDisconnected as error:
        raise NotTaken(f"{name} {_ended(error.__context__)} {STEPS[line.step]}.") from error
    except Nonsense as error:
        raise NotTaken(
            f"What answers as {name[:1].lower()}{name[1:]} makes no sense {STEPS[line.step]}. {LOOK}"
        ) from error
    except smtplib.SMTPException as error:
        raise NotTaken(f"{name} knows no way of logging in that is known here. {LOOK}") from error
    except ssl.SSLCertVerificationError as error:
        raise NotTaken(f"{name} has a certificate that is not trusted here: {error.verify_message}.") from error
    except ssl.SSLError as error:
        why = (error.reason or "no reason is given").replace("_", " ").lower()
        hint = f" smtps:// is encrypted from the first byte, smtp:// once the server offers it. {LOOK}"
        raise NotTaken(f"The line to the mail server {where.host} cannot be encrypted: {why}.{hint}") from error
    except socket.gaierror as error:
        raise NotTaken(f"{name} cannot be found: {error.strerror}. {LOOK}") from error
    except OSError as error:
        raise NotTaken(
            f"{name} cannot be reached at port {where.port}: {error.strerror or 'it gave no answer in time'}."
        ) from error
    except ValueError as error:  # a name or a challenge that cannot be read; the error's own words may hold a secret
        raise NotTaken(f"{name} cannot be understood {STEPS[line.step]}. {LOOK}") from error


def _ended(why: BaseException | None) -> str:
    if isinstance(why, TimeoutError):
        return "gave no answer in time"
    return "gave an answer without end" if isinstance(why, Endless) else "ended the line"
