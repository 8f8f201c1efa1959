"""What is exported: the files that an exporter makes of what the register can show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.hookshapes.plain import Json


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file that an exporter made.

    Attributes:
        name: of the file, without a folder.
        media_type: like `text/csv`.
        content: its bytes.
    """

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Exporter:
    """Makes files of what the register can show.

    Attributes:
        id: small letters, digits, `_` and `-`.
        title: for people who choose among exporters.
        export: `export(what, settings) -> files`. `what` is the document described in docs/exports.md: `register`,
            `today`, and `projects`, each as `project show` gives it with `evidence`, `gates_ahead`, `deadlines` and
            `history`.
        whole: True where it makes sense of many projects at once; False where it wants exactly one.
    """

    id: str
    title: str
    export: Callable[[Json, Mapping[str, str]], Sequence[ExportedFile]]
    whole: bool = True
