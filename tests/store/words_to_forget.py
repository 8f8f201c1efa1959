"""A register full of words, changed so often that copies of them lie in many places; and the search for every byte."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from engine.core.events import Event
from engine.ledger.merkle import Frontier, leaf_hash
from engine.sealing import seal
from engine.store import inspect, journal, projects, statements
from engine.store.database import Database, Transaction, create_database
from engine.store.definitions_shelf import DefinitionRow, put_definition
from engine.store.files import put_file
from engine.store.forget import forget_files, forget_words
from engine.store.projects import ProjectRow
from engine.store.sealed import put_sealed

CANONICAL = b'{"id":"two-gates"}'
DIGEST = hashlib.sha256(CANONICAL).hexdigest()
MARK = "cAnArY"


class Full(NamedTuple):
    """A register, and everything in it that is to be forgotten."""

    database: Database
    words: list[tuple[int, list[str]]]
    plain: list[str]
    sealed: list[str]
    secrets: list[bytes]  # words, salts and keys, as bytes


def fill(path: Path, acts: int = 300, seed: int = 7) -> Full:
    """Makes a register in which each act writes a word, and its project's row anew; every tenth keeps files too."""
    dice = random.Random(seed)  # noqa: S311  # nothing secret is drawn, and it must be the same each time
    full = Full(create_database(path), [], [], [], [])
    with full.database.write() as tx:
        put_definition(tx, DefinitionRow(DIGEST, "two-gates", "1.0", "Two gates", CANONICAL, "id: two-gates", 0))
    said: dict[str, list[str]] = {}
    for act in range(acts):
        name = f"P-{dice.randrange(8)}"
        word = f"{MARK}-{act:05}-" + "x" * dice.choice([0, 10, 200, 3000, 9000])
        said.setdefault(name, []).append(word)
        with full.database.write() as tx:
            _write(full, tx, name, word, said[name], act)
            if act % 10 == 0:
                _files(full, tx, act)
    with full.database.read() as tx:
        full.secrets.extend(salt for (salt,) in tx.execute("SELECT salt FROM word"))
        full.secrets.extend(key for (key,) in tx.execute("SELECT secret FROM file_key"))
    return full


def erase(full: Full) -> None:
    """Forgets everything in one transaction, as an act of erasing would."""
    with full.database.write() as tx:
        forget_words(tx, full.words)
        forget_files(tx, full.plain, full.sealed)
        tx.execute("UPDATE project SET snapshot = ?, title = NULL", (b"{}",))


def is_whole(database: Database) -> bool:
    """Whether the pages and the guards are as they should be, and the stored leaves make the tree the head tells of."""
    edge = Frontier()
    with database.read() as tx:
        for (leaf,) in tx.execute("SELECT leaf FROM entry ORDER BY seq"):
            edge.append(leaf_hash(leaf))
        size, root, frontier, *_ = tx.execute(statements.HEAD).fetchone()
        problems = [*inspect.guard_problems(tx), *inspect.damage(tx)]
    return (problems, size, root, frontier) == ([], edge.size, edge.root(), edge.to_bytes())


def found(folder: Path, secrets: Iterable[bytes]) -> dict[str, int]:
    """Returns for each file of a folder how many of the secrets, each of 11 bytes at least, are in it in any form."""
    patterns: dict[int, list[bytes]] = {}
    for secret in secrets:
        for form in forms(secret):
            patterns.setdefault(int.from_bytes(form[:8], sys.byteorder), []).append(form)
    counts = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            likely = [form for head in _heads(content) & patterns.keys() for form in patterns[head]]
            counts[str(file.relative_to(folder))] = sum(1 for form in likely if form in content)
    return {name: count for name, count in counts.items() if count}


def _heads(content: bytes) -> set[int]:
    """Returns the eight bytes at each place, as numbers; with them a search for 10,000 patterns takes seconds."""
    heads: set[int] = set()
    for shift in range(8):
        whole = (len(content) - shift) // 8 * 8
        heads.update(memoryview(content)[shift : shift + max(whole, 0)].cast("Q"))
    return heads


def forms(secret: bytes) -> Iterator[bytes]:
    """Yields how a secret may be written down: as it is, UTF-16, JSON-escaped, base64 (at each offset), hexadecimal."""
    yield secret
    try:
        text = secret.decode()
    except UnicodeDecodeError:
        pass
    else:
        yield text.encode("utf-16-le")
        yield text.encode("utf-16-be")
        yield json.dumps(text)[1:-1].encode()
        yield json.dumps(text, ensure_ascii=False)[1:-1].encode()
    for skip in range(3):  # what base64 makes of it depends on where in the whole it begins
        whole = (len(secret) - skip) // 3 * 3
        encoded = base64.b64encode(secret[skip : skip + whole])
        yield encoded
        yield encoded.replace(b"+", b"-").replace(b"/", b"_")
    yield secret.hex().encode()
    yield secret.hex().upper().encode()


def _write(full: Full, tx: Transaction, name: str, word: str, said: list[str], act: int) -> None:
    version, at = len(said), f"2026-11-22T10:00:00.{act:06}Z"
    event = Event("held", name, {}, {"reason": word})
    (entry,) = journal.append(tx, [(event, version)], at=at, by="p1", key_hash=None, fingerprint=None)
    full.words.append((entry.seq, ["reason"]))
    full.secrets.append(word[:13].encode())
    snapshot = json.dumps(said[-1 - act % 5 :]).encode()
    row = ProjectRow(name, version, "two-gates", DIGEST, "plan", False, False, 1, word[:40], at, None, snapshot)
    projects.save_project(tx, row, expected_version=None if version == 1 else version - 1)


def _files(full: Full, tx: Transaction, act: int) -> None:
    plain = f"{MARK}-file-{act:05} ".encode() * 400
    put_file(tx, hashlib.sha256(plain).hexdigest(), plain)
    full.plain.append(hashlib.sha256(plain).hexdigest())
    full.secrets.append(f"{MARK}-file-{act:05}".encode())
    sealed = seal(f"{MARK}-sealed-{act:05} ".encode() * 400)
    put_sealed(tx, sealed.digest, sealed.content, sealed.key)
    full.sealed.append(sealed.digest)
    full.secrets.append(sealed.content[100:140])
