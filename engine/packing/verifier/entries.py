"""Checks of the ledger's entries in a pack: the signed checkpoint, each entry's exact bytes, its receipt, its words."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from engine.packing.verifier.findings import Findings
from engine.packing.verifier.ledger import Checkpoint, Key, leaf_hash, read_receipt, root_from
from engine.packing.verifier.reading import NotReadable, Pack, canonical, strict_json

MOST_LEAF = 61_440
MEMBERS = {"at", "body", "by", "cocycle", "event", "schema", "version", "words"}
MOMENT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z", re.ASCII)
HASH = re.compile("[0-9a-f]{64}", re.ASCII)
ERASING = ("evidence_erased", "person_erased", "words_erased", "register_words_erased")
HIDDEN = re.compile("(fact|field)[.].+", re.ASCII | re.DOTALL)  # where a small number may be hidden
PERSONAL = re.compile("email|(file|digest)[.][0-9]+", re.ASCII)


class Entry(NamedTuple):
    """An entry of the ledger: what it says, its exact bytes, and its words (None for each that is not told)."""

    seq: int
    said: Mapping[str, Any]
    raw: bytes
    words: dict[str, Any]


class Ledger(NamedTuple):
    """What a pack holds of the ledger."""

    checkpoint: Checkpoint
    key: Key
    project: str
    without_personal: bool
    entries: dict[int, Entry]


def read_entries(pack: Pack, checkpoint: Checkpoint, note: str, project: str, findings: Findings) -> dict[int, Entry]:
    """Returns the entries that can be read, each checked for its form and its place in the tree."""
    found: dict[int, Entry] = {}
    of_project = pack.folder("data/events/", ".json")
    of_register = pack.folder("data/register/", ".json")
    for seq, name in sorted([*of_project.items(), *of_register.items()]):
        try:
            raw = pack.read(name)
            said = _leaf(raw)
        except NotReadable as error:
            findings.altered(seq, f"Entry {seq} is not an entry of a ledger: {error}.")
            continue
        mine = said.get("project") == project if seq in of_project else "project" not in said
        if not mine or seq in found:
            findings.altered(seq, f"Entry {seq} lies where entries of another kind belong.")
        found[seq] = Entry(seq, said, raw, {})
        _receipt(pack, found[seq], checkpoint, note, findings)
    for folder, ending in (("receipts", ".tlog-proof"), ("words", ".json")):
        for seq in sorted(set(pack.folder(f"data/{folder}/", ending)) - set(found)):
            findings.altered(seq, f"There is something about entry {seq}, and the entry itself is not here.")
    return found


def _leaf(raw: bytes) -> dict[str, Any]:
    if len(raw) > MOST_LEAF:
        raise NotReadable("it is too long")
    said = strict_json(raw)
    if not isinstance(said, dict) or canonical(said) != raw:
        raise NotReadable("it is not written in the one form that entries have")
    if not MEMBERS <= set(said) <= MEMBERS | {"key", "project"} or said["cocycle"] != 1:
        raise NotReadable("it lacks a member, or has one too many")
    texts = all(isinstance(said.get(name, "-"), str) for name in ("at", "by", "event", "key", "project"))
    numbers = all(type(said[name]) is int for name in ("schema", "version"))
    objects = all(isinstance(said[name], dict) for name in ("body", "words"))
    if not (texts and numbers and objects) or not MOMENT.fullmatch(said["at"]):
        raise NotReadable("a member is not what it should be")
    if not all(isinstance(one, str) and HASH.fullmatch(one) for one in said["words"].values()):
        raise NotReadable("a commitment is not what it should be")
    if ("project" in said) != (said["version"] > 0):
        raise NotReadable("its version does not go with what it is about")
    return said


def _receipt(pack: Pack, entry: Entry, checkpoint: Checkpoint, note: str, findings: Findings) -> None:
    seq = entry.seq
    try:
        receipt = read_receipt(pack.read(f"data/receipts/{seq:06d}.tlog-proof").decode("utf-8"))
    except (NotReadable, ValueError) as error:
        findings.altered(seq, f"Entry {seq} has no receipt that can be read: {error}.")
        return
    if receipt.entry != seq:
        findings.altered(seq, f"The receipt of entry {seq} is that of entry {receipt.entry}.")
    if receipt.note != note:
        findings.altered(seq, f"The receipt of entry {seq} ends in another checkpoint than the pack's.")
    if root_from(seq, checkpoint.size, leaf_hash(entry.raw), receipt.hashes) != checkpoint.root:
        findings.altered(seq, f"Entry {seq} is not the one that the register signed: its receipt does not lead there.")


def check_order(ledger: Ledger, findings: Findings) -> None:
    """Checks that the project's entries are complete from its first, and that time never goes back."""
    entries = ledger.entries
    own = [e for _, e in sorted(entries.items()) if e.said.get("project") == ledger.project]
    if not own:
        findings.altered(None, "The pack holds no entry of the project.")
    for place, entry in enumerate(own, 1):
        if entry.said["version"] != place:
            text = (
                "An entry is missing before entry %d: the project's entries are numbered from 1, and this is number %d."
            )
            findings.altered(entry.seq, text % (entry.seq, entry.said["version"]))
            break
    last = ""
    for _, entry in sorted(entries.items()):
        if entry.said["at"] < last:
            findings.altered(entry.seq, f"Entry {entry.seq} says an earlier time than the entry before it.")
        last = max(last, entry.said["at"])
    first = entries.get(0)
    if first is None or first.said["event"] != "register_opened":
        findings.altered(0, "Entry 0, by which the register was opened, is missing.")
    known = {e.said["body"].get("person") for e in entries.values() if e.said["event"] == "person_added"}
    for entry in own:
        if entry.said["by"] not in known | {"system"}:
            findings.altered(entry.seq, f"Entry {entry.seq} is by somebody whom no entry in the pack adds.")


def erasures(ledger: Ledger) -> dict[int, dict[str, int]]:
    """Returns which words were erased: by entry, for each word the entry that erased it."""
    found: dict[int, dict[str, int]] = {}
    for seq, entry in ledger.entries.items():
        if entry.said["event"] not in ERASING:
            continue
        told = entry.said["body"].get("words")
        for pair in told if isinstance(told, list) else []:
            if isinstance(pair, list) and len(pair) == 2 and type(pair[0]) is int and isinstance(pair[1], list):
                for name in pair[1]:
                    if isinstance(name, str):
                        found.setdefault(pair[0], {}).setdefault(name, seq)
    return found


def check_words(pack: Pack, ledger: Ledger, findings: Findings) -> None:
    """Checks every word against the commitment in its entry, and every missing one against the entry that erased it."""
    erased = erasures(ledger)
    for seq, entry in sorted(ledger.entries.items()):
        if not entry.said["words"]:
            continue
        try:
            told = strict_json(pack.read(f"data/words/{seq:06d}.json"))
            if not isinstance(told, dict):
                raise NotReadable("it is not an object")
        except NotReadable as error:
            findings.altered(seq, f"The words of entry {seq} cannot be read: {error}.")
            continue
        for name in sorted(set(told) ^ set(entry.said["words"])):
            findings.altered(seq, f"The word {name} of entry {seq} is missing, or does not belong there.")
        for name in sorted(set(told) & set(entry.said["words"])):
            _word(entry, name, told[name], erased.get(seq, {}).get(name), ledger.without_personal, findings)


def _word(entry: Entry, name: str, told: Any, by: int | None, without_personal: bool, findings: Findings) -> None:
    seq, members = entry.seq, set(told) if isinstance(told, dict) else set()
    entry.words[name] = None
    if members == {"salt", "value"}:
        if by is not None:
            findings.altered(seq, f"The word {name} of entry {seq} is here, and entry {by} says it was erased.")
        if not _committed(told["salt"], told["value"], entry.said["words"][name]):
            findings.altered(seq, f"The word {name} of entry {seq} is not the one that was recorded.")
        else:
            entry.words[name] = told["value"]
    elif members == {"erased_by"}:
        if by is None or told["erased_by"] != by:
            findings.altered(seq, f"The word {name} of entry {seq} is gone, and no entry erased it.")
        else:
            findings.erased[by] = findings.erased.get(by, 0) + 1
    elif members in ({"withheld"}, {"withheld", "shown"}):
        small = told["withheld"] == "small number" and HIDDEN.fullmatch(name)
        personal = told["withheld"] == "personal" and without_personal and PERSONAL.fullmatch(name)
        if not (small or personal):
            findings.altered(seq, f"The word {name} of entry {seq} is kept back, and nothing allows that.")
        findings.withheld += 1
    else:
        findings.altered(seq, f"The word {name} of entry {seq} is not told as words are.")


def _committed(salt: Any, value: Any, commitment: str) -> bool:
    if not isinstance(salt, str) or not HASH.fullmatch(salt):
        return False
    return hmac.new(bytes.fromhex(salt), canonical(value), hashlib.sha256).hexdigest() == commitment


def files_of(ledger: Ledger) -> dict[int, list[dict[str, Any]]]:
    """Returns the files that each entry handed in, by the entry's number."""
    found = {}
    for seq, entry in ledger.entries.items():
        files = entry.said["body"].get("files") if entry.said["event"] == "evidence_added" else None
        if isinstance(files, list):
            found[seq] = [f for f in files if isinstance(f, dict)]
    return found


def check_files(pack: Pack, ledger: Ledger, changed: set[str], findings: Findings) -> None:
    """Checks that every file handed in is here with its bytes, or was erased by an entry."""
    here = {name[11:75]: name for name in pack.names if name.startswith("data/files/")}
    gone: dict[str, int] = {}
    for seq, entry in ledger.entries.items():
        files = entry.said["body"].get("files") if entry.said["event"] == "evidence_erased" else None
        for file in files if isinstance(files, list) else []:
            for member in ("sha256", "sealed") if isinstance(file, dict) else ():
                if isinstance(file.get(member), str):
                    gone[file[member]] = max(seq, gone.get(file[member], 0))
    wanted: set[str] = set()
    for seq, files in sorted(files_of(ledger).items()):
        for place, file in enumerate(files):
            plain = file.get("sha256") or ledger.entries[seq].words.get(f"digest.{place}")
            by = gone.get(file.get("sha256") or file.get("sealed") or "", -1)
            kept_back = ledger.entries[seq].said["body"].get("personal") is True and ledger.without_personal
            if isinstance(plain, str) and plain in here:
                wanted.add(plain)
                if here[plain] in changed or pack.digest(here[plain]) != plain:
                    findings.altered(seq, f"A file that entry {seq} handed in has other bytes now: {here[plain]}.")
            elif by > seq:
                findings.erased[by] = findings.erased.get(by, 0) + 1
            elif kept_back:
                findings.withheld += 1
            else:
                findings.altered(seq, f"A file that entry {seq} handed in is missing.")
    for digest in sorted(set(here) - wanted):
        findings.altered(None, f"{here[digest]} is a file that no entry handed in.")


def check_definitions(pack: Pack, ledger: Ledger, findings: Findings) -> None:
    """Checks that every definition the project was judged by is here, in the form and the text that were loaded."""
    sources = {}
    for _, entry in sorted(ledger.entries.items()):
        if entry.said["event"] == "definition_loaded":
            sources[str(entry.said["body"].get("definition"))] = entry.said["body"].get("source")
    for seq, entry in sorted(ledger.entries.items()):
        digest = entry.said["body"].get("definition") if entry.said.get("project") else None
        if digest is None:
            continue
        try:
            same = HASH.fullmatch(str(digest)) and pack.digest(f"data/definitions/{digest}.json") == digest
            text = pack.digest(f"data/definitions/{digest}.yaml") == sources.get(str(digest))
        except NotReadable as error:
            findings.altered(seq, f"The definition that entry {seq} names is missing: {error}")
            continue
        if not same or not text:
            findings.altered(seq, f"The definition that entry {seq} names is not the one that was loaded.")
