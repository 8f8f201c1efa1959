"""What people are told: each notice names what, who, when and what to do next, to those whom it concerns, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from engine.api import RulesRefused

from .posting import Office, html, office, plain, with_office
from .town import ADMIN, COCHAIR, DEPUTY, EDI, LEAD, MANAGER, PROJECT, SRO, Json, Town, refused

DECIDERS = (SRO, COCHAIR, DEPUTY)


@pytest.fixture
def post(town: Town) -> Iterator[Office]:
    """A mail server to which the town's notices go; its project is open."""
    with office() as found:
        with_office(town, found.server)
        town.open()
        yield found


def tell(town: Town, day: str, time: str = "10:00") -> Json:
    """Sweeps on a day; returns what came of the notices."""
    town.on(day, time)
    done = town.engine.sweep()
    assert done["problems"] == []
    found: Json = done["notices"]
    return found


def try_to_pass(town: Town, by: str = LEAD) -> None:
    """Has somebody try to pass the gate that is shut."""
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=by))


def pass_with_condition(town: Town, due: str) -> None:
    """Passes the plan gate with a condition that the lead answers for."""
    town.fill_plan()
    town.decide()
    town.engine.advance(PROJECT, actor=SRO, conditions=[("Add the easy-read version", LEAD, due)])
    town.engine.send_notices()


# ---- at once


def test_a_refused_gate_is_told_to_those_who_can_help(town: Town, post: Office) -> None:
    """Whoever can supply what is missing reads who tried, what the gate says, what they can do, and the command.

    Seen to fail when `follow_refusal` is not called.
    """
    try_to_pass(town)
    assert tell(town, "2026-06-01")["sent"] == 3
    assert {m["To"] for m in post.messages} == set(DECIDERS)
    (text,) = post.texts(SRO)
    assert "Lead tried to pass the plan gate of A project (CC-1) on 1 June 2026. It stayed shut." in text
    assert "Plan gate is shut: 2 of 2 requirements are missing." in text
    assert "You can hand it in, then sign it as the senior responsible owner." in text
    assert "cocycle evidence add CC-1 mandate" in text
    assert "This is for the lived-experience co-chair: Cochair, Deputy." in text
    assert post.to(SRO)[0]["Subject"] == "Something is missing at the plan gate: A project (CC-1)"


def test_a_refused_gate_is_told_once_a_day(town: Town, post: Office) -> None:
    """However often it is tried, each is told once a day a gate, and whoever tried is not told at all.

    Seen to fail when the moment is in the occurrence.
    """
    for _ in range(3):
        try_to_pass(town, by=SRO)
        tell(town, "2026-06-01")
    assert [len(post.to(by)) for by in DECIDERS] == [0, 1, 1]
    town.on("2026-06-02")
    try_to_pass(town, by=SRO)
    tell(town, "2026-06-02")
    assert [len(post.to(by)) for by in DECIDERS] == [0, 2, 2]


def test_what_was_supplied_meanwhile_is_not_asked_for(town: Town, post: Office) -> None:
    """A letter is written when it is sent: where the gate is open by then nothing is sent, and the list says so."""
    try_to_pass(town)
    town.fill_plan()
    town.decide()
    tell(town, "2026-06-01")
    assert [m["Subject"] for m in post.messages if "missing" in m["Subject"]] == []
    told = {n["told"] for n in town.engine.notices()["notices"] if n["kind"] == "refused"}
    assert told == {"Nothing was sent. The gate is open by now."}


def test_a_decision_that_is_waited_for_is_told_to_who_decides(town: Town, post: Office) -> None:
    """Once every requirement holds, each who must decide reads that, in which role, and the command; nobody else.

    Seen to fail when `_decisions` is not asked.
    """
    town.fill_plan()
    tell(town, "2026-06-01")
    assert {m["To"] for m in post.messages} == set(DECIDERS)
    (text,) = post.texts(COCHAIR)
    assert "Everything the plan gate of A project (CC-1) asks for is there." in text
    assert "still to decide: the senior responsible owner and the lived-experience co-chair" in text
    assert "You can decide as the lived-experience co-chair." in text
    assert "cocycle gate CC-1" in text
    assert "cocycle decide CC-1" in text
    assert 'cocycle decide CC-1 --dissent "YOUR REASONS"' in text
    assert post.to(COCHAIR)[0]["Subject"] == "Your decision is needed: plan gate of A project (CC-1)"
    assert "No date decides for you." in text


def test_a_decision_is_asked_for_once(town: Town, post: Office) -> None:
    """What changes nothing for them asks nobody twice; one who decided before it was sent is not asked at all."""
    town.fill_plan()
    town.engine.decide(PROJECT, actor=SRO)
    tell(town, "2026-06-01")
    town.engine.set_fields(PROJECT, {"lifetime_value": "1450001.00"}, actor=MANAGER)
    tell(town, "2026-06-02")
    assert (len(post.to(SRO)), len(post.to(COCHAIR))) == (0, 1)


def test_a_project_on_hold_asks_for_no_decision(town: Town, post: Office) -> None:
    """Nobody is asked to decide while the project is on hold; they are asked once it goes on."""
    town.engine.hold(PROJECT, "Waiting for the interpreter", actor=MANAGER)
    town.engine.resume(PROJECT, "She is here", actor=MANAGER)
    town.fill_plan()
    town.engine.hold(PROJECT, "Waiting again", actor=MANAGER)
    tell(town, "2026-06-01")
    assert post.messages == []
    town.engine.resume(PROJECT, "Going on", actor=MANAGER)
    town.engine.resend(town.engine.notices(COCHAIR)["notices"][0]["id"])
    tell(town, "2026-06-02")
    assert len(post.to(COCHAIR)) == 1


def test_a_gate_no_longer_sound_is_told_to_who_decided(town: Town, post: Office) -> None:
    """Those who decided read which gate, since when they relied on it, why it fell, and how to put it right.

    Seen to fail when `_unsound` tells the holders of other roles.
    """
    records = town.pass_plan()
    town.engine.send_notices()
    post.messages.clear()
    town.engine.withdraw(records["mandate"], "The wrong document", actor=LEAD)
    tell(town, "2026-06-03")
    assert {m["To"] for m in post.messages} == {SRO, COCHAIR}
    (text,) = post.texts(SRO)
    assert "You decided on the plan gate of A project (CC-1), which was passed on 1 June 2026." in text
    assert "was withdrawn, and nothing stands in its place." in text
    assert "The work can go on." in text
    assert "Hand in “Mandate, what can and cannot be influenced”" in text
    assert "cocycle project show CC-1" in text
    assert "--affirm" in text


# ---- the digest


def test_reminders_come_at_ten_five_one_and_no_working_days_and_then_weekly(town: Town, post: Office) -> None:
    """The owner reads of a condition 10, 5, 1 and 0 working days before, then every week; late, the sponsor as well."""
    pass_with_condition(town, "2026-06-30")
    post.messages.clear()
    for _ in range(45):
        day = town.clock.moment.date() + timedelta(days=1)
        tell(town, day.isoformat())
    said = [m["Subject"].strip().partition(":")[0] for m in post.to(LEAD)]
    assert said[:6] == [
        "Due in 10 working days",
        "Due in 5 working days",
        "Due tomorrow",
        "Due today",
        "Overdue by 5 working days",
        "Overdue by 10 working days",
    ]
    assert [m["Subject"].strip().partition(":")[0] for m in post.to(SRO)] == said[4:6]
    assert post.to(COCHAIR) == []


def test_a_reminder_says_what_where_when_who_and_what_to_do(town: Town, post: Office) -> None:
    """A reminder names the project, the day, the condition's own words, who answers for it, and the command."""
    pass_with_condition(town, "2026-06-30")
    tell(town, "2026-06-23")
    (text,) = post.texts(LEAD)
    assert "* Condition 1 of the plan gate, A project (CC-1)" in text
    assert "Due in 5 working days, Tuesday 30 June 2026." in text
    assert "“Add the easy-read version”" in text
    assert "You answer for it." in text
    assert "cocycle condition list CC-1" in text
    assert "No date ever approves or refuses anything by itself." in text


def test_the_sponsor_is_told_whom_to_ask(town: Town, post: Office) -> None:
    """Once it is late the sponsor reads who answers for it, and that it is for them to ask."""
    pass_with_condition(town, "2026-06-30")
    tell(town, "2026-07-07")
    (text,) = post.texts(SRO)
    assert "Overdue by 5 working days: it was due on Tuesday 30 June 2026." in text
    assert "Lead answers for it." in text
    assert "Ask Lead how it stands" in text


def test_one_digest_a_person_a_day(town: Town, post: Office) -> None:
    """All reminders of a day are in one letter a person, the most pressing first, however often the day is swept.

    Seen to fail when each reminder is a notice of its own.
    """
    for number in range(2, 6):
        town.open(f"CC-{number}")
        town.fill_plan(f"CC-{number}")
        town.decide(f"CC-{number}")
        due = "2026-06-05" if number == 5 else "2026-06-30"
        condition = [(f"The {number}th", LEAD, due)]
        town.engine.advance(f"CC-{number}", actor=SRO, conditions=condition)
    town.engine.send_notices()
    for time in ("08:00", "09:00", "17:00"):
        tell(town, "2026-06-16", time)
    (text,) = post.texts(LEAD)
    assert "4 deadlines in 4 projects need you. The most pressing comes first." in text
    assert text.index("CC-5") < min(text.index(f"CC-{n}") for n in (2, 3, 4))
    first = "Condition 1 of the plan gate, A project (CC-5)"
    assert post.to(LEAD)[0]["Subject"] == f"Your deadlines: 1 overdue, 3 coming up. First: {first}"


def test_a_digest_waits_for_the_morning(town: Town, post: Office) -> None:
    """What falls due at midnight is read at seven in the morning, not in the night.

    Seen to fail when a digest is due as soon as there is something in it.
    """
    pass_with_condition(town, "2026-06-30")
    nothing = {"sent": 0, "needless": 0, "failed": 0, "dead": 0}
    assert tell(town, "2026-06-16", "00:05") == nothing | {"waiting": 1, "server": True}
    assert tell(town, "2026-06-16", "06:59")["sent"] == 0
    assert tell(town, "2026-06-16", "07:01")["sent"] == 1


def test_what_was_done_meanwhile_is_in_no_digest(town: Town, post: Office) -> None:
    """A condition that was accepted before the digest went out is not in it; nothing is sent, and the list says so."""
    pass_with_condition(town, "2026-06-30")
    tell(town, "2026-06-16", "00:05")
    passing = town.passings()[0]["seq"]
    town.engine.meet_condition(PROJECT, passing, 1, "It is there", actor=SRO)
    done = tell(town, "2026-06-16")
    assert post.texts(LEAD) == []
    assert (done["sent"], done["needless"]) == (len(post.messages), 1), "a letter that was not sent is not counted"
    (one,) = [n for n in town.engine.notices(LEAD)["notices"] if n["kind"] == "digest"]
    assert one["told"] == "Nothing was sent. Everything in it was seen to meanwhile, or is somebody else's by now."


def test_after_a_long_sleep_a_deadline_is_told_of_once(town: Town, post: Office) -> None:
    """Off for 30 days, the next sweep sends each person one digest with what stands, not one for each day."""
    pass_with_condition(town, "2026-06-15")
    tell(town, "2026-07-15")
    assert [len(post.to(by)) for by in (LEAD, SRO)] == [1, 1]


# ---- to whom, and in what form


def test_with_pages_there_is_a_link_and_no_command(town: Town) -> None:
    """Where COCYCLE_URL is set a letter leads to the project's page, in both texts, and asks nobody to type."""
    with office() as post:
        with_office(town, post.server, url="https://cocycle.example.nhs.uk")
        town.open()
        try_to_pass(town)
        tell(town, "2026-06-01")
        message = post.to(SRO)[0]
        assert "https://cocycle.example.nhs.uk/projects/CC-1" in plain(message)
        assert '<a href="https://cocycle.example.nhs.uk/projects/CC-1">' in html(message)
        assert "cocycle gate" not in plain(message) + html(message)


def test_every_letter_is_marked_as_sent_by_a_machine(town: Town, post: Office) -> None:
    """Each has plain text and HTML, a Message-ID of its own, the register's List-Id, and asks for no answer."""
    try_to_pass(town)
    tell(town, "2026-06-01")
    ids = [m["Message-ID"] for m in post.messages]
    assert len(set(ids)) == len(ids) == 3
    for message in post.messages:
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["List-Id"] == "<notices.cocycle.example-town>"
        assert [part.get_content_type() for part in message.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
        assert "<img" not in html(message)
        assert "http" not in html(message)


def test_somebody_who_left_a_project_is_told_nothing_of_it(town: Town, post: Office) -> None:
    """Between the act and the letter a role can be taken away; then nothing about the project is sent to them.

    Seen to fail when a letter does not look at roles.
    """
    try_to_pass(town)
    town.engine.revoke(SRO, "sro", project=PROJECT, actor=ADMIN)
    tell(town, "2026-06-01")
    assert post.to(SRO) == []
    (one,) = town.engine.notices(SRO)["notices"]
    assert one["told"] == "Nothing was sent. They hold no role in CC-1 any more."


def test_where_nobody_holds_a_role_who_can_give_it_is_told(town: Town, post: Office) -> None:
    """A gate that waits for a role that nobody holds is told to a programme manager, with the command that gives it."""
    town.fill_plan()
    for by in (COCHAIR, DEPUTY):
        town.engine.revoke(by, "lx_cochair", project=PROJECT, actor=ADMIN)
    town.engine.send_notices()
    post.messages.clear()
    town.add("mandate", by=EDI)
    town.engine.grant(COCHAIR, "lx_cochair", project=PROJECT, actor=ADMIN)
    town.sign("mandate", SRO, COCHAIR)
    town.engine.revoke(COCHAIR, "lx_cochair", project=PROJECT, actor=ADMIN)
    town.engine.set_fields(PROJECT, {"lifetime_value": "1450002.00"}, actor=MANAGER)
    tell(town, "2026-06-02")
    (text,) = post.texts(MANAGER)
    assert "Nobody holds the role of the lived-experience co-chair in this project." in text
    assert "cocycle person grant EMAIL lx_cochair --project CC-1" in text
