"""The register whose packs are tested: a project with every kind of thing that can be in a pack, and one beside it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.api import Engine, SetClock, create_register, given
from engine.core.errors import CocycleError
from engine.packing.verifier.checking import Report, check_pack
from tests.journeys.town import ADMIN, COCHAIR, LEAD, MANAGER, PROJECT, SRO, START, Town, document, found_town

DEPUTY_ADMIN = "second@example.org"
HIDING = """\
cocycle: 1
id: hiding
version: "1"
title: Hiding
levels: [consultation, co_design]
roles:
  lead: {title: Co-production lead}
evidence:
  minutes:
    title: Minutes
    file: none
    fields:
      heard: {type: counts, of: [carer, staff], required: true, small_numbers: hidden}
stages:
  - {id: plan, title: Plan, transitions: [{id: advance, to: done, gate: plan-gate}]}
  - {id: done, title: Done, final: true}
gates:
  plan-gate: {title: Plan gate, requires: [{id: a, title: Minutes of the meeting, evidence: minutes}]}
"""


@dataclass(slots=True)
class Packed:
    """A pack, and what an auditor has beside it: the register's key, and receipts and checkpoints of earlier days."""

    folder: Path
    answer: Mapping[str, Any]
    kept: Sequence[tuple[str, str]] = ()

    @property
    def key(self) -> str:
        """The register's public key."""
        return str(self.answer["public_key"])

    def check(self, *, key: str | None = None) -> Report:
        """Checks the pack with the register's key."""
        return check_pack(str(self.folder), key or self.key, self.kept)

    def copy(self, to: Path) -> Packed:
        """Returns a copy that may be spoilt."""
        shutil.copytree(self.folder, to, symlinks=True)
        return Packed(to, self.answer, self.kept)


def found_register(folder: Path) -> Town:
    """Returns a register with a project that passed a gate, was refused one, and has a personal record."""
    found_town(folder)
    clock = SetClock(START)
    from engine.api import open_register

    town = Town(folder / "town.db", open_register(folder / "town.db", clock=clock), clock)
    town.engine.add_person(DEPUTY_ADMIN, "Sam Second", roles=["admin"], actor=ADMIN)
    town.open("OTHER-1")
    town.open()
    refused(town.engine)
    town.pass_plan()
    town.add("specification", level="co_production", files=[document("spec.pdf", b"specification\n")])
    personal = [given("Robin Example.pdf", b"a story about Robin\n")]
    town.engine.add_evidence(PROJECT, "equality", files=personal, personal=True, actor=LEAD)
    town.engine.set_fields(PROJECT, {"lifetime_value": "1500000.00"}, actor=MANAGER)
    town.engine.hold(PROJECT, "<script>alert(1)</script> waiting", actor=MANAGER)
    town.engine.resume(PROJECT, "It can go on.", actor=MANAGER)
    refused(town.engine)
    return town


def refused(engine: Engine) -> None:
    """Has somebody try to pass the gate ahead, and be refused."""
    try:
        engine.advance(PROJECT, actor=SRO)
    except CocycleError as error:
        assert error.code == "gate_shut"  # noqa: PT017  # not what is tested
    else:
        raise AssertionError


def hiding_register(folder: Path) -> Engine:
    """Returns a register whose definition hides small numbers, with a record that holds one."""
    clock = SetClock(START)
    engine, _ = create_register(folder / "hiding.db", admin=ADMIN, clock=clock)
    engine.load_definition(HIDING.encode(), "hiding.yaml", actor=ADMIN)
    engine.add_person(COCHAIR, "Casey", roles=["lead"], actor=ADMIN)
    engine.new_project("Hidden", "hiding", project_id="H-1", actor=ADMIN)
    engine.add_evidence("H-1", "a", facts={"heard": {"carer": 3, "staff": 40}}, actor=COCHAIR)
    return engine


def run_verify(pack: Path, *words: str, python: str = sys.executable) -> tuple[int, str]:
    """Runs the verify.py that lies in a pack, with nothing but the standard library; returns its code and its words."""
    command = [python, "-I", "-S", "-E", "-W", "error", str(pack / "verify.py"), *words]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=pack, env={"LANG": "C"})
    return ran.returncode, ran.stdout + ran.stderr


def loaded(path: Path) -> Any:
    """Returns a JSON file's value."""
    return json.loads(path.read_bytes())
