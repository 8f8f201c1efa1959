"""Tells web addresses of what is recorded: CloudEvents, signed after Standard Webhooks, to public addresses only.

Each address of the setting has an observer of its own, `webhook/events` for the first, `webhook/events_2` for the
second. So each has its own deliveries, its own tries and its own log, and one that is down holds up no other.

Notices to people go to an address of their own, by the channel `webhook/notices`: they hold names and titles, which
nothing of what is recorded does when it is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from engine.hookspecs import Channel, Entry, Notice, Observer, hookimpl
from plugins.webhook.chosen import MOST_ADDRESSES, receiver, receiver_of_notices
from plugins.webhook.cloud_event import cloud_event, cloud_event_of_notice


@hookimpl
def cocycle_observers() -> list[Observer]:
    """Returns an observer for each address that can be set."""
    return [
        Observer(
            "events" if place == 1 else f"events_{place}",
            f"Sends what is recorded to address {place} of COCYCLE_PLUGIN_WEBHOOK__URLS",
            partial(_tell, place),
        )
        for place in range(1, MOST_ADDRESSES + 1)
    ]


@hookimpl
def cocycle_channels() -> list[Channel]:
    """Returns the channel of notices to people."""
    return [Channel("notices", "Sends notices to people to COCYCLE_PLUGIN_WEBHOOK__NOTICES_URL", _notify)]


def _notify(notice: Notice, settings: Mapping[str, str]) -> str:
    """Sends a notice; returns an empty line where no address is set for them."""
    chosen = receiver_of_notices(settings)
    if chosen is None:
        return ""
    from plugins.webhook.sending import send

    return send(chosen, cloud_event_of_notice(notice))


def _tell(place: int, entry: Entry, settings: Mapping[str, str]) -> str:
    """Sends an entry to the address at a place; returns an empty line where none is set, or it wants no such entry."""
    chosen = receiver(settings, place)
    if chosen is None or not chosen.wants(entry.name):
        return ""
    from plugins.webhook.sending import send  # what it needs takes longer to load than all the rest

    return send(chosen, cloud_event(entry))
