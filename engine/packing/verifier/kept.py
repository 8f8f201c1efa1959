"""What an auditor kept, held against a pack: a public key, checkpoints and receipts from earlier days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from engine.packing.verifier.ed25519 import signature_fits
from engine.packing.verifier.entries import Entry, Ledger
from engine.packing.verifier.findings import Findings
from engine.packing.verifier.ledger import (
    Checkpoint,
    Key,
    continues,
    from_base64,
    leaf_hash,
    read_checkpoint,
    read_key,
    read_receipt,
    root_from,
    signed_by,
)
from engine.packing.verifier.reading import NotReadable, Pack, strict_json


class Reign(NamedTuple):
    """A key, the entry from which it signs, and whether the key before it signed that it does."""

    entry: int
    key: Key
    handed_over: bool


def keys_of(entries: dict[int, Entry], findings: Findings) -> list[Reign]:
    """Returns the keys that the register had, oldest first.

    A key that follows another must have been signed by it; one that came after a loss could not be, and that is told.
    """
    found: list[Reign] = []
    for seq, entry in sorted(entries.items()):
        event, body = entry.said["event"], entry.said["body"]
        if event not in ("register_opened", "key_rotated", "ledger_recovered") or "project" in entry.said:
            continue
        try:
            key = read_key(str(body["public_key"] if event == "register_opened" else body["to"]))
            if (event == "register_opened") is bool(found) or (
                found and found[-1].key.text != body.get("from", key.text)
            ):
                findings.altered(seq, f"Entry {seq} gives the register another key, and not in place of its last one.")
            signed = event == "key_rotated" and bool(found) and _handed_over(found[-1].key, body)
            if event == "key_rotated" and not signed:
                findings.rewritten(f"The key of entry {seq} was not signed by the key before it.", seq)
        except (NotReadable, KeyError) as error:
            findings.altered(seq, f"The key in entry {seq} cannot be read: {error}.")
            continue
        if event == "ledger_recovered":
            text = "Entry %d says that the register lost entries and went on with a new key; ask how that happened."
            findings.cannot(text % seq)
        found.append(Reign(seq, key, signed))
    return found


def _handed_over(old: Key, body: dict[str, Any]) -> bool:
    lines = ("cocycle change of key, version 1", body["from"], body["to"], body.get("size"), body.get("root"))
    said = "".join(f"{line}\n" for line in lines)
    return signature_fits(old.public, said.encode(), from_base64(str(body.get("signature")), 64))


def choose_key(checkpoint: Checkpoint, own: str, given: str | None, keys: Sequence[Reign], findings: Findings) -> Key:
    """Returns the key that the pack's checkpoint is signed with, once it is known to be the one to trust.

    Args:
        checkpoint: the pack's.
        own: the key that the pack itself says.
        given: the key that the auditor has from elsewhere; None where they gave none.
        keys: the register's keys by its own entries.
        findings: where it is noted that a signature does not fit.

    Raises:
        NotReadable: a key cannot be read.
    """
    said = read_key(own)
    trusted = said if given is None else read_key(given)
    if given is None:
        findings.cannot(
            "The public key came with the pack. Whoever can make a whole pack can make a key for it, too. Ask the"
            " register for its key by another way, and check again with --public-key."
        )
    texts = [one.key.text for one in keys]
    later = keys[texts.index(trusted.text) + 1 :] if trusted.text in texts else ()
    if any(one.key.text == said.text for one in later):
        if not all(one.handed_over for one in later):
            text = (
                "The register has gone on with a new key that the one you gave did not sign (entry %d). Ask the"
                " register for the new key by another way than this pack, and check again with it."
            )
            findings.rewritten(text % next(one.entry for one in later if not one.handed_over))
        trusted = said
    if trusted.text not in texts:
        findings.rewritten("The key is not one that the register had, by its own entries in this pack.")
    fits = signed_by(checkpoint, trusted)
    if fits is None:
        findings.rewritten("The pack's checkpoint is not signed with this key: it is of another register, or forged.")
    elif not fits:
        findings.rewritten("The signature under the pack's checkpoint does not fit: the checkpoint was changed.")
    if checkpoint.origin != trusted.name:
        findings.rewritten(f"The checkpoint is of {checkpoint.origin}, and the key is of {trusted.name}.")
    return trusted


def check_kept(
    pack: Pack,
    ledger: Ledger,
    keys: Sequence[Reign],
    kept: tuple[str, str],
    proofs: Sequence[Sequence[bytes]],
    findings: Findings,
) -> None:
    """Holds a checkpoint or a receipt that was kept, its name and text, against the pack's checkpoint."""
    name, text = kept
    try:
        receipt = read_receipt(text) if text.startswith("c2sp.org/tlog-proof") else None
        old = receipt.checkpoint if receipt else read_checkpoint(text)
    except NotReadable as error:
        findings.cannot(f"{name} is no checkpoint and no receipt: {error}.")
        return
    known = [ledger.key, *(one.key for one in keys)]
    if not any(signed_by(old, key) for key in known if key.name == old.origin):
        findings.rewritten(
            f"{name} is not signed by a key of this register: it is of another one, or one was replaced."
        )
        return
    if receipt is not None and receipt.entry in ledger.entries:
        leaf = leaf_hash(ledger.entries[receipt.entry].raw)
        if root_from(receipt.entry, old.size, leaf, receipt.hashes) != old.root:
            text = f"{name} is the receipt of another entry {receipt.entry} than the one in this pack."
            findings.rewritten(text, receipt.entry)
    elif receipt is not None:
        findings.cannot(f"Entry {receipt.entry}, which {name} is of, is not in this pack.")
    _goes_on(pack, ledger, old, name, proofs, findings)


def _goes_on(
    pack: Pack, ledger: Ledger, old: Checkpoint, name: str, proofs: Sequence[Sequence[bytes]], findings: Findings
) -> None:
    new = ledger.checkpoint
    if old.size > new.size:
        text = "%s is newer than this pack (%d entries against %d), so the pack cannot show that it goes on from it."
        findings.cannot(text % (name, old.size, new.size))
        return
    own: list[bytes] | None = [] if old.size == new.size else proofs_of(pack).get(old.size)
    ways = list(proofs) if own is None else [own]
    if not ways:
        text = (
            "%s (%d entries) cannot be compared offline. Ask the register for what this prints, and give it with"
            " --consistency FILE: cocycle ledger consistency %d %d"
        )
        findings.cannot(text % (name, old.size, old.size, new.size))
    elif own is None and not any(continues((old.size, old.root), (new.size, new.root), way) for way in ways):
        text = (
            "No proof that was given shows that the ledger of this pack goes on from %s (from %d to %d entries):"
            " it is a proof of something else, or what the register had signed then was changed since."
        )
        findings.rewritten(text % (name, old.size, new.size))
    elif own is not None and not continues((old.size, old.root), (new.size, new.root), own):
        text = "The ledger of this pack does not go on from %s: what the register had signed then was changed since."
        findings.rewritten(text % name)


def proofs_of(pack: Pack) -> dict[int, list[bytes]]:
    """Returns the consistency proofs in the pack by the size they begin at; raises NotReadable."""
    said = strict_json(pack.read("data/consistency.json"))
    try:
        return {int(size): [from_base64(one, 32) for one in hashes] for size, hashes in said["proofs"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotReadable("data/consistency.json is not what it should be") from error
