"""The command notices, as a manager and whoever looks after the register use it."""

from __future__ import annotations

import json

from tests.journeys.posting import SENDER, office

from .conftest import Run

GIL, NAN, PIA = "gil@example.org", "nan@example.org", "pia@example.org"


def test_from_a_refused_gate_to_the_letter_that_was_sent(work: Run) -> None:
    """The list says to whom and why not yet; show gives the text; the sweep sends it; the list says so."""
    assert work("advance", "G-1", "--as", GIL).returncode == 4
    listed = work("notices")
    assert listed.returncode == 0
    assert "Something is missing at the" in listed.stdout
    assert "No mail server is set" in listed.stdout
    assert "cocycle notices show" in listed.stdout
    number = str(json.loads(work("notices", "--json").stdout)["notices"][0]["id"])
    shown = work("notices", "show", number)
    assert "Subject" in shown.stdout
    assert "tried to pass the" in shown.stdout
    with office() as post:
        env = {"COCYCLE_MAIL_SERVER": f"smtp://127.0.0.1:{post.server.port}", "COCYCLE_MAIL_FROM": SENDER}
        swept = work("sweep", env=env)
        assert swept.returncode == 0, swept.stdout + swept.stderr
        assert "to people sent." in swept.stdout
        sent = len(post.messages)
        assert sent > 0
        assert "took it" in work("notices", env=env).stdout
        again = work("notices", "resend", number, env=env)
        assert f"Notice {number} will be sent with the next sweep." in again.stdout
        work("sweep", env=env)
        assert len(post.messages) == sent + 1


def test_mine_is_only_mine(work: Run) -> None:
    """--mine is what was told to whoever acts, --person to somebody; both at once, or nobody, is refused."""
    work("advance", "G-1", "--as", GIL)
    every = json.loads(work("notices", "--json").stdout)["notices"]
    mine = json.loads(work("notices", "--mine", "--as", NAN, "--json").stdout)["notices"]
    assert mine == [one for one in every if one["name"] == "Nan Neighbour"]
    assert work("notices", "--mine").returncode == 2
    assert work("notices", "--mine", "--person", PIA, "--as", NAN).returncode == 2
    assert "No notice to pia@example.org is listed here." in work("notices", "--person", PIA).stdout


def test_what_is_not_there_is_said(work: Run) -> None:
    """A notice that is not there is exit code 8, with the command that lists those that are."""
    ended = work("notices", "show", "77")
    assert ended.returncode == 8
    assert "cocycle notices" in ended.stderr


def test_reading_the_list_writes_nothing(work: Run) -> None:
    """Looking at notices adds nothing to the ledger."""
    before = work("ledger", "verify", "--json").stdout
    work("notices")
    assert json.loads(work("ledger", "verify", "--json").stdout)["size"] == json.loads(before)["size"]


def test_an_address_of_pages_that_is_none_is_refused(work: Run) -> None:
    """COCYCLE_URL that is no address is told with an example, and nothing is sent with a link that leads nowhere."""
    for wrong in ("cocycle.example", "javascript:alert(1)", "https://", "https://a b", "https://u:p@host/"):
        ended = work("notices", env={"COCYCLE_URL": wrong})
        assert ended.returncode == 2, wrong
        assert "https://cocycle.example.nhs.uk" in ended.stderr
