"""An outside place for tests: a witness that follows c2sp.org/tlog-witness to the letter."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.ledger.checkpoint import Checkpoint, open_checkpoint
from engine.ledger.merkle import verify_consistency
from engine.ledger.note import BadNote, Verifier


@dataclass(slots=True)
class KeptByWitness:
    """What a witness knows: the ledgers' keys, the last checkpoint of each, its own key, and what it was asked.

    `answers` are codes that it answers with, once each, before it does its work; `wait` seconds before it does.
    """

    known: dict[str, Verifier]
    name: str = "witness.example/w1"
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    last: dict[str, Checkpoint] = field(default_factory=dict)
    asked: list[bytes] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    wait: float = 0.0
    url: str = ""

    @property
    def key(self) -> str:
        """The witness's verifier key, of type 4."""
        material = b"\x04" + self.private.public_key().public_bytes_raw()
        return f"{self.name}+{self._hash().hex()}+{base64.b64encode(material).decode()}"

    def _hash(self) -> bytes:
        return sha256(self.name.encode() + b"\n\x04" + self.private.public_key().public_bytes_raw()).digest()[:4]

    def answer(self, body: bytes) -> tuple[int, bytes, str]:
        """Returns code, body and content type for a request to add a checkpoint."""
        head, _, note = body.decode().partition("\n\n")
        first, *lines = head.split("\n")
        old, proof = int(first.removeprefix("old ")), [base64.b64decode(line, validate=True) for line in lines]
        origin = note.partition("\n")[0]
        if origin not in self.known:
            return 404, b"", "text/plain"
        try:
            checkpoint, _ = open_checkpoint(note, [self.known[origin]])
        except BadNote:
            return 403, b"", "text/plain"
        seen = self.last.get(origin, Checkpoint(origin, 0, sha256(b"").digest()))
        if old > checkpoint.size:
            return 400, b"", "text/plain"
        if old != seen.size:
            return 409, b"%d\n" % seen.size, "text/x.tlog.size"
        if not verify_consistency(old, checkpoint.size, seen.root, checkpoint.root, proof):
            return 422, b"", "text/plain"
        self.last[origin] = checkpoint
        now = int(time.time())
        signature = self.private.sign(f"cosignature/v1\ntime {now}\n".encode() + checkpoint.text().encode())
        signed = base64.b64encode(self._hash() + now.to_bytes(8, "big") + signature).decode()
        return 200, f"— {self.name} {signed}\n".encode(), "text/plain"


@contextmanager
def witness(*known: Verifier) -> Iterator[KeptByWitness]:
    """Gives a witness that listens on this machine."""
    kept = KeptByWitness({verifier.name: verifier for verifier in known})

    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802  # the name that the library calls
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.asked.append(body)
            time.sleep(kept.wait)
            code, found, kind = (kept.answers.pop(0), b"", "text/plain") if kept.answers else kept.answer(body)
            self.send_response(code)
            if code == 302:
                self.send_header("Location", "http://elsewhere.example/add-checkpoint")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name that the library gives it
            """Writes nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_address[1]}/log"
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
