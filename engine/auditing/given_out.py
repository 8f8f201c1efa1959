"""What the front door gives out of searching: the lines of a log, a workbook, a file that is whole or not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any


def log_lines(rows: Iterable[dict[str, Any]], form: str) -> Iterator[bytes]:
    """Returns the lines of a log of entries, each with its `says`, as `jsonl` or `csv`."""
    from engine.auditing.tables import FORMS

    return FORMS[form](rows)


def write_excel(rows: Iterable[dict[str, Any]], target: IO[bytes]) -> None:
    """Writes a log of entries, each with its `says`, as an Excel workbook in which nothing can run.

    Raises:
        InputRefused: there are more rows than a sheet holds.
    """
    from engine.auditing.tables import write_excel as write

    write(rows, target)


def whole_file(path: Path, *, replace: bool = False) -> AbstractContextManager[IO[bytes]]:
    """Gives a file to write to, which appears at `path` whole when the block ends, or not at all.

    Raises:
        InputRefused: something is there and `replace` is not set, or it is no plain file, or its folder is not there.
        StorageUnavailable: it cannot be written.
    """
    from engine.auditing.whole_file import whole_file as whole

    return whole(path, replace=replace)


def digest_of_file(path: Path | str) -> str:
    """Returns the SHA-256 of a plain file's bytes, in hexadecimal; of any size.

    Raises:
        InputRefused: it is missing, no plain file, or cannot be read.
    """
    from engine.auditing.find import digest_of_file as digest

    return digest(Path(path))
