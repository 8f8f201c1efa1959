"""Records to put before an examiner: good ones, and files that are empty, broken, large, or of another type."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Any, Final

from engine.conformance.questions import FIELDS, LADDER, TODAY
from engine.conformance.values import Mood, day_before, value_for

Json = Mapping[str, Any]
LARGE: Final = 8 * 1024 * 1024
MARK: Final = "Quillfeather"
"""A word that nobody's examiner knows: where it turns up in a code, the code says something of what was handed in."""
MIXED: Final = 12


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A record that is handed in: the submission as an examiner's process is sent it, and the bytes of its files.

    `what` says in words what is special about it.
    """

    submission: dict[str, Any]
    contents: tuple[bytes, ...]
    what: str


def files() -> Iterator[tuple[str, str, bytes]]:
    """Yields a name, what is special about it in words, and the bytes of each file that is put before an examiner."""
    yield "notes.txt", "a text file", b"Four people told us what the nights are like.\n"
    yield "empty.txt", "an empty file", b""
    yield "one.bin", "a file of one byte", b"\x00"
    yield "blank.txt", "a file of blanks", b" \n\t " * 100
    yield "words.txt", "a text that is no UTF-8", "Żółć, café".encode("utf-16")
    yield "broken.txt", "a text that is in no encoding", bytes(range(256)) * 8
    yield "release.json", "JSON that is cut off", b'{"releases": [{"ocid": "x", "date": '
    yield "list.json", "JSON of another shape", b"[1, 2, 3]"
    yield "null.json", "JSON that says nothing", b"null"
    yield "number.json", "JSON with numbers that are none", b'{"releases": NaN, "amount": 1e999999, "n": -0}'
    yield "keys.json", "JSON that says a thing twice", b'{"date": "2026-01-01", "date": "not a day", "": {}}'
    yield (
        "types.json",
        "JSON with values of other types",
        b'{"releases": "one", "date": 7, "buyer": []}',
    )
    yield "deep.json", "JSON nested 100,000 deep", b"[" * 100_000
    yield "deeper.json", "objects nested 50,000 deep", b'{"a":' * 50_000 + b"1" + b"}" * 50_000
    yield "digits.json", "a number of 100,000 digits", b'{"amount": ' + b"9" * 100_000 + b"}"
    yield "large.txt", "8 MiB of one letter", b"a" * LARGE
    yield "large.json", "8 MiB of JSON", b"[" + b"0," * (LARGE // 2 - 1) + b"0]"
    yield "sheet.xlsx", "a workbook that is cut off", b"PK\x03\x04" + b"\x14\x00" * 40
    yield "bomb.zip", "a small archive of a large file", _archive({"a.txt": b"0" * LARGE})
    yield "way-out.zip", "an archive whose file lies elsewhere", _archive({"../../away.txt": b"x"})
    yield "picture.pdf", "a picture that calls itself a document", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
    yield "page.html", "a page with a program in it", b"<script>alert(1)</script><!DOCTYPE x SYSTEM 'file:///x'>"
    yield "entities.xml", "XML with an entity", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bb'>]><a>&b;&b;</a>"
    yield "no-ending", "a program", b"MZ" + b"\x00" * 32


def _archive(inside: Mapping[str, bytes]) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in inside.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=zipfile.ZIP_DEFLATED)
    return found.getvalue()


def submissions_for(use: str, file: str, fields: Mapping[str, Json]) -> Iterator[HandedIn]:
    """Yields records of a kind of evidence as people could hand them in.

    Args:
        use: PLUGIN/KIND.
        file: whether a file goes with it: required, optional or none.
        fields: its fields, as they are declared.
    """
    random = Random(use)  # noqa: S311  # nothing secret: the same records every time
    _, kind = use.split("/")
    good = _submission(kind, fields, "rich", random)
    # a record without what is required is refused before anybody examines it
    asked = {name: value for name, value in good["facts"].items() if fields[name].get("required")}
    if file != "required":
        yield HandedIn(good, (), "no file")
        for mood in ("poor", "odd"):
            yield HandedIn(_submission(kind, fields, mood, random), (), "no file, and other values")
        yield HandedIn({**good, "facts": asked}, (), "no file, and nothing but what is required")
        for name in [id for id in good["facts"] if id not in asked]:
            rest = {id: value for id, value in good["facts"].items() if id != name}
            yield HandedIn({**good, "facts": rest}, (), f"no file, and nothing in {name}")
        for _ in range(MIXED):
            yield HandedIn(_submission(kind, fields, "odd", random), (), "no file, and other values")
    marked = {**good, "facts": {name: _marked(fields[name], value) for name, value in good["facts"].items()}}
    if file != "required":
        yield HandedIn(marked, (), f"{MARK} in every text, and no file")
    if file == "none":
        return
    for content in (f"{MARK}\n".encode(), b""):
        yield _with(marked, [(f"{MARK.lower()}.txt", content)], f"{MARK} in every text, and in the name of a file")
    all_files = list(files())
    for name, what, content in all_files:
        yield _with(good, [(name, content)], what)
    yield _with(good, [(name, content) for name, _, content in all_files[:8]], "many files")
    bare = {**good, "facts": asked, "fields": {}, "level": None, "happened_on": None}
    yield _with(bare, [all_files[0][::2]], "nothing but what is required")


def _marked(declared: Json, value: Any) -> Any:
    if declared.get("type") == "list":
        return [MARK] if declared.get("of") == "text" else value
    return MARK if declared.get("type") == "text" else value


def _with(submission: dict[str, Any], given: list[Any], what: str) -> HandedIn:
    listed = [{"name": name, "sha256": sha256(content).hexdigest()} for name, content in given]
    return HandedIn({**submission, "files": listed}, tuple(content for _, content in given), what)


def _submission(kind: str, fields: Mapping[str, Json], mood: Mood, random: Random) -> dict[str, Any]:
    return {
        "project": "P-1",
        "requirement": "asked-for",
        "kind": kind,
        "level": {"rich": LADDER[-1], "poor": None}.get(mood, random.choice(LADDER)),
        "happened_on": day_before(TODAY, 7) if mood == "rich" else None,
        "today": TODAY,
        "fields": {name: value_for(declared, TODAY, mood, random) for name, declared in FIELDS.items()},
        "facts": {name: value_for(declared, TODAY, mood, random) for name, declared in fields.items()},
        "files": [],
    }
