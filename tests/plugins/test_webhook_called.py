"""Whom the webhook plugin calls: public addresses only, by the address that a name leads to and not by the name."""

from __future__ import annotations

import errno
import platform
import socket
from typing import Any

import pytest

from .receiving import SECRET, Authority, Names, Receiving, receiving
from .webhook_told import authority, failure, server, tell

__all__ = ["authority", "server"]  # fixtures


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "[::1]",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
    ],
)
def test_this_machine_is_not_called(server: Receiving, host: str) -> None:
    """However it is written, this machine is refused by its address before anything is sent.

    Seen to fail when the check is of the name in the address.
    """
    settings = {"urls": f"https://{host}:{server.port}/", "secret": SECRET, "ports": str(server.port)}
    said = str(failure(settings))
    assert "not called" in said or "cannot be found" in said
    assert server.connections == 0


@pytest.mark.parametrize(
    "answers", [["10.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["169.254.169.254"], ["64:ff9b::a9fe:a9fe"]]
)
def test_a_name_that_leads_inside_is_not_called(
    server: Receiving, monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    """A name of which one address is not public is refused as a whole, and nobody is connected to."""
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("somebody was connected to"))
    Names(monkeypatch, hooks_example=[answers])
    settings = {"urls": f"https://hooks.example:{server.port}/", "secret": SECRET, "ports": str(server.port)}
    error = failure(settings)
    assert "not called" in str(error)
    assert not error.final


def test_a_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch, authority: Authority) -> None:
    """Where a name leads elsewhere the second time, the address that was checked is called; it is not asked again.

    Seen to fail when the backend connects to the name it is given.
    """
    if not has_second_address():
        pytest.skip("this machine has one address of its own only, as macOS has")
    with receiving("127.0.0.2", tls=authority) as good, receiving("127.0.0.1", good.port, tls=authority) as evil:
        names = Names(monkeypatch, hooks_example=[["127.0.0.2"], ["127.0.0.1"]])
        tell(good.settings(urls=good.url("hooks.example"), ca=authority.pem))
        assert (len(good.got), evil.connections, names.asked) == (1, 0, ["hooks.example"])
        assert good.names == ["hooks.example"]
        assert good.got[0].headers["host"] == f"hooks.example:{good.port}"


def has_second_address() -> bool:
    """True where 127.0.0.2 is this machine, too; on Linux it always is."""
    if platform.system() == "Linux":
        return True
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.2", 9)) == errno.ECONNREFUSED


def test_a_name_that_first_looks_public_does_not_open_the_way(
    server: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is public when checked and local when used is connected to where it was checked."""
    called: list[Any] = []

    def connect(_: socket.socket, place: Any) -> None:
        called.append(place[0])
        raise ConnectionRefusedError("nobody there")

    Names(monkeypatch, hooks_example=[["1.1.1.1", "1.0.0.1"], ["127.0.0.1"]])
    monkeypatch.setattr(socket.socket, "connect", connect)
    failure({"urls": f"https://hooks.example:{server.port}/", "secret": SECRET, "ports": str(server.port)})
    assert called == ["1.1.1.1", "1.0.0.1"]


def test_the_setting_for_tests_calls_this_machine_only(server: Receiving, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the setting for tests, addresses of other machines are refused: set in error, it sends nothing anywhere."""
    Names(monkeypatch, hooks_example=[["1.1.1.1"]])
    said = str(failure(server.settings(urls=f"http://hooks.example:{server.port}/")))
    assert "not this machine" in said


def test_a_name_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody knows is told, and can be tried again."""
    Names(monkeypatch)
    for host in ("nobody.example", "a" * 64 + ".example", "." * 9):
        error = failure({"urls": f"https://{host}/", "secret": SECRET})
        assert not error.final
        assert "cannot be found" in str(error)
