"""The leaf: one recorded event as the exact bytes that are hashed into the tree.

A leaf names its project and the project's version, not its own index, so that leaves can be written side by side and be
put in their places afterwards. What people typed is not in it, only a commitment to each word: HMAC-SHA256 under a salt
that is kept beside the word, so that erasing both leaves a number nobody can lead back to a person.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from engine.ledger.canonical import NotCanonical, decode, encode

FORMAT: Final = 1
MAX_LEAF_BYTES: Final = 61_440
SALT_BYTES: Final = 32

_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ALWAYS = {"at", "body", "by", "cocycle", "event", "schema", "version", "words"}
_KNOWN = _ALWAYS | {"key", "project"}
_ORDERS = {tuple(sorted(_ALWAYS | more)) for more in (set[str](), {"key"}, {"project"}, {"key", "project"})}


class LeafTooLarge(ValueError):
    """More than a leaf can hold."""


class NotALeaf(ValueError):
    """Bytes that are not exactly a leaf."""


class Leaf(NamedTuple):
    """What a leaf says.

    Attributes:
        name: the event's name; schema: the number of its members' meaning, from 1.
        at: when, RFC 3339 in UTC with microseconds and `Z`; by: a person's id or `system`.
        project: None for an event of the register itself, whose version is 0; else version counts from 1.
        key: SHA-256 of the idempotency key, in hexadecimal; None where there was none.
        commitments: for each word its `commit`.
    """

    name: str
    schema: int
    at: str
    by: str
    project: str | None
    version: int
    key: str | None
    body: Mapping[str, Any]
    commitments: Mapping[str, str]


def leaf_bytes(
    *,
    name: str,
    schema: int,
    at: str,
    by: str,
    project: str | None,
    version: int,
    key: str | None,
    body: Mapping[str, Any],
    commitments: Mapping[str, str],
) -> bytes:
    """Returns the canonical bytes of a leaf; the arguments are the attributes of `Leaf`.

    Raises:
        NotCanonical: the body holds something that cannot stand in a leaf.
        LeafTooLarge: the bytes would be more than `MAX_LEAF_BYTES`.
    """
    document: dict[str, Any] = {
        "at": at,
        "body": body,
        "by": by,
        "cocycle": FORMAT,
        "event": name,
        "schema": schema,
        "version": version,
        "words": commitments,
    }
    if project is not None:
        document["project"] = project
    if key is not None:
        document["key"] = key
    data = encode(document)
    if len(data) > MAX_LEAF_BYTES:
        raise LeafTooLarge(f"the event takes {len(data):,} bytes of the ledger, and {MAX_LEAF_BYTES:,} is the most")
    return data


def read_leaf(data: bytes) -> Leaf:
    """Returns what the bytes of a leaf say.

    Raises:
        NotALeaf: the bytes are too many, not canonical, lack a member, have an unknown one, or one of a wrong shape.
    """
    if len(data) > MAX_LEAF_BYTES:
        raise NotALeaf(f"{len(data):,} bytes are more than a leaf holds")
    try:
        document = decode(data)
    except NotCanonical as error:
        raise NotALeaf(str(error)) from error
    if not isinstance(document, dict):
        raise NotALeaf("not an object")
    if tuple(document) not in _ORDERS:  # canonical members are sorted
        members = document.keys()
        wrong = (_ALWAYS - members) | (members - _KNOWN)
        raise NotALeaf(f"members missing or unknown: {', '.join(sorted(wrong))}")
    project, version, body, words = document.get("project"), document["version"], document["body"], document["words"]
    name, schema, at, by = document["event"], document["schema"], document["at"], document["by"]
    in_shape = (  # written out, since verifying does this for every entry; which member it is matters only to people
        type(version) is type(schema) is type(document["cocycle"]) is int
        and document["cocycle"] == FORMAT
        and version >= 0 < schema
        and type(body) is type(words) is dict
        and type(name) is type(by) is str
        and name != "" != by
        and _is_a_moment(at)
        and all(map(_is_a_hash, words.values()))
        and ("key" not in document or _is_a_hash(document["key"]))
        and ("project" not in document or _is_a_name(project))
    )
    if not in_shape:
        misshapen = [member for member, fits in _SHAPES.items() if member in document and not fits(document[member])]
        raise NotALeaf(f"members of a wrong shape: {', '.join(misshapen)}")
    if (project is not None) != (version > 0):
        raise NotALeaf("an event of a project has a version from 1, an event of the register has version 0")
    return Leaf(name, schema, at, by, project, version, document.get("key"), body, words)


def commit(value: Any, salt: bytes) -> str:
    """Returns the commitment to a word: HMAC-SHA256 of its canonical JSON under `salt`, in hexadecimal.

    Args:
        value: any canonical JSON value.
        salt: `SALT_BYTES` random bytes, of this word alone: with a shared or short salt, words could be guessed.

    Raises:
        NotCanonical: the value has no canonical form.
        ValueError: the salt has another length.
    """
    return commit_bytes(encode(value), salt)


def commit_bytes(canonical: bytes, salt: bytes) -> str:
    """Returns `commit` of the value whose canonical bytes are these, for whoever holds them already."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hmac.digest(salt, canonical, "sha256").hex()


def _is_a_hash(value: Any) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _is_a_moment(value: Any) -> bool:
    return isinstance(value, str) and _is_a_stamp(value)


@lru_cache(maxsize=16)  # the entries of one act share their moment
def _is_a_stamp(value: str) -> bool:
    if not _AT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_a_name(value: Any) -> bool:
    return isinstance(value, str) and value != ""


_SHAPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "at": _is_a_moment,
    "body": lambda value: type(value) is dict,
    "by": _is_a_name,
    "cocycle": lambda value: type(value) is int and value == FORMAT,
    "event": _is_a_name,
    "key": _is_a_hash,
    "project": _is_a_name,
    "schema": lambda value: type(value) is int and value > 0,
    "version": lambda value: type(value) is int and value >= 0,
    "words": lambda value: type(value) is dict and all(map(_is_a_hash, value.values())),
}
