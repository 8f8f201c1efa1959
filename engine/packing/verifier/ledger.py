"""The formats of the ledger: the tree of RFC 6962, and the C2SP formats signed-note, tlog-checkpoint, tlog-proof."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from typing import NamedTuple

from engine.packing.verifier.ed25519 import read_public_key, signature_fits
from engine.packing.verifier.reading import NotReadable

ED25519_NOTE = b"\x01"
MOST_NOTE = 100_000
NUMBER = re.compile("0|[1-9][0-9]{0,17}", re.ASCII)
DASH = "\u2014 "


class Key(NamedTuple):
    """A public key as C2SP writes it: NAME+HASH+KEY."""

    name: str
    short: bytes
    public: bytes
    text: str


class Checkpoint(NamedTuple):
    """What a register signs: its name, how many entries it has, and the root of the tree over them."""

    origin: str
    size: int
    root: bytes
    text: str  # what is signed
    signatures: tuple[tuple[str, bytes, bytes], ...]  # the name of a key, its short hash, the signature


class Receipt(NamedTuple):
    """The way from one entry to the root of a checkpoint."""

    entry: int
    hashes: list[bytes]
    checkpoint: Checkpoint
    note: str


def leaf_hash(leaf: bytes) -> bytes:
    """Returns the hash of an entry."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Returns the hash of a node over two hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from(index: int, size: int, leaf: bytes, hashes: Sequence[bytes]) -> bytes | None:
    """Returns the root that an inclusion proof leads to (RFC 9162, 2.1.3.2); None where it is no proof of this size."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for one in hashes:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node_hash(one, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, one)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def continues(old: tuple[int, bytes], new: tuple[int, bytes], hashes: Sequence[bytes]) -> bool:
    """Returns whether a consistency proof (RFC 9162, 2.1.4.2) shows that one tree, (size, root), begins another."""
    (old_size, old_root), (new_size, new_root) = old, new
    if old_size == 0:
        return not hashes and old_root == hashlib.sha256(b"").digest()
    if old_size == new_size:
        return not hashes and old_root == new_root
    if not 0 < old_size < new_size or not hashes:
        return False
    way = list(hashes) if old_size & (old_size - 1) else [old_root, *hashes]
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = way[0]
    for one in way[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(one, first), node_hash(one, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, one)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def from_base64(text: str, size: int | None = None) -> bytes:
    """Returns the bytes of a base64 text in its one proper form; raises NotReadable."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotReadable("a part of it is not base64") from error
    if base64.b64encode(data).decode() != text or (size is not None and len(data) != size):
        raise NotReadable("a part of it is not base64 of the right length")
    return data


def read_key(text: str) -> Key:
    """Returns a public key from its text; raises NotReadable."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3 or not parts[0] or not re.fullmatch("[0-9a-f]{8}", parts[1], re.ASCII):
        raise NotReadable("a public key is written NAME+HASH+KEY, on one line")
    data = from_base64(parts[2], 33)
    short = hashlib.sha256(parts[0].encode() + b"\n" + data).digest()[:4]
    if data[:1] != ED25519_NOTE or short.hex() != parts[1] or read_public_key(data[1:]) is None:
        raise NotReadable("this public key is damaged, or of a kind that no register has")
    return Key(parts[0], short, data[1:], text.strip())


def read_checkpoint(note: str) -> Checkpoint:
    """Returns a checkpoint from its signed note, the signatures not looked at; raises NotReadable."""
    text, gap, tail = note.rpartition("\n\n")
    lines = tail.split("\n")
    if not gap or len(note) > MOST_NOTE or lines[-1] or len(lines) < 2 or re.search("[\x00-\x09\x0b-\x1f]", note):
        raise NotReadable("it is not a signed note")
    signatures = []
    for line in lines[:-1]:
        name, space, signature = line[len(DASH) :].partition(" ")
        if not line.startswith(DASH) or not name or not space:
            raise NotReadable("a line of its signatures is none")
        raw = from_base64(signature)
        signatures.append((name, raw[:4], raw[4:]))
    said = text.split("\n")
    if len(said) < 3 or "" in said or not NUMBER.fullmatch(said[1]):
        raise NotReadable("it does not say a register, a size and a root")
    return Checkpoint(said[0], int(said[1]), from_base64(said[2], 32), text + "\n", tuple(signatures))


def signed_by(checkpoint: Checkpoint, key: Key) -> bool | None:
    """Returns whether a key's signature under a checkpoint fits; None where there is none of this key."""
    own = [s for name, short, s in checkpoint.signatures if (name, short) == (key.name, key.short)]
    if not own:
        return None
    return all(signature_fits(key.public, checkpoint.text.encode(), s) for s in own)


def read_receipt(text: str) -> Receipt:
    """Returns a receipt from its text (tlog-proof@v1); raises NotReadable."""
    head, gap, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or not gap:
        raise NotReadable("it is not a receipt")
    rest = lines[2:] if lines[1:2] and lines[1].startswith("extra ") else lines[1:]
    if not rest or not rest[0].startswith("index ") or not NUMBER.fullmatch(rest[0][6:]) or len(rest) > 65:
        raise NotReadable("it does not say of which entry it is")
    hashes = [from_base64(line, 32) for line in rest[1:]]
    return Receipt(int(rest[0][6:]), hashes, read_checkpoint(note), note)
