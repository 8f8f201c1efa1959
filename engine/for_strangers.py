"""What the ledger gives to strangers, so that they need not believe us: checkpoints, receipts, proofs, an export."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.store.database import Database


class ForStrangers:
    """Readings for whoever checks the ledger from outside. None of them appends to it."""

    database: Database

    def checkpoint(self) -> dict[str, Any]:
        """Returns the ledger's size and root, signed, as `{"checkpoint", "size", "warnings"}`.

        Raises:
            IntegrityFailure: the signer refuses. StorageUnavailable: its key cannot be used.
        """
        from engine.signer import sign_head

        signed = sign_head(self.database)
        return {"checkpoint": signed.note, "size": signed.size, "warnings": list(signed.warnings)}

    def receipt(self, seq: int) -> dict[str, Any]:
        """Returns the proof that an entry is in the ledger, as `{"receipt", "index", "warnings"}`.

        Raises:
            NotFound: there is no such entry. IntegrityFailure, StorageUnavailable: as `checkpoint`.
        """
        from engine.receipts import receipt_with_warnings

        text, warnings = receipt_with_warnings(self.database, seq)
        return {"receipt": text, "index": seq, "warnings": list(warnings)}

    def consistency(self, old: int, new: int) -> dict[str, Any]:
        """Returns the proof that the first `old` entries begin the first `new`, as `{"hashes": [base64…], …}`.

        Raises:
            InputRefused: the sizes are not in this order, or larger than the ledger.
            IntegrityFailure: it is not so.
        """
        from engine.receipts import consistency

        hashes = [base64.b64encode(hash_).decode() for hash_ in consistency(self.database, old, new)]
        return {"hashes": hashes, "old": old, "new": new}

    def export(self, folder: Path | str) -> dict[str, Any]:
        """Writes the ledger into a folder for anybody to verify, or brings an older export up to date.

        Raises:
            InputRefused: something else is in the folder. StorageUnavailable: it cannot be written.
            IntegrityFailure: the ledger was altered, or contradicts the export that is there.
        """
        from engine.exporting import export

        return export(self.database, Path(folder))

    def public_key(self) -> dict[str, Any]:
        """Returns the key that the ledger is signed with, and every key it ever was signed with, the oldest first."""
        from engine.signer import verifiers_of

        with self.database.read() as tx:
            keys = [verifier.text for verifier in verifiers_of(tx)]
        return {"public_key": keys[-1], "public_keys": keys}


def check_proof(leaf: bytes, receipt: str, public_key: str) -> dict[str, Any]:
    """Returns whether a receipt shows a leaf to be an entry of the ledger that a key signs for; needs no register.

    Raises:
        InputRefused: the public key cannot be used.
    """
    from engine.checking import check_proof as check

    return check(leaf, receipt, public_key)


def checked_public_key(text: str) -> str:
    """Returns a public key as it was given, without space around it; raises InputRefused where it is none."""
    from engine.checking import public_key_from

    return public_key_from(text).text


def verify_export(
    folder: Path | str,
    *,
    public_key: str | None = None,
    checkpoints: Sequence[str] = (),
    receipts: Sequence[str] = (),
) -> dict[str, Any]:
    """Returns whether an export, or any C2SP tlog-tiles folder, is whole, and every problem; needs no register.

    Raises:
        NotFound: there is no such folder. InputRefused: it is no folder, or the key cannot be used.
    """
    from engine.checking import verify_folder

    return verify_folder(Path(folder), public_key=public_key, checkpoints=checkpoints, receipts=receipts)
