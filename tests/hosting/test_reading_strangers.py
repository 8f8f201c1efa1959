"""What comes over the wire, whatever it is: an answer of the right form, or none; and never an exception of ours."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.opinions import Opinion, Source
from engine.hosting import wire
from engine.hosting.answers import NoAnswer, described_of, file_names_of, findings_of, one_line, opinion_of
from engine.hosting.patience import Patience
from engine.hosting.worker.reach import Reach

SOURCE = Source("acme", "1.0", "0" * 64)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = ("state", "why", "evidence", "not_before", "fields", "records")
NEARLY = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["met", "unmet", "pending", "error", "MET"]) | JSON,
        "why": st.lists(st.text(max_size=20), max_size=3) | JSON,
        "evidence": st.lists(st.text(max_size=5), max_size=2) | JSON,
        "not_before": st.none() | st.dates().map(str) | st.text(max_size=10) | JSON,
        "fields": st.just([]) | JSON,
        "records": st.just([]) | JSON,
    }
)


def read_or_refused(read: Callable[[Any], Any], value: Any) -> Any:
    """Returns what is read, None where it is refused: in words that stand on one line."""
    refused = ""
    try:
        return read(value)
    except NoAnswer as error:
        refused = str(error)
    assert refused == one_line(refused) != ""
    return None


@given(NEARLY | JSON)
def test_a_verdict_is_an_opinion_or_no_answer(value: Any) -> None:
    """Whatever JSON stands for a verdict, it is read as an opinion of its form, or refused; nothing else happens.

    Seen to fail when `not_before` was parsed before it was known to be a day.
    """
    said = read_or_refused(lambda value: opinion_of(value, SOURCE), value)
    if said is None:
        return
    assert isinstance(said, Opinion)
    assert said.state in ("met", "unmet", "pending")
    assert 0 < len(said.why) <= 20
    assert all(line.isprintable() and line for line in said.why)


@given(JSON)
def test_findings_files_and_descriptions_are_read_or_refused(value: Any) -> None:
    """Whatever JSON stands for findings, files or a description, it is read in its form or refused in words."""
    for read in (findings_of, file_names_of, lambda said: described_of("acme", said)):
        for given_value in (value, [value], {"hooks": [], "cocycle_stages": [value]}):
            read_or_refused(read, given_value)


@pytest.mark.parametrize("member", MEMBERS)
def test_a_verdict_with_one_member_more_or_less_is_none(member: str) -> None:
    """A verdict has its six members and no other; `requirement` is none of them."""
    whole: dict[str, Any] = dict.fromkeys(MEMBERS, []) | {"state": "met", "why": ["Yes."], "not_before": None}
    assert opinion_of(whole, SOURCE).state == "met"
    for wrong in ({k: v for k, v in whole.items() if k != member}, {**whole, "requirement": "r"}):
        with pytest.raises(NoAnswer, match="in a form that no verdict has"):
            opinion_of(wrong, SOURCE)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_frame_or_told_apart_from_one(raw: bytes) -> None:
    """Bytes from a stranger are a frame, or one of four ways not to be one; none is waited for beyond a second."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.sendall(raw)
        theirs.shutdown(socket.SHUT_WR)
        try:
            message, _ = wire.receive(ours, Patience(1), 1000)
        except (wire.NoFrame, wire.TooMuch, wire.TooLate, wire.Ended):
            return
        assert isinstance(message, dict)


@given(st.dictionaries(st.text(max_size=5), st.integers(-(2**53), 2**53), max_size=3), st.lists(st.binary(max_size=99)))
def test_what_is_sent_is_what_is_received(message: dict[str, Any], blobs: list[bytes]) -> None:
    """A frame comes back as it was sent, message and blobs, and what follows it is not taken for a part of it."""
    message = {key: value for key, value in message.items() if key != "blobs"}
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        for piece in wire.packed(message, blobs):
            theirs.sendall(piece)
        assert wire.receive(ours, Patience(1), 100_000) == (message, blobs)


def test_a_length_is_believed_by_nobody() -> None:
    """A length beyond the limit is refused before a byte is waited for; lengths of blobs have to add up."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.sendall(struct.pack("!QQ", 1 << 62, 1 << 62))
        with pytest.raises(wire.TooMuch):
            wire.receive(ours, Patience(1), 1000)
    for sizes in ([1], [3, -1], ["2"], 2, [True, 1], None):
        with pytest.raises(wire.NoFrame):
            wire.unpacked(orjson.dumps({"blobs": sizes}), b"ab")


def test_the_narrower_rule_says_what_may_be_read(tmp_path: Path) -> None:
    """What lies in an allowed folder may be read, unless it is kept out there; and the other way round.

    Seen to fail when what is kept out always won.
    """
    for file in ("data/cocycle.db", "data/cocycle.db-wal", "data/cocycle.dbx", "data/acme/src/a.py", "data/acme/c.db"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("")
    data = tmp_path / "data"
    for kept, readable in (
        ([data], ["acme/src/a.py", "acme/c.db"]),
        ([data, data / "acme" / "c.db"], ["acme/src/a.py"]),
        ([data / "cocycle.db"], ["acme/src/a.py", "acme/c.db", "cocycle.dbx"]),
    ):
        allowed = [data / "acme"] if kept[0] == data else [data]
        reach = Reach(map(str, allowed), map(str, kept))
        every = [str(file.relative_to(data)) for file in data.rglob("*") if file.is_file() and reach.holds(str(file))]
        assert sorted(every) == sorted(readable)
        rules = [Path(folder) for folder in reach.folders()]
        ruled = [name for name in every if any((data / name).is_relative_to(rule) for rule in rules)]
        assert sorted(ruled) == sorted(readable)
        assert not any((data / "cocycle.db-wal").is_relative_to(rule) for rule in rules)


def test_findings_and_files_have_names_that_can_be_told_apart_and_kept() -> None:
    """Two files of one name are no answer, nor is a code of more than sixty letters.

    Seen to fail when neither was looked at.
    """
    one = {"name": "list.csv", "media_type": "text/csv"}
    assert file_names_of([one]) == [("list.csv", "text/csv")]
    with pytest.raises(NoAnswer, match="two files of the name list.csv"):
        file_names_of([one, one])
    assert findings_of([{"code": "c" * 60, "says": "It is so.", "severity": "note"}])
    with pytest.raises(NoAnswer, match="code"):
        findings_of([{"code": "c" * 61, "says": "It is so.", "severity": "note"}])
