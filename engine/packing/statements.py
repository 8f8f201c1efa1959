"""Signed statements about what is in a pack: in-toto statements in DSSE envelopes, made with the register's key."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from engine.ledger.canonical import encode
from engine.ledger.note import Signer

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
STATEMENT: Final = "https://in-toto.io/Statement/v1"
DECISION: Final = "urn:cocycle:gate-decision:v1"
PACK: Final = "urn:cocycle:evidence-pack:v1"


def key_id(public_key: bytes) -> str:
    """Returns how a signature names its key: as securesystemslib does, the SHA-256 of the key's canonical JSON."""
    said = {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": public_key.hex()}}
    return sha256(encode(said)).hexdigest()


def signed_statement(
    predicate_type: str, subjects: Sequence[tuple[str, str]], predicate: Mapping[str, Any], signer: Signer
) -> bytes:
    """Returns a DSSE envelope around an in-toto statement (v1), as JSON.

    Args:
        predicate_type: what kind of thing is said: `DECISION` or `PACK`.
        subjects: what it is said of: for each a name and its SHA-256 in hexadecimal, at least one.
        predicate: what is said; canonical JSON.
        signer: the register's key. What it signs begins with `DSSEv1`, and a checkpoint never does: its first line is
            an origin, which holds no space.
    """
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": digest}} for name, digest in subjects],
        "predicateType": predicate_type,
        "predicate": predicate,
    }
    payload = encode(statement)
    said = b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload)
    signature = base64.b64encode(signer.sign(said)).decode()
    envelope = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"keyid": key_id(signer.verifier.public_key), "sig": signature}],
    }
    return encode(envelope)
