"""Verifies a register or an export for the command line; what cannot be read at all is an answer as well."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from terminal.asked import Asked
from terminal.mistake import Mistake
from terminal.read_file import read_file
from terminal.screen import print_answer


@dataclass(frozen=True, slots=True)
class Against:
    """What to hold a ledger against: a public key, and the checkpoints and receipts that were kept, as text."""

    public_key: str | None = None
    checkpoints: Sequence[str] = ()
    receipts: Sequence[str] = ()
    ask_plugins: bool = False

    @property
    def given(self) -> dict[str, Any]:
        """The arguments that the engine takes, those that say nothing left out."""
        said = {
            "public_key": self.public_key,
            "checkpoints": self.checkpoints,
            "receipts": self.receipts,
            "ask_plugins": self.ask_plugins,
        }
        return {name: value for name, value in said.items() if value}


def text_of(path: str) -> str:
    """Returns a file as text; what is no UTF-8 is marked so that nobody takes it for text. Raises Mistake."""
    return read_file(path).decode("utf-8", "surrogateescape")


def verified_export(folder: str, against: Against) -> dict[str, Any]:
    """Returns the answer for an export."""
    from engine.api import verify_export

    return verify_export(folder, **against.given)


def verified_register(asked: Asked, against: Against) -> dict[str, Any]:
    """Returns the answer for the register that was asked for.

    A register too damaged to be read is an answer; one that is not there, or cannot be used just now, is a failure.
    """
    from engine.api import CocycleError, StorageUnavailable
    from terminal.incident import record

    try:
        with asked.reading() as engine:
            return engine.verify(**against.given)
    except (Mistake, StorageUnavailable):
        raise
    except CocycleError as wreck:
        if not os.path.exists(asked.register):
            raise
        return wrecked(wreck.code, wreck.message)
    except Exception as error:  # noqa: BLE001  # what was tampered with may break any reader; verify must still answer
        number, where = record(error, ("ledger", "verify"))
        return wrecked("unreadable", f"The register cannot be read to its end, incident {number}. {where}")


def wrecked(kind: str, message: str) -> dict[str, Any]:
    """Returns the answer for what cannot be read."""
    # a name that is no text may stand in the message, and what we print is read as UTF-8
    problem = {"seq": None, "kind": kind, "message": message.encode("utf-8", "replace").decode()}
    return {"ok": False, "size": 0, "root": "", "problems": [problem], "erased": 0, "states_checked": 0}


def verify_batch(asked: Asked, public_key: str | None) -> bool:
    """Prints one answer a line for each register or export named on standard input; returns whether all are whole.

    Whatever is wrong with one of them, the next is verified all the same.
    """
    whole = True
    against = Against(public_key)
    for place in _lines():
        found = _verified(asked, place, against)
        whole = whole and bool(found["ok"])
        print_answer(json.dumps({"path": os.fsencode(place).decode("utf-8", "replace"), **found}, default=str) + "\n")
    return whole


def _verified(asked: Asked, place: str, against: Against) -> dict[str, Any]:
    from engine.api import CocycleError

    try:
        if os.path.isdir(place):
            return verified_export(place, against)
        return verified_register(replace(asked, db=place), against)
    except (CocycleError, Mistake) as error:
        return wrecked("unreadable", error.message)
    except Exception as error:  # noqa: BLE001  # one wreck must not keep the others from being verified
        from terminal.incident import record

        number, where = record(error, ("ledger", "verify"))
        return wrecked("unreadable", f"It cannot be read to its end, incident {number}. {where}")


def _lines() -> Iterator[str]:
    for line in () if sys.stdin is None else sys.stdin.buffer:  # None where standard input was closed
        place = os.fsdecode(line.rstrip(b"\r\n"))
        if place.strip():
            yield place
