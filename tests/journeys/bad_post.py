"""A mail server that goes wrong at one step: it hangs, drips, ends the line, talks nonsense or without end, says no."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from engine.anchoring.places import MailServer

GREETING, HELLO, STARTTLS, AUTH, MAIL, RCPT, DATA, END = (
    "greeting",
    "EHLO",
    "STARTTLS",
    "AUTH",
    "MAIL",
    "RCPT",
    "DATA",
    ".",
)
STEPS = (GREETING, HELLO, MAIL, RCPT, DATA, END)
"""What every server is asked, in order; the answer to the whole letter is the last."""

GOOD = {GREETING: "220 here", HELLO: "250 here", STARTTLS: "220 go", AUTH: "235 in", DATA: "354 go on"}


@dataclass(slots=True)
class BadPost:
    """A mail server.

    Attributes:
        at: the step at which it goes wrong.
        does: hangs, drips, ends, nonsense, endless, long, or an answer like `451 no`.
        times: how often it goes wrong before it is well; None for always.
        offers: what it offers after EHLO.
        letters: what was handed over whole, whatever it answered.
        commands: all that it was told.
    """

    at: str
    does: str
    times: int | None = None
    offers: tuple[str, ...] = ()
    context: ssl.SSLContext | None = None
    letters: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    lines: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    server: MailServer = field(default_factory=lambda: MailServer("127.0.0.1", 0))

    def talk(self, line: socket.socket) -> None:
        """Talks with one client until one of them ends it."""
        self.lines += 1
        with line:
            if not self._answer(line, GREETING):
                return
            file, open_mail = line.makefile("rb"), False
            while command := file.readline().decode("latin-1").strip():
                self.commands.append(command)
                word = command.partition(" ")[0].upper()
                word = HELLO if word == "HELO" else word
                if word == "MAIL" and open_mail:
                    line.sendall(b"503 5.5.1 nested MAIL\r\n")  # as servers do
                    continue
                open_mail = word in (MAIL, RCPT, DATA) if word != "NOOP" else open_mail
                takes = word == DATA and not self._wrong(DATA, spend=False)
                if not self._answer(line, word):
                    return
                if word == STARTTLS and self.context is not None:
                    line = self.context.wrap_socket(line, server_side=True)
                    file = line.makefile("rb")
                if takes:
                    text = b"".join(iter(file.readline, b".\r\n"))
                    self.letters.append(text)
                    open_mail = False
                    if not self._answer(line, END):
                        return
                if word == "QUIT":
                    return

    def _wrong(self, step: str, *, spend: bool = True) -> bool:
        if step != self.at or self.times == 0:
            return False
        if spend and self.times is not None:
            self.times -= 1
        return True

    def _answer(self, line: socket.socket, step: str) -> bool:
        """Answers; False where the line is to end."""
        if not self._wrong(step):
            said = (
                [*(f"250-{o}" for o in ("here", *self.offers)), "250 HELP"]
                if step == HELLO
                else [GOOD.get(step, "250 OK")]
            )
            line.sendall("".join(f"{one}\r\n" for one in said).encode())
            return True
        if self.does == "ends":
            return False
        if self.does == "hangs":
            self.stopped.wait(20)
            return False
        if self.does == "drips":
            while not self.stopped.wait(0.1):
                line.sendall(b"2")
            return False
        if self.does in ("endless", "long"):
            piece = (b"250-and on\r\n" if self.does == "endless" else b"2") * 1000
            while not self.stopped.is_set():
                line.sendall(piece)
            return False
        line.sendall(b"\x00\xff rubbish\r\n" if self.does == "nonsense" else f"{self.does}\r\n".encode())
        return True


@contextmanager
def bad_post(at: str, does: str, **more: object) -> Iterator[BadPost]:
    """A server that listens on this machine as long as this lasts."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        post = BadPost(at, does, **more)  # type: ignore[arg-type]  # each by its own name
        post.server = MailServer("127.0.0.1", listener.getsockname()[1])
        _thread(lambda: _listen(listener, post))
        try:
            yield post
        finally:
            post.stopped.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def _listen(listener: socket.socket, post: BadPost) -> None:
    while not post.stopped.is_set():
        try:
            line, _ = listener.accept()
        except OSError:
            return
        _thread(lambda line=line: _quietly(post, line))  # type: ignore[misc]  # bound now


def _quietly(post: BadPost, line: socket.socket) -> None:
    with suppress(OSError, ValueError):  # whoever talks to it may end the line at any moment
        post.talk(line)


def _thread(do: Callable[[], None]) -> None:
    threading.Thread(target=do, daemon=True).start()
