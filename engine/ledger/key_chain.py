"""Follows a ledger from key to key: which keys signed for it, and which of them vouch for which."""

from __future__ import annotations

import base64
from typing import Any

from engine.ledger.leaf import Leaf
from engine.ledger.note import BadKey, Verifier, read_verifier
from engine.ledger.rotation import fault_of_rotation
from engine.ledger.verify import Problem


class KeyChain:
    """The keys of a ledger, oldest first, as its own entries name them.

    Attributes:
        origins: every name the ledger has had.
    """

    __slots__ = ("_keys", "_vouched", "origins")

    def __init__(self) -> None:
        self._keys: list[Verifier] = []
        self._vouched: list[bool] = []  # of each key: did the one before it sign for it?
        self.origins: set[str] = set()

    def add(self, seq: int, leaf: Leaf, root: bytes | None, problems: list[Problem]) -> None:
        """Takes in an event about keys and adds what is wrong with it.

        Args:
            seq: its index; leaf: `register_opened`, `key_rotated` or `ledger_recovered`.
            root: of the tree before it; None where that cannot be computed.
        """
        name = "public_key" if leaf.name == "register_opened" else "to"
        try:
            key = read_verifier(str(leaf.body.get(name)))
        except BadKey as error:
            problems.append(Problem(seq, "key", f"Entry {seq} names a key that cannot be used: {error}."))
            return
        fault = ""
        if leaf.name == "register_opened":
            fault = "says that the ledger begins, and it had begun" if self._keys else ""
        else:
            if not self._keys or leaf.body.get("from") != self._keys[-1].text:
                fault = "takes over from a key that was not in force"
            elif root is not None and (leaf.body.get("size"), _decoded(leaf.body.get("root"))) != (seq, root):
                fault = "names another tree than the one before it"
            if leaf.name == "key_rotated" and not fault:
                fault = fault_of_rotation(leaf.body)
        if fault:
            problems.append(Problem(seq, "key", f"Entry {seq} is no sound change of keys: {fault.removesuffix('.')}."))
        self._keys.append(key)
        self._vouched.append(leaf.name == "key_rotated" and not fault)
        self.origins.add(key.name)

    @property
    def keys(self) -> list[Verifier]:
        """All of them."""
        return list(self._keys)

    def trusted(self, verifier: Verifier) -> list[Verifier]:
        """Returns the keys to be trusted where one is: those before it, and those that signatures lead on to.

        A key that took over after a loss is not vouched for by the one before it; whoever trusts the old one only has
        to be told the new one.
        """
        if verifier not in self._keys:
            return [verifier]
        end = self._keys.index(verifier) + 1
        while end < len(self._keys) and self._vouched[end]:
            end += 1
        return self._keys[:end]


def _decoded(text: Any) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except ValueError:
        return b""
