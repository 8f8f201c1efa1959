"""What a check finds, and the checks of the bag itself: every file listed, none missing, none added, none changed."""

from __future__ import annotations

import re
from typing import NamedTuple

from engine.packing.verifier.reading import NotReadable, Pack, is_plain

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAGMANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
OF_AN_ENTRY = re.compile("data/(?:events|register|words|receipts|decisions)/([0-9]{6,16})[.].*", re.ASCII)

ALTERED, REWRITTEN = "altered", "rewritten"


class Problem(NamedTuple):
    """Something that is not as it was recorded: which of the two kinds, at which entry if at one, and a sentence."""

    kind: str
    entry: int | None
    text: str


class Findings:
    """Everything that was found, good and bad."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.unsure: list[str] = []
        self.erased: dict[int, int] = {}  # by the entry that erased: how many words and files
        self.withheld = 0

    def altered(self, entry: int | None, text: str) -> None:
        """Notes that something in the pack is not what was recorded."""
        if Problem(ALTERED, entry, text) not in self.problems:
            self.problems.append(Problem(ALTERED, entry, text))

    def rewritten(self, text: str, entry: int | None = None) -> None:
        """Notes that something signed does not fit."""
        if Problem(REWRITTEN, entry, text) not in self.problems:
            self.problems.append(Problem(REWRITTEN, entry, text))

    def cannot(self, text: str) -> None:
        """Notes what could not be checked."""
        if text not in self.unsure:
            self.unsure.append(text)

    @property
    def verdict(self) -> str:
        """The answer in three words at most: intact, altered at entry N, altered, or rewritten."""
        if not self.problems:
            return "intact"
        if any(p.kind == REWRITTEN for p in self.problems):
            return REWRITTEN
        entries = sorted(p.entry for p in self.problems if p.entry is not None)
        return f"altered at entry {entries[0]}" if entries else ALTERED


def entry_of(name: str) -> int | None:
    """Returns the entry of the ledger that a file of the pack is about; None where it is about none."""
    found = OF_AN_ENTRY.fullmatch(name)
    return int(found.group(1)) if found else None


def check_bag(pack: Pack, findings: Findings) -> set[str]:
    """Checks the pack as a BagIt bag (RFC 8493); returns the files whose bytes are not those that are listed."""
    for name in pack.odd:
        findings.altered(None, f"{_shown(name)} is no part of a pack: a link, or a name that no pack has.")
    if _bytes(pack, "bagit.txt") != DECLARATION:
        findings.altered(None, "bagit.txt is not what stands in it in every pack.")
    outside = {name for name in pack.names if "/" not in name} - {TAGMANIFEST}
    changed = _against(pack, MANIFEST, {name for name in pack.names if name.startswith("data/")}, findings)
    changed |= _against(pack, TAGMANIFEST, outside, findings)
    for name in pack.names:
        if "/" in name and not name.startswith("data/"):
            findings.altered(None, f"{name} was added: it is listed nowhere.")
    return changed


def _against(pack: Pack, manifest: str, there: set[str], findings: Findings) -> set[str]:
    listed = _listed(pack, manifest, findings)
    changed = set()
    for name in sorted(set(listed) | there):
        if name not in there:
            findings.altered(entry_of(name), f"{name} is missing.")
            changed.add(name)
        elif name not in listed:
            findings.altered(entry_of(name), f"{name} was added: {manifest} does not list it.")
        else:
            try:
                same = pack.digest(name) == listed[name]
            except NotReadable as error:
                findings.altered(entry_of(name), str(error))
                changed.add(name)
                continue
            if not same:
                findings.altered(entry_of(name), f"{name} has other bytes than {manifest} says.")
                changed.add(name)
    return changed


def _listed(pack: Pack, manifest: str, findings: Findings) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        lines = pack.read(manifest).decode("ascii").split("\n")
    except (NotReadable, UnicodeDecodeError):
        findings.altered(None, f"{manifest} is missing, or is not a list of files.")
        return found
    for number, line in enumerate(lines[:-1], 1):
        digest, gap, name = line[:64], line[64:66], line[66:]
        if gap != "  " or not re.fullmatch("[0-9a-f]{64}", digest, re.ASCII) or not is_plain(name) or name in found:
            findings.altered(None, f"Line {number} of {manifest} does not name a file of a pack.")
        else:
            found[name] = digest
    if lines[-1]:
        findings.altered(None, f"{manifest} does not end with a whole line.")
    return found


def _bytes(pack: Pack, name: str) -> bytes:
    try:
        return pack.read(name)
    except NotReadable:
        return b""


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)[:200]
