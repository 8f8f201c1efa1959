"""A ledger as a stranger would lay it out: tiles, bundles and checkpoint written plainly, with no code of ours."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "stranger.example/log"
SEED = bytes(range(32))
Files = dict[str, bytes]


def tree_head(hashes: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, over leaf hashes."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return hashlib.sha256(b"\1" + tree_head(hashes[:k]) + tree_head(hashes[k:])).digest()


def hashed(leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes of leaves."""
    return [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]


def place(index: int) -> str:
    """An index as a path: three digits to a part, an `x` before all but the last."""
    parts = [f"{index % 1000:03}"]
    while index := index // 1000:
        parts.insert(0, f"x{index % 1000:03}")
    return "/".join(parts)


def vkey(name: str = ORIGIN, seed: bytes = SEED, kind: bytes = b"\x01") -> str:
    """The verifier key of a seed."""
    public = kind + Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return f"{name}+{key_id(name, public).hex()}+{base64.b64encode(public).decode()}"


def skey(name: str = ORIGIN, seed: bytes = SEED) -> str:
    """The signing key of a seed."""
    _, hash_, _ = vkey(name, seed).split("+", 2)
    return f"PRIVATE+KEY+{name}+{hash_}+{base64.b64encode(bytes([1]) + seed).decode()}"


def key_id(name: str, typed_key: bytes) -> bytes:
    """The four bytes that name a key."""
    return hashlib.sha256(name.encode() + b"\n" + typed_key).digest()[:4]


def signature_line(text: str, name: str = ORIGIN, seed: bytes = SEED) -> str:
    """A signature line under a text."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    named = key_id(name, b"\x01" + private.public_key().public_bytes_raw())
    return f"— {name} {base64.b64encode(named + private.sign(text.encode())).decode()}\n"


def cosignature_line(text: str, name: str, seed: bytes, time: int) -> str:
    """A witness's signature line under a checkpoint."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    named = key_id(name, b"\x04" + private.public_key().public_bytes_raw())
    signed = private.sign(f"cosignature/v1\ntime {time}\n{text}".encode())
    return f"— {name} {base64.b64encode(named + time.to_bytes(8, 'big') + signed).decode()}\n"


def checkpoint(size: int, root: bytes, origin: str = ORIGIN, seed: bytes = SEED) -> str:
    """A signed checkpoint."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    return f"{text}\n{signature_line(text, origin, seed)}"


def lay_out(leaves: Sequence[bytes], origin: str = ORIGIN) -> Files:
    """The whole ledger as files by path."""
    files: Files = {"checkpoint": checkpoint(len(leaves), tree_head(hashed(leaves)), origin).encode()}

    def put(level: str, parts: Sequence[bytes]) -> None:
        for index in range(-(-len(parts) // 256)):
            some = parts[256 * index : 256 * index + 256]
            partial = "" if len(some) == 256 else f".p/{len(some)}"
            files[f"tile/{level}/{place(index)}{partial}"] = b"".join(some)

    put("entries", [len(leaf).to_bytes(2, "big") + leaf for leaf in leaves])
    level, row = 0, hashed(leaves)
    while row:
        put(str(level), row)
        row = [tree_head(row[at : at + 256]) for at in range(0, len(row) - 255, 256)]
        level += 1
    return files


def reader(files: Files) -> Callable[[str], bytes | None]:
    """A way to read files that lie in memory."""
    return files.get


def our_leaves(count: int, **body: object) -> list[bytes]:
    """Leaves as a register writes them: it is opened, then two projects go on in turn."""
    at = "2026-06-01T09:00:{:02}.{:06}Z"
    leaves = []
    for number in range(count):
        project = {} if number == 0 else {"project": f"P-{number % 2}"}
        event = {"origin": ORIGIN, "public_key": vkey()} if number == 0 else {"number": number, **body}
        document = {
            "at": at.format(number // 1000 % 60, number % 1000),
            "body": event,
            "by": "system",
            "cocycle": 1,
            "event": "register_opened" if number == 0 else "fields_set",
            "schema": 1,
            "version": (number + 1) // 2,
            "words": {},
            **project,
        }
        leaves.append(json.dumps(document, sort_keys=True, separators=(",", ":")).encode())
    return leaves
