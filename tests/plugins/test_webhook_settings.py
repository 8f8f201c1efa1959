"""The webhook plugin before it sends: its settings, its message, its signature, the addresses it calls."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.hookspecs import DeliveryFailed, Entry
from plugins.webhook import cocycle_observers
from plugins.webhook.addresses import why_refused
from plugins.webhook.chosen import MOST_ADDRESSES, receiver
from plugins.webhook.cloud_event import cloud_event
from plugins.webhook.signing import signed_headers

from .receiving import OTHER_SECRET, SECRET, TESTING

GOOD = {"urls": "https://hooks.example.org/in?key=1", "secret": SECRET}
ENTRY = Entry(
    seq=41,
    at="2026-11-22T10:00:00.000000Z",
    by="p-1",
    name="evidence_added",
    project="CC-1",
    version=7,
    body={"evidence": "e-1", "files": [{"size": 3}]},
    origin="cocycle.example/town",
)


def mistakes(**settings: str) -> str:
    """Returns what is said of settings that cannot be followed."""
    with pytest.raises(DeliveryFailed) as caught:
        receiver(GOOD | settings, 1)
    assert not caught.value.final
    return str(caught.value)


# ---- addresses

REFUSED = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255
192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 239.1.1.1
240.0.0.1 255.255.255.255
:: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:93.184.216.34 ::7f00:1 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b::5db8:d822
64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::
2002:a00:1::1 2002:5db8:d822::1 3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%1 fec0::1 ff02::1 4000::1
"""
CALLED = "1.1.1.1 93.184.216.34 100.63.255.255 100.128.0.0 172.15.0.1 172.32.0.1 192.0.1.1 223.255.255.255 "
CALLED += "2606:4700:4700::1111 2a00:1450:4009::200e 2001:4860:4860::8888 2400:cb00::1"


@pytest.mark.parametrize("address", REFUSED.split())
def test_what_is_not_public_is_not_called(address: str) -> None:
    """Every private, local, reserved or translated address is refused, in every form, with a reason.

    Seen to fail for 64:ff9b::7f00:1 when only `ipaddress.is_global` is asked.
    """
    assert why_refused(ip_address(address))


@pytest.mark.parametrize("address", CALLED.split())
def test_what_is_public_is_called(address: str) -> None:
    """Public addresses are called, those next to special ones too."""
    assert not why_refused(ip_address(address))


@given(st.ip_addresses())
def test_what_python_takes_for_local_is_never_called(address: Any) -> None:
    """Nothing that the standard library takes for private, local, multicast or reserved is called."""
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert why_refused(address)


# ---- settings


def test_a_plain_address_is_taken_as_it_is() -> None:
    """Host, port, path and query come from the address, the rest has its defaults."""
    found = receiver(GOOD, 1)
    assert found is not None
    assert (found.host, found.port, found.target) == ("hooks.example.org", 443, "/in?key=1")
    assert found.secrets == (bytes(range(32)),)
    assert found.wants("decided")
    assert not found.testing
    assert "key" not in found.authority


def test_addresses_have_their_places() -> None:
    """The second address is the second observer's, a dash keeps a place empty, and beyond the last there is nobody."""
    settings = GOOD | {"urls": "https://a.example, - https://c.example/x"}
    hosts = [getattr(receiver(settings, place), "host", None) for place in range(1, MOST_ADDRESSES + 1)]
    assert hosts == ["a.example", None, "c.example", None]
    assert receiver({}, 1) is None


def test_an_address_can_have_a_secret_and_events_of_its_own() -> None:
    """`SECRET_2` and `EVENTS_2` hold for the second address, the others for the rest."""
    own = {"secret_2": f"{OTHER_SECRET} {SECRET}", "events_2": "evidence_*, decided"}
    settings = GOOD | {"urls": "https://a.example https://b.example"} | own
    first, second = receiver(settings, 1), receiver(settings, 2)
    assert first is not None
    assert second is not None
    assert (len(first.secrets), len(second.secrets)) == (1, 2)
    assert [second.wants(name) for name in ("evidence_added", "decided", "advanced", "undecided")] == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://hooks.example.org/", "https://"),
        ("ftp://hooks.example.org/", "https://"),
        ("hooks.example.org", "https://"),
        ("https://user:pass@hooks.example.org/", "user or a password"),
        ("https://user@hooks.example.org/", "user or a password"),
        ("https://@hooks.example.org/", "user or a password"),
        ("https:///path", "no host"),
        ("https://hooks.example.org:0/", "no host"),
        ("https://hooks.example.org:99999/", "no web address"),
        ("https://[::1/", "no web address"),
        ("https://[fe80::1%25eth0]/", "no host"),
        ("https://hooks.example.org/#part", "after #"),
        ("https://höoks.example.org/", "characters"),
        ("https://hooks.example.org\\@10.0.0.1/", "characters"),
        ("https://hooks.example.org:8443/", "port 8443"),
    ],
)
def test_an_address_that_cannot_be_called_is_told(url: str, says: str) -> None:
    """Each mistake in an address is told in words, without the address, and nothing is sent."""
    said = mistakes(urls=url)
    assert says in said
    assert "pass" not in said.replace("password", "")
    assert "hooks" not in said.replace("WEBHOOK", "")


def test_every_mistake_is_told_at_once() -> None:
    """What is wrong with address, port and secret stands in one message."""
    said = mistakes(urls="http://u@hooks.example.org:99/", secret="hunter2")
    assert all(part in said for part in ("https://", "user", "port 99", "Secret 1"))
    assert "hunter2" not in said


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_AAAA", "plain", SECRET.removeprefix("whsec_"), "whsec_" + "!" * 44]
)
def test_without_a_real_secret_nothing_is_sent(secret: str) -> None:
    """A secret that is missing, short or no base64 is told."""
    assert "ecret" in mistakes(secret=secret)


def test_ports_are_those_named() -> None:
    """Another port than 443 has to be named."""
    found = receiver(GOOD | {"urls": "https://hooks.example.org:8443/", "ports": "8443 9443"}, 1)
    assert found is not None
    assert found.authority == "hooks.example.org:8443"


def test_the_setting_for_tests_takes_yes_only() -> None:
    """The setting with which this machine may be called is on with the one word `yes`, and allows plain http."""
    assert "https://" in mistakes(urls="http://localhost/", testing_only_send_to_this_machine="1")
    found = receiver(GOOD | TESTING | {"urls": "http://localhost/"}, 1)
    assert found is not None
    assert (found.port, found.testing) == (80, True)


@given(st.dictionaries(st.sampled_from(["urls", "secret", "ports", "events", "ca"]), st.text(max_size=40)))
def test_any_settings_are_followed_or_told(settings: dict[str, str]) -> None:
    """Whatever stands in the settings, it is followed or refused in words; nothing breaks."""
    said = "."
    try:
        receiver(settings, 1)
    except DeliveryFailed as error:
        said = str(error)
    assert said.endswith(".")


# ---- the message


def test_an_entry_is_a_cloud_event() -> None:
    """The message has the attributes of CloudEvents 1.0 in their forms, and the entry as its data."""
    event = json.loads(cloud_event(ENTRY).body)
    assert event == {
        "specversion": "1.0",
        "id": "41",
        "source": "cocycle.example/town",
        "type": "org.cocycle.evidence_added.v1",
        "time": "2026-11-22T10:00:00.000000Z",
        "datacontenttype": "application/json",
        "subject": "CC-1",
        "data": {
            "seq": 41,
            "event": "evidence_added",
            "by": "p-1",
            "project": "CC-1",
            "version": 7,
            "body": {"evidence": "e-1", "files": [{"size": 3}]},
        },
    }
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in event)


@given(origin=st.text(min_size=1), project=st.none() | st.text(min_size=1), seq=st.integers(0, 2**53))
def test_a_message_is_always_the_same(origin: str, project: str | None, seq: int) -> None:
    """The same entry gives the same id and bytes; no id has a full stop in it; the source is a reference."""
    if any("\ud800" <= c <= "\udfff" for c in origin + (project or "")):
        return
    entry = Entry(seq, ENTRY.at, "p-1", "held", project, 1, {}, origin)
    message = cloud_event(entry)
    assert message == cloud_event(replace(entry))
    assert re.fullmatch(r"evt_[0-9a-f]{16}_[0-9]+", message.id)
    event = json.loads(message.body)
    assert ("subject" in event) == (project is not None)
    assert event["source"].isascii()
    assert not set(event["source"]) & set(' "<>\\^`{|}')
    urlsplit(event["source"])


def test_the_signature_is_that_of_the_published_example() -> None:
    """The signature of the published test vector of Standard Webhooks comes out."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', [secret])
    assert made == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_without_an_address_nothing_is_said() -> None:
    """Where no address is set, or it wants no such event, an observer answers with an empty line."""
    observers = {one.id: one for one in cocycle_observers()}
    assert list(observers) == ["events", "events_2", "events_3", "events_4"]
    assert observers["events"].observe(ENTRY, {}) == ""
    assert observers["events_2"].observe(ENTRY, GOOD) == ""
    assert observers["events"].observe(ENTRY, GOOD | {"events": "decided"}) == ""
