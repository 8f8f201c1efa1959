"""The channel webhook/notices: what people are told goes to an address of its own, without their e-mail address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from engine.api import RulesRefused, Settings
from engine.hookspecs import DeliveryFailed, Notice
from plugins.webhook import cocycle_channels
from plugins.webhook.cloud_event import cloud_event_of_notice
from tests.journeys.conftest import template, town
from tests.journeys.town import LEAD, PROJECT, SRO, Json, Town, refused

from .receiving import SECRET, TESTING, Receiving, receiving, say, verified

__all__ = ["template", "town"]  # fixtures

NOTICE = Notice("n1", "digest", "p-1", "CC-1", "2026-06-15", "Due today", "All of it", None, "cocycle.example/town")


@pytest.fixture
def server() -> Iterator[Receiving]:
    """A receiver on this machine."""
    with receiving() as found:
        yield found


def own(server: Receiving) -> dict[str, str]:
    """Returns the plugin's settings for sending notices to a receiver."""
    return {"notices_url": server.url(), "notices_secret": SECRET, **TESTING}


def reach(town: Town, **settings: str) -> None:
    """Opens the register with the webhook plugin, and lets it know the plugin's channel."""
    town.reopen(settings=Settings(str(town.path), plugins=("webhook",), plugin_settings={"webhook": settings}))
    town.engine.send_notices()


def send(town: Town, **later: float) -> Json:
    """Sends what is due after so long."""
    town.clock.set(town.clock.moment + timedelta(**(later or {"seconds": 1})))
    return dict(town.engine.send_notices()["notices"])


def a_gate_is_refused(town: Town) -> None:
    """Has three people be told of a gate."""
    town.open()
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=LEAD))


def test_a_notice_reaches_the_receiver_without_an_address(town: Town, server: Receiving) -> None:
    """A signed CloudEvent says whom by their id, about what, with the text of the letter; no e-mail address is in it.

    Seen to fail when the address is a member of the notice.
    """
    reach(town, **own(server))
    a_gate_is_refused(town)
    assert send(town)["sent"] == 3
    events = [verified(got.headers, got.body, SECRET) for got in server.got]
    ids = {p["id"] for p in town.engine.people()["people"]}
    assert len(events) == 3
    for event in events:
        assert event["type"] == "org.cocycle.notice.refused.v1"
        assert event["subject"] == PROJECT
        assert event["data"]["person"] in ids
        assert "Plan gate is shut" in event["data"]["text"]
        assert "cocycle gate CC-1" in event["data"]["text"]
    assert not any(b"@" in got.body for got in server.got)
    assert [len(town.engine.notices(SRO)["notices"])] == [2]  # by e-mail, which waits, and by the channel


def test_what_fails_is_tried_again_under_the_same_id(town: Town, server: Receiving) -> None:
    """A receiver that is down gets each notice later, once, under the id it had; what it refuses is given up."""
    reach(town, **own(server))
    a_gate_is_refused(town)
    server.answer = lambda handler: say(handler, 503)
    assert send(town)["failed"] == 3
    server.answer = lambda handler: say(handler, 204)
    assert send(town, minutes=2)["sent"] == 3
    ids = [got.headers["webhook-id"] for got in server.got]
    assert (len(ids), len(set(ids))) == (6, 3)
    assert send(town, hours=9)["sent"] == 0


def test_without_an_address_for_notices_none_is_sent(town: Town, server: Receiving) -> None:
    """Whoever is told of entries is told no notice, since notices hold names and titles and entries do not.

    Seen to fail when notices go to the addresses of URLS.
    """
    reach(town, urls=server.url(), secret=SECRET, **TESTING)
    a_gate_is_refused(town)
    send(town)
    assert server.got == []
    assert {n["channel"] for n in town.engine.notices()["notices"]} == {"e-mail"}


def test_a_channel_that_is_not_active_any_more_gets_no_notices(town: Town, server: Receiving) -> None:
    """Once its plugin is not active, nothing is put into the box for a channel."""
    reach(town, **own(server))
    town.reopen(settings=Settings(str(town.path), plugins=()))
    town.engine.send_notices()
    a_gate_is_refused(town)
    assert {n["channel"] for n in town.engine.notices()["notices"]} == {"e-mail"}


def test_the_same_notice_is_the_same_message() -> None:
    """A notice gives the same id and the same bytes at every try."""
    assert cloud_event_of_notice(NOTICE) == cloud_event_of_notice(NOTICE)
    assert cloud_event_of_notice(NOTICE).id.endswith("_n1")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"notices_url": "http://hooks.example.org", "notices_secret": SECRET}, "NOTICES_URL must begin with https://"),
        ({"notices_url": "https://hooks.example.org"}, "set COCYCLE_PLUGIN_WEBHOOK__NOTICES_SECRET"),
        (
            {"notices_url": "https://hooks.example.org", "secret": SECRET},
            "There is no secret for the address for notices",
        ),
        ({"notices_url": "https://hooks.example.org:99", "notices_secret": SECRET}, "is at port 99"),
    ],
)
def test_settings_that_cannot_be_followed_are_said(settings: dict[str, str], said: str) -> None:
    """A mistake in the settings of notices names the setting it stands in; the secret of entries is not used."""
    (channel,) = cocycle_channels()
    with pytest.raises(DeliveryFailed) as caught:
        channel.deliver(NOTICE, settings)
    assert said in str(caught.value)
    assert not caught.value.final
