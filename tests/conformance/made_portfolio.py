"""Makes the sample portfolio of `plugin check` with the real engine: `python -m tests.conformance.made_portfolio`.

Ids that the engine draws at random are put in an order of their own, so that making it again changes only what changed.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from engine.api import SetClock, open_register
from engine.conformance.portfolio import SAMPLE
from tests.journeys.town import COCHAIR, LEAD, MANAGER, PROJECT, SRO, START, Town, document, found_town

Json = dict[str, Any]
_IDS = re.compile(r"\b([a-z])-[0-9a-f]{16}\b")
_RANDOM = re.compile(r'("(?:binds|sealed)": ")([0-9a-f]{64})')


def furnished(town: Town) -> Json:
    """Opens three projects: one passed a gate and is stuck, one is on hold, one has done nothing; returns them all."""
    engine = town.engine
    town.open(regime="psr")
    town.pass_plan()
    town.engine.add_evidence(
        PROJECT,
        "specification",
        level="co_production",
        files=[document("letter.pdf", b"Dear all\n")],
        personal=True,
        actor=LEAD,
    )
    town.add("market-notice")
    town.add("market-meeting")
    engine.waive(PROJECT, "specification", "No room", "2026-06-20", COCHAIR, actor=SRO)
    town.open("CC-2", lifetime_value="120000.50")
    withdrawn = town.add("mandate", "CC-2")
    engine.withdraw(withdrawn, "The wrong page", actor=LEAD)
    engine.hold("CC-2", "A pause", actor=MANAGER)
    engine.new_project(
        "Night café, “Harbour”",
        "two-gates",
        project_id="CC-3",
        fields={"lifetime_value": "0", "priority_groups": ["Deaf people"]},
        actor=MANAGER,
    )
    town.on("2028-06-01")
    found: Json = engine.export_document()
    return found


def made() -> Json:
    """Returns the document of a register of its own, its random ids in an order of their own."""
    with tempfile.TemporaryDirectory() as folder:
        found_town(Path(folder))
        clock = SetClock(START)
        town = Town(Path(folder, "town.db"), open_register(Path(folder, "town.db"), clock=clock), clock)
        try:
            return in_order(furnished(town))
        finally:
            town.engine.close()
            shutil.rmtree(folder, ignore_errors=True)


def in_order(document: Json) -> Json:
    """Returns a document in which each random id is its letter and the number of its first place."""
    known: dict[str, str] = {}

    def ordered(found: re.Match[str]) -> str:
        return known.setdefault(found[0], f"{found[1]}-{len(known) + 1:016x}")

    bound: dict[str, str] = {}
    text = _RANDOM.sub(lambda f: f[1] + bound.setdefault(f[2], f"{len(bound) + 1:064x}"), json.dumps(document))
    renamed: Json = json.loads(_IDS.sub(ordered, text))
    return renamed


def main() -> None:
    """Writes the sample."""
    SAMPLE.write_text(json.dumps(made(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write("engine/conformance/portfolio.json\n")


if __name__ == "__main__":
    main()
