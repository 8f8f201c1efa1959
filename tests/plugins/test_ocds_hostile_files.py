"""Files that are made to hurt end in a finding with a sentence, quickly, and never in a failure."""

from __future__ import annotations

import json
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conformance.sentences import fault_of
from engine.conformance.submissions import files
from engine.hookspecs import Submission, SubmittedFile
from plugins.ocds.examining import examine
from plugins.ocds.json_reading import MOST_BYTES, MOST_PARTS, Unreadable, quoted, read_json

from .ocds_files import Json, award_notice, found, submission, tender_notice

GOOD = json.dumps(tender_notice())
HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing at all": (b"", "not-json"),
    "no JSON": (b"{'releases': []}", "not-json"),
    "cut off": (GOOD[: len(GOOD) // 2].encode(), "not-json"),
    "two documents": ((GOOD + GOOD).encode(), "not-json"),
    "nested 100,000 deep": (b"[" * 100_000 + b"]" * 100_000, "too-deep"),
    "nested objects": (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "too-deep"),
    "nested a little too deep": (b"[" * 61 + b"]" * 61, "too-deep"),
    "60 MB": (b'{"releases": "' + b"a" * 60_000_000 + b'"}', "too-large"),
    "a billion items, as far as they go": (b"[" + b"0," * (MOST_BYTES // 2 - 2) + b"0]", "too-many-parts"),
    "empty lists without end": (b"[" + b"[],[]," * 400_000 + b"[]]", "too-many-parts"),
    "NaN": (b'{"releases": [{"tender": {"value": {"amount": NaN}}}]}', "not-a-number"),
    "infinity": (b'{"releases": -Infinity}', "not-a-number"),
    "a number beyond all": (b'{"releases": 1e400}', "number-too-large"),
    "thousands of digits": (b'{"releases": ' + b"9" * 50_000 + b"}", "number-too-large"),
    "a name twice": (b'{"ocid": "a", "ocid": "b"}', "name-twice"),
    "a name twice, deep inside": (GOOD.replace('"uid"', '"name"').encode(), "name-twice"),
    "UTF-16": (GOOD.encode("utf-16"), "not-utf-8"),
    "UTF-16 without a mark": (GOOD.encode("utf-16-le"), "not-utf-8"),
    "UTF-32": (GOOD.encode("utf-32"), "not-utf-8"),
    "Latin-1": (GOOD.encode().replace(b"\\u00e9", b"\xe9"), "not-utf-8"),
    "compressed": (b"\x1f\x8b\x08" + b"\x00" * 40, "not-utf-8"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_one_finding_told_soon(what: str) -> None:
    """Each hostile file has one fault, in a whole sentence, within two seconds and 128 MiB.

    Seen to fail when parts were not counted before reading, when RecursionError was let through, and when NaN was
    taken for a number.
    """
    content, code = HOSTILE[what]
    handed_in = submission(content)
    tracemalloc.start()
    began = time.perf_counter()
    findings = examine(handed_in)
    took, (_, most) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [(one.code, one.severity) for one in findings] == [(code, "fault")]
    assert fault_of(findings[0].says, ()) is None
    assert took < 2
    assert most < 128 * 2**20


def test_what_is_just_small_enough_is_read() -> None:
    """A file at the limit of parts and of depth is read; a byte-order mark of UTF-8 does no harm.

    Seen to fail when the limit of depth was one less.
    """
    assert len(read_json(b"[" + b"0," * (MOST_PARTS - 2) + b"0]")) == MOST_PARTS - 1
    assert read_json(b"[" * 60 + b"]" * 60) is not None
    assert not found(b"\xef\xbb\xbf" + GOOD.encode())


def test_odd_letters_do_not_get_out() -> None:
    """What is quoted from a file has no control letters, no half letters and no great length."""
    for letters in ("\ud800", "\x00\x1b[31m", "\u202e", "a" * 500):
        shown = quoted(letters)
        assert shown.encode()
        assert len(shown) < 70
        assert not set("\ud800\x00\x1b\u202e") & set(shown)
    package = json.dumps(tender_notice()).replace('"active"', '"\\ud800\\u001b"').encode()
    for finding in examine(submission(package)):
        assert finding.says.encode().decode().isprintable()


@pytest.mark.parametrize("file", list(files()), ids=lambda file: file[0])
def test_whatever_a_register_is_handed_is_answered(file: tuple[str, str, bytes]) -> None:
    """The files that every examiner is tried with end in findings with sentences."""
    name, _, content = file
    findings = examine(submission(content, name=name))
    assert findings
    assert all(fault_of(one.says, ("published_on", "notice_type")) is None for one in findings)


def test_roles_that_are_no_list_are_no_roles() -> None:
    """Without a buyer the parties are asked who buys, whatever stands in the place of their roles.

    Seen to fail when the roles were looked through without asking whether they are a list.
    """
    for roles in (7, True, "buyer", {"buyer": 1}, None):
        package = tender_notice()
        release = package["releases"][0]
        release["parties"][0]["roles"] = roles
        del release["buyer"]
        assert "no-buyer" in found(package)


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def paths_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Returns the path to every part of a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(one for name, part in inner for one in paths_of(part, (*path, name)))]


def with_part(document: Any, path: tuple[Any, ...], part: Any) -> Any:
    """Returns a document with another part at a path."""
    if not path:
        return part
    changed = document.copy()
    changed[path[0]] = with_part(document[path[0]], path[1:], part) if path[1:] else part
    return changed


@settings(max_examples=400, deadline=None)
@given(st.sampled_from((tender_notice(), award_notice())), st.data())
def test_a_notice_with_anything_anywhere_is_answered(package: Json, data: st.DataObject) -> None:
    """Whatever stands at whichever place of a notice, the examiner answers with findings whose codes are stable.

    Seen to fail when a part of a release was taken for an object without asking.
    """
    path = data.draw(st.sampled_from(paths_of(package)), label="path")
    changed = with_part(package, path, data.draw(ANYTHING))
    for finding in examine(submission(json.dumps(changed).encode())):
        assert finding.severity in ("fault", "note")
        assert finding.says[0].isupper()
        assert finding.says.encode()


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(("ocid", "regime", "lifetime_value")), ANYTHING), ANYTHING, ANYTHING)
def test_a_record_with_anything_in_it_is_answered(fields: Json, kind: Any, day: Any) -> None:
    """Whatever the project and the record say, the examiner answers."""
    facts = {"notice_type": kind, "published_on": day, "reference": day}
    content = json.dumps(tender_notice()).encode()
    file = SubmittedFile("notice.json", "0" * 64, content)
    examine(Submission("P-1", "opening-notice", "notice", None, None, "2026-06-30", fields, facts, (file,)))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Bytes are JSON, or they are refused with a sentence; nothing else comes out."""
    said = ""
    try:
        read_json(content)
    except Unreadable as why:
        said = str(why)
    assert not said or fault_of(said, ()) is None
