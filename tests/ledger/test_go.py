"""Software that others wrote agrees: Go's own packages for verifiable logs open and check what we give out."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from engine.ledger import tree
from engine.ledger.checkpoint import Checkpoint, sign_checkpoint
from engine.ledger.merkle import leaf_hash
from engine.ledger.note import new_key, read_signer
from engine.ledger.proof import Receipt, write_receipt
from engine.ledger.tiles import Tile, layout, pack_entries

CHECK = Path(__file__).parent / "go" / "check.go"
# where Debian's golang-golang-x-mod-dev puts it
PACKAGES = Path("/usr/share/gocode")
SIZE, OLDER = 70_000, (1, 255, 256, 300, 65_536, 65_537)
RECEIPTS = (0, 1, 255, 256, 65_535, 65_536, 69_999)

missing = [
    name
    for name, found in {
        "go is not installed": shutil.which("go"),
        "its package golang.org/x/mod is not": (PACKAGES / "src/golang.org/x/mod/sumdb/tlog").is_dir(),
    }.items()
    if not found
]
pytestmark = pytest.mark.skipif(bool(missing), reason="; ".join(missing))


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs the program in Go on a folder."""
    here = {"GOPATH": str(PACKAGES), "GO111MODULE": "off", "GOFLAGS": "", "GOCACHE": str(folder.parent / "cache")}
    return subprocess.run(
        ["go", "run", str(CHECK), str(folder)],
        env={**os.environ, **here},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def write(file: Path, content: bytes | str) -> None:
    """Writes a file, with the folders it lies in."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture(scope="module")
def given_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that the program checks, of a ledger of 70,000 entries: three levels of tiles."""
    folder = tmp_path_factory.mktemp("given") / "out"
    leaves = [b"leaf %d" % number for number in range(SIZE)]
    rows = [[leaf_hash(leaf) for leaf in leaves]]
    while len(rows[-1]) >= 256:
        rows.append([tree.fold(rows[-1][at : at + 256]) for at in range(0, len(rows[-1]) - 255, 256)])

    def nodes(level: int, first: int, last: int) -> list[bytes]:
        return rows[level][first : last + 1]

    private, public = new_key("register.example/go")
    signer = read_signer(private)

    def checkpoint(size: int) -> str:
        return sign_checkpoint(Checkpoint(signer.name, size, tree.root(size, nodes)), signer)

    write(folder / "key", public)
    write(folder / "export/checkpoint", checkpoint(SIZE))
    for tile in layout(SIZE):
        write(folder / "export" / tile.path, content_of(tile, leaves, rows))
    for index in RECEIPTS:
        proof = tuple(tree.inclusion(index, SIZE, nodes))
        write(folder / f"receipts/{index}", write_receipt(Receipt(index, proof, checkpoint(SIZE))))
        write(folder / f"leaves/{index}", leaves[index])
    for older, newer in zip(OLDER, (*OLDER[1:], SIZE), strict=True):
        write(folder / f"checkpoints/{older}", checkpoint(older))
        write(folder / f"checkpoints/{newer}", checkpoint(newer))
        encoded = [base64.b64encode(hash_).decode() for hash_ in tree.consistency(older, newer, nodes)]
        write(folder / f"consistency/{older}-{newer}", "\n".join(encoded))
    return folder


def content_of(tile: Tile, leaves: list[bytes], rows: list[list[bytes]]) -> bytes:
    """The bytes of a tile."""
    span = slice(tile.place * 256, tile.place * 256 + tile.width)
    return b"".join(rows[tile.level][span]) if isinstance(tile.level, int) else pack_entries(leaves[span])


def test_go_agrees(given_out: Path) -> None:
    """Go opens our checkpoints and finds our tiles, our receipts and our proofs of consistency to hold."""
    ran = run(given_out)
    assert ran.stdout == "70000 entries, 7 receipts, 6 proofs of consistency\n", ran.stderr


@pytest.mark.parametrize(
    "path", ["export/checkpoint", "export/tile/0/000", "export/tile/entries/100", "receipts/255", "consistency/256-300"]
)
def test_go_disagrees_where_something_was_altered(given_out: Path, path: str) -> None:
    """The program does look: with one byte altered in what it is given it refuses.

    Seen to fail when the program did not read the proofs of consistency.
    """
    file = given_out / path
    whole = file.read_bytes()
    place = whole.index(b"\n") + 12 if path.startswith(("receipts", "export/checkpoint")) else 10
    file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    try:
        assert run(given_out).returncode != 0
    finally:
        file.write_bytes(whole)
