"""The front door: everything the command line, the pages and other programs may use of the engine."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.auditing.given_out import digest_of_file, log_lines, whole_file, write_excel
from engine.beats import Health
from engine.before_signing import BeforeSigning
from engine.board import Board
from engine.choke_point import ChokePoint
from engine.clock import Clock, SetClock, SystemClock
from engine.conformance.door import check_plugin, commands_of, list_plugins, new_plugin, plugins_of
from engine.core.errors import (
    CocycleError,
    Conflict,
    DefinitionError,
    InputRefused,
    IntegrityFailure,
    NotFound,
    NotPermitted,
    RulesRefused,
    StorageUnavailable,
)
from engine.core.refusal_words import REFUSALS
from engine.correcting import Correcting
from engine.deadlines import Deadlines
from engine.erasing import Erasing
from engine.files import FileGiven, given
from engine.for_strangers import ForStrangers, check_proof, checked_public_key, verify_export
from engine.giving import Giving
from engine.hosting.faults import PluginBroke
from engine.logs import Log, open_log, silence
from engine.on_files import (
    check_definition,
    compare_definitions,
    definition_page,
    definition_schema,
    play_scenarios,
    read_definition,
    read_record,
    shipped_definition,
    workflows_folder,
)
from engine.opening_many import OpeningMany
from engine.packing.packs import Packs
from engine.planned import Plans
from engine.reads import Reads
from engine.register_acts import RegisterActs
from engine.rekeying import Rekeying
from engine.scheduler import Scheduler
from engine.service import ProjectActs
from engine.settings import Settings, settings_from
from engine.signing_key import finish_change_of_keys
from engine.store.database import Database, open_database
from engine.sweeping import Sweeping

if TYPE_CHECKING:
    pass

__all__ = [
    "REFUSALS",
    "Clock",
    "CocycleError",
    "Conflict",
    "DefinitionError",
    "Engine",
    "FileGiven",
    "InputRefused",
    "IntegrityFailure",
    "NotFound",
    "NotPermitted",
    "PluginBroke",
    "RulesRefused",
    "Scheduler",
    "SetClock",
    "Settings",
    "StorageUnavailable",
    "SystemClock",
    "check_definition",
    "check_plugin",
    "check_proof",
    "checked_public_key",
    "commands_of",
    "compare_definitions",
    "create_register",
    "definition_page",
    "definition_schema",
    "digest_of_file",
    "given",
    "list_plugins",
    "log_lines",
    "migrate_register",
    "new_plugin",
    "open_log",
    "open_register",
    "play_scenarios",
    "plugins_of",
    "read_definition",
    "read_record",
    "settings_from",
    "shipped_definition",
    "verify_export",
    "whole_file",
    "workflows_folder",
    "write_excel",
]


class Engine(
    ProjectActs,
    RegisterActs,
    Rekeying,
    Sweeping,
    Health,
    Correcting,
    Erasing,
    Reads,
    Board,
    BeforeSigning,
    ForStrangers,
    Packs,
    Deadlines,
    Plans,
    Giving,
    OpeningMany,
):
    """An open register: the acts on projects and on itself, the readings, and the care of it."""

    def __init__(self, database: Database, settings: Settings, clock: Clock | None = None, log: Log = silence) -> None:
        ChokePoint.__init__(self, database, settings, clock, log)

    def verify(
        self,
        *,
        public_key: str | None = None,
        checkpoints: Sequence[str] = (),
        receipts: Sequence[str] = (),
        ask_plugins: bool = False,
    ) -> dict[str, Any]:
        """Returns whether what is stored is what was recorded and was rightly decided, and every problem.

        `public_key` is one of the register's, from somewhere else; `checkpoints` and `receipts` are texts that
        somebody kept. What plugins said is taken as it is on record, unless they are to be asked again.
        """
        from engine.audit import verify

        asks = self.host.judges() if ask_plugins else None
        return verify(
            self.database, self.room, public_key=public_key, checkpoints=checkpoints, receipts=receipts, asks=asks
        )

    def audit_log(
        self, words: Sequence[str] = (), *, after: str | None = None, limit: int | None = None
    ) -> Generator[dict[str, Any], None, None]:
        """Returns an iterator over the entries that a query wants, oldest first; a mistake in it is told at once."""
        from engine.auditing.log import log

        return log(self.database, self.room, words, after=after, limit=limit)

    def audit_find(self, what: str, digest: str | None = None) -> dict[str, Any]:
        """Returns every entry and record in which an index, a digest or an id occurs; raises NotFound.

        Where `what` is the name of a file, `digest` is the SHA-256 of its bytes, and that is looked for.
        """
        from engine.auditing.find import find

        return find(self.database, self.room, what, digest)

    def what_if(self, project: str, definition: dict[str, Any], *, as_of: str | None = None) -> dict[str, Any]:
        """Returns what the gates of another definition, in its canonical form with digest, would have said."""
        from engine.auditing.what_if import what_if

        return what_if(self.database, self.room, project, definition, as_of=as_of)

    def doctor(self) -> dict[str, Any]:
        """Returns whether register, key and machine are fit for work."""
        from engine.health import doctor

        return doctor(self.database, self.room, self.settings, self.host)

    def backup(self, target: Path | str) -> dict[str, Any]:
        """Copies the register, its key and the signer's memory to a new place."""
        from engine.health import backup

        return backup(self.database, Path(target))

    def close(self) -> None:
        """Lets go of the register, and of the processes of plugins."""
        self.host.close()
        self.database.close()


def open_register(
    where: Path | str,
    *,
    read_only: bool = False,
    clock: Clock | None = None,
    settings: Settings | None = None,
    log: Log = silence,
) -> Engine:
    """Opens the register at a path.

    Raises:
        NotFound: nothing is there.
        InputRefused: what is there is no register.
        StorageUnavailable: it is locked, cannot be read, or was made by another version of cocycle.
    """
    _refuse_addresses(str(where))
    database = open_database(Path(where), read_only=read_only)
    if not read_only:
        finish_change_of_keys(database)
    return Engine(database, settings or Settings(str(where)), clock, log)


def create_register(
    where: Path | str,
    *,
    origin: str | None = None,
    admin: str | None = None,
    name: str | None = None,
    clock: Clock | None = None,
    settings: Settings | None = None,
) -> tuple[Engine, dict[str, Any]]:
    """Makes a register with its signing key and opens it; returns it with the answer of its first write.

    Raises:
        InputRefused: something is there already, or the origin or the e-mail cannot be used.
        StorageUnavailable: the place cannot be written.
    """
    from engine.opening import create

    _refuse_addresses(str(where))
    database, answer = create(Path(where), origin=origin, admin=admin, name=name, clock=clock)
    return Engine(database, settings or Settings(str(where)), clock), answer


def migrate_register(where: Path | str, *, copy: bool = True) -> dict[str, Any]:
    """Brings a register that an older cocycle made up to date; returns `register`, `from`, `to` and `copy`.

    `copy` of the answer is where the register as it was lies; None where none was asked for, or nothing was to do.

    Raises:
        NotFound, InputRefused: there is no register, or a file where the copy should go.
        StorageUnavailable: others use it, there is no room, or a newer cocycle made it; nothing was changed.
    """
    from engine.store.migrate import migrate_register as migrate

    _refuse_addresses(str(where))
    done = migrate(Path(where), copy=copy)
    kept = None if done.copy is None else str(done.copy)
    return {"register": str(where), "from": done.before, "to": done.after, "copy": kept}


def _refuse_addresses(where: str) -> None:
    if "://" in where:
        raise StorageUnavailable(
            f"This version keeps registers in SQLite files only; {where.partition('://')[0]} is not supported.",
            code="unsupported_storage",
        )
