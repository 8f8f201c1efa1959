"""Sends one message to one address, once; says what came of it, and whether trying again is of use."""

from __future__ import annotations

import ssl
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final

import httpcore2

from engine.hookspecs import DeliveryFailed
from plugins.webhook.addresses import checked_addresses
from plugins.webhook.chosen import Receiver
from plugins.webhook.cloud_event import CONTENT_TYPE, Message
from plugins.webhook.connecting import Deadline, Guarded
from plugins.webhook.signing import signed_headers

SECONDS: Final = 12.0  # for all of it; an observer is stopped after 15
READING_ON: Final = 1.0  # seconds for the rest of an answer whose code is known
MOST_READ: Final = 65_536
FINAL: Final = frozenset({400, 405, 406, 410, 411, 413, 414, 415, 422, 431, 501, 505})
"""Answers that say no to this very message, or to all for ever: it is the same the next time, so it is not sent again.

Not among them: 401, 403 and 404, which whoever keeps the receiver can put right, and redirects, which are not followed.
"""


def send(receiver: Receiver, message: Message) -> str:
    """Sends a message and returns a line for the log: the code, milliseconds, the address, the host.

    Raises:
        DeliveryFailed: it was not taken, or nobody could be reached.
    """
    began, deadline = time.monotonic(), Deadline(SECONDS)
    guarded = Guarded(checked_addresses(receiver.host, receiver.port, testing=receiver.testing), deadline)
    headers: dict[bytes | str, bytes | str] = {
        "Host": receiver.authority,
        "Content-Type": CONTENT_TYPE,
        "Content-Length": str(len(message.body)),
        "User-Agent": "cocycle-webhook",
        "Accept": "*/*",
        "Connection": "close",
    }
    headers.update(signed_headers(message.id, int(time.time()), message.body, receiver.secrets).items())
    origin = httpcore2.Origin(receiver.scheme.encode(), receiver.host.encode(), receiver.port)
    url = httpcore2.URL(scheme=origin.scheme, host=origin.host, port=origin.port, target=receiver.target.encode())
    context = _context(receiver.authorities) if receiver.scheme == "https" else None
    try:
        with (
            httpcore2.HTTPConnection(origin, ssl_context=context, network_backend=guarded) as connection,
            connection.stream("POST", url, headers=headers, content=message.body) as answer,
        ):
            status, wait = answer.status, _asked_wait(dict(answer.headers))
            deadline.nearer(READING_ON)
            with suppress(httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException):
                _read_on(answer)
    except httpcore2.TimeoutException as error:
        raise DeliveryFailed(f"{receiver.host} did not answer within {SECONDS:.0f} seconds{_at(guarded)}.") from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError, ssl.SSLError, OSError) as error:
        raise DeliveryFailed(f"{receiver.host} could not be told{_at(guarded)}: {_plain(error)}.") from error
    line = f"{status} in {(time.monotonic() - began) * 1000:.0f} ms from {guarded.reached}, {receiver.host}"
    if 200 <= status < 300:
        return line
    redirected = " Redirects are not followed; set the address it points to." if 300 <= status < 400 else ""
    raise DeliveryFailed(f"{line}.{redirected}", final=status in FINAL, after=wait)


@lru_cache(maxsize=4)
def _context(authorities: str) -> ssl.SSLContext:
    """Returns how certificates are checked: by the machine's own authorities, and by those of the setting."""
    context = ssl.create_default_context()
    if authorities:
        try:
            context.load_verify_locations(cadata=authorities)
        except (ssl.SSLError, ValueError) as error:
            raise DeliveryFailed(
                "COCYCLE_PLUGIN_WEBHOOK__CA cannot be read; it holds certificates as text, each from BEGIN to END."
            ) from error
    return context


def _read_on(answer: httpcore2.Response) -> None:
    """Reads the rest of an answer, which says nothing to us, so that the receiver is not cut off; not for ever."""
    read = 0
    for piece in answer.iter_stream():
        read += len(piece)
        if read >= MOST_READ:
            return


def _asked_wait(headers: dict[bytes, bytes]) -> float:
    """Returns the seconds that a receiver asks us to wait (`Retry-After`, a number or a date); 0 where it does not."""
    asked = next((v for k, v in headers.items() if k.lower() == b"retry-after"), b"").decode("latin-1").strip()
    if asked.isdecimal():
        return float(asked[:9])
    with suppress(ValueError, OverflowError):
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    return 0.0


def _at(guarded: Guarded) -> str:
    return f" (at {guarded.reached})" if guarded.reached is not None else ""


def _plain(error: Exception) -> str:
    return (str(error) or type(error).__name__).rstrip(".")
