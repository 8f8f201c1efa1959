"""Tells a receiver on this machine by the webhook plugin, as the host does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.hookspecs import DeliveryFailed, Entry
from plugins.webhook import cocycle_observers

from .receiving import Authority, Receiving, receiving

ENTRY = Entry(7, "2026-11-22T10:00:00.000000Z", "p-1", "decided", "CC-1", 3, {"gate": "plan-gate"}, "a.example/town")


def tell(settings: dict[str, str], entry: Entry = ENTRY, place: int = 0) -> str:
    """Tells the observer of an address, as the host does."""
    return cocycle_observers()[place].observe(entry, settings)


def failure(settings: dict[str, str]) -> DeliveryFailed:
    """Returns how telling fails."""
    with pytest.raises(DeliveryFailed) as caught:
        tell(settings)
    return caught.value


@pytest.fixture
def server() -> Iterator[Receiving]:
    """A receiver on this machine."""
    with receiving() as found:
        yield found


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that nobody trusts, unless told to."""
    return Authority(tmp_path_factory.mktemp("keys"), "localhost", "hooks.example")
