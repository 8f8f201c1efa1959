"""Checks that need no register: a receipt against a leaf, and an export from its files alone."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.core.errors import InputRefused, NotFound
from engine.export_folder import files_in, reader_of
from engine.ledger.export import verify_export
from engine.ledger.note import BadKey, Verifier, read_verifier
from engine.ledger.proof import BadProof, check_receipt, read_receipt


def public_key_from(text: str) -> Verifier:
    """Returns the public key that somebody gave as text.

    Raises:
        InputRefused: it is none that can be used.
    """
    try:
        return read_verifier(text.strip())
    except BadKey as error:
        raise InputRefused(f"The public key cannot be used: {error}.", details={"public_key": text}) from error


def check_proof(leaf: bytes, receipt: str, public_key: str) -> dict[str, Any]:
    """Returns whether a receipt shows that a leaf is an entry of the ledger that a key signs for, and why not.

    Args:
        leaf: the exact bytes of the entry; receipt: a tlog-proof; public_key: the ledger's verifier key.

    Raises:
        InputRefused: the public key cannot be used.
    """
    verifier = public_key_from(public_key)
    try:
        read = read_receipt(receipt)
    except BadProof as error:
        return _does_not_hold(None, f"The receipt cannot be read: {error}.")
    try:
        checkpoint = check_receipt(read, leaf, [verifier])
    except BadProof as error:
        return _does_not_hold(read.index, f"The receipt does not hold: {error}.")
    return {
        "ok": True,
        "index": read.index,
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": base64.b64encode(checkpoint.root).decode(),
        "problems": [],
    }


def verify_folder(
    folder: Path, *, public_key: str | None = None, checkpoints: Sequence[str] = (), receipts: Sequence[str] = ()
) -> dict[str, Any]:
    """Returns the contract's answer for an export, or any other folder laid out as C2SP tlog-tiles.

    Args:
        folder: with `checkpoint` and `tile` in it.
        public_key: the verifier key that is trusted; without one no signature is checked, and a warning says so.
        checkpoints, receipts: what was kept of this ledger, as text.

    Raises:
        NotFound: there is no such folder. InputRefused: it is no folder, or the key cannot be used.
    """
    verifier = None if public_key is None else public_key_from(public_key)
    if not os.path.exists(folder):  # also a name that is too long to be one, where Path.exists raises
        raise NotFound(f"There is no folder {folder}.")
    if not folder.is_dir():
        raise InputRefused(f"{folder} is a file; an export is a folder.")
    try:
        found = verify_export(
            reader_of(folder), files_in(folder), verifier=verifier, checkpoints=checkpoints, receipts=receipts
        )
    except OSError as error:
        return {**_does_not_hold(None, f"The export cannot be read: {error.strerror}."), **_NOTHING}
    return {
        "ok": not found.problems,
        "size": found.size,
        "root": "" if found.root is None else base64.b64encode(found.root).decode(),
        "problems": [problem._asdict() for problem in found.problems],
        "erased": found.erased,
        "states_checked": 0,
        "foreign": found.foreign,
        "warnings": found.warnings,
    }


_NOTHING = {"size": 0, "root": "", "erased": 0, "states_checked": 0, "foreign": 0, "warnings": []}


def _does_not_hold(index: int | None, why: str) -> dict[str, Any]:
    kind = "unreadable" if index is None else "receipt"
    return {"ok": False, "problems": [{"seq": index, "kind": kind, "message": why}]}
