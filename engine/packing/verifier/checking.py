"""`verify.py`: checks an evidence pack from front to back and says in plain words what it found."""

from __future__ import annotations

import argparse
import base64
import os
import sys
from collections.abc import Sequence

from engine.packing.verifier.decisions import check_decisions, check_sample, check_signed_list, is_decision
from engine.packing.verifier.entries import (
    Ledger,
    check_definitions,
    check_files,
    check_order,
    check_words,
    files_of,
    read_entries,
)
from engine.packing.verifier.findings import Findings, check_bag
from engine.packing.verifier.kept import check_kept, choose_key, keys_of, proofs_of
from engine.packing.verifier.ledger import continues, from_base64, read_checkpoint, read_key
from engine.packing.verifier.reading import NotReadable, Pack, strict_json

INTACT, BROKEN, USAGE = 0, 1, 2
MOST_SHOWN = 100


class Report:
    """What a whole check came to: what was found, and the lines that say what was looked at."""

    def __init__(self) -> None:
        self.findings = Findings()
        self.lines: list[str] = []


def check_pack(
    path: str,
    public_key: str | None = None,
    kept: Sequence[tuple[str, str]] = (),
    proofs: Sequence[Sequence[bytes]] = (),
) -> Report:
    """Checks a pack.

    Args:
        path: the folder or the .zip.
        public_key: the register's key from elsewhere; None to believe the pack's own.
        kept: checkpoints and receipts of earlier days, each with a name and its text.
        proofs: proofs of consistency that the register gave for them, where the pack holds none that begins there.

    Raises:
        NotReadable: there is no pack, or the key that was given is none.
    """
    report = Report()
    findings, pack = report.findings, Pack(path)
    if public_key is not None:
        read_key(public_key)
    if "bagit.txt" not in pack.names:
        raise NotReadable(f"There is no evidence pack at {path}: a pack has a file bagit.txt at its top.")
    changed = check_bag(pack, findings)
    try:
        said = strict_json(pack.read("data/pack.json"))
        project, without_personal = said["project"], said["without_personal"]
        if not isinstance(project, str) or not isinstance(without_personal, bool):
            raise NotReadable("data/pack.json does not say which project the pack is of")
        note = pack.read("data/checkpoint.txt").decode("utf-8")
        checkpoint = read_checkpoint(note)
        own_key = pack.read("data/public-key.txt").decode("ascii")
        entries = read_entries(pack, checkpoint, note, project, findings)
        keys = keys_of(entries, findings)
        key = choose_key(checkpoint, own_key, public_key, keys, findings)
    except (KeyError, TypeError, ValueError, NotReadable) as error:
        findings.altered(None, f"The pack cannot be checked any further: {error}.")
        return report
    ledger = Ledger(checkpoint, key, project, without_personal, entries)
    try:
        check_order(ledger, findings)
        check_words(pack, ledger, findings)
        check_files(pack, ledger, changed, findings)
        check_definitions(pack, ledger, findings)
        check_signed_list(pack, ledger, findings)
        check_decisions(pack, ledger, findings)
        sampled = check_sample(pack, ledger, findings)
        check_proofs(pack, ledger, findings)
        for name, text in kept:
            check_kept(pack, ledger, keys, (name, text), proofs, findings)
    except NotReadable as error:
        findings.altered(None, f"The pack cannot be checked any further: {error}.")
        return report
    report.lines = looked_at(ledger, findings, sampled)
    return report


def check_proofs(pack: Pack, ledger: Ledger, findings: Findings) -> None:
    """Checks the cosigned checkpoints in the pack against the pack's own, with the proofs that are there."""
    proofs, new = proofs_of(pack), ledger.checkpoint
    if any(not 0 < size < new.size for size in proofs):
        findings.altered(None, "data/consistency.json has a proof of a size that the ledger never had.")
    for name in pack.names:
        if not name.startswith("data/anchors/"):
            continue
        old = read_checkpoint(pack.read(name).decode("utf-8", "replace"))
        hashes = [] if old.size == new.size else proofs.get(old.size)
        if old.size <= new.size and not continues((old.size, old.root), (new.size, new.root), hashes or []):
            findings.rewritten(f"The ledger of this pack does not go on from {name}, which was signed before.")


def looked_at(ledger: Ledger, findings: Findings, sampled: int | None) -> list[str]:
    """Returns the lines that say what a pack holds."""
    own = [e for e in ledger.entries.values() if e.said.get("project") == ledger.project]
    files = sum(map(len, files_of(ledger).values()))
    decisions = sum(is_decision(e) for e in ledger.entries.values())
    checkpoint, others = ledger.checkpoint, len(ledger.entries) - len(own)
    lines = [
        f"Project {ledger.project} in the register {checkpoint.origin}, up to {checkpoint.size} entries of its ledger.",
        f"Root of the ledger: {base64.b64encode(checkpoint.root).decode()}",
        f"Public key: {ledger.key.text}",
        f"Looked at: {len(own)} entries of the project, {others} of the register, {files} files, and {decisions}"
        " decisions on gates.",
    ]
    if sampled is not None:
        lines.append(f"A sample of {sampled} records is in the pack, and it is the one its seed draws.")
    for seq, count in sorted(findings.erased.items()):
        lines.append(f"Erased: {count} words or files, by entry {seq}. The entries they belonged to are as recorded.")
    if findings.withheld:
        lines.append(f"Kept back: {findings.withheld} words or files. They are recorded, and cannot be checked here.")
    return lines


def verdict_in_words(report: Report) -> list[str]:
    """Returns everything there is to say, the answer first."""
    findings = report.findings
    verdict = findings.verdict
    lines = [verdict.upper(), ""]
    meaning = {
        "intact": "Everything in this pack is as the register recorded and signed it.",
        "altered": "Something in this pack is not as the register recorded it.",
        "rewritten": "Something signed does not fit: this is another history than was signed, or a forgery.",
    }
    lines.append(meaning[verdict.partition(" ")[0]])
    for problem in findings.problems[:MOST_SHOWN]:
        lines.append(f"- {problem.text}")
    if len(findings.problems) > MOST_SHOWN:
        lines.append(f"- and {len(findings.problems) - MOST_SHOWN} more problems")
    if report.lines:
        lines += ["", *report.lines]
    if findings.unsure:
        lines += ["", "PLEASE NOTE", *(f"- {text}" for text in findings.unsure)]
    return lines


def _given_key(text: str) -> None:
    """Raises NotReadable, with what to do, for a key that was not copied whole."""
    try:
        read_key(text)
    except (NotReadable, ValueError) as error:
        raise NotReadable(
            f"The public key cannot be used: {error}. Copy all of it, and put it in quotation marks."
        ) from error


def _given_file(name: str) -> str:
    """Returns the text of a checkpoint or receipt that somebody kept; raises NotReadable in a sentence."""
    try:
        with open(name, "rb") as file:
            return file.read(1_000_000).decode("utf-8")
    except FileNotFoundError as error:
        raise NotReadable(f"There is no file {name}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise NotReadable(
            f"The file {name} cannot be read as text. Give the checkpoint or receipt as it came."
        ) from error


def _given_proof(name: str) -> list[bytes]:
    """Returns the hashes of a proof of consistency, one a line; raises NotReadable in a sentence."""
    lines = _given_file(name).split()
    try:
        return [from_base64(line, 32) for line in lines]
    except NotReadable as error:
        text = f"The file {name} is no proof of consistency. Give it as cocycle ledger consistency printed it."
        raise NotReadable(text) from error


def main(words: Sequence[str] | None = None) -> int:
    """Checks a pack as the command line says; returns 0 for intact, 1 for anything else, 2 where it cannot begin."""
    parser = argparse.ArgumentParser(
        prog="verify.py", description="Check an evidence pack. Nothing is sent anywhere, and nothing is changed."
    )
    parser.add_argument("pack", nargs="?", help="the folder or .zip of the pack; without it the folder of this file")
    parser.add_argument("--public-key", metavar="TEXT", help="the register's public key, from elsewhere than the pack")
    parser.add_argument("--checkpoint", metavar="FILE", action="append", default=[], help="a checkpoint that you kept")
    parser.add_argument("--receipt", metavar="FILE", action="append", default=[], help="a receipt that you kept")
    parser.add_argument(
        "--consistency", metavar="FILE", action="append", default=[], help="what `cocycle ledger consistency` printed"
    )
    asked = parser.parse_args(words)
    path = asked.pack or os.path.dirname(os.path.abspath(__file__))
    try:
        if asked.public_key is not None:
            _given_key(asked.public_key)
        kept = [(name, _given_file(name)) for name in [*asked.checkpoint, *asked.receipt]]
        proofs = [_given_proof(name) for name in asked.consistency]
        report = check_pack(path, asked.public_key, kept, proofs)
    except (NotReadable, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201  # this file is a program of its own
        return USAGE
    for line in verdict_in_words(report):
        print(line.encode(sys.stdout.encoding or "ascii", "replace").decode(sys.stdout.encoding or "ascii"))  # noqa: T201  # as above
    return BROKEN if report.findings.problems else INTACT
