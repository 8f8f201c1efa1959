"""Connects to addresses that were checked, and to no others, within one deadline for all of it."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Sequence
from typing import Any

from httpcore2 import SOCKET_OPTION, ConnectError, ConnectTimeout, NetworkBackend, NetworkStream, SyncBackend

from plugins.webhook.addresses import Address

ONE_ADDRESS = 4.0  # seconds for each, so that the next one has a chance


class Deadline:
    """A moment after which nothing is waited for; it can be drawn nearer."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds

    def nearer(self, seconds: float) -> None:
        """Waits no longer than so many seconds from now."""
        self.at = min(self.at, time.monotonic() + seconds)

    def left(self, most: float | None = None) -> float:
        """Returns the seconds left, at most `most`; a little more than none once it has passed."""
        left = max(self.at - time.monotonic(), 0.001)
        return left if most is None else min(left, most)


class Guarded(NetworkBackend):
    """Connects to the addresses it is given, whatever name it is asked for: the name is not looked up again."""

    def __init__(self, addresses: Sequence[Address], deadline: Deadline) -> None:
        self._addresses, self._deadline = addresses, deadline
        self.reached: Address | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """Returns a connection to the first address that answers."""
        failure: Exception = ConnectError("no address")
        for address in self._addresses:
            try:
                stream = SyncBackend().connect_tcp(str(address), port, self._deadline.left(ONE_ADDRESS))
            except (ConnectError, ConnectTimeout) as error:
                failure = error
                continue
            self.reached = address
            return Timed(stream, self._deadline)
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[SOCKET_OPTION] | None = None
    ) -> NetworkStream:
        """Refuses: nobody asks for one."""
        raise ConnectError("no sockets of this machine")


class Timed(NetworkStream):
    """A connection on which every step waits until the one deadline only, however many steps there are."""

    def __init__(self, stream: NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Reads what has come."""
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Writes everything."""
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        """Ends the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        """Begins encryption, for the name that was asked for."""
        return Timed(self._stream.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """Returns what is known of the connection."""
        return self._stream.get_extra_info(info)
