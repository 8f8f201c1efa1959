"""Checks of what the register signed about a pack: its list of files, and each decision on a gate (in-toto, DSSE)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from engine.packing.verifier.ed25519 import signature_fits
from engine.packing.verifier.entries import Entry, Ledger
from engine.packing.verifier.findings import MANIFEST, Findings
from engine.packing.verifier.ledger import Key, from_base64
from engine.packing.verifier.reading import NotReadable, Pack, canonical, strict_json

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
DECISION, PACK = "urn:cocycle:gate-decision:v1", "urn:cocycle:evidence-pack:v1"
SIGNED_LIST = "pack.dsse.json"


def key_id(public: bytes) -> str:
    """Returns how a signature names its key: as securesystemslib does, the SHA-256 of the key's canonical JSON."""
    said = {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": public.hex()}}
    return hashlib.sha256(canonical(said)).hexdigest()


def signed_bytes(payload_type: str, payload: bytes) -> bytes:
    """Returns what is signed of an envelope: DSSE's pre-authentication encoding."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def open_statement(data: bytes, key: Key, predicate_type: str) -> dict[str, Any]:
    """Returns the in-toto statement in an envelope once the key's signature is seen to fit; raises NotReadable."""
    envelope = strict_json(data)
    try:
        payload = from_base64(envelope["payload"])
        kind, (signature,) = envelope["payloadType"], envelope["signatures"]
        own = signature["keyid"] == key_id(key.public) and kind == PAYLOAD_TYPE
        fits = own and signature_fits(key.public, signed_bytes(kind, payload), from_base64(signature["sig"], 64))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotReadable("it is not a signed statement") from error
    if not fits:
        raise NotReadable("the register did not sign it")
    if sorted(envelope) != ["payload", "payloadType", "signatures"] or sorted(signature) != ["keyid", "sig"]:
        raise NotReadable("it has members that no such statement has")
    said = strict_json(payload)
    if not isinstance(said, dict) or (said.get("_type"), said.get("predicateType")) != (STATEMENT, predicate_type):
        raise NotReadable("it is a statement of another kind")
    if not isinstance(said.get("predicate"), dict) or canonical(said) != payload:
        raise NotReadable("it is not written in the one form that statements have")
    return said


def check_signed_list(pack: Pack, ledger: Ledger, findings: Findings) -> None:
    """Checks that the register itself signed which files are in the pack, and how far the project had come."""
    try:
        said = open_statement(pack.read(SIGNED_LIST), ledger.key, PACK)
        listed = dict(_subjects(said))
    except NotReadable as error:
        findings.altered(None, f"The list of files that the register signed cannot be trusted: {error}.")
        return
    top = {name for name in pack.names if "/" not in name} - {SIGNED_LIST, "tagmanifest-sha256.txt"}
    for name in sorted(top | {MANIFEST} | set(listed)):
        if name not in listed or name not in pack.names or pack.digest(name) != listed[name]:
            findings.altered(None, f"{name} is not the one that the register signed.")
    own = [e for e in ledger.entries.values() if e.said.get("project") == ledger.project]
    checkpoint = ledger.checkpoint
    due = {"project": ledger.project, "version": len(own), "origin": checkpoint.origin, "size": checkpoint.size}
    due["without_personal"] = ledger.without_personal
    for name, value in due.items():
        if said["predicate"].get(name) != value or type(said["predicate"].get(name)) is not type(value):
            text = "The register signed for this pack that its %s is %s; in the pack it is %s."
            findings.altered(None, text % (name, str(said["predicate"].get(name))[:100], value))


def is_decision(entry: Entry) -> bool:
    """Returns whether an entry is a decision on a gate: it was passed, or somebody was refused to pass it."""
    body = entry.said["body"]
    if entry.said["event"] == "refused":
        return body.get("verb") == "advance" and isinstance(body.get("verdicts"), dict)
    return entry.said["event"] == "advanced" and body.get("gate") is not None


def check_decisions(pack: Pack, ledger: Ledger, findings: Findings) -> None:
    """Checks that each decision is told, signed, and told as it stands in the ledger."""
    folders = [pack.folder("data/decisions/", ending) for ending in (".json", ".html", ".dsse.json")]
    due = {seq for seq, entry in ledger.entries.items() if is_decision(entry)}
    for seq in sorted(set().union(*folders) - due):
        findings.altered(seq, f"There is a page about a decision in entry {seq}, and the entry is none.")
    for seq in sorted(due):
        if not all(seq in folder for folder in folders):
            findings.altered(
                seq, f"The page, the JSON or the signed statement of the decision in entry {seq} is missing."
            )
            continue
        try:
            _decision(pack, ledger, ledger.entries[seq], findings)
        except NotReadable as error:
            findings.altered(seq, f"The decision in entry {seq} cannot be trusted: {error}.")


def _decision(pack: Pack, ledger: Ledger, entry: Entry, findings: Findings) -> None:
    seq, body = entry.seq, entry.said["body"]
    said = open_statement(pack.read(f"data/decisions/{seq:06d}.dsse.json"), ledger.key, DECISION)
    told = strict_json(pack.read(f"data/decisions/{seq:06d}.json"))
    if told != said["predicate"]:
        findings.altered(seq, f"The JSON of the decision in entry {seq} is not what the register signed.")
    subjects = _subjects(said)
    own = "events" if "project" in entry.said else "register"
    if subjects[:1] != [(f"data/{own}/{seq:06d}.json", hashlib.sha256(entry.raw).hexdigest())]:
        findings.altered(seq, f"The signed decision in entry {seq} is about another entry.")
    for name, digest in subjects[1:]:
        if name in pack.names and pack.digest(name) != digest:
            findings.altered(seq, f"The decision in entry {seq} was signed over other bytes of {name}.")
    signed = said["predicate"]
    same = [(signed.get("seq"), seq), (signed.get("at"), entry.said["at"]), (signed.get("project"), ledger.project)]
    same += [(signed.get(name), body.get(name)) for name in ("gate", "act", "outcome", "from", "to") if name in body]
    same.append((dict(_states(signed.get("requirements"))), body.get("verdicts")))
    same.append((dict(_plugins(signed.get("requirements"))), _sources(body.get("opinions", {}))))
    if any(canonical(one) != canonical(other) for one, other in same):
        findings.altered(seq, f"The decision in entry {seq} is told otherwise than the ledger has it.")


def _states(requirements: Any) -> Iterator[tuple[str, list[Any]]]:
    for one in requirements if isinstance(requirements, list) else ():
        if not isinstance(one, dict) or not isinstance(one.get("id"), str):
            raise NotReadable("its requirements are not told as they should be")
        yield one["id"], [one.get("state"), one.get("evidence")]
        yield from _states(one.get("of"))


SOURCE = ("use", "plugin", "version", "digest")


def _plugins(requirements: list[Any]) -> Iterator[tuple[str, Any]]:
    """Yields which plugin gave a verdict, as it is told; the shape was looked at before."""
    for one in requirements:
        if one.get("plugin") is not None:
            yield one["id"], one["plugin"]
        yield from _plugins(one.get("of") or [])


def _sources(opinions: Any) -> dict[str, Any]:
    """Returns which plugin gave a verdict, as the ledger has it."""
    if not isinstance(opinions, dict) or not all(isinstance(one, dict) for one in opinions.values()):
        raise NotReadable("what plugins said is not told as it should be")
    return {name: {part: one.get(part) for part in SOURCE} for name, one in opinions.items()}


def _subjects(said: dict[str, Any]) -> list[tuple[str, str]]:
    try:
        found = [(one["name"], one["digest"]["sha256"]) for one in said["subject"]]
    except (KeyError, TypeError) as error:
        raise NotReadable("it does not say what it is about") from error
    if not all(isinstance(part, str) for one in found for part in one) or len(dict(found)) != len(found):
        raise NotReadable("it does not say what it is about")
    return found


def draw(records: list[str], count: int, seed: str) -> list[str]:
    """Returns a sample of records: those with the smallest SHA-256 of the seed and their id, smallest first."""

    def lot(record: str) -> str:
        return hashlib.sha256((f"cocycle sample v1\n{seed}\n{record}\n").encode()).hexdigest()

    return sorted(records, key=lot)[:count]


def check_sample(pack: Pack, ledger: Ledger, findings: Findings) -> int | None:
    """Checks that a sample is what its seed draws; returns how many records it has, None where none was drawn."""
    if "data/sample.json" not in pack.names:
        return None
    try:
        said = strict_json(pack.read("data/sample.json"))
        count, seed, drawn = said["count"], said["seed"], said["records"]
        if type(count) is not int or not isinstance(seed, str) or len(seed) > 200:
            raise NotReadable("its seed or its number is none")
        added = [e for _, e in sorted(ledger.entries.items()) if e.said["event"] == "evidence_added"]
        due = draw([str(e.said["body"].get("evidence")) for e in added], count, seed)
        if [one["evidence"] for one in drawn] != due:
            findings.altered(None, "The sample is not the one that its seed draws.")
    except (NotReadable, KeyError, TypeError) as error:
        findings.altered(None, f"The sample cannot be read: {error}.")
        return None
    return len(due)
