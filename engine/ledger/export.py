"""Verifies an export, or any other ledger laid out as C2SP tlog-tiles, from its files alone.

Every entry is hashed and held against the lowest tiles, every level of tiles against the one below, the tree against
the checkpoint, and the checkpoint against a public key. Nothing is believed because it is stored. The leaves of other
people's ledgers are not read; their tree is verified all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from engine.ledger.checkpoint import Checkpoint, open_checkpoint, read_checkpoint
from engine.ledger.exported_leaves import KEY_EVENTS, Leaves
from engine.ledger.kept import kept_problems, read_kept, wanted
from engine.ledger.key_chain import KeyChain
from engine.ledger.levels import Levels, Read
from engine.ledger.merkle import Frontier, leaf_hash
from engine.ledger.note import BadNote, Verifier, split_note
from engine.ledger.tiles import ENTRIES, WIDTH, BadBundle, Tile, read_path, tile_path, unpack_entries
from engine.ledger.verify import Problem

CHECKPOINT = "checkpoint"
_GAP = 1000  # bundles that may be missing before the end; a file far beyond is not taken for the end of the ledger


@dataclass(slots=True)
class Verified:
    """What was found.

    Attributes:
        size: how many entries there are; root: over them, None where some cannot be read.
        problems: all of them; foreign: leaves that are not of cocycle; erased: items that erasing events name.
        warnings: what was not checked, in sentences.
    """

    size: int = 0
    root: bytes | None = None
    problems: list[Problem] = field(default_factory=list)
    foreign: int = 0
    erased: int = 0
    warnings: list[str] = field(default_factory=list)


def verify_export(
    read: Read,
    names: Collection[str],
    *,
    verifier: Verifier | None = None,
    checkpoints: Sequence[str] = (),
    receipts: Sequence[str] = (),
) -> Verified:
    """Returns everything that is wrong with an export.

    Args:
        read: gives the bytes of a file by its path from the top (`tile/0/000`), None where there is none.
        names: the paths of all files there are.
        verifier: the public key that is trusted; None to believe the keys that the ledger itself names, if it does.
        checkpoints, receipts: what was kept of this ledger, as text.
    """
    found = Verified()
    note, said = _checkpoint(read, found)
    size = _size(names, said)
    kept, unreadable = read_kept(checkpoints, receipts)
    sizes, indices = wanted(kept)
    roots: dict[int, bytes] = {}
    leaf_hashes: dict[int, bytes] = {}

    verifiers: Sequence[Verifier] | None
    levels, leaves, chain = Levels(read, size), Leaves(), KeyChain()
    tree: Frontier | None = Frontier()  # over the entries themselves; none from the first one that cannot be read
    for tile in _bundles(size):
        stored = levels.hashes(Tile(0, tile.place, tile.width), found.problems)
        raw, width, _ = levels.file(tile)
        entries, wrong = check_bundle(raw, tile, stored, width)
        found.problems += wrong
        bad = {problem.seq for problem in wrong}
        derived: list[bytes | None] = []
        for seq, entry in enumerate(entries[: tile.width], tile.first):
            if tree is not None and seq in sizes:
                roots[seq] = tree.root()
            derived.append(hashed := leaf_hash(entry))
            if seq in indices:
                leaf_hashes[seq] = hashed
            if seq in bad:
                leaves.pass_over()
            else:
                leaf = leaves.read(seq, entry, found.problems)
                if leaf is not None and leaf.name in KEY_EVENTS:
                    chain.add(seq, leaf, None if tree is None else tree.root(), found.problems)
            if tree is not None:
                tree.append(hashed)
        if unread := tile.width - len(derived):
            tree = None
            derived += [None] * unread
            leaves.pass_over(unread)
        levels.add(0, derived, stored)
    levels.climb(found.problems)
    if tree is not None:
        found.root = roots[size] = tree.root()

    if verifier is not None:
        verifiers = chain.trusted(verifier)
    elif chain.keys and not found.problems:  # of damaged entries the one that names the key in force may be missing
        verifiers = chain.keys
        found.warnings.append(
            "No public key was given, so signatures were checked with the key that the ledger itself names. Whoever "
            "can write everything can also write that one: give --public-key from somewhere else."
        )
    else:
        verifiers = None
    _hold_checkpoint(found, note, said, size, levels.root(), verifiers)
    found.problems += _strays(read, names, levels.used, size)
    found.problems += unreadable
    origins = chain.origins | ({said.origin} if said is not None else set())
    found.problems += kept_problems(
        kept, verifiers=verifiers, origins=origins, size=size, root_at=roots.get, leaf_hash_at=leaf_hashes.get
    )
    found.size, found.foreign, found.erased = size, leaves.foreign, leaves.erased
    return found


def check_bundle(
    raw: bytes | None, tile: Tile, hashes: Sequence[bytes] | None, width: int
) -> tuple[list[bytes], list[Problem]]:
    """Returns the entries of a bundle, and a problem for each that is not the one its hash is of.

    Args:
        raw: the bytes of the bundle; None where it is missing.
        tile: which bundle it is.
        hashes: of the lowest tile beside it; None where they cannot be had.
        width: how many entries the file holds, the width of the tile or 256.
    """
    first, path = tile.first, tile.path
    if raw is None:
        return [], [Problem(first, "missing", f"The entries from {first} on are not in {path}.")]
    broken = ""
    try:
        entries = unpack_entries(raw)
    except BadBundle as error:
        entries, broken = error.entries, str(error)
    if not broken and len(entries) != width:
        broken = f"the bundle holds {len(entries)} entries, and {width} are due"
    due = list(hashes or ())
    wrong = [place for place, (entry, hash_) in enumerate(zip(entries, due, strict=False)) if leaf_hash(entry) != hash_]
    if broken:
        # where one length is altered all that follows is read at wrong places: the first that differs is the one
        at = min(wrong[0] if wrong else len(entries), width - 1)
        return entries[:at], [
            Problem(first + at, "entry", f"{path} cannot be read from entry {first + at} on: {broken}.")
        ]
    why = "is not the one that was hashed, or its hash was altered"
    return entries, [Problem(first + at, "entry", f"Entry {first + at} {why}.") for at in wrong]


def _checkpoint(read: Read, found: Verified) -> tuple[str, Checkpoint | None]:
    """Returns the note and what it says, whoever signed it."""
    raw = read(CHECKPOINT)
    if raw is None:
        found.problems.append(
            Problem(None, "checkpoint", "There is no checkpoint, so nothing says what the ledger is.")
        )
        return "", None
    try:
        note = raw.decode()
        return note, read_checkpoint(split_note(note)[0])
    except (BadNote, UnicodeDecodeError) as error:
        why = "it is not text in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        found.problems.append(Problem(None, "checkpoint", f"The checkpoint cannot be read: {why}."))
        return "", None


def _size(names: Collection[str], said: Checkpoint | None) -> int:
    """Returns how many entries to look for: what the checkpoint says where files for it are there, else what they hold.

    A checkpoint may be altered, too, and a size out of the blue must not send us looking for millions of files.
    """
    widths: dict[int, int] = {}
    for name in names:
        tile = read_path(name)
        if tile is not None and tile.level in (ENTRIES, 0):
            widths[tile.place] = max(widths.get(tile.place, 0), tile.width)
    last = max((place for place in widths if place <= len(widths) + _GAP), default=None)
    if last is None:
        return 0
    end = last * WIDTH + widths[last]
    if said is not None and said.size < end:
        path = {tile_path(level, said.size // WIDTH, said.size % WIDTH) for level in (ENTRIES, 0) if said.size % WIDTH}
        full = {tile_path(level, (said.size - 1) // WIDTH) for level in (ENTRIES, 0) if said.size}
        if not said.size or not (path | full).isdisjoint(names):
            return said.size
    return end


def _bundles(size: int) -> Iterator[Tile]:
    for first in range(0, size, WIDTH):
        yield Tile(ENTRIES, first // WIDTH, min(WIDTH, size - first))


def _hold_checkpoint(
    found: Verified,
    note: str,
    said: Checkpoint | None,
    size: int,
    stored: bytes | None,
    verifiers: Sequence[Verifier] | None,
) -> None:
    """Adds what is wrong with the checkpoint, and where the tree is not the one it is of.

    A checkpoint that the key did not sign contradicts nothing; that it is not signed is all that is told of it.
    """
    if said is None:
        return
    if verifiers is None:
        found.warnings.append(
            "Nobody's signature was checked: give --public-key with the key that the ledger's owner told you."
        )
    else:
        try:
            _, opened = open_checkpoint(note, verifiers)
        except BadNote as error:
            found.problems.insert(0, Problem(None, "checkpoint", f"The checkpoint cannot be trusted: {error}."))
            return
        if all(v.name != said.origin for v in opened.signed_by):
            found.warnings.append(f"The key has another name than the ledger it signed for, {said.origin}.")
    if said.size > size:
        why = f"The export ends before entry {size}, and its checkpoint covers {said.size} entries."
        found.problems.append(Problem(size, "short", why))
    elif said.size < size:
        why = f"The checkpoint covers {said.size} entries, and the files hold {size}."
        found.problems.append(Problem(said.size, "checkpoint", why))
    elif said.root not in (found.root, stored) and not (found.root is None and stored is None):
        why = "The tree over the entries is not the one that the checkpoint is of."
        found.problems.append(Problem(None, "root", why))


def _strays(read: Read, names: Collection[str], used: Collection[str], size: int) -> Iterator[Problem]:
    """Yields a problem for each file among the tiles that has no place there.

    A full tile beside a partial one, and partial tiles of before, may stay; they must agree with what is due.
    """
    for name in sorted(names):
        if name in used or not name.startswith("tile/"):
            continue
        tile = read_path(name)
        due = None if tile is None else _due(tile, size)
        if tile is None or due is None:
            yield Problem(None, "extra", f"{name} has no place in a ledger of {size} entries.")
            continue
        paths = (due.path, tile_path(due.level, due.place))
        right = next((raw for path in paths if path in used and (raw := read(path)) is not None), None)
        held = read(name)
        if right is None or held is None or right.startswith(held) or held.startswith(right):
            continue
        yield Problem(tile.first, "tile", f"{name} contradicts {due.path}.")


def _due(tile: Tile, size: int) -> Tile | None:
    """Returns the tile that is due where this one lies; None where none is, or only a narrower one."""
    of = WIDTH**tile.level if isinstance(tile.level, int) else 1
    width = min(WIDTH, size // of - tile.place * WIDTH)
    if width <= 0 or (tile.width > width and tile.width != WIDTH):
        return None
    return Tile(tile.level, tile.place, width)
