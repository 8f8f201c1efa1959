"""Writes a BagIt bag (RFC 8493), and a .zip of one with the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAGMANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*", re.ASCII)
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first time that a .zip can say
CHUNK = 1024 * 1024


class Bag:
    """A bag that is being filled, in a folder of its own. Files under `data/` are what it is for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digests: dict[str, str] = {}
        self.size = 0
        self.put("bagit.txt", DECLARATION)

    def put(self, name: str, content: bytes) -> None:
        """Adds a file; its name is a path below the bag, in plain letters."""
        assert PLAIN.fullmatch(name), name
        assert name not in self.digests, name
        place = self.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        self.digests[name] = hashlib.sha256(content).hexdigest()
        if name.startswith("data/"):
            self.size += len(content)

    def describe(self, told: Mapping[str, str]) -> None:
        """Adds bag-info.txt: what it is told, and how much there is, to find a bag that was not copied to its end."""
        files = sum(name.startswith("data/") for name in self.digests)
        lines = [*told.items(), ("Payload-Oxum", f"{self.size}.{files}")]
        self.put("bag-info.txt", "".join(f"{label}: {value}\n" for label, value in lines).encode())

    def list_payload(self) -> None:
        """Adds the manifest; no file under `data/` may be added after that."""
        self.put(MANIFEST, self._listed(lambda name: name.startswith("data/")))

    def close(self) -> None:
        """Adds the manifest of everything beside `data/`: the bag is complete."""
        self.put(TAGMANIFEST, self._listed(lambda name: not name.startswith("data/")))

    def top(self) -> dict[str, str]:
        """Returns the SHA-256 of each file beside `data/`."""
        return {name: digest for name, digest in sorted(self.digests.items()) if not name.startswith("data/")}

    def _listed(self, wanted: Callable[[str], bool]) -> bytes:
        return "".join(f"{d}  {name}\n" for name, d in sorted(self.digests.items()) if wanted(name)).encode()


def zipped(folder: Path, target: Path, top: str) -> None:
    """Writes a .zip of a folder: its files in order below `top`, all with the same time.

    It is flushed to the disk.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    with target.open("xb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name in names:
                member = zipfile.ZipInfo(f"{top}/{name}", EARLIEST)
                member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 3
                member.external_attr = 0o100644 << 16
                member.file_size = (folder / name).stat().st_size
                with (folder / name).open("rb") as source, archive.open(member, "w") as packed:
                    while part := source.read(CHUNK):
                        packed.write(part)
        file.flush()
        os.fsync(file.fileno())
