"""The list of notices: all there is and what became of it, one as it reads, and sending one again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.api import InputRefused, NotFound, NotPermitted, RulesRefused
from tests.hosting.folders import write_plugin

from .panels import DEFINITION, PANEL
from .posting import Office, office, plain, with_office
from .test_notices_sending import send, three_wait
from .town import ADMIN, COCHAIR, IDLE, LEAD, MANAGER, PROJECT, SRO, Json, Town, refused


@pytest.fixture
def post(town: Town) -> Iterator[Office]:
    """A mail server, and three notices that wait to be sent to it."""
    with office() as found:
        with_office(town, found.server)
        three_wait(town)
        yield found


def the_one_to(town: Town, email: str) -> Json:
    """Returns the only notice to somebody."""
    (found,) = town.engine.notices(email)["notices"]
    return dict(found)


def test_what_is_put_on_record_waits_at_once(town: Town, post: Office) -> None:
    """A notice is in the list as soon as the act is on record, before anything is sent, with to whom and about what."""
    one = the_one_to(town, SRO)
    assert (one["state"], one["kind"], one["project"], one["gate"]) == ("waiting", "refused", PROJECT, "Plan gate")
    assert (one["name"], one["channel"], one["tries"], one["told"]) == ("Sro", "e-mail", 0, None)
    assert town.engine.notices()["counts"] == {"waiting": 3, "delivered": 0, "dead": 0}


def test_no_notice_holds_a_word_that_somebody_typed(town: Town, post: Office) -> None:
    """Neither titles nor names nor addresses are in the box: only what may stand in the ledger in clear."""
    send(town)
    with town.sql() as database:
        kept = str(database.execute("SELECT * FROM outbox").fetchall())
    for word in ("A project", "Lead", "Sro", "sro@example.org", "Plan gate", "Mandate"):
        assert word not in kept


def test_an_act_and_its_notices_are_one(town: Town, post: Office) -> None:
    """A notice is in the act's own transaction: where it cannot be put into the box, nothing is recorded either."""
    town.engine.send_notices()
    size = town.size
    with town.sql() as database:
        database.execute("CREATE TRIGGER stop BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'stopped'); END")
    town.on("2026-06-02")
    with pytest.raises(Exception, match="stopped"):
        town.engine.advance(PROJECT, actor=LEAD)
    with town.sql() as database:
        database.execute("DROP TRIGGER stop")
    assert town.size == size
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=LEAD))
    assert town.size == size + 1


def test_a_notice_is_shown_as_it_will_be_sent(town: Town, post: Office) -> None:
    """What `notice` shows of one that waits is what the mail server gets a moment later, word for word."""
    shown = town.engine.notice(the_one_to(town, SRO)["id"])
    assert shown["to"] == SRO
    send(town)
    (message,) = post.to(SRO)
    assert shown["text"] == plain(message)
    assert shown["subject"] == message["Subject"].strip()


def test_a_notice_is_shown_as_it_was_sent(town: Town, post: Office) -> None:
    """What was sent is shown as the register stood then, whatever was recorded since.

    Seen to fail when the register is read as it stands now.
    """
    send(town)
    (message,) = post.to(SRO)
    number = the_one_to(town, SRO)["id"]
    town.on("2026-06-03")
    town.pass_plan()
    assert town.engine.notice(number)["text"] == plain(message)


def test_a_notice_is_sent_again_when_asked_for(town: Town, post: Office) -> None:
    """`resend` has one sent once more under the Message-ID it had, whatever became of it."""
    post.answers[SRO] = "550 5.1.1 unknown"
    send(town)
    number = the_one_to(town, SRO)["id"]
    del post.answers[SRO]
    assert town.engine.resend(number) == {"id": number, "busy": False}
    assert send(town)["sent"] == 1
    town.engine.resend(number)
    assert send(town)["sent"] == 1
    first, second = post.to(SRO)
    assert first["Message-ID"] == second["Message-ID"]


def test_what_is_asked_for_must_be_there(town: Town, post: Office) -> None:
    """There is no notice of another number, no state but three, no list of somebody unknown, and of others theirs."""
    for number in (0, 99, 2**63):
        refused(NotFound, "no_such_notice", lambda n=number: town.engine.notice(n))  # type: ignore[misc]  # bound now
        refused(NotFound, "no_such_notice", lambda n=number: town.engine.resend(n))  # type: ignore[misc]  # bound now
    refused(InputRefused, None, lambda: town.engine.notices(state="lost"))
    refused(NotFound, "no_such_person", lambda: town.engine.notices("nobody@example.org"))
    refused(NotPermitted, "unknown_person", lambda: town.engine.notices(mine="nobody@example.org"))
    assert town.engine.notices(mine=IDLE)["notices"] == []
    assert town.engine.notices(IDLE)["notices"] == []
    assert town.engine.notices(state="dead")["notices"] == []


def test_a_notice_is_no_delivery_of_a_plugin(town: Town, post: Office) -> None:
    """What plugins are told and what people are told are two lists: neither counts or sends the other's."""
    number = the_one_to(town, SRO)["id"]
    assert town.engine.deliveries()["deliveries"] == []
    assert town.engine.deliver_pending()["waiting"] == 0
    refused(NotFound, "no_such_delivery", lambda: town.engine.redeliver([number]))
    post.answers[SRO] = "550 no"
    send(town)
    assert town.engine.redeliver(all_dead=True) == {"due": 0, "busy": []}


def test_a_gate_that_a_plugin_judges_is_looked_at_by_the_sweep(town: Town, tmp_path: object) -> None:
    """Where a plugin has the last word, its gate is looked at outside the act, and who must decide is told once.

    Seen to fail when `_decisions` puts no look into the box.
    """
    from pathlib import Path

    folder = Path(str(tmp_path)) / "plugins"
    write_plugin(folder, "acme", PANEL)
    with office() as post:
        with_office(town, post.server, plugins_dir=str(folder))
        town.engine.load_definition(DEFINITION.encode(), "panels.yaml", actor=ADMIN)
        town.engine.new_project("One", "panels", project_id="P-1", actor=MANAGER)
        for email, role in ((SRO, "sro"), (LEAD, "lx_cochair")):
            town.engine.grant(email, role, project="P-1", actor=ADMIN)
        town.engine.add_evidence("P-1", "heard", facts={"present": 3}, actor=LEAD)
        assert send(town)["sent"] == 0
        town.engine.add_evidence("P-1", "heard", facts={"present": 7}, actor=LEAD)
        assert send(town)["sent"] == 1
        assert send(town)["sent"] == 0
        assert "Everything the panel gate of One (P-1) asks for is there." in post.texts(SRO)[0]


def test_a_refusal_of_something_else_tells_nobody(town: Town, post: Office) -> None:
    """Only a gate that was found shut is told to people; a refusal for another reason is on record and no more."""
    before = town.engine.notices()["counts"]["waiting"]
    town.engine.hold(PROJECT, "Waiting", actor=MANAGER)
    refused(RulesRefused, "on_hold", lambda: town.engine.advance(PROJECT, actor=COCHAIR))
    assert town.engine.notices()["counts"]["waiting"] == before
