"""The webhook plugin against real servers on this machine: what is sent, what is taken for an answer."""

from __future__ import annotations

import re
import socket
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from plugins.webhook import sending
from plugins.webhook.connecting import Deadline

from .receiving import OTHER_SECRET, SECRET, Authority, Names, Receiving, receiving, say, verified
from .webhook_told import authority, failure, server, tell

__all__ = ["authority", "server"]  # fixtures

PAGE = (Path(__file__).parents[2] / "docs/plugins/webhook.md").read_text(encoding="utf-8")


# ---- what is sent


def test_a_receiver_can_verify_what_it_gets(server: Receiving) -> None:
    """A receiver written from the standard accepts the request, a signed CloudEvent; the log says how it went."""
    line = tell(server.settings())
    (got,) = server.got
    event = verified(got.headers, got.body, SECRET)
    assert (event["id"], event["source"], event["subject"]) == ("7", "a.example/town", "CC-1")
    assert got.headers["content-type"] == "application/cloudevents+json"
    assert got.headers["host"] == f"localhost:{server.port}"
    assert "cookie" not in got.headers
    assert "authorization" not in got.headers
    code, _, milliseconds, *_ = line.split()
    assert (code, line.split()[-2].strip(",")) == ("204", "127.0.0.1")
    assert 0 <= int(milliseconds) < 5_000


def test_sent_again_it_has_the_same_id_and_bytes(server: Receiving) -> None:
    """A second try has the same id and the same bytes, so that a receiver knows it has it already."""
    for _ in range(2):
        tell(server.settings())
    first, second = server.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_during_a_change_of_secrets_both_sign(server: Receiving) -> None:
    """With two secrets a receiver that knows either one can verify, and one that knows neither cannot."""
    tell(server.settings(secret=f"{OTHER_SECRET} {SECRET}"))
    (got,) = server.got
    assert verified(got.headers, got.body, SECRET) == verified(got.headers, got.body, OTHER_SECRET)
    with pytest.raises(AssertionError):
        verified(got.headers, got.body, "whsec_" + "A" * 44)


def test_the_check_that_the_page_shows_works(server: Receiving) -> None:
    """The code on the plugin's page takes what is sent, and nothing that was changed or signed with another key."""
    shown: dict[str, Any] = {}
    exec(re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[0], shown)  # noqa: S102  # our own page
    check = shown["is_from_cocycle"]
    tell(server.settings(secret=f"{OTHER_SECRET} {SECRET}"))
    (got,) = server.got
    assert check(got.headers, got.body, SECRET)
    assert check(got.headers, got.body, OTHER_SECRET)
    assert not check(got.headers, got.body + b" ", SECRET)
    assert not check(got.headers, got.body, "whsec_" + "A" * 44)
    assert not check({**got.headers, "webhook-timestamp": "1"}, got.body, SECRET)


def test_the_path_and_query_of_an_address_are_kept(server: Receiving) -> None:
    """What stands behind the host is sent as it stands, and not written to the log."""
    line = tell(server.settings(urls=server.url(path="/a%20b/c?key=s3cret&x=%2F")))
    assert server.got[0].path == "/a%20b/c?key=s3cret&x=%2F"
    assert "s3cret" not in line


def test_cookies_are_not_kept_and_proxies_not_used(server: Receiving, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cookie is not sent back, and no proxy of the surroundings is asked."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.answer = lambda handler: say(handler, 200, {"Set-Cookie": "a=b"})
    for _ in range(2):
        tell(server.settings())
    assert len(server.got) == 2
    assert "cookie" not in server.got[1].headers


# ---- https


def test_over_https_the_name_is_asked_for_and_checked(authority: Authority) -> None:
    """The connection goes to the address, with the name in SNI and Host, and a certificate for that name."""
    with receiving(tls=authority) as server:
        assert tell(server.settings(ca=authority.pem)).startswith("204 ")
        assert server.names == ["localhost"]
        verified(server.got[0].headers, server.got[0].body, SECRET)


def test_a_certificate_nobody_vouches_for_is_not_taken(authority: Authority, server: Receiving) -> None:
    """Without its authority in the settings a server is not believed, and gets nothing."""
    with receiving(tls=authority) as sealed:
        assert "certificate" in str(failure(sealed.settings()))
        assert not sealed.got


def test_a_certificate_for_another_name_is_not_taken(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server with a certificate for another name gets nothing.

    Seen to fail when the context does not check names.
    """
    Names(monkeypatch, other_example=[["127.0.0.1"]])
    with receiving(tls=authority) as server:
        settings = server.settings(urls=server.url("other.example"), ca=authority.pem)
        assert "certificate" in str(failure(settings))
        assert not server.got


def test_authorities_that_cannot_be_read_are_told(authority: Authority) -> None:
    """A setting that holds no certificates is told."""
    with receiving(tls=authority) as server:
        assert "COCYCLE_PLUGIN_WEBHOOK__CA" in str(failure(server.settings(ca="no certificate")))


# ---- answers


@pytest.mark.parametrize("code", [200, 201, 202, 204, 299])
def test_what_is_taken(server: Receiving, code: int) -> None:
    """Every code of the two hundreds is a success."""
    server.answer = lambda handler: say(handler, code)
    assert tell(server.settings()).startswith(f"{code} ")


GIVEN_UP = [400, 405, 406, 410, 411, 413, 414, 415, 422, 431, 501, 505]
TRIED_AGAIN = [300, 301, 302, 303, 307, 308, 401, 402, 403, 404, 408, 409, 421, 425, 429, 451, 500, 502, 503, 504, 599]


def test_the_page_says_which_answers_are_final() -> None:
    """The codes on the plugin's page are those that are given up at once."""
    assert f"| {', '.join(map(str, GIVEN_UP))} | it is given up at once" in PAGE


@pytest.mark.parametrize("code", [*GIVEN_UP, *TRIED_AGAIN])
def test_what_is_not_taken(server: Receiving, code: int) -> None:
    """Any other code is a failure, final only where the same message can never be taken; no redirect is followed."""
    redirect = {"Location": server.url(path="/elsewhere")}
    server.answer = lambda handler: say(handler, 204 if handler.path == "/elsewhere" else code, redirect)
    error = failure(server.settings())
    assert str(error).startswith(f"{code} in ")
    assert error.final == (code in GIVEN_UP)
    assert [got.path for got in server.got] == ["/hook"]


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [("120", 120, 120), ("0", 0, 0), ("soon", 0, 0), ("-5", 0, 0), ("9" * 400, 1e8, 1e9), ("", 0, 0), ("1e9", 0, 0)],
)
def test_a_receiver_can_ask_for_time(server: Receiving, asked: str, least: float, most: float) -> None:
    """`Retry-After` in seconds is handed on; what is no number of seconds is left alone."""
    server.answer = lambda handler: say(handler, 429, {"Retry-After": asked})
    error = failure(server.settings())
    assert not error.final
    assert least <= error.after <= most


def test_a_receiver_can_ask_for_time_by_date(server: Receiving) -> None:
    """`Retry-After` as a date is handed on in seconds."""
    at = formatdate(time.time() + 600, usegmt=True)
    server.answer = lambda handler: say(handler, 503, {"Retry-After": at})
    assert 590 <= failure(server.settings()).after <= 600


def test_nobody_there(server: Receiving) -> None:
    """Where nobody listens, that is told and can be tried again."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = failure(server.settings(urls=f"http://localhost:{port}/"))
    assert not error.final
    assert "localhost could not be told" in str(error)


# ---- receivers that take their time, or too much


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the deadline a second, so that a test of it takes no longer."""
    monkeypatch.setattr(sending, "SECONDS", 1.0)


@pytest.mark.usefixtures("quick")
def test_a_receiver_that_hangs(server: Receiving) -> None:
    """One that never answers is left after the deadline."""
    gone = threading.Event()
    server.answer = lambda handler: (gone.wait(10), None)[1]
    began = time.monotonic()
    error = failure(server.settings())
    gone.set()
    assert time.monotonic() - began < 6
    assert not error.final
    assert "did not answer" in str(error)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "drops", [b"HTTP/1.1 204 No", b"HTTP/1.1 100 Continue\r\n\r\n" * 500, b"X-A: " + b"a" * 400_000]
)
def test_a_receiver_that_drips(server: Receiving, drops: bytes) -> None:
    """One that sends a little now and then, or never comes to its point, is left after the same deadline.

    Seen to fail when each read has a time of its own.
    """

    def drip(handler: BaseHTTPRequestHandler) -> None:
        if drops.startswith(b"X"):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        pieces = range(0, len(drops), 1 + len(drops) // 100)
        for at in pieces:
            handler.wfile.write(drops[at : at + pieces.step])
            handler.wfile.flush()
            time.sleep(10 / len(pieces))

    server.answer = drip
    began = time.monotonic()
    assert not failure(server.settings()).final
    assert time.monotonic() - began < 6


def test_an_endless_answer_is_not_read_to_its_end(server: Receiving) -> None:
    """Of an answer no more than 64 KiB is read, and its code counts all the same.

    Seen to fail when the whole answer is read: it has no end.
    """
    sent = 0

    def endless(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sent += handler.wfile.write(b"a" * 65_536)

    server.answer = endless
    began = time.monotonic()
    assert tell(server.settings()).startswith("200 ")
    assert time.monotonic() - began < 20
    assert sent < 64 * 1024 * 1024


def test_an_answer_that_breaks_off_has_its_code(server: Receiving) -> None:
    """An answer whose end never comes was given all the same."""
    server.answer = lambda handler: (handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), None)[1]
    assert tell(server.settings()).startswith("200 ")


@pytest.mark.parametrize("said", [b"", b"no http at all\r\n\r\n", b"\x00" * 100, b"HTTP/1.1 9999 X\r\n\r\n"])
def test_an_answer_that_is_none(server: Receiving, said: bytes) -> None:
    """What is no answer is a failure that can be tried again."""
    server.answer = lambda handler: (handler.wfile.write(said), None)[1]
    assert not failure(server.settings()).final


def test_a_deadline_can_only_be_drawn_nearer() -> None:
    """Once the code of an answer is known its rest is waited for a moment, however much time there was for all of it.

    Seen to fail when the deadline stayed where it was.
    """
    deadline = Deadline(10)
    deadline.nearer(1)
    assert deadline.left() <= 1
    deadline.nearer(100)
    assert deadline.left() <= 1
