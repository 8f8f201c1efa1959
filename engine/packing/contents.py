"""What goes into a pack, file by file: entries, receipts, words, files of evidence, rules, decisions, proofs."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

import orjson

from engine.core.errors import IntegrityFailure
from engine.core.events import Entry
from engine.core.evidence import File
from engine.core.values import without_small
from engine.files import kept_bytes
from engine.ledger import tree
from engine.ledger.canonical import encode
from engine.ledger.checkpoint import read_checkpoint
from engine.ledger.note import split_note
from engine.ledger.proof import Receipt, write_receipt
from engine.ledger.tree import Nodes
from engine.packing.decision_page import decision_page
from engine.packing.gathering import Gathered
from engine.packing.statements import DECISION, signed_statement
from engine.packing.telling import Json
from engine.store import journal
from engine.store.anchors import anchors
from engine.store.database import Transaction
from engine.store.salted import salted_words

Content = tuple[str, bytes]
FORM = 1
# endings that a computer opens with a program that shows them; any other file is kept without one that starts a program
SHOWN = frozenset(
    {
        "csv",
        "docx",
        "gif",
        "jpeg",
        "jpg",
        "json",
        "m4a",
        "md",
        "mp3",
        "mp4",
        "odp",
        "ods",
        "odt",
        "pdf",
        "png",
        "pptx",
        "rtf",
        "tif",
        "tiff",
        "txt",
        "wav",
        "webp",
        "xlsx",
        "yaml",
        "zip",
    }
)
_WITHOUT_NAME = re.compile(r"file\.[0-9]+|digest\.[0-9]+", re.ASCII)


def entries(tx: Transaction, found: Gathered, nodes: Nodes) -> Iterator[Content]:
    """Yields each entry's exact bytes, its receipt over the pack's checkpoint, and its words with their salts."""
    for entry in found.everything():
        own = "events" if entry.event.project is not None else "register"
        yield f"data/{own}/{entry.seq:06d}.json", journal.leaf(tx, entry.seq)
        hashes = tree.inclusion(entry.seq, found.signed.checkpoint.size, nodes)
        receipt = write_receipt(Receipt(entry.seq, tuple(hashes), found.signed.note))
        yield f"data/receipts/{entry.seq:06d}.tlog-proof", receipt.encode()
        if entry.event.words:
            yield f"data/words/{entry.seq:06d}.json", encode(_words(tx, found, entry))


def _words(tx: Transaction, found: Gathered, entry: Entry) -> Json:
    kept = salted_words(tx, entry.seq)
    told: Json = {}
    for name in entry.event.words:
        if name not in kept:
            told[name] = {"erased_by": found.erased[entry.seq][name]}
            continue
        value = orjson.loads(kept[name].canonical)
        if (shown := without_small(value)) != value:
            told[name] = {"withheld": "small number", "shown": shown}
        elif found.without_personal and _is_personal(entry, name):
            told[name] = {"withheld": "personal"}
        else:
            told[name] = {"value": value, "salt": kept[name].salt.hex()}
    return told


def _is_personal(entry: Entry, name: str) -> bool:
    if entry.event.name == "person_added":
        return name == "email"
    about = entry.event.name == "evidence_added" and entry.event.body["personal"]
    return bool(about and _WITHOUT_NAME.fullmatch(name))


def paths_of(found: Gathered) -> dict[str, tuple[str, File, int]]:
    """Returns, by SHA-256, each file of evidence that goes into the pack: where, the file, and a record's entry."""
    paths: dict[str, tuple[str, File, int]] = {}
    for record in found.project.records.values():
        if record.erased_by is not None or (record.personal and found.without_personal):
            continue
        for file in record.files:
            if file.sha256 is not None and file.sha256 not in paths:
                name = f"data/files/{file.sha256}{_ending(file.name)}"
                paths[file.sha256] = (name, file, found.evidence[record.id].seq)
    return paths


def _ending(name: str | None) -> str:
    ending = PurePosixPath(name or "").suffix.lower()
    return ending if ending[1:] in SHOWN else ".bin"


def evidence_files(tx: Transaction, paths: Mapping[str, tuple[str, File, int]]) -> Iterator[Content]:
    """Yields the files of evidence, those of personal records opened.

    Raises:
        IntegrityFailure: one is not as it was handed in.
    """
    for name, file, seq in paths.values():
        content = kept_bytes(tx, file)
        if content is None:
            raise IntegrityFailure(
                f"A file that entry {seq} handed in is gone, or has other bytes now. Nothing was packed;"
                " cocycle ledger verify tells everything that is wrong.",
                details={"seq": seq},
            )
        yield name, content


def definitions(found: Gathered) -> Iterator[Content]:
    """Yields the rules that applied, as they are judged by and as they were written."""
    for row in found.definitions:
        yield f"data/definitions/{row.digest}.json", row.canonical
        yield f"data/definitions/{row.digest}.yaml", row.source.encode()


def decision(tx: Transaction, found: Gathered, entry: Entry, told: Json, paths: Mapping[str, str]) -> Iterator[Content]:
    """Yields a decision as a page, as JSON, and as a statement that the register signs."""
    name = f"data/decisions/{entry.seq:06d}"
    own = "events" if entry.event.project is not None else "register"
    subjects = [(f"data/{own}/{entry.seq:06d}.json", sha256(journal.leaf(tx, entry.seq)).hexdigest())]
    digests = sorted({f["sha256"] for r in told["records"] for f in r["files"] if f["path"] is not None})
    subjects += [(paths[digest], digest) for digest in digests]
    yield f"{name}.html", decision_page(told, found.workflow.time_zone)
    yield f"{name}.json", encode(told)
    yield f"{name}.dsse.json", signed_statement(DECISION, subjects, told, found.signed.signer)


def proofs(tx: Transaction, found: Gathered, nodes: Nodes) -> Iterator[Content]:
    """Yields the checkpoint, the key, and what earlier checkpoints are held against.

    There is a proof from the size after each of the project's entries, which is where those who decided have receipts
    from, and from each checkpoint that an outside place has taken.
    """
    checkpoint = found.signed.checkpoint
    yield "data/checkpoint.txt", found.signed.note.encode()
    yield "data/public-key.txt", f"{found.signed.signer.verifier.text}\n".encode()
    kept = {}
    for row in anchors(tx).values():
        if row.size:
            old = read_checkpoint(split_note(row.note)[0])
            if old.origin == checkpoint.origin and old.size <= checkpoint.size:
                kept[row.note] = old.size
    for place, (size, note) in enumerate(sorted((size, note) for note, size in kept.items())):
        yield f"data/anchors/{size:06d}-{place}.txt", note.encode()
    sizes = sorted({entry.seq + 1 for entry in found.everything()} | set(kept.values()))
    told = {
        str(size): [base64.b64encode(one).decode() for one in tree.consistency(size, checkpoint.size, nodes)]
        for size in sizes
        if size < checkpoint.size
    }
    yield "data/consistency.json", encode({"to": checkpoint.size, "proofs": told})


def described(found: Gathered, told: list[Json], paths: Mapping[str, str]) -> dict[str, Any]:
    """Returns pack.json: what the pack is of, and what is in it."""
    checkpoint = found.signed.checkpoint
    return {
        "format": "cocycle evidence pack",
        "version": FORM,
        "project": found.project.id,
        "project_version": found.project.version,
        "workflow": found.project.workflow,
        "definition": found.project.definition,
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": base64.b64encode(checkpoint.root).decode(),
        "without_personal": found.without_personal,
        "entries": [entry.seq for entry in found.entries],
        "register_entries": [entry.seq for entry in found.register],
        "decisions": [one["seq"] for one in told],
        "evidence": list(found.evidence),
        "files": dict(paths),
    }
