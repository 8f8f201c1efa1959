"""Fifty people and all they handed in are erased: not one byte of it is left in any file of the register's folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.api import Engine, SetClock, given, open_register
from tests.store.words_to_forget import found

from .town import ADMIN, AUDITOR, MANAGER, ROOT, START, Json, Town

PEOPLE = 50
SECOND = "second.admin@example.org"
AUTHORITY = "Request 2026/17, recorded by the records office"


class Canary:
    """Somebody whose every word can be told from everybody else's; the form of it cannot be guessed by a search."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.project = f"CC-{number // 5}"
        self.email = f"cAnArY.{number:02}@Mail.example.org"

    def word(self, what: str) -> str:
        """Returns what they typed for something; with letters that JSON and UTF-16 write in their own ways."""
        return f"cAnArY-{self.number:02}-{what}-“Zoë”"

    def content(self, what: str) -> bytes:
        """Returns a file of some pages that says it again and again."""
        return f"{self.word(what)} \n".encode() * 120

    @property
    def everything(self) -> Iterator[bytes]:
        """Yields all of it, as bytes."""
        yield self.email.encode()
        yield self.email.casefold().encode()
        for what in ("name", "heard", "decided", "reference", "plain", "sealed", "paper", "withdrawn", "graded"):
            yield self.word(what).encode()
            yield self.word(what).partition("“")[0].encode()


def hand_in(town: Town, canary: Canary) -> list[str]:
    """Has somebody hand in four records, personal and not, with texts, lists and files; returns their ids."""
    engine, who = town.engine, canary.email
    facts: Json = {"attendance": {"lived_experience": 3, "carer": 1}}
    facts |= {"groups_heard": [canary.word("heard")], "decisions": [canary.word("decided")]}
    files = [given(f"{canary.word(what)}.txt", canary.content(what)) for what in ("paper", "plain")]
    sealed = [given(f"{canary.word('sealed')}.txt", canary.content("sealed"))]
    added = [
        engine.add_evidence(canary.project, "mandate", level="co_production", files=files, actor=who),
        engine.add_evidence(canary.project, "mandate", files=sealed, personal=True, actor=who),
        engine.add_evidence(canary.project, "outreach", level="engagement", facts=facts, actor=who),
        engine.add_evidence(
            canary.project,
            "market-notice",
            facts={"published_on": "2026-06-01", "reference": canary.word("reference")},
            personal=True,
            actor=who,
        ),
    ]
    records = [str(one["evidence"]) for one in added]
    engine.regrade(records[2], "informing", canary.word("graded"), actor=AUDITOR)
    engine.withdraw(records[3], canary.word("withdrawn"), actor=who)
    return records


def live(town: Town) -> list[tuple[Canary, list[str]]]:
    """Has fifty people join, hand in and change things in ten projects, in turns, so that every row moves about."""
    town.engine.add_person(SECOND, "Second", roles=["admin"], actor=ADMIN)
    people = [Canary(number) for number in range(PEOPLE)]
    for project in sorted({canary.project for canary in people}):
        town.open(project)
    for canary in people:
        town.engine.add_person(canary.email, canary.word("name"), actor=ADMIN)
        town.engine.grant(canary.email, "coprod_lead", project=canary.project, actor=ADMIN)
    lived = []
    for canary in people:
        lived.append((canary, hand_in(town, canary)))
        town.engine.hold(canary.project, "A pause", actor=MANAGER)
        town.engine.resume(canary.project, "On again", actor=MANAGER)
    for _ in range(2):  # the rows are written again, with all that the records say
        for project in sorted({canary.project for canary in people}):
            town.engine.set_fields(project, {"priority_groups": ["Roma"]}, actor=MANAGER)
            town.engine.set_fields(project, {"priority_groups": ""}, actor=MANAGER)
    return lived


def secrets_of(town: Town, people: list[tuple[Canary, list[str]]]) -> list[bytes]:
    """Returns every word of these people, the salts of those words, and the keys and bytes of their sealed files."""
    secrets = [word for canary, _ in people for word in canary.everything]
    with town.sql() as database:
        secrets += [salt for value, salt in database.execute("SELECT value, salt FROM word") if "cAnArY" in value]
        secrets += [salt for (salt,) in database.execute("SELECT salt FROM word WHERE name LIKE 'digest.%'")]
        secrets += [key for (key,) in database.execute("SELECT secret FROM file_key")]
        secrets += [content[200:240] for (content,) in database.execute("SELECT content FROM sealed_file")]
    return secrets


def erase(engine: Engine, canary: Canary, records: list[str]) -> bool:
    """Erases somebody and their records; returns whether each time the files were clean at once."""
    answers = [engine.erase(record, AUTHORITY, SECOND, actor=ADMIN) for record in records]
    answers.append(engine.erase(canary.email, AUTHORITY, SECOND, ground="consent_withdrawn", actor=ADMIN))
    return all(answer["scrubbed"] for answer in answers)


def test_fifty_people_are_erased_to_the_last_byte(town: Town, tmp_path: Path) -> None:
    """Of 50 people no e-mail, name, text, reason, file, file name, salt or key is left in any byte, nor in a backup.

    Looked for in UTF-8, UTF-16, JSON-escaped, base64 and hexadecimal. `test_scrub.py` says what is left without each
    step of the cleaning.
    """
    people = live(town)
    secrets = secrets_of(town, people)
    assert len(secrets) > PEOPLE * 30
    assert sum(found(town.path.parent, secrets).values()) > PEOPLE * 30, "the search finds what is there"
    assert all(erase(town.engine, canary, records) for canary, records in people)
    copies = tmp_path / "copies"
    copies.mkdir()
    town.engine.backup(copies / "copy.db")
    assert found(town.path.parent, secrets) == {}
    assert b"cAnArY" not in b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    found_now = town.reopen().verify()
    assert (found_now["problems"], found_now["erased"] >= PEOPLE * 5) == ([], True)
    assert found(town.path.parent, secrets) == {}
    known = {p["id"]: p for p in town.engine.people()["people"]}
    assert sum(1 for p in known.values() if p["email"] is None and p["name"] is None and not p["active"]) == PEOPLE
    listed = [e for canary in {c.project for c, _ in people} for e in town.engine.evidence_list(canary)["evidence"]]
    assert {e["state"] for e in listed} == {"erased"}
    assert len(listed) == PEOPLE * 4


def test_what_others_wrote_stays(town: Town) -> None:
    """Erasing one person and their records leaves every word, file and key of the others as it was."""
    town.engine.add_person(SECOND, "Second", roles=["admin"], actor=ADMIN)
    one, other = Canary(1), Canary(2)
    town.open(one.project)
    lived = []
    for canary in (one, other):
        town.engine.add_person(canary.email, canary.word("name"), actor=ADMIN)
        town.engine.grant(canary.email, "coprod_lead", project=canary.project, actor=ADMIN)
        lived.append((canary, hand_in(town, canary)))
    kept = [town.engine.evidence_show(record) for record in lived[1][1]]
    assert erase(town.engine, *lived[0])
    assert found(town.path.parent, one.everything) == {}
    assert [town.engine.evidence_show(record) for record in lived[1][1]] == kept
    for what in ("plain", "paper"):
        assert town.engine.evidence_get(lived[1][1][0], f"{other.word(what)}.txt") == other.content(what)
    assert town.engine.evidence_get(lived[1][1][1]) == other.content("sealed")
    assert other.email in [p["email"] for p in town.engine.people()["people"]]


KILLED = """
import os, signal, sys
from engine import erasing
from engine.api import SetClock, open_register
from datetime import datetime
erasing.scrub = lambda database: os.kill(os.getpid(), signal.SIGKILL)
engine = open_register(sys.argv[1], clock=SetClock(datetime.fromisoformat(sys.argv[2])))
engine.erase(sys.argv[3], "A request", sys.argv[4], actor=sys.argv[5])
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no signal that kills at once elsewhere")
def test_killed_between_the_erasure_and_the_cleaning(town: Town) -> None:
    """An erasure whose process was killed before it cleaned up is told by `doctor`, and finished by the next write."""
    town.engine.add_person(SECOND, "Second", roles=["admin"], actor=ADMIN)
    one = Canary(1)
    town.open(one.project)
    town.engine.add_person(one.email, one.word("name"), actor=ADMIN)
    town.engine.grant(one.email, "coprod_lead", project=one.project, actor=ADMIN)
    records = hand_in(town, one)
    secrets = [content for content in secrets_of(town, [(one, records)]) if len(content) == 32]
    town.engine.close()
    words = [str(town.path), START.isoformat(), records[1], SECOND, ADMIN]
    process = subprocess.run(
        [sys.executable, "-c", KILLED, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert process.returncode == -signal.SIGKILL, process.stderr
    name = one.word("sealed").encode()
    assert found(town.path.parent, [name]), "that is what the next writer is for"
    with_reader = open_register(town.path, read_only=True, clock=SetClock(START))
    assert not {c["check"]: c["ok"] for c in with_reader.doctor()["checks"]}["erasure"]
    with_reader.close()
    town.engine = open_register(town.path, clock=town.clock)
    town.engine.hold(one.project, "The next write", actor=MANAGER)
    assert found(town.path.parent, [name]) == {}
    assert {c["check"]: c["ok"] for c in town.engine.doctor()["checks"]}["erasure"]
    for record in (records[0], records[2], records[3]):
        town.engine.erase(record, AUTHORITY, SECOND, actor=ADMIN)
    town.engine.erase(one.email, AUTHORITY, SECOND, actor=ADMIN)
    assert found(town.path.parent, [*secrets, *one.everything]) == {}
