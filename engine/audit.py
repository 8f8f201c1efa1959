"""`ledger verify`: is what is stored what was recorded, and was what was recorded rightly decided?

All entries are read once: hashed, parsed, and held against the tree, their words and the columns they are filed under.
Then every project is replayed from its entries, judged again, and compared with its stored state. Nothing that is
stored is believed, no private key is needed, and nothing is written.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from engine.core.errors import StorageUnavailable
from engine.core.opinions import Judges
from engine.ledger.kept import kept_problems, read_kept
from engine.ledger.note import BadKey, Verifier, read_verifier
from engine.ledger.verify import Problem
from engine.room import Room
from engine.store import anchors, inspect
from engine.store.database import Database, Transaction
from engine.store.failures import plain_failures
from engine.verifying.entries import Entries
from engine.verifying.files import Files
from engine.verifying.plugins import PluginVerdicts
from engine.verifying.projects import STUMBLES, Projects

UNSIGNED = (
    "No public key was given, so signatures were checked with the key that the register itself names."
    " Whoever can write everything can also write that one: give --public-key from somewhere else."
)


def verify(
    database: Database,
    room: Room,
    *,
    public_key: str | None = None,
    checkpoints: Sequence[str] = (),
    receipts: Sequence[str] = (),
    asks: Judges | None = None,
) -> dict[str, Any]:
    """Returns the contract's answer: every problem with its place in the ledger, none where all is as recorded.

    Args:
        database: the register; nothing is written to it.
        room: gives definitions; its clock is not looked at.
        public_key: a key of the register, as a verifier key, from somewhere else than the register.
        checkpoints: signed notes that somebody kept; receipts: tlog-proofs that somebody kept; each as text.
        asks: the plugins to put recorded questions to again; None to take what they said as it is on record.

    Returns:
        `ok`, `size`, `root` (base64), `problems` (`seq`, `kind`, `message`), `erased` (words and files),
        `states_checked`; and `erasures` (`seq`, `what`, `items`), `rejudged`, `not_rejudged` (`seq`, `why`,
        `erased_by`), `checkpoints` (how many signed ones were held against the tree), `warnings`;
        `plugins` (`plugin`, `version`, `digest`, `verdicts`: how many were taken as recorded), and `asked_again`
        (`same`, `not_asked`), null where nobody was asked.
    """
    audit = _Audit(database, room, asks)
    with database.read() as tx:
        audit.check(tx, public_key, checkpoints, receipts)
    return audit.answer()


class _Audit:
    """One verification, and what it found so far."""

    def __init__(self, database: Database, room: Room, asks: Judges | None = None) -> None:
        self._asks = asks
        self.read = Entries()
        self.problems = self.read.problems
        self.projects: Projects | None = None
        self.warnings: list[str] = []
        self.held = 0
        self._database, self._room = database, room

    def check(
        self, tx: Transaction, public_key: str | None, checkpoints: Sequence[str], receipts: Sequence[str]
    ) -> None:
        """Looks at everything; where one part cannot be read at all, the others still are."""
        files = Files(self.read.erasures)
        projects = self.projects = Projects(tx, self._room, self.read, files, self._asks)
        self._part(lambda: self._add(inspect.damage(tx)))
        self._part(lambda: self._add(inspect.guard_problems(tx)))
        self._part(lambda: self._add(inspect.count_problems(tx)))
        self._part(lambda: self.read.read(tx))
        self._part(lambda: self._add(self.read.end(tx)))
        self._part(lambda: files.read(tx))
        self._part(projects.check)
        self._add(projects.problems)
        self._part(lambda: self._add(files.end()))
        self._part(lambda: self._keep(tx, public_key, checkpoints, receipts))
        self.warnings += self.read.register.losses

    def _add(self, problems: Iterable[Problem]) -> None:
        self.problems.extend(problems)

    def _part(self, look: Callable[[], None]) -> None:
        """Turns what cannot even be read, a table gone or a row of another kind, into a finding."""
        try:
            with plain_failures(self._database.path):
                look()
        except StorageUnavailable:  # it cannot be read now, which says nothing about it
            raise
        except STUMBLES as error:
            self.problems.append(Problem(None, "unreadable", f"The register cannot be read: {_told(error)}."))

    def _keep(
        self, tx: Transaction, public_key: str | None, checkpoints: Sequence[str], receipts: Sequence[str]
    ) -> None:
        """Holds the tree against checkpoints: those that outside places took, and those that were kept."""
        chain, tree = self.read.register.chain, self.read.check.tree
        verifiers = self._verifiers(public_key)
        kept, unreadable = read_kept(
            [*(a.note for a in anchors.anchors(tx).values() if a.note), *checkpoints], receipts
        )
        self._add(unreadable)
        self.held = len(kept)
        self._add(
            kept_problems(
                kept,
                verifiers=verifiers,
                origins=chain.origins,
                size=tree.size,
                root_at=tree.root_at,
                leaf_hash_at=tree.leaf_hash,
            )
        )

    def _verifiers(self, public_key: str | None) -> list[Verifier]:
        chain = self.read.register.chain
        if public_key is None:
            self.warnings.append(UNSIGNED)
            return chain.keys
        try:
            given = read_verifier(public_key.strip())
        except BadKey as error:
            self.problems.append(Problem(None, "key", f"The public key that was given cannot be used: {error}."))
            return []
        if given not in chain.keys:
            message = f"The public key that was given, {given.text}, is none that this register ever had."
            self.problems.append(Problem(None, "key", message))
        return chain.trusted(given)

    def answer(self) -> dict[str, Any]:
        """Returns what was found; problems that belong to an entry first, in the order of the ledger."""
        tree, erasures, projects = self.read.check.tree, self.read.erasures, self.projects
        told = sorted(dict.fromkeys(self.problems), key=lambda p: (p.seq is None, p.seq or 0))
        return {
            "ok": not told,
            "size": tree.size,
            "root": base64.b64encode(tree.root()).decode(),
            "problems": [{"seq": p.seq, "kind": p.kind, "message": p.message} for p in told],
            "erased": erasures.items,
            "states_checked": 0 if projects is None else projects.checked,
            "erasures": erasures.told,
            "rejudged": 0 if projects is None else projects.told.rejudged,
            "not_rejudged": [] if projects is None else projects.told.not_rejudged,
            "plugins": [] if projects is None else projects.told.plugins.as_json(),
            "asked_again": None if projects is None or self._asks is None else _asked(projects.told.plugins),
            "checkpoints": self.held,
            "warnings": self.warnings,
        }


def _asked(plugins: PluginVerdicts) -> dict[str, int]:
    return {"same": plugins.again, "not_asked": plugins.other}


def _told(error: Exception) -> str:
    return (str(error) or type(error).__name__).removesuffix(".")
