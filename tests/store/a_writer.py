"""A program of its own that acts on projects again and again, and says each act once it is acknowledged.

Its arguments: the register, a project, how many acts (or `forever`), and a limit on the size of files (or 0).
"""

from __future__ import annotations

import itertools
import sys

from engine.core.errors import CocycleError
from engine.core.events import Event
from engine.store import journal
from engine.store.database import open_database
from engine.store.projects import ProjectRow, load_project, save_project


def say(what: object) -> None:
    """Says a line at once."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def act(path: str, project: str, acts: int | None, size_limit: int) -> None:
    """Writes until done, killed or refused; prints the index of each acknowledged entry, and the code of a refusal."""
    if size_limit:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (size_limit, size_limit))
    with open_database(path, timeout=60) as database:
        for _ in itertools.count() if acts is None else range(acts):
            with database.write() as tx:
                now = journal.head(tx)
                found = load_project(tx, project)
                assert found is not None
                event = Event("held", project, {"padding": "x" * 500}, {"reason": "words"})
                at = f"2026-11-22T10:{now.size // 1000 % 60:02}:00.{now.size % 1000:06}Z"
                (entry,) = journal.append(
                    tx, [(event, found.version + 1)], at=max(at, now.at), by="p1", key_hash=None, fingerprint=None
                )
                row = ProjectRow(
                    project,
                    found.version + 1,
                    "two-gates",
                    found.definition,
                    "plan",
                    False,
                    False,
                    1,
                    "T",
                    at,
                    None,
                    b"",
                )
                save_project(tx, row, expected_version=found.version)
            say(entry.seq)


if __name__ == "__main__":
    try:
        act(sys.argv[1], sys.argv[2], None if sys.argv[3] == "forever" else int(sys.argv[3]), int(sys.argv[4]))
    except CocycleError as error:
        say(f"{error.code}: {error.message}")
