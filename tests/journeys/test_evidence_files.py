"""Files of evidence: named by their bytes, kept once, given back as they came, and refused for every reason at once."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from engine.api import FileGiven, InputRefused, NotFound, Settings, given

from .town import AUDITOR, LEAD, MANAGER, PROJECT, SRO, Town, document, refused


def stored(town: Town) -> list[tuple[str, int]]:
    """Returns the name and size of every file that is kept."""
    with town.sql() as database:
        return list(database.execute("SELECT sha256, size FROM file ORDER BY size"))


def test_a_file_is_kept_once_under_its_hash(town: Town) -> None:
    """The same bytes for two requirements, in two projects and under two names, are kept once."""
    town.open()
    town.open("CC-2")
    content = b"one paper for all\n"
    digest = hashlib.sha256(content).hexdigest()
    answers = [
        town.engine.add_evidence(project, requirement, level="co_design", files=[given(name, content)], actor=LEAD)
        for project, requirement, name in (
            (PROJECT, "mandate", "mandate.pdf"),
            (PROJECT, "specification", "specification.pdf"),
            ("CC-2", "mandate", "mandate.pdf"),
        )
    ]
    assert stored(town) == [(digest, len(content))]
    for answer, name in zip(answers, ("mandate.pdf", "specification.pdf", "mandate.pdf"), strict=True):
        assert answer["files"] == [{"name": name, "sha256": digest, "size": len(content)}]
        assert town.engine.evidence_get(answer["evidence"]) == content


def test_files_are_given_back_byte_for_byte(town: Town, tmp_path: Path) -> None:
    """Whatever bytes a file has, none or all of them, it is given back as it was handed in, by name or hash."""
    town.open()
    contents = {"empty.txt": b"", "all.bin": bytes(range(256)) * 1000, "ünïcode 😀.pdf": b"\xff\xfe"}
    paths = []
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        paths.append(tmp_path / name)
    evidence = town.engine.add_evidence(PROJECT, "mandate", files=paths, actor=LEAD)["evidence"]
    town.reopen()
    for name, content in contents.items():
        assert town.engine.evidence_get(evidence, name) == content
        assert town.engine.evidence_get(evidence, hashlib.sha256(content).hexdigest()) == content
    refused(InputRefused, None, lambda: town.engine.evidence_get(evidence))
    refused(NotFound, None, lambda: town.engine.evidence_get(evidence, "none.pdf"))
    note = town.add("market-meeting")
    refused(NotFound, None, lambda: town.engine.evidence_get(note))


def test_every_unusable_file_is_told_at_once(town: Town, tmp_path: Path) -> None:
    """A folder, a pipe, a missing, an unreadable and a too large file are refused together, and nothing is kept."""
    town.open()
    town.reopen(settings=Settings(str(town.path), most_file_bytes=1000))
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * 1001)
    (tmp_path / "right").write_bytes(b"x" * 1000)
    names = ("folder", "pipe", "missing", "large", "right", "nul\0l")
    paths: list[Path | FileGiven] = [tmp_path / name for name in names]
    found = refused(
        InputRefused, "input_refused", lambda: town.engine.add_evidence(PROJECT, "mandate", files=paths, actor=LEAD)
    )
    told = [p["message"] for p in found.details["problems"]]
    assert len(told) == 5
    for name, words in (("folder", "is a folder"), ("pipe", "not a plain file"), ("missing", "cannot be read")):
        assert any(name in message and words in message for message in told), told
    assert stored(town) == []
    assert (
        town.engine.add_evidence(PROJECT, "mandate", files=[tmp_path / "right"], actor=LEAD)["files"][0]["size"] == 1000
    )


def test_bytes_handed_over_are_measured_too(town: Town) -> None:
    """The most a file may have holds for bytes that were handed over by a program, as for files on a disk."""
    town.open()
    town.reopen(settings=Settings(str(town.path), most_file_bytes=1000))
    large = given("large.bin", b"x" * 1001)
    refused(InputRefused, None, lambda: town.engine.add_evidence(PROJECT, "mandate", files=[large], actor=LEAD))


@pytest.mark.parametrize(
    "name",
    ["", " ", ".", "..", "a/b.pdf", "a\\b.pdf", "a\nb.pdf", "a\tb.pdf", "a\x1b[31m.pdf", "a\u202egpj.exe", "x" * 256],
)
def test_a_file_name_that_could_mislead_is_refused(town: Town, name: str) -> None:
    """An empty name, a path, a control or direction character, or an endless name is an input mistake."""
    town.open()
    refused(
        InputRefused, None, lambda: town.engine.add_evidence(PROJECT, "mandate", files=[document(name)], actor=LEAD)
    )
    assert stored(town) == []


def test_two_files_of_a_record_have_two_names(town: Town) -> None:
    """Two files of one name are refused, with equal bytes and with others; two names for equal bytes are fine."""
    town.open()
    for second in (document("a.pdf"), document("a.pdf", b"other"), document(" a.pdf ")):
        refused(
            InputRefused,
            None,
            lambda: town.engine.add_evidence(PROJECT, "mandate", files=[document("a.pdf"), second], actor=LEAD),  # noqa: B023  # called at once
        )
    both = town.engine.add_evidence(PROJECT, "mandate", files=[document("a.pdf"), document("b.pdf")], actor=LEAD)
    assert len(both["files"]) == 2
    assert len(stored(town)) == 1


def test_each_record_has_its_state(town: Town) -> None:
    """A record is current, superseded by a newer one, or withdrawn; a withdrawal makes the older one current again."""
    town.open()
    first, second, third = (town.add("mandate") for _ in range(3))

    def states() -> dict[str, str]:
        return {r["evidence"]: r["state"] for r in town.engine.evidence_list(PROJECT)["evidence"]}

    assert states() == {first: "superseded", second: "superseded", third: "current"}
    town.engine.withdraw(third, "Wrong", actor=LEAD)
    assert states() == {first: "superseded", second: "current", third: "withdrawn"}
    town.engine.withdraw(first, "Wrong too", actor=MANAGER)
    assert states() == {first: "withdrawn", second: "current", third: "withdrawn"}
    assert town.engine.evidence_get(third) == b"mandate\n", "everything stays readable"


def test_a_regraded_record_shows_both_levels(town: Town) -> None:
    """After a regrading the record shows the level judged and the level claimed, and can be judged down again."""
    town.open()
    evidence = town.add("mandate", level="co_production")
    for level in ("engagement", "informing"):
        town.engine.regrade(evidence, level, "Told, not asked", actor=AUDITOR)
        shown = town.engine.evidence_show(evidence)
        assert (shown["level"], shown["claimed_level"]) == (level, "co_production")


def test_evidence_may_come_before_its_stage(town: Town) -> None:
    """A record for a later gate is taken before its stage comes, by anyone in the project, and counts there."""
    town.open()
    town.add("equality", by=SRO)
    town.sign("equality", "edi@example.org")
    town.pass_plan()
    assert town.states()["equality"] == "met"
