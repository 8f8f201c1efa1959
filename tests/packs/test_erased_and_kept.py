"""Erased words, personal files, small numbers, and what an auditor kept from earlier days."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.api import InputRefused, NotFound, open_register
from engine.packing.sample import draw
from engine.packing.verifier.checking import check_pack
from tests.journeys.town import ADMIN, LEAD, MANAGER, PROJECT, Town, document

from .registers import DEPUTY_ADMIN, Packed, found_register, hiding_register, loaded, run_verify


@pytest.fixture
def own(tmp_path: Path) -> Town:
    """A register of the test's own."""
    (tmp_path / "register").mkdir()
    return found_register(tmp_path / "register")


def pack_of(town: Town, folder: Path, **wishes: bool) -> Packed:
    """Packs the project."""
    return Packed(folder, town.engine.pack(PROJECT, folder, **wishes))


def everything_in(folder: Path) -> bytes:
    """Returns every byte of a pack."""
    return b"".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())


def test_erased_words_leave_an_intact_pack_that_says_so(own: Town, tmp_path: Path) -> None:
    """After a record was erased the pack is intact, holds nothing of it, and says by which entry it was erased.

    Seen to fail when the page did not name the entry.
    """
    evidence = next(
        e["evidence"] for e in own.engine.evidence_list(PROJECT)["evidence"] if e["requirement"] == "equality"
    )
    assert b"Robin" in everything_in(pack_of(own, tmp_path / "before").folder)
    erased = own.engine.erase(evidence, "A request under article 17", DEPUTY_ADMIN, actor=ADMIN)
    packed = pack_of(own, tmp_path / "after")
    report = packed.check()
    assert report.findings.problems == []
    assert list(report.findings.erased) == [erased["seq"]]
    assert any(f"by entry {erased['seq']}" in line for line in report.lines)
    assert b"Robin" not in everything_in(packed.folder)
    assert f"by entry {erased['seq']}" in (packed.folder / "index.html").read_text("utf-8")


def test_words_erased_entry_by_entry_leave_an_intact_pack(own: Town, tmp_path: Path) -> None:
    """After every title, reason, condition and correction was erased the pack is intact and names each erasure.

    Seen to fail when the erasure of a correction was not packed: nothing could be packed at all.
    """
    own.engine.hold(PROJECT, "Zebediah fell ill.", actor=MANAGER)
    own.engine.correct(own.size - 1, "Zebediah is well.", DEPUTY_ADMIN, actor=ADMIN)
    alone = {"evidence_added", "evidence_erased", "words_erased"}
    told = [e for e in own.engine.history(PROJECT)["history"] if e["words"] and e["event"] not in alone]
    seqs = [own.size - 1, *(e["seq"] for e in told if any(word is not None for word in e["words"].values()))]
    by = [own.engine.erase(str(seq), "Letter 7", DEPUTY_ADMIN, actor=ADMIN)["entry"] for seq in seqs]
    packed = pack_of(own, tmp_path / "pack")
    report = packed.check()
    assert by == seqs
    assert report.findings.problems == []
    assert len(report.findings.erased) == len(seqs)
    assert b"Zebediah" not in everything_in(packed.folder)


def test_a_decision_that_rested_on_erased_words_keeps_its_verdict(own: Town, tmp_path: Path) -> None:
    """The page of a decision keeps the recorded verdict of what was erased since, and says so.

    Seen to fail when the files of an erased record were still asked for.
    """
    evidence = next(
        e["evidence"] for e in own.engine.evidence_list(PROJECT)["evidence"] if e["requirement"] == "mandate"
    )
    own.engine.erase(evidence, "A request under article 17", DEPUTY_ADMIN, actor=ADMIN)
    packed = pack_of(own, tmp_path / "pack")
    assert packed.check().findings.problems == []
    passed = next(
        d for p in packed.folder.glob("data/decisions/*.json") if "kind" in (d := loaded(p)) and d["kind"] == "passed"
    )
    told = next(r for r in passed["requirements"] if r["id"] == "mandate")
    assert told["state"] == "met"
    assert "The verdict that was recorded stands." in " ".join(told["why"])


def test_words_that_are_gone_without_an_erasure_are_told(own: Town, tmp_path: Path) -> None:
    """A word that somebody deleted behind the register's back refuses the pack, and nothing is left of it."""
    from engine.api import IntegrityFailure

    with own.sql() as database:
        database.execute("DELETE FROM word WHERE seq = (SELECT max(seq) FROM word)")
    with pytest.raises(IntegrityFailure, match="no entry erased them"):
        pack_of(own, tmp_path / "pack")
    assert [p.name for p in tmp_path.iterdir()] == ["register"]


def test_personal_files_can_be_kept_back(own: Town, tmp_path: Path) -> None:
    """Without personal files a pack is intact, holds none of them, nor their names, nor an e-mail address."""
    packed = Packed(tmp_path / "pack", own.engine.pack(PROJECT, tmp_path / "pack", without_personal=True))
    report, inside = packed.check(), everything_in(packed.folder)
    assert report.findings.problems == []
    assert report.findings.withheld > 0
    assert b"Robin" not in inside
    assert b"@example.org" not in inside
    full = everything_in(pack_of(own, tmp_path / "full").folder)
    assert b"a story about Robin" in full
    assert b"@example.org" in full


def test_small_numbers_never_leave_in_a_pack(tmp_path: Path) -> None:
    """A number of 1 to 4 that is hidden is kept back, salt and all; the pack is intact and says that it is."""
    engine = hiding_register(tmp_path)
    answer = engine.pack("H-1", tmp_path / "pack")
    engine.close()
    report = check_pack(str(tmp_path / "pack"), answer["public_key"])
    assert report.findings.problems == []
    assert report.findings.withheld == 1
    (told,) = [w for p in (tmp_path / "pack/data/words").iterdir() if (w := loaded(p).get("fact.heard"))]
    assert told == {"withheld": "small number", "shown": {"carer": "<5", "staff": "hidden"}}


# ---- what was kept


def test_a_receipt_of_earlier_days_fits_a_later_pack(own: Town, tmp_path: Path) -> None:
    """A receipt and a checkpoint from the day of an entry of the project are held against a later pack, offline."""
    from engine.receipts import receipt
    from engine.signer import signed_checkpoint

    kept = [("checkpoint", signed_checkpoint(own.engine.database))]
    kept.append(("receipt", receipt(own.engine.database, own.size - 1)))
    own.add("market-meeting")
    packed = pack_of(own, tmp_path / "pack")
    packed.kept = kept
    report = packed.check()
    assert (report.findings.problems, report.findings.unsure) == ([], [])


def test_a_rewritten_history_is_told_by_what_was_kept(own: Town, tmp_path: Path) -> None:
    """Where the register is another than it was, signed anew by its own key, a kept checkpoint calls it rewritten.

    Seen to fail when the consistency proof was not looked at.
    """
    from engine.signer import signed_checkpoint

    twin = tmp_path / "twin"
    own.engine.close()
    shutil.copytree(tmp_path / "register", twin)
    own.reopen()
    own.add("market-meeting")
    kept = [("kept.txt", signed_checkpoint(own.engine.database))]
    own.engine.close()
    own.path = twin / "town.db"
    other = open_register(own.path, clock=own.clock)
    for _ in range(3):
        other.add_evidence(
            PROJECT, "market-meeting", facts={"attendance": {"carer": 9}}, actor=LEAD, files=[document()]
        )
    answer = other.pack(PROJECT, tmp_path / "pack")
    other.close()
    report = check_pack(str(tmp_path / "pack"), answer["public_key"], kept)
    assert report.findings.verdict == "rewritten"
    assert "does not go on from kept.txt" in report.findings.problems[0].text
    assert check_pack(str(tmp_path / "pack"), answer["public_key"]).findings.problems == []


def test_what_cannot_be_compared_offline_is_said(own: Town, tmp_path: Path) -> None:
    """A checkpoint of a size that the pack has no proof from is no problem: it is told what to ask the register for."""
    from engine.signer import signed_checkpoint

    own.add("market-meeting", "OTHER-1")
    kept = [("kept.txt", signed_checkpoint(own.engine.database)), ("junk.txt", "junk")]
    own.add("market-meeting")
    packed = pack_of(own, tmp_path / "pack")
    packed.kept = kept
    findings = packed.check().findings
    assert findings.problems == []
    assert f"cocycle ledger consistency {own.size - 1} {own.size}" in findings.unsure[0]
    assert "junk.txt is no checkpoint" in findings.unsure[1]


def test_a_changed_key_is_followed(own: Town, tmp_path: Path) -> None:
    """After the register changed its key, the old public key still leads to the new one, and a stranger's does not."""
    old = pack_of(own, tmp_path / "before").key
    own.engine.rotate_key(reason="Yearly", second=DEPUTY_ADMIN, actor=ADMIN)
    packed = pack_of(own, tmp_path / "after")
    assert packed.key != old
    assert packed.check(key=old).findings.problems == []
    assert packed.check().findings.problems == []


# ---- samples and places


def test_a_sample_is_drawn_by_its_seed(own: Town, tmp_path: Path) -> None:
    """The sample is what the documented way draws from the records; without a seed the ledger's root is the seed."""
    answer = own.engine.pack(PROJECT, tmp_path / "one", sample=2)
    records = loaded(tmp_path / "one/data/pack.json")["evidence"]
    assert answer["seed"] == answer["root"]
    assert answer["sample"] == draw(records, 2, answer["root"])
    seeds = {tuple(draw(records, 2, str(seed))) for seed in range(40)}
    assert len(seeds) > 5
    assert draw(records, 99, "1")[:2] == draw(records, 2, "1")
    assert sorted(draw(records, 99, "1")) == sorted(records)


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"sample": 0}, "1 to 10,000"),
        ({"seed": 5}, "--sample"),
        ({"sample": 1, "seed": -1}, "whole number"),
    ],
)
def test_wrong_wishes_are_refused(own: Town, tmp_path: Path, wishes: dict[str, int], said: str) -> None:
    """A sample of none, a seed without a sample and a seed that is none are refused in a sentence."""
    with pytest.raises(InputRefused, match=said):
        own.engine.pack(PROJECT, tmp_path / "pack", **wishes)  # type: ignore[arg-type]  # the wishes are numbers alone
    assert not (tmp_path / "pack").exists()


def test_nothing_of_others_is_replaced(own: Town, tmp_path: Path) -> None:
    """What is in the way stays, with --force too unless it is a pack; and a pack is replaced whole.

    Seen to fail when any folder was replaced by force.
    """
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    for force in (False, True):
        with pytest.raises(InputRefused):
            own.engine.pack(PROJECT, mine, force=force)
    assert (mine / "thesis.txt").read_text() == "years of work"
    pack_of(own, tmp_path / "pack")
    with pytest.raises(InputRefused, match="already"):
        pack_of(own, tmp_path / "pack")
    own.add("market-meeting")
    again = Packed(tmp_path / "pack", own.engine.pack(PROJECT, tmp_path / "pack", force=True))
    assert again.check().findings.problems == []
    with pytest.raises(InputRefused, match="no folder"):
        own.engine.pack(PROJECT, tmp_path / "not" / "there")
    with pytest.raises(NotFound):
        own.engine.pack("NO-1", tmp_path / "none")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine", "pack", "register"]


def test_a_proof_that_the_register_gave_shows_that_it_goes_on(own: Town, tmp_path: Path) -> None:
    """A kept checkpoint is compared by a proof that the register prints; one of something else is never taken for it.

    Seen to fail when any proof that was given was believed.
    """
    from engine.signer import signed_checkpoint

    own.engine.add_person("later@example.org", "Lee Ter", actor=ADMIN)
    old = own.size
    (tmp_path / "kept.txt").write_text(signed_checkpoint(own.engine.database))
    own.engine.add_person("latest@example.org", "Lex Tee", actor=ADMIN)
    answer = own.engine.pack(PROJECT, tmp_path / "pack")
    pack, key, given = tmp_path / "pack", answer["public_key"], tmp_path / "proof.txt"
    words = ["--public-key", key, "--checkpoint", str(tmp_path / "kept.txt")]
    code, said = run_verify(pack, *words)
    assert (code, "cannot be compared offline" in " ".join(said.split())) == (0, True)
    given.write_text("\n".join(own.engine.consistency(old, answer["size"])["hashes"]) + "\n")
    code, said = run_verify(pack, *words, "--consistency", str(given))
    assert (code, "cannot be compared" in said) == (0, False)
    given.write_text("\n".join(own.engine.consistency(old - 1, answer["size"])["hashes"]) + "\n")
    code, said = run_verify(pack, *words, "--consistency", str(given))
    assert code == 1
    assert said.startswith("REWRITTEN")
    given.write_text("not a proof\n")
    assert run_verify(pack, *words, "--consistency", str(given))[0] == 2
