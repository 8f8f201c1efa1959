"""A plugin that is here, as it is listed: where it is from, whether it is active, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Origin = Literal["bundled", "installed", "folder"]


@dataclass(frozen=True, slots=True)
class Available:
    """One plugin that was found; none of its code has run.

    Attributes:
        name: the name of its entry point, as it was written, also where it is no name for a plugin.
        origin: bundled with cocycle, installed beside it, or lying in the plugins folder.
        module: the module its entry point names.
        version: of its distribution; empty where none is declared.
        digest: the SHA-256 (hex) of its files; empty where they cannot be read.
        active: whether it is asked at all; one with an error never is.
        error: why it cannot be used, as a sentence; None where nothing speaks against it so far.
        folder: where its files lie; None where that is not known.
        code: the folder to import it from where it is not installed; None where it is.
    """

    name: str
    origin: Origin
    module: str
    version: str
    digest: str
    active: bool
    error: str | None
    folder: str | None
    code: str | None = None
