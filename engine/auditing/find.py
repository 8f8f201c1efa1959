"""`audit find`: every entry in which an index, a digest or an id occurs, found in the leaves themselves.

Each leaf is read once and hashed once, so nothing that is stored beside the ledger is believed. The plain digest of a
file of a personal record is no part of a leaf: it is looked up among the words, where it stands until it is erased.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from engine.auditing.log import place_of, read_raw, row
from engine.auditing.places import Places
from engine.core.errors import InputRefused, NotFound
from engine.ledger.merkle import leaf_hash
from engine.room import Room
from engine.store import journal, search
from engine.store.database import Database, Transaction

_HASH = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_BASE64 = re.compile(r"[0-9A-Za-z+/]{43}=", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)

MEANINGS: Final = {
    "leaf_hash": "is the hash of this entry's leaf",
    "key": "is the hash of the idempotency key",
    "by": "did it",
    "project": "is the project",
    "sha256": "is the SHA-256 of a file",
    "sealed": "is the SHA-256 of the sealed bytes of a file",
    "digest": "is the SHA-256 of a file of a personal record, before it was sealed",
    "evidence": "is the evidence",
    "definition": "is the definition",
    "source": "is the SHA-256 of the definition's text",
    "binds": "is what was signed or decided on",
    "decision": "is the decision",
    "decisions": "is one of the decisions",
    "signature": "is the signature",
    "waiver": "is the waiver",
    "person": "is the person",
    "second": "is the second person",
    "owner": "is to meet a condition",
    "verdicts": "is evidence that a verdict rests on",
    "contradictions": "is a contradiction that was shown",
    "leaf": "is the hash of the entry that is corrected",
}
"""What it means that something occurs in a member of an entry."""


class Sought(NamedTuple):
    """What is looked for: `kind` is index, digest, file or id; `value` as it stands in the ledger."""

    kind: str
    value: str


def sought(what: str) -> Sought:
    """Returns what was typed as what is looked for: an index, a digest in hexadecimal or base64, an id.

    Raises:
        InputRefused: it is none of these.
    """
    if what.isdecimal() and what.isascii() and len(what) <= 15:
        return Sought("index", str(int(what)))
    if _HASH.fullmatch(what):
        return Sought("digest", what.lower())
    if _BASE64.fullmatch(what):
        try:
            return Sought("digest", base64.b64decode(what, validate=True).hex())
        except binascii.Error:
            pass  # told below
    if _ID.fullmatch(what):
        return Sought("id", what)
    raise InputRefused(
        "Say what to look for: the index of an entry, a digest (64 hexadecimal digits), the id of evidence, of a"
        f" person or of a decision, or a file; {what} is none of these."
    )


def find(database: Database, room: Room, what: str, file_digest: str | None = None) -> dict[str, Any]:
    """Returns every entry in which something occurs, oldest first, with where in it, and the records among them.

    Args:
        database: an open register.
        room: what knows its people.
        what: what to look for, as `sought` takes it, or the name of the file.
        file_digest: the SHA-256 of the bytes of a file called `what`; that is looked for then.

    Raises:
        InputRefused: it is nothing that can be looked for.
        NotFound: it occurs nowhere.
    """
    one = sought(what) if file_digest is None else Sought("file", file_digest)
    found, records = [], {}
    with database.read() as tx:
        names, places = room.names(tx), Places(whole=False)
        places.read_by(tx)
        for seq, leaf, where in _occurrences(tx, one):
            raw = read_raw(seq, leaf)
            entry = row(journal.hydrated(tx, seq, leaf), place_of(places, seq, raw), names)
            meanings = list(dict.fromkeys(MEANINGS.get(_member(place), "occurs") for place in where))
            found.append({**entry, "leaf_hash": leaf_hash(leaf).hex(), "where": where, "meaning": meanings})
            if entry["action"] == "evidence_added":
                records[entry["body"]["evidence"]] = _record(entry)
        size = journal.head(tx).size
    if not found:
        raise NotFound(_nowhere(one, what, size), code="occurs_nowhere")
    digest = None if one.kind in ("index", "id") else one.value
    return {"what": what, "kind": one.kind, "digest": digest, "entries": found, "records": list(records.values())}


def digest_of_file(path: Path) -> str:
    """Returns the SHA-256 of a plain file, in hexadecimal, reading it piece by piece.

    Raises:
        InputRefused: it is missing, no plain file, or cannot be read.
    """
    try:
        # opened without waiting, so that a pipe nobody writes to cannot hang us
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputRefused(f"{path} is not a plain file.")
            return hashlib.file_digest(file, "sha256").hexdigest()
    except IsADirectoryError:
        raise InputRefused(f"{path} is a folder; name a file.") from None
    except FileNotFoundError:
        raise InputRefused(f"{path} does not exist.") from None
    except (OSError, ValueError) as error:
        raise InputRefused(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def _nowhere(one: Sought, what: str, size: int) -> str:
    if one.kind == "index":
        return f"The ledger has no entry {one.value}; its last is {size - 1}."
    if one.kind == "file":
        return (
            f"The file {what} was never handed in here: its SHA-256, {one.value}, occurs in none of {size:,} entries."
        )
    return f"{what} occurs in none of the {size:,} entries of the ledger."


def _record(entry: dict[str, Any]) -> dict[str, Any]:
    body = entry["body"]
    return {
        "evidence": body["evidence"],
        "project": entry["project"],
        "requirement": body["requirement"],
        "seq": entry["seq"],
        "files": [entry["words"].get(f"file.{place}") for place in range(len(body["files"]))],
    }


def _occurrences(tx: Transaction, one: Sought) -> Iterator[tuple[int, bytes, list[str]]]:
    """Yields (index, leaf, places in it) of every entry in which something occurs."""
    if one.kind == "index":
        if int(one.value) < journal.head(tx).size:
            yield int(one.value), journal.leaf(tx, int(one.value)), ["seq"]
        return
    hashed = one.kind in ("digest", "file")
    words: dict[int, list[str]] = {}
    if hashed:
        for seq, name in search.digest_words(tx, one.value):
            words.setdefault(seq, []).append(f"words.{name}")
    needle, whole = f'"{one.value}"'.encode(), bytes.fromhex(one.value) if hashed else b""
    for seq, leaf in search.leaves(tx):
        where = ["leaf_hash"] if hashed and leaf_hash(leaf) == whole else []
        if needle in leaf:  # most leaves are not even parsed
            where += [w for w in _places(read_raw(seq, leaf), one.value) if not w.startswith("words.")]
        where += words.get(seq, ())
        if where:
            yield seq, leaf, where


def _places(value: Any, wanted: str, path: str = "") -> Iterator[str]:
    """Yields the paths under which a value holds a text, as a value or as the name of a member."""
    if value == wanted:
        yield path
    elif isinstance(value, dict):
        for name, member in value.items():
            inside = f"{path}.{name}" if path else name
            if name == wanted:
                yield path or inside
            yield from _places(member, wanted, inside)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _places(item, wanted, f"{path}[{place}]")


def _member(path: str) -> str:
    """Returns the member of an entry that a path leads to: `body.files[0].sha256` is sha256."""
    if path == "seq":
        return path
    first, *rest = re.sub(r"\[\d+\]", "", path).removeprefix("body.").split(".")
    if first == "words":
        return rest[0]
    return first if first == "verdicts" or not rest else rest[-1]
