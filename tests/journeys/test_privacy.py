"""Privacy: the ledger holds nothing a person typed, and the readings hold all of it."""

from __future__ import annotations

import json

import pytest

from engine.api import given, open_log, open_register

from .town import ADMIN, AUDITOR, COCHAIR, LEAD, MANAGER, PROJECT, SRO, Town

CANARIES = {
    name: f"canary-{name}-warbles"
    for name in ("name", "title", "group", "file", "heard", "decided", "reference", "withdrawn", "graded", "waived")
} | {name: f"canary-{name}-warbles" for name in ("dissent", "held", "resumed", "condition", "passed", "key", "set")}
EMAIL = "canary.email@example.org"


def tell_everything(town: Town) -> None:
    """Says a canary wherever a person can type."""
    say, engine = CANARIES, town.engine
    engine.add_person(EMAIL, say["name"], actor=ADMIN)
    fields = {"lifetime_value": "5", "priority_groups": [say["group"]]}
    engine.new_project(say["title"], "two-gates", project_id=PROJECT, fields=fields, actor=MANAGER, key=say["key"])
    for email, role in ((SRO, "sro"), (COCHAIR, "lx_cochair"), (LEAD, "coprod_lead"), (EMAIL, "edi")):
        engine.grant(email, role, project=PROJECT, actor=ADMIN)
    engine.hold(PROJECT, say["held"], actor=MANAGER)
    engine.resume(PROJECT, say["resumed"], actor=MANAGER)
    engine.set_fields(PROJECT, {"priority_groups": [say["set"]]}, actor=MANAGER)
    facts = {"attendance": {"lived_experience": 3, "carer": 1}, "groups_heard": [say["set"], say["heard"]]}
    facts |= {"decisions": [say["decided"]]}
    file = given(f"{say['file']}.pdf", b"bytes")
    wrong = engine.add_evidence(PROJECT, "mandate", level="co_production", files=[file], actor=EMAIL)["evidence"]
    engine.regrade(wrong, "co_design", say["graded"], actor=AUDITOR)
    engine.withdraw(wrong, say["withdrawn"], actor=EMAIL)
    engine.waive(PROJECT, "mandate", say["waived"], "2026-07-01", COCHAIR, actor=SRO)
    for requirement in ("priorities", "outreach"):
        engine.add_evidence(PROJECT, requirement, level="co_design", facts=facts, actor=LEAD)
    facts = {"published_on": "2026-06-01", "reference": say["reference"]}
    engine.add_evidence(PROJECT, "market-notice", facts=facts, actor=LEAD)
    town.add("mandate")
    town.sign("mandate", SRO, COCHAIR)
    town.sign("priorities", COCHAIR)
    engine.decide(PROJECT, dissent=say["dissent"], actor=SRO)
    town.decide()
    engine.advance(PROJECT, reason=say["passed"], conditions=[(say["condition"], EMAIL, "2026-08-01")], actor=SRO)


def test_nothing_that_was_typed_stands_in_a_leaf(town: Town) -> None:
    """No title, name, address, reason, text, list, file name, dissent, condition or key is in any leaf in clear."""
    tell_everything(town)
    leaves = b"\n".join(town.engine.leaf(seq) for seq in range(town.size))
    assert b"canary" not in leaves
    with town.sql() as database:
        for table in ("head", "idempotency", "evidence", "role_grant", "setting", "stage_count"):
            assert "canary" not in repr(database.execute(f"SELECT * FROM {table}").fetchall()), table


def test_everything_that_was_typed_can_be_read(town: Town) -> None:
    """Each word that was typed, except keys, is in the readings, as it was typed."""
    tell_everything(town)
    engine = town.engine
    evidence = engine.evidence_list(PROJECT)["evidence"]
    readings = [
        engine.project(PROJECT),
        engine.history(PROJECT),
        engine.people(),
        [engine.evidence_show(e["evidence"]) for e in evidence],
    ]
    read = json.dumps(readings)
    assert {name for name, word in CANARIES.items() if word not in read} == {"key"}
    assert EMAIL in read


def test_each_word_has_a_salt_of_its_own(town: Town) -> None:
    """Every stored word has 32 bytes of salt that no other word has, so equal words have unlike commitments."""
    tell_everything(town)
    town.engine.hold(PROJECT, "the same", actor=MANAGER)
    town.engine.resume(PROJECT, "the same", actor=MANAGER)
    with town.sql() as database:
        salts = [salt for (salt,) in database.execute("SELECT salt FROM word")]
    assert {len(salt) for salt in salts} == {32}
    assert len(set(salts)) == len(salts) > len(CANARIES)
    held, resumed = town.leaves(town.size - 2)
    assert held["words"]["reason"] != resumed["words"]["reason"]


def test_every_word_of_a_leaf_is_kept_beside_it(town: Town) -> None:
    """The commitments in the leaves and the stored words are the same set: none is missing and none is spare."""
    tell_everything(town)
    committed = {(seq, name) for seq, leaf in enumerate(town.leaves()) for name in leaf["words"]}
    with town.sql() as database:
        assert set(database.execute("SELECT seq, name FROM word").fetchall()) == committed


def test_the_operators_log_holds_no_words(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """The operator's log has a line for each act and none of the words that were typed."""
    town.engine.close()
    town.engine = open_register(town.path, clock=town.clock, log=open_log("stderr"))
    tell_everything(town)
    text = capsys.readouterr().err
    assert len(text.splitlines()) >= 20
    assert all(json.loads(line)["event"] for line in text.splitlines())
    assert "canary" not in text
    assert "example.org" not in text
