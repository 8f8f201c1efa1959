"""The commands sweep, plugin deliveries and plugin redeliver, as somebody who looks after a register uses them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.plugins.receiving import Receiving, receiving, say

from .conftest import Run

ADA = "ada@example.org"


@pytest.fixture
def server() -> Iterator[Receiving]:
    """A receiver on this machine."""
    with receiving() as found:
        yield found


def to(server: Receiving) -> dict[str, str]:
    """Returns the surroundings in which the webhook plugin sends to a receiver."""
    own = {f"COCYCLE_PLUGIN_WEBHOOK__{name.upper()}": value for name, value in server.settings().items()}
    return {"COCYCLE_PLUGINS": "webhook", **own}


def test_from_a_sweep_to_what_was_given_up_and_back(work: Run, server: Receiving) -> None:
    """A sweep says what it sent and what it could not, the list says why; what was given up is sent once asked for."""
    env = to(server)
    first = work("sweep", env=env)
    assert (first.returncode, first.stdout) == (
        0,
        "Plugins: 0 deliveries sent.\nEverything that was due has been seen to.\n",
    )
    work("person", "add", "one@example.org", "--name", "One", "--as", ADA, env=env)
    assert "1 delivery sent." in work("sweep", env=env).stdout
    server.answer = lambda handler: say(handler, 410)
    work("person", "add", "two@example.org", "--name", "Two", "--as", ADA, env=env)
    swept = work("sweep", env=env)
    assert swept.returncode == 0
    assert "0 deliveries sent, 1 given up." in swept.stdout
    assert "cocycle plugin deliveries" in swept.stdout
    listed = work("plugin", "deliveries", "webhook", env=env).stdout
    assert "Given up" in listed
    assert "webhook/events, ledger entry" in listed
    assert "410 in" in listed
    assert "0 entries to go" in listed
    assert "cocycle plugin redeliver --all-dead" in listed
    server.answer = lambda handler: say(handler, 204)
    assert "1 delivery will be sent" in work("plugin", "redeliver", "--all-dead", env=env).stdout
    assert "1 delivery sent." in work("sweep", env=env).stdout
    found = json.loads(work("plugin", "deliveries", "--state", "delivered", "--json", env=env).stdout)
    assert [one["state"] for one in found["deliveries"]] == ["delivered", "delivered"]
    assert found["counts"] == {"waiting": 0, "delivered": 2, "dead": 0}
    number = str(found["deliveries"][0]["id"])
    assert json.loads(work("plugin", "redeliver", number, "--json", env=env).stdout) == {"due": 1, "busy": []}
    assert "With the next sweep." in work("plugin", "deliveries", "--state", "waiting", env=env).stdout
    back = work("plugin", "redeliver", "--from", "0", "--to", "webhook/events", env=env)
    assert "from entry 0 on" in back.stdout
    assert json.loads(work("sweep", "--json", env=env).stdout)["delivered"] > 2


def test_a_place_that_cannot_be_reached_is_told(work: Run) -> None:
    """A part of a sweep that could not be done is told, in words, and in the exit code."""
    env = {"COCYCLE_PLUGINS": "none", "COCYCLE_ANCHOR_FOLDERS": "/nowhere/at/all"}
    swept = work("sweep", env=env)
    assert swept.returncode == 5
    assert "Look here" in swept.stdout
    assert "/nowhere/at/all" in swept.stdout
    told = json.loads(work("sweep", "--json", env=env).stdout)
    assert [problem["part"] for problem in told["problems"]] == ["anchors"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["plugin", "redeliver"], 2),
        (["plugin", "redeliver", "7", "--all-dead"], 2),
        (["plugin", "redeliver", "--from", "3"], 2),
        (["plugin", "redeliver", "--to", "webhook/events"], 2),
        (["plugin", "redeliver", "0"], 2),
        (["plugin", "redeliver", "999"], 8),
        (["plugin", "redeliver", "--from", "0", "--to", "nobody/here"], 8),
        (["plugin", "deliveries", "--state", "lost"], 2),
        (["sweep", "--at", "2026-01-01"], 2),
    ],
)
def test_what_cannot_be_done_is_said(look: Run, words: list[str], code: int) -> None:
    """A wrong way to ask is refused with a sentence, and an id or observer that is not there with another."""
    done = look(*words)
    assert done.returncode == code
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_listing_needs_no_right_to_write(look: Run) -> None:
    """The list is read, so it leaves the ledger as it is and needs nobody's name."""
    before = json.loads(look("ledger", "verify", "--json").stdout)["size"]
    assert look("plugin", "deliveries").returncode == 0
    assert json.loads(look("ledger", "verify", "--json").stdout)["size"] == before
