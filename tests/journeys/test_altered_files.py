"""Files altered behind the register's back: a gate that looks at them stays shut, and says which file it is."""

from __future__ import annotations

import pytest

from engine.api import Engine, RulesRefused
from engine.store import files

from .town import COCHAIR, GOOD, LEAD, MANAGER, PROJECT, SRO, Json, Town, document, refused


def alter(town: Town, word: str) -> None:
    """Writes other bytes over the stored files that hold a word."""
    town.wrecked = True
    with town.sql() as database:
        database.execute(f"UPDATE file SET content = replace(content, '{word}', upper('{word}'))")


def requirement(answer: Json, id: str) -> Json:
    [found] = [r for r in answer["requirements"] if r["id"] == id]
    return dict(found)


def test_nobody_decides_or_passes_on_an_altered_file(town: Town) -> None:
    """Reading the gate, deciding and advancing say the same: the file is no longer what was handed in.

    Seen to fail when the gate ahead was judged without looking at the files.
    """
    town.open()
    town.fill_plan()
    town.engine.decide(PROJECT, actor=SRO)
    alter(town, "mandate")
    gate = town.engine.gate(PROJECT)
    found = requirement(gate, "mandate")
    assert (gate["open"], found["state"]) == (False, "error")
    assert found["why"][0].startswith("The file “mandate.pdf” is no longer what was handed in")
    acts = [(a["act"], a["requirement"]) for a in gate["acts"]]
    assert acts[:3] == [("add_evidence", "mandate"), ("sign", "mandate"), ("sign", "mandate")]
    for act in (
        lambda: town.engine.decide(PROJECT, actor=COCHAIR),
        lambda: town.engine.advance(PROJECT, actor=SRO),
    ):
        shut = refused(RulesRefused, "gate_shut", act)
        assert {name: shut.details[name] for name in gate} == gate
    [way] = [w for w in town.engine.project(PROJECT)["ways"] if w["act"] == "advance"]
    assert (way["open"], way["summary"]) == (False, gate["summary"])


def test_a_file_that_is_gone_is_as_good_as_altered(town: Town) -> None:
    """Where the stored file is no longer there the gate is shut as well."""
    town.open()
    town.fill_plan()
    town.decide()
    town.wrecked = True
    with town.sql() as database:
        database.execute("DELETE FROM file")
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=SRO))


def test_handing_it_in_anew_opens_the_gate(town: Town) -> None:
    """Another file in the place of the altered one, signed and decided on, lets the project pass."""
    town.open()
    town.fill_plan()
    town.decide()
    alter(town, "mandate")
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=SRO))
    town.add("mandate", files=[document("mandate-2.pdf", b"the right paper")])
    town.sign("mandate", SRO, COCHAIR)
    town.decide()
    assert town.engine.advance(PROJECT, actor=SRO)["to"] == "design"


def test_a_way_that_no_gate_guards_needs_no_file(town: Town) -> None:
    """A project is sent back or stopped, held and handed to, whatever lies in the store."""
    town.open()
    records = town.pass_plan()
    town.fill_design()
    alter(town, "specification")
    town.engine.hold(PROJECT, "To find out", actor=MANAGER)
    town.engine.resume(PROJECT, "Found out", actor=MANAGER)
    town.engine.add_evidence(PROJECT, "equality", actor=LEAD, **GOOD["equality"])
    town.engine.withdraw(records["mandate"], "The wrong paper", actor=LEAD)
    assert town.engine.advance(PROJECT, act="send_back", reason="Again", actor=SRO)["to"] == "plan"


def test_only_what_the_gate_looks_at_is_read(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file of the gate is read once an act, those of other gates never, and none where its records have none.

    Seen to fail when every file of the project was read.
    """
    read: list[str] = []
    content = files.file_content
    monkeypatch.setattr(files, "file_content", lambda tx, digest: read.append(digest) or content(tx, digest))  # type: ignore[func-returns-value]  # noted on the way to the real one
    town.open()
    town.fill_plan()
    town.fill_design()
    assert read == [], "handing in and signing read no file in a workflow that only warns"
    mandate = [f.sha256 for f in GOOD["mandate"]["files"]]
    acts = (
        lambda e: e.gate(PROJECT),
        lambda e: e.decide(PROJECT, actor=SRO),
        lambda e: e.decide(PROJECT, actor=COCHAIR),
        lambda e: e.advance(PROJECT, actor=SRO),
    )
    for act in acts:
        read.clear()
        _done(town.engine, act)
        assert read == mandate


def _done(engine: Engine, act: object) -> None:
    assert callable(act)
    act(engine)
