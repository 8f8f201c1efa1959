"""A folder that keeps checkpoints: best one that belongs to another account, or lies on another machine."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from engine.anchoring.parcel import Contradicted, NotTaken, Parcel

LARGEST = 1_000_000  # bytes; a checkpoint is a few hundred


def keep_in_folder(folder: str, parcel: Parcel) -> str:
    """Puts a checkpoint into a folder, under a name that sorts by size, and returns the note that lies there.

    Nothing in the folder is ever written over. The newest checkpoint of this ledger that lies there already is read,
    and proven to be a beginning of this one.

    Raises:
        Overtaken: a newer checkpoint was put there meanwhile.
        Contradicted: the folder holds a checkpoint of this ledger that is no beginning of this one.
        NotTaken: the folder is not there, may not be written to, or its file is something else.
    """
    place, prefix = Path(folder), _prefix(parcel.checkpoint.origin)
    target = place / f"{prefix}{parcel.checkpoint.size:020}.checkpoint"
    try:
        if kept := _newest(place, prefix, parcel):
            name, note = kept
            checkpoint = parcel.opened(note)
            assert checkpoint is not None
            if how := parcel.contradicts(checkpoint):
                raise Contradicted(f"The folder {folder} {how}: {name}.")
            if checkpoint.size == parcel.checkpoint.size:
                return note
        _write(target, parcel.note)
    except FileExistsError as error:
        raise NotTaken(f"{target} is there already, and is no checkpoint of this ledger.") from error
    except OSError as error:
        raise NotTaken(f"The folder {folder} did not take it: {error.strerror}.") from error
    return parcel.note


def _prefix(origin: str) -> str:
    """Returns the beginning of the file names of a ledger: its origin in plain letters, made unlike any other's."""
    plain = re.sub(r"[^A-Za-z0-9.-]", "_", origin)[:60].lstrip(".")
    return f"{plain}-{sha256(origin.encode()).hexdigest()[:8]}-"


def _newest(place: Path, prefix: str, parcel: Parcel) -> tuple[str, str] | None:
    """Returns name and note of the newest checkpoint there that this ledger signed; what else lies there is let be."""
    names = sorted((n for n in os.listdir(place) if n.startswith(prefix) and n.endswith(".checkpoint")), reverse=True)
    for name in names:
        with suppress(UnicodeDecodeError), open(place / name, "rb") as opened:
            note = opened.read(LARGEST).decode()
            if parcel.opened(note) is not None:
                return name, note
    return None


def _write(target: Path, note: str) -> None:
    """Writes a new file, whole or not at all."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as opened:
            opened.write(note.encode())
            opened.flush()
            os.fsync(opened.fileno())
        try:
            os.link(part, target)  # unlike a rename, this never replaces what is there
        except FileExistsError:
            raise
        except OSError:  # a disk without links
            if target.exists():
                raise FileExistsError(str(target)) from None
            os.rename(part, target)
    finally:
        with suppress(OSError):
            part.unlink()
