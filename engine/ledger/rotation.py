"""What the old key of a ledger signs when a new one takes its place, so that strangers can follow from key to key.

The statement begins with a line of its own. The text of a checkpoint begins with an origin, which holds no space, and
that of a cosignature with a line of its own, so a signature of the one can never be taken for one of the other.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final

from engine.ledger.checkpoint import LARGEST_SIZE
from engine.ledger.note import BadKey, Signer, read_verifier, strict_base64

FIRST_LINE: Final = "cocycle change of key, version 1"


def statement(old: str, new: str, size: int, root: str) -> bytes:
    """Returns the bytes that are signed: five lines, each with a line end.

    Args:
        old: the verifier key that ends, and signs this.
        new: the verifier key that begins, of the same name.
        size: how many entries the ledger had before the event that records the change.
        root: of the tree over them, 32 bytes in base64.
    """
    return "".join(f"{line}\n" for line in (FIRST_LINE, old, new, str(size), root)).encode()


def sign_rotation(signer: Signer, new: str, size: int, root: bytes) -> dict[str, Any]:
    """Returns the members of an event `key_rotated` that a stranger checks; `reason` and `second` are not among them.

    Args:
        signer: the old key.
        new: the new verifier key.
        size, root: of the tree before the event; the root as 32 bytes.
    """
    old, encoded = signer.verifier.text, base64.b64encode(root).decode()
    signature = base64.b64encode(signer.sign(statement(old, new, size, encoded))).decode()
    return {"origin": signer.name, "from": old, "to": new, "size": size, "root": encoded, "signature": signature}


def fault_of_rotation(body: Mapping[str, Any]) -> str:
    """Returns what is wrong with the body of an event `key_rotated`, in a sentence; empty where nothing is.

    Whether `from` is the key that was in force, and `size` and `root` are those before the event, is the caller's to
    compare.
    """
    members = ("origin", "from", "to", "root", "signature")
    if not all(isinstance(body.get(name), str) for name in members) or type(body.get("size")) is not int:
        return "The change of keys lacks a member, or has one of a wrong kind."
    if not 0 <= body["size"] <= LARGEST_SIZE:
        return "The change of keys names a size that no ledger has."
    try:
        old, new = read_verifier(body["from"]), read_verifier(body["to"])
        signature = strict_base64(body["signature"])
    except BadKey as error:
        return f"The change of keys names a key that cannot be used: {error}."
    except ValueError:
        return "The signature under the change of keys is not written in base64."
    if not old.name == new.name == body["origin"]:
        return "The change of keys names another ledger than the keys do."
    if not old.verifies(statement(body["from"], body["to"], body["size"], body["root"]).decode(), signature):
        return "The old key did not sign the change of keys."
    return ""
