"""The line to a mail server: connected, encrypted where the server can, logged in, its failures in our own words."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from engine.anchoring.parcel import NotTaken
from engine.anchoring.places import MailServer

HERE: Final = ("localhost", "127.0.0.1", "::1")


def connected(where: MailServer, seconds: float) -> smtplib.SMTP:
    """Returns a connection; each answer of the server is waited for so many seconds. Raises what smtplib raises."""
    if where.sealed:
        return smtplib.SMTP_SSL(where.host, where.port, timeout=seconds, context=ssl.create_default_context())
    return smtplib.SMTP(where.host, where.port, timeout=seconds)


def log_in(server: smtplib.SMTP, where: MailServer) -> None:
    """Encrypts the connection where the server can, and logs in; a password goes over no open line."""
    if not where.sealed:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif where.user and where.host not in HERE:
            raise NotTaken(f"The mail server {where.host} offers no encryption, so no password is sent to it.")
    if where.user:
        server.login(where.user, where.password)


@contextmanager
def plain_failures(where: MailServer) -> Iterator[None]:
    """Raises NotTaken in our own words for what smtplib raises: a server's own may repeat an address.

    An address must stay erasable, and what is kept about a failure is not where it is looked for.
    """
    name = f"The mail server {where.host}"
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise NotTaken(f"{name} does not accept the user and the password.") from error
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise NotTaken(f"{name} does not take mail to this address (code {code}).") from error
    except smtplib.SMTPResponseException as error:
        raise NotTaken(f"{name} did not take it (code {error.smtp_code}).") from error
    except smtplib.SMTPException as error:
        raise NotTaken(f"{name} did not take it ({type(error).__name__}).") from error
    except OSError as error:
        raise NotTaken(f"{name} cannot be reached: {error.strerror or 'it gave no answer in time'}.") from error
