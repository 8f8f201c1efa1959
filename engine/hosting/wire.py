"""Frames between the core and the process of a plugin: a length, a JSON value, and files as they are.

A frame is two lengths of eight bytes (of the JSON, and of all the blobs together), the JSON, and the blobs one behind
the other; a JSON object says in `blobs` how long each is. The side of the core waits so long and reads
so much, and believes no length before it has checked it. Sockets on its side never block.
"""

from __future__ import annotations

import select
import socket
import struct
from collections.abc import Sequence
from typing import Any, Protocol

import orjson

_LENGTHS = struct.Struct("!QQ")
_PIECE = 1 << 20


class Until(Protocol):
    """How long is waited."""

    def left(self) -> float:
        """Returns how many seconds are left; none, or less, once nothing more is waited for."""
        ...


class TooLate(Exception):
    """Nothing more is waited for."""


class Ended(Exception):
    """The other side is gone."""


class TooMuch(Exception):
    """The other side sends more than is read."""


class NoFrame(Exception):
    """What came is no frame."""


def packed(message: dict[str, Any], blobs: Sequence[bytes] = (), *, option: int | None = None) -> list[bytes]:
    """Returns a frame in pieces to be sent one behind the other; raises TypeError for what JSON cannot hold."""
    if blobs:
        message = {**message, "blobs": [len(blob) for blob in blobs]}
    text = orjson.dumps(message, option=option)
    total = sum(map(len, blobs))
    pieces = [_LENGTHS.pack(len(text), total), text, *blobs]
    return [b"".join(pieces)] if total < _PIECE else pieces  # many small ones would be as many calls of the system


def unpacked(text: bytes, blobs: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Returns the message of a frame and its blobs; raises NoFrame."""
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise NoFrame(str(error)) from error
    if not isinstance(message, dict):
        raise NoFrame("not an object")
    sizes, found, start = message.pop("blobs", []), [], 0
    if not isinstance(sizes, list) or not all(type(size) is int and size >= 0 for size in sizes):
        raise NoFrame("lengths that are none")
    if sum(sizes) != len(blobs):
        raise NoFrame("lengths that do not add up")
    for size in sizes:
        found.append(blobs[start : start + size])
        start += size
    return message, found


def send(sock: socket.socket, pieces: Sequence[bytes], until: Until) -> None:
    """Sends a frame while it is waited; raises TooLate and Ended."""
    for piece in pieces:
        rest = memoryview(piece)
        while rest:
            try:
                rest = rest[sock.send(rest) :]
            except BlockingIOError:
                _wait(sock, select.POLLOUT, until)
            except OSError as error:
                raise Ended from error


def receive(sock: socket.socket, until: Until, most: int) -> tuple[dict[str, Any], list[bytes]]:
    """Returns the one frame that comes while it is waited, of at most so many bytes; one that is there is never late.

    Raises:
        TooLate, Ended, TooMuch, NoFrame: as they say; NoFrame also where more than one frame came.
    """
    got = bytearray()
    wanted, text_size = _LENGTHS.size, -1
    while len(got) < wanted:
        try:
            piece = sock.recv(min(_PIECE, wanted - len(got)) if text_size >= 0 else 65_536)
        except BlockingIOError:
            _wait(sock, select.POLLIN, until)
            continue
        except OSError as error:
            raise Ended from error
        if not piece:
            raise Ended
        got += piece
        if text_size < 0 and len(got) >= _LENGTHS.size:
            text_size, blob_size = _LENGTHS.unpack_from(got)
            wanted += text_size + blob_size
            if wanted > most + _LENGTHS.size:
                raise TooMuch
        if len(got) < wanted and until.left() <= 0:
            raise TooLate
    if len(got) > wanted or speaks(sock):
        raise NoFrame("more than one answer")
    cut = _LENGTHS.size + text_size
    return unpacked(bytes(memoryview(got)[_LENGTHS.size : cut]), bytes(memoryview(got)[cut:]))


def speaks(sock: socket.socket) -> bool:
    """Returns whether something waits to be read that nobody asked for."""
    try:
        return bool(sock.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
    except OSError:
        return False


def _wait(sock: socket.socket, event: int, until: Until) -> None:
    rest = until.left()
    if rest <= 0:
        raise TooLate
    poll = select.poll()
    try:
        poll.register(sock, event)
    except ValueError:
        raise Ended from None  # closed by another thread
    poll.poll(rest * 1000)


# ------------------------------------------------------------------ the side of the plugin, which may block


def read_frame(sock: socket.socket) -> tuple[dict[str, Any], list[bytes]] | None:
    """Returns the next frame, None at the end."""
    head = _exactly(sock, _LENGTHS.size)
    if head is None:
        return None
    text_size, blob_size = _LENGTHS.unpack(head)
    text, blobs = _exactly(sock, text_size), _exactly(sock, blob_size)
    return None if text is None or blobs is None else unpacked(text, blobs)


def write_frame(sock: socket.socket, pieces: Sequence[bytes]) -> None:
    """Sends a frame, waiting as long as it takes."""
    for piece in pieces:
        sock.sendall(piece)


def _exactly(sock: socket.socket, size: int) -> bytes | None:
    got = bytearray()
    while len(got) < size:
        piece = sock.recv(min(size - len(got), _PIECE))
        if not piece:
            return None
        got += piece
    return bytes(got)
