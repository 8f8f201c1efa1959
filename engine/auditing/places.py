"""In which stage each project was when something happened to it, kept for as many projects as a reading needs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import orjson

from engine.store import search
from engine.store.database import Transaction

MOST: Final = 10_000  # projects remembered; of others it is asked again


class Place(NamedTuple):
    """Where a project stands, and by which definition (its digest)."""

    stage: str
    definition: str


class Places:
    """Follows projects from stage to stage as the entries of a reading pass by.

    Where the reading leaves out entries of a project (`whole` is False), nothing is remembered, and each place is
    found by the index of the project's entries.
    """

    def __init__(self, *, whole: bool) -> None:
        self._tx: Transaction | None = None
        self._whole = whole
        self._known: OrderedDict[str, Place] = OrderedDict()

    def read_by(self, tx: Transaction) -> None:
        """Takes the transaction by which places are read from now on."""
        self._tx = tx

    def before(self, project: str, seq: int) -> Place | None:
        """Returns where a project stood before an entry; None where it was not opened yet."""
        if (found := self._known.get(project)) is not None:
            self._known.move_to_end(project)
            return found
        assert self._tx is not None
        leaves = search.where_it_stood(self._tx, project, seq)
        if leaves is None:
            return None
        opened, moved = (orjson.loads(leaf)["body"] for leaf in leaves)
        place = Place(moved.get("to") or moved["stage"], opened["definition"])
        self._keep(project, place)
        return place

    def pass_by(self, leaf: Mapping[str, Any]) -> None:
        """Takes note of an entry of a project, once what stood before it was asked for."""
        body = leaf["body"]
        match leaf["event"]:
            case "project_opened":
                self._keep(leaf["project"], Place(body["stage"], body["definition"]))
            case "advanced" | "gate_reopened":
                if (known := self._known.get(leaf["project"])) is not None:
                    self._keep(leaf["project"], known._replace(stage=body["to"]))

    def _keep(self, project: str, place: Place) -> None:
        if not self._whole:
            return
        self._known[project] = place
        self._known.move_to_end(project)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
