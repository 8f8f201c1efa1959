"""The command notices, as a manager and whoever looks after the register use it."""

from __future__ import annotations

import json

from terminal.asked import Asked
from terminal.commands_sweep import render_sweep
from terminal.render_notices import about
from terminal.screen import Page
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
    waits = work("sweep").stdout
    assert "No mail server is set" in waits
    assert "Everything that was due has been seen to, but no mail went out." in waits
    assert "cocycle notices" in waits
    with office() as post:
        env = {"COCYCLE_MAIL_SERVER": f"smtp://127.0.0.1:{post.server.port}", "COCYCLE_MAIL_FROM": SENDER}
        swept = work("sweep", env=env)
        assert swept.returncode == 0, swept.stdout + swept.stderr
        assert "to people sent." in swept.stdout
        assert "Everything that was due has been seen to.\n" in swept.stdout
        sent = len(post.messages)
        assert sent > 0
        assert "took it" in work("notices", env=env).stdout
        again = work("notices", "resend", number, env=env)
        assert f"Notice {number} will be sent with the next sweep." in again.stdout
        work("sweep", env=env)
        assert len(post.messages) == sent + 1


def test_a_digest_in_the_list_says_which_projects_it_is_about() -> None:
    """A manager sees what a digest is about without opening it; of many projects only how many."""
    digest = {"kind": "digest", "gate": None, "day": "2026-06-30"}
    some = [{"project": f"CC-{n}"} for n in (2, 1, 1)]
    assert about({**digest, "reminders": some}) == "Digest of 30 June 2026: 3 reminders, in CC-1 and CC-2"
    many = [{"project": f"CC-{n}"} for n in range(9)]
    assert about({**digest, "reminders": many}) == "Digest of 30 June 2026: 9 reminders, in 9 projects"
    assert about({**digest, "reminders": []}) == "Digest of 30 June 2026: 0 reminders"


def test_a_sweep_says_of_how_much_people_are_reminded() -> None:
    """A sweep that reminded people says so in numbers, and that no mail went out where none did.

    Seen to fail when all is called seen to while every notice waits.
    """
    found = {"fired": 2, "reminders": 3, "delivered": 0, "failed": 0, "dead": 0, "waiting": 0, "problems": []}
    found |= {
        "notices": {"sent": 0, "needless": 0, "failed": 0, "dead": 0, "waiting": 3, "server": False},
        "anchored": None,
    }
    page = Page()
    render_sweep(page, found, Asked())
    assert page.text() == (
        "Deadlines: 2 deadlines came to a day of reminding; 3 reminders written into people's digests.\n"
        "Plugins: 0 deliveries sent.\n"
        "Notices: 0 notices to people sent, 3 waiting."
        " No mail server is set, so none goes out by e-mail: see COCYCLE_MAIL_SERVER.\n"
        "To read them:\n"
        "  cocycle notices\n"
        "Everything that was due has been seen to, but no mail went out.\n"
    )
    page = Page()
    render_sweep(page, {**found, "fired": 0, "notices": None}, Asked())
    assert page.text() == "Plugins: 0 deliveries sent.\nEverything that was due has been seen to.\n"


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
