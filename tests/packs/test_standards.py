"""A pack is what published standards say it is, in the eyes of software that others wrote."""

from __future__ import annotations

import ast
import hashlib
import shutil
import sys
import zipfile
from pathlib import Path

import bagit  # type: ignore[import-untyped]  # it comes without types
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # it lists its names in another way

from engine.ledger.checkpoint import open_checkpoint
from engine.ledger.note import read_verifier
from engine.ledger.proof import check_receipt, read_receipt
from engine.packing.verify_pack import verify_py
from tests.journeys.town import PROJECT, Town

from .registers import Packed, loaded, run_verify


def test_a_pack_is_a_bag(packed: Packed) -> None:
    """The Library of Congress's own program finds every pack to be a complete and valid bag.

    Seen to fail when a digest was taken of other bytes than were written.
    """
    assert bagit.Bag(str(packed.folder)).validate()


def test_every_statement_verifies_as_in_toto_has_it(packed: Packed) -> None:
    """Each signed statement verifies with securesystemslib under the register's key, and not once a bit is another.

    Seen to fail when the payload's length was left out of what is signed.
    """
    public = Ed25519PublicKey.from_public_bytes(read_verifier(packed.key).public_key)
    envelopes = [*packed.folder.glob("data/decisions/*.dsse.json"), packed.folder / "pack.dsse.json"]
    assert len(envelopes) == 4
    for path in envelopes:
        envelope = Envelope.from_dict(loaded(path))
        assert envelope.verify([SSlibKey.from_crypto(public)], 1)
        envelope.payload = envelope.payload.replace(b"passed", b"passeD").replace(b"refused", b"refuseD") + b" "
        with pytest.raises(VerificationError):
            envelope.verify([SSlibKey.from_crypto(public)], 1)


def test_each_statement_is_about_the_leaf_and_the_evidence(packed: Packed) -> None:
    """A decision's statement names the SHA-256 of its leaf and of each file it rested on, as they lie in the pack."""
    for path in packed.folder.glob("data/decisions/*.dsse.json"):
        import base64
        import json

        said = json.loads(base64.b64decode(loaded(path)["payload"]))
        assert (said["_type"], said["predicateType"]) == (
            "https://in-toto.io/Statement/v1",
            "urn:cocycle:gate-decision:v1",
        )
        for subject in said["subject"]:
            content = (packed.folder / subject["name"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == subject["digest"]["sha256"]
        assert said["predicate"] == loaded(path.with_name(path.name.replace(".dsse", "")))


def test_every_receipt_holds(packed: Packed) -> None:
    """The receipt of each entry leads to the pack's one checkpoint, which the register signed."""
    verifier = read_verifier(packed.key)
    checkpoint, _ = open_checkpoint((packed.folder / "data/checkpoint.txt").read_text("utf-8"), [verifier])
    receipts = list(packed.folder.glob("data/receipts/*.tlog-proof"))
    assert len(receipts) == len(list(packed.folder.glob("data/*/*.json"))) - len(
        list(packed.folder.glob("data/words/*"))
    ) - len(list(packed.folder.glob("data/decisions/*.json"))) - len(
        list(packed.folder.glob("data/definitions/*.json"))
    )
    for path in receipts:
        (leaf,) = [
            *packed.folder.glob(f"data/events/{path.stem}.json"),
            *packed.folder.glob(f"data/register/{path.stem}.json"),
        ]
        assert check_receipt(read_receipt(path.read_text("utf-8")), leaf.read_bytes(), [verifier]) == checkpoint


def test_the_same_state_gives_the_same_bytes(town: Town, packed: Packed, tmp_path: Path) -> None:
    """Packing the same state of a register again, at another place and time, gives the same bytes, as a .zip too.

    Seen to fail when the members of the .zip had the time they were packed at.
    """
    town.on("2026-07-09")
    town.engine.pack(PROJECT, tmp_path / "again", sample=3, seed=7)
    files = {p.relative_to(packed.folder): p.read_bytes() for p in packed.folder.rglob("*") if p.is_file()}
    assert files == {
        p.relative_to(tmp_path / "again"): p.read_bytes() for p in (tmp_path / "again").rglob("*") if p.is_file()
    }
    for name in ("one.zip", "two.zip"):
        town.engine.pack(PROJECT, tmp_path / name, sample=3, seed=7)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {Path(*Path(n).parts[1:]): archive.read(n) for n in archive.namelist()} == files


def test_verify_py_is_python_3_9() -> None:
    """verify.py is one file that Python 3.9 can read, and that imports the standard library alone."""
    tree = ast.parse(verify_py(), feature_version=(3, 9))
    wanted = {"__future__", "argparse", "base64", "binascii", "collections", "hashlib", "hmac", "json", "os", "re"}
    wanted |= {"stat", "sys", "typing", "zipfile"}
    imported = {str(n.module).partition(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert imported | {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names} <= wanted


def pythons() -> list[Path]:
    """Returns every Python from 3.9 that this machine has: the one that runs the tests, and any others."""
    others = [p for p in Path.home().glob(".pyenv/versions/3.*/bin/python") if int(p.parts[-3].split(".")[1]) >= 9]
    return [Path(sys.executable), *sorted(others)]


@pytest.mark.parametrize("python", pythons(), ids=lambda p: p.parts[-3])
def test_verify_py_runs_on_every_python(packed: Packed, tmp_path: Path, python: Path) -> None:
    """verify.py checks a pack, as a folder and as a .zip, with every Python from 3.9 that this machine has."""
    code, words = run_verify(packed.folder, "--public-key", packed.key, python=str(python))
    assert (code, words.split("\n")[0]) == (0, "INTACT"), words
    shutil.make_archive(str(tmp_path / "pack"), "zip", packed.folder)
    code, words = run_verify(packed.folder, str(tmp_path / "pack.zip"), python=str(python))
    assert (code, words.split("\n")[0]) == (0, "INTACT"), words
    assert "came with the pack" in words
