"""What a digest says: how much is missing, who is meant and why you, and how forty things can be looked through."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.api import RulesRefused

from .posting import Office, office, plain, with_office
from .test_notices_told import tell, try_to_pass
from .town import ADMIN, COCHAIR, EDI, EXAMPLES, LEAD, MANAGER, PROJECT, SRO, Town, refused


@pytest.fixture
def post(town: Town) -> Iterator[Office]:
    """A mail server to which the town's notices go; its project is open."""
    with office() as found:
        with_office(town, found.server)
        town.open()
        yield found


def with_equality(town: Town) -> None:
    """Takes a project to its design, under a workflow whose equality assessment counts for a year."""
    text = (EXAMPLES / "two-gates.yaml").read_text(encoding="utf-8")
    asked = "        title: Equality assessment\n"
    town.engine.load_definition(
        text.replace(asked, f"{asked}        fresh: 12 months\n").encode(), "yearly.yaml", actor=ADMIN
    )
    town.open("CC-2")
    town.pass_plan("CC-2")
    town.add("equality", "CC-2")
    town.sign("equality", EDI, project="CC-2")
    town.engine.hold(PROJECT, "Not this one", actor=MANAGER)
    town.engine.hold("CC-2", "So that only the law is told", actor=MANAGER)
    town.engine.send_notices()


def with_conditions(town: Town, *many: int) -> None:
    """Passes the plan gate of a project for each number, with so many conditions that the lead answers for."""
    for place, number in enumerate(many, start=2):
        project = f"CC-{place}"
        town.open(project)
        town.fill_plan(project)
        town.decide(project)
        conditions = [(f"Thing {n}", LEAD, f"2026-06-{15 + n % 10}") for n in range(number)]
        town.engine.advance(project, actor=SRO, conditions=conditions)
    town.engine.send_notices()


def test_the_end_of_a_stage_says_how_much_is_missing(town: Town, post: Office) -> None:
    """Whoever reads that a stage should end reads how much its gate still misses, without typing anything.

    Seen to fail when `_still_missing` says nothing.
    """
    tell(town, "2026-11-27")
    (text,) = post.texts(COCHAIR)
    assert "Plan should be over by then. That is our own plan, not law." in text
    assert "Still missing at the plan gate: 2 of 2 requirements." in text
    assert "You decide there, as the lived-experience co-chair." in text
    town.fill_plan()
    town.engine.send_notices()
    post.messages.clear()
    tell(town, "2026-11-30")
    (text,) = post.texts(COCHAIR)
    assert "Nothing is missing at the plan gate but decisions." in text


def test_a_sponsor_reads_why_they_are_told_and_whom_to_ask(town: Town, post: Office) -> None:
    """What is late is told to the sponsor as well: that it is for somebody else, who that is, and to ask them.

    Seen to fail when a sponsor is told to hand the record in.
    """
    with_equality(town)
    tell(town, "2027-06-01")
    post.messages.clear()
    tell(town, "2027-06-08")
    (own,), (sponsor,) = post.texts(EDI), post.texts(SRO)
    assert "That record does not count any more, and the design gate needs a newer one." in own
    assert "You can do it, as the equality lead." in own
    assert "cocycle evidence add CC-2 equality" in own
    assert "This is for the equality lead: Edi. You are told because it is late." in sponsor
    assert "What to do: Ask Edi how it stands." in sponsor
    assert "cocycle evidence add" not in sponsor


def test_where_nobody_holds_the_role_a_manager_reads_that(town: Town, post: Office) -> None:
    """A programme manager who is told in place of nobody reads that nobody is there, and how to give the role."""
    with_equality(town)
    town.engine.revoke(EDI, "edi", project="CC-2", actor=ADMIN)
    tell(town, "2027-06-01")
    (text,) = post.texts(MANAGER)
    assert "This is for the equality lead, and nobody holds that role. Please have it filled." in text
    assert "cocycle person grant EMAIL edi --project CC-2" in text


def test_a_wait_that_is_over_promises_nothing(town: Town, post: Office) -> None:
    """A wait that is over says what else the gate still misses, and not that one can go on.

    Seen to fail when the heading says “You can go on”.
    """
    town.open("CC-2", regime="psr")
    town.pass_plan("CC-2")
    town.add("market-notice", "CC-2")
    town.engine.send_notices()
    post.messages.clear()
    day = next(d["due"] for d in town.engine.deadlines("CC-2")["deadlines"] if d["kind"] == "wait")
    tell(town, day)
    (message,) = post.to(SRO)
    text = " ".join(plain(message).split())
    assert message["Subject"].strip().startswith("A wait is over: ")
    assert "Waits that are over (1)" in text
    assert "Still missing at the design gate: " in text
    assert "go on" not in text


def test_forty_things_can_be_looked_through(town: Town, post: Office) -> None:
    """Of forty the ten most pressing are told with everything, the others in a few lines, each with the way to it.

    Seen to fail when each is told with everything.
    """
    with_conditions(town, 15, 15, 10)
    tell(town, "2026-06-25")
    (message,) = post.to(LEAD)
    text = plain(message)
    assert message["Subject"].strip().startswith("Your deadlines: 40 overdue. First: Condition ")
    assert "40 deadlines in 3 projects need you." in text
    assert text.count("\n* Condition ") == 40
    assert text.count("What it means:") == 10
    assert text.count("\n      cocycle ") == 40
    assert len(text.splitlines()) < 350
    dues = [line for line in text.splitlines() if "it was due on" in line or "Overdue by" in line]
    assert len(dues) >= 40


def test_of_more_than_anybody_reads_the_number_is_told(town: Town, post: Office) -> None:
    """Beyond fifty only how many there are is said, and the groups still say how many are in each."""
    with_conditions(town, 30, 30)
    tell(town, "2026-06-25")
    (text,) = post.texts(LEAD)
    assert "And 10 more, which are less pressing." in text
    assert "60 deadlines in 2 projects need you." in text


def test_who_only_decides_is_not_told_of_a_shut_gate(town: Town, post: Office) -> None:
    """Nobody is mailed to decide while something is missing: it would be refused. Who can supply that is told.

    Seen to fail when those who decide are counted among those who can help.
    """
    town.pass_plan()
    town.fill_design()
    newer = town.add("equality")
    assert newer
    town.engine.send_notices()
    post.messages.clear()
    try_to_pass(town)
    tell(town, "2026-06-02")
    refusals = [n for n in town.engine.notices()["notices"] if n["kind"] == "refused"]
    assert {n["name"] for n in refusals} == {"Edi"}
    assert {m["To"] for m in post.messages} == {EDI}
    (text,) = post.texts(EDI)
    assert "You can sign it as the equality lead." in text
    assert "cocycle decide" not in text


def test_who_did_their_part_meanwhile_is_not_asked_to_decide(town: Town, post: Office) -> None:
    """Whose part is done when the letter is written reads nothing, as long as others have something to supply.

    Seen to fail when a letter falls back on the decision.
    """
    town.pass_plan()
    town.fill_design()
    town.add("equality")
    town.add("specification")
    town.engine.send_notices()
    post.messages.clear()
    try_to_pass(town)
    town.sign("specification", SRO)
    tell(town, "2026-06-02")
    assert post.to(SRO) == []
    (one,) = [n for n in town.engine.notices(SRO)["notices"] if n["kind"] == "refused"]
    assert one["told"] == "Nothing was sent. By now what is missing is for others to supply."
    assert "You can sign it as the lived-experience co-chair." in post.texts(COCHAIR)[0]


def test_what_is_there_and_taken_anew_says_why(town: Town, post: Office) -> None:
    """A record that holds and has to be taken anew is not listed as if it were in order, but with the reason.

    Seen to fail when what was looked at is told instead.
    """
    text = (EXAMPLES / "two-gates.yaml").read_text(encoding="utf-8")
    asked = "        title: Equality assessment\n"
    text = text.replace(asked, f"{asked}        supports: specification\n")
    town.engine.load_definition(text.encode(), "supporting.yaml", actor=ADMIN)
    town.open("CC-2")
    town.pass_plan("CC-2")
    town.add("specification", "CC-2")
    town.sign("specification", SRO, COCHAIR, project="CC-2")
    town.engine.send_notices()
    post.messages.clear()
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance("CC-2", actor=LEAD))
    tell(town, "2026-06-02")
    (text,) = post.texts(SRO)
    assert "It is there already, but “Equality assessment” would come after it and not count for it." in text


def test_where_only_a_decision_is_missing_the_subject_says_so(town: Town, post: Office) -> None:
    """A gate that was found shut for want of a decision alone is not said to miss something else.

    Seen to fail when every subject says that something is missing.
    """
    town.fill_plan()
    town.engine.send_notices()
    post.messages.clear()
    try_to_pass(town)
    tell(town, "2026-06-01")
    (message,) = post.to(COCHAIR)
    assert message["Subject"] == "A decision is missing at the plan gate: A project (CC-1)"
    assert "cocycle decide CC-1 --role lx_cochair" in plain(message)
