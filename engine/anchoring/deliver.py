"""Takes the newest checkpoint to every outside place at the same time, and notes how each of them answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from engine.anchoring.parcel import Contradicted, NotTaken, Overtaken, Parcel
from engine.anchoring.places import Places, stored_name
from engine.store.anchors import AnchorRow

Errand = Callable[[], str]


class Ended(NamedTuple):
    """How an errand ended: what it brought back, or why it failed, and whether that is a contradiction.

    Neither a note nor a failure: somebody else was there with a newer checkpoint, and has noted it.
    """

    note: str = ""
    failure: str = ""
    contradiction: bool = False


@dataclass(slots=True)
class _Running:
    errand: Errand
    ended: Ended | None = None
    broke: BaseException | None = None
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.ended = Ended(self.errand())
        except Contradicted as error:
            self.ended = Ended(failure=str(error), contradiction=True)
        except Overtaken:
            self.ended = Ended()
        except NotTaken as error:
            self.ended = Ended(failure=str(error))
        except BaseException as error:  # noqa: BLE001  # it is raised again in the thread that waits
            self.broke = error


def run_all(errands: Mapping[str, Errand], seconds: float) -> dict[str, Ended]:
    """Runs errands side by side and returns how each ended; whoever takes longer is left behind as failed.

    A share that hangs, or a server that sends a byte a second, cannot be called off. So the wait ends, not the work.
    """
    running = {name: _Running(errand) for name, errand in errands.items()}
    until = time.monotonic() + seconds
    ended: dict[str, Ended] = {}
    for name, one in running.items():
        one.thread.join(max(until - time.monotonic(), 0))
        if one.broke is not None:
            raise one.broke
        ended[name] = one.ended or Ended(failure=f"It gave no answer within {seconds:g} seconds.")
    return ended


def errands_for(places: Places, kept: Mapping[str, AnchorRow], parcel: Parcel, spared: set[str]) -> dict[str, Errand]:
    """Returns what is to be done at each place, by its name; a place that has this checkpoint already needs nothing.

    Args:
        places: where checkpoints go.
        kept: what each place took last.
        parcel: the newest checkpoint.
        spared: places that are not to be bothered now.
    """
    found: dict[str, Errand] = {}
    for folder in places.folders:
        from engine.anchoring.folder import keep_in_folder  # only where there is such a place: each takes long to load

        found[stored_name("folder", folder)] = partial(keep_in_folder, folder, parcel)
    for address in places.mail:
        from engine.anchoring.mail import send_checkpoint

        found[stored_name("mail", address)] = partial(send_checkpoint, address, parcel, places)
    for witness in places.witnesses:
        from engine.anchoring.witness import have_cosigned

        name = stored_name("witness", witness.name)
        seen = kept[name].size if name in kept and _of_origin(kept[name], parcel) else 0
        found[name] = partial(have_cosigned, witness, seen, parcel)
    return {name: errand for name, errand in found.items() if name not in spared and not _has(kept.get(name), parcel)}


def row_after(name: str, before: AnchorRow | None, ended: Ended, parcel: Parcel, now: str) -> AnchorRow:
    """Returns how it stands with a place after an errand."""
    if not ended.failure:
        return AnchorRow(name, parcel.checkpoint.size, ended.note, now, now, None)
    if before is None:
        return AnchorRow(name, 0, "", "", now, ended.failure)
    return before._replace(tried_at=now, failure=ended.failure)


def _has(row: AnchorRow | None, parcel: Parcel) -> bool:
    return row is not None and not row.failure and row.size == parcel.checkpoint.size and _of_origin(row, parcel)


def _of_origin(row: AnchorRow, parcel: Parcel) -> bool:
    return row.note.partition("\n")[0] == parcel.checkpoint.origin
