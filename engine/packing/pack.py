"""Packs a project: gathers, writes the bag beside its place, checks it as a stranger would, and puts it there whole."""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from engine.core.errors import InputRefused, IntegrityFailure, StorageUnavailable
from engine.ledger.canonical import encode
from engine.packing import contents
from engine.packing.bag import Bag, zipped
from engine.packing.gathering import TRIES, Gathered, gather, grown, sign_now
from engine.packing.readme import readme
from engine.packing.sample import ALGORITHM, MOST, draw
from engine.packing.start_page import sample_page, start_page
from engine.packing.statements import PACK, signed_statement
from engine.packing.telling import Json, decisions, record_told
from engine.packing.verifier.checking import check_pack
from engine.packing.verify_pack import verify_py
from engine.room import Room
from engine.store.database import Database, Transaction
from engine.store.proofs import nodes_of


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a pack is wanted.

    Attributes:
        sample: how many records are drawn for an audit; None for none.
        seed: what they are drawn by; None for the root of the ledger, which nobody can choose.
        without_personal: leaves out files of personal records, their names, and e-mail addresses.
        force: replaces a pack that is there already.
    """

    sample: int | None = None
    seed: int | None = None
    without_personal: bool = False
    force: bool = False


def pack(database: Database, room: Room, project: str, target: Path, wishes: Wishes) -> dict[str, Any]:
    """Packs a project into a folder, or into a .zip where the target is called so; returns what was packed.

    The same state of the register and the same wishes give the same bytes. Nothing is left where it fails.

    Raises:
        InputRefused: the sample or the target cannot be.
        NotFound: there is no such project.
        IntegrityFailure: what is stored is not what was recorded.
        StorageUnavailable: the place cannot be written, or the register grows too fast.
    """
    _check(target, wishes)
    is_zip = target.suffix.lower() == ".zip"
    with _beside(target) as place:
        bag = Bag(place / "bag")
        answer = _fill(database, room, project, bag, wishes)
        problems = check_pack(str(bag.folder), answer["public_key"]).findings.problems
        if problems:
            raise IntegrityFailure(
                f"{problems[0].text} Nothing was packed; cocycle ledger verify tells everything that is wrong.",
                details={"problems": [{"field": "pack", "message": p.text} for p in problems[:20]]},
            )
        ready = bag.folder
        if is_zip:
            ready = place / "pack.zip"
            zipped(bag.folder, ready, f"evidence-pack-{project}")
        else:
            _flushed(ready)
        _put(ready, target)
    return {"pack": str(target), **answer}


def _fill(database: Database, room: Room, project: str, bag: Bag, wishes: Wishes) -> dict[str, Any]:
    for _ in range(TRIES):
        with database.read() as tx:
            room.stored(tx, project)
        signed = sign_now(database)
        with database.read() as tx:
            found = gather(tx, room, project, signed)
            if found is not None:
                found.without_personal = wishes.without_personal
                return _filled(tx, found, bag, wishes)
    raise grown(project)


def _filled(tx: Transaction, found: Gathered, bag: Bag, wishes: Wishes) -> dict[str, Any]:
    nodes, files = nodes_of(tx), contents.paths_of(found)
    paths = {digest: name for digest, (name, _, _) in files.items()}
    told: list[Json] = []
    for name, content in _all(tx, found, nodes, files, paths, told):
        bag.put(name, content)
    records = [record_told(found, evidence, paths) for evidence in found.evidence]
    sample = None if wishes.sample is None else _sample(found, wishes.sample, wishes.seed)
    if sample is not None:
        by_id = {r["evidence"]: r for r in records}
        bag.put("data/sample.json", encode(sample))
        bag.put("data/sample.html", sample_page(sample, [by_id[r["evidence"]] for r in sample["records"]]))
    bag.put("data/pack.json", encode(contents.described(found, told, paths)))
    _close(found, bag, told, records, sample)
    checkpoint = found.signed.checkpoint
    return {
        "project": found.project.id,
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": base64.b64encode(checkpoint.root).decode(),
        "public_key": found.signed.signer.verifier.text,
        "verify_sha256": sha256(verify_py()).hexdigest(),
        "entries": len(found.entries),
        "decisions": len(told),
        "files": len(files),
        "bytes": bag.size,
        "without_personal": found.without_personal,
        "sample": None if sample is None else [r["evidence"] for r in sample["records"]],
        "seed": None if sample is None else sample["seed"],
    }


def _all(
    tx: Transaction, found: Gathered, nodes: Any, files: Any, paths: dict[str, str], told: list[Json]
) -> Iterator[contents.Content]:
    yield from contents.entries(tx, found, nodes)
    yield from contents.evidence_files(tx, files)
    yield from contents.definitions(found)
    yield from contents.proofs(tx, found, nodes)
    for entry, one in decisions(found, paths):
        told.append(one)
        yield from contents.decision(tx, found, entry, one, paths)


def _close(found: Gathered, bag: Bag, told: list[Json], records: list[Json], sample: Json | None) -> None:
    """Adds what lies at the top of the bag, the list that the register signs last of all."""
    checkpoint, project = found.signed.checkpoint, found.project
    bag.put("index.html", start_page(found, told, records, sample))
    text = readme(project.id, checkpoint.origin, checkpoint.size, without_personal=found.without_personal)
    bag.put("README.txt", text)
    bag.put("verify.py", verify_py())
    bag.describe(
        {
            "Bag-Software-Agent": "cocycle",
            "Bagging-Date": found.everything()[-1].at[:10],
            "External-Identifier": f"{checkpoint.origin} {project.id}",
            "External-Description": f"Evidence pack of project {project.id}, ledger of {checkpoint.size} entries",
        }
    )
    bag.list_payload()
    said = {
        "project": project.id,
        "version": project.version,
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": base64.b64encode(checkpoint.root).decode(),
        "without_personal": found.without_personal,
    }
    bag.put("pack.dsse.json", signed_statement(PACK, list(bag.top().items()), said, found.signed.signer))
    bag.close()


def _sample(found: Gathered, count: int, seed: int | None) -> Json:
    said = str(seed) if seed is not None else base64.b64encode(found.signed.checkpoint.root).decode()
    records = list(found.evidence)
    return {
        "algorithm": ALGORITHM,
        "count": count,
        "of": len(records),
        "seed": said,
        "seed_given": seed is not None,
        "records": [{"evidence": e, "entry": found.evidence[e].seq} for e in draw(records, count, said)],
    }


def _check(target: Path, wishes: Wishes) -> None:
    wrong = []
    if wishes.sample is not None and not 1 <= wishes.sample <= MOST:
        wrong.append(f"A sample has 1 to {MOST:,} records, not {wishes.sample}.")
    if wishes.seed is not None and wishes.sample is None:
        wrong.append("A seed goes with a sample: give --sample, too.")
    if wishes.seed is not None and not 0 <= wishes.seed < 10**18:
        wrong.append("A seed is a whole number from 0, of at most 18 digits.")
    if not target.parent.is_dir():
        wrong.append(f"There is no folder {target.parent} to put the pack in.")
    elif os.path.lexists(target):
        wrong += [said for said in (_in_the_way(target, force=wishes.force),) if said]
    if wrong:
        raise InputRefused(" ".join(wrong))


def _in_the_way(target: Path, *, force: bool) -> str:
    if not force:
        return f"There is something at {target} already. Choose another place, or add --force to replace a pack."
    if target.is_symlink() or (target.suffix.lower() == ".zip") != target.is_file():
        return f"{target} is not a pack of this kind, so it is not replaced."
    if target.is_dir() and any(target.iterdir()) and not (target / "pack.dsse.json").is_file():
        return f"The folder {target} holds something else than a pack, so it is not replaced."
    return ""


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Gives a folder on the same disk as the target, which is gone afterwards."""
    try:
        place = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)
    except OSError as error:
        raise StorageUnavailable(f"The pack cannot be written to {target}: {error.strerror or error}.") from error


def _flushed(folder: Path) -> None:
    """Has the disk hold every file before the folder gets its name."""
    for path in sorted(folder.rglob("*")):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _put(ready: Path, target: Path) -> None:
    """Gives what is ready its name. A folder that is there is put aside first, and goes with the temporary one."""
    if target.is_dir():
        os.rename(target, ready.parent / "before")
    os.replace(ready, target)
