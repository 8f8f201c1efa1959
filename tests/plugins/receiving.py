"""A receiver of webhooks on this machine, over http or https, that verifies as the text of Standard Webhooks says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER_SECRET = "whsec_" + base64.b64encode(bytes(range(32, 64))).decode()
TESTING = {"testing_only_send_to_this_machine": "yes"}


def verified(headers: dict[str, str], body: bytes, secret: str) -> dict[str, Any]:
    """Returns what was sent, once it is sure who sent it and when; fails otherwise.

    Written from the text: the signed content is id, timestamp and body with full stops between; the key is what follows
    `whsec_` in base64; any of the signatures, separated by spaces, may match; the moment is within five minutes.
    """
    key = base64.b64decode(secret[len("whsec_") :])
    signed = headers["webhook-id"].encode() + b"." + headers["webhook-timestamp"].encode() + b"." + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    candidates = [one.partition(",") for one in headers["webhook-signature"].split(" ")]
    assert any(version == "v1" and hmac.compare_digest(expected, one) for version, _, one in candidates)
    assert abs(time.time() - int(headers["webhook-timestamp"])) < 300
    found: dict[str, Any] = json.loads(body)
    return found


@dataclass(slots=True)
class Got:
    """A request: its path, its headers by their names in lower case, its bytes."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Receiving:
    """A server. `answer` writes the answer to a request; by default it is 204 and nothing else."""

    port: int = 0
    scheme: str = "http"
    answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: say(handler, 204)
    got: list[Got] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    connections: int = 0

    def url(self, host: str = "localhost", path: str = "/hook") -> str:
        """Returns its address."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    def settings(self, **more: str) -> dict[str, str]:
        """Returns the plugin's settings for sending to it."""
        return {"urls": self.url(), "secret": SECRET, **TESTING, **more}


def say(handler: BaseHTTPRequestHandler, code: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
    """Answers with a code."""
    handler.send_response(code)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def receiving(host: str = "127.0.0.1", port: int = 0, tls: Authority | None = None) -> Iterator[Receiving]:
    """Runs a receiver in a thread, for as long as the block lasts."""
    found = Receiving(scheme="https" if tls else "http")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802  # the name that http.server asks for
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            found.got.append(Got(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            found.answer(self)

        def do_GET(self) -> None:  # noqa: N802  # as above
            self.do_POST()

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self) -> tuple[Any, Any]:
            made = super().get_request()
            found.connections += 1
            return made

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Says nothing: that a sender goes away in the middle is what some tests are about."""

    server = Server((host, port), Handler)
    found.port = server.server_address[1]
    if tls is not None:
        context = tls.context()
        context.sni_callback = lambda sock, name, context: found.names.append(name)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Authority:
    """An authority of the tests' own, and a certificate it gave to a name."""

    def __init__(self, folder: Path, *names: str) -> None:
        now = datetime.now(UTC)
        ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The tests' own authority")])
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        ca = (
            self._begun(ca_name, ca_name, ca_key.public_key(), now)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
            .sign(ca_key, hashes.SHA256())
        )
        own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        known = [x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names]
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
        given = (
            self._begun(own, ca_name, key.public_key(), now)
            .add_extension(x509.SubjectAlternativeName(known), critical=False)
            .add_extension(issuer, critical=False)
            .sign(ca_key, hashes.SHA256())
        )
        self.pem = ca.public_bytes(serialization.Encoding.PEM).decode()
        self._file = folder / f"{names[0]}.pem"
        self._file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + given.public_bytes(serialization.Encoding.PEM)
        )

    @staticmethod
    def _begun(
        subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
        )

    def context(self) -> ssl.SSLContext:
        """Returns the server's side."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._file)
        return context


class Names:
    """Stands in for the machine's look-up of names: each name has a list of answers, one for each time it is asked."""

    def __init__(self, monkeypatch: Any, **answers: list[list[str]]) -> None:
        self.answers = {name.replace("_", "."): list(each) for name, each in answers.items()}
        self.asked: list[str] = []
        self._real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, host: str, port: int, *args: Any, **given: Any) -> list[Any]:
        """Answers as `socket.getaddrinfo` does; numbers are what they are."""
        try:
            ip_address(host)
        except ValueError:
            pass
        else:
            return self._real(host, port, *args, **given)
        self.asked.append(host)
        if host not in self.answers:
            raise socket.gaierror("unknown")
        each = self.answers[host]
        now = each.pop(0) if len(each) > 1 else each[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in now]
