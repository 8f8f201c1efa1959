"""What an open register can do about packs; the rest is loaded once somebody wants one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.room import Room
from engine.store.database import Database


class Packs:
    """Packing."""

    database: Database
    room: Room

    def pack(
        self,
        project: str,
        target: Path | str,
        *,
        sample: int | None = None,
        seed: int | None = None,
        without_personal: bool = False,
        force: bool = False,
    ) -> dict[str, Any]:
        """Puts a project's evidence pack in a folder, or in a .zip where the target is called so; see `packing.pack`.

        Args:
            project: its id.
            target: where; nothing may be there, or with `force` a pack.
            sample: how many records are drawn for an audit; `seed`: by what, the root of the ledger where it is None.
            without_personal: keeps back files of personal records, their names, and e-mail addresses.
            force: replaces the pack that is there.

        Returns:
            what was packed: `pack` (where), `size` and `root` of the ledger, `public_key`, how many `entries`,
            `decisions`, `files` and `bytes`, and the ids of the `sample` with its `seed`.
        """
        from engine.packing.pack import Wishes, pack

        wishes = Wishes(sample, seed, without_personal, force)
        return pack(self.database, self.room, project, Path(target), wishes)
