"""The order of refusals: where several reasons apply, everybody hears the same one first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.api import CocycleError, Conflict, Engine, InputRefused, NotFound, NotPermitted, RulesRefused

from .town import ADMIN, COCHAIR, LEAD, MANAGER, PROJECT, SRO, UNKNOWN, Town, document, refused

Asked = Callable[[Engine], object]
USED = "used before"
MISSING = [Path("/nowhere/at/all.pdf")]

FIRST: dict[str, tuple[type[CocycleError], Asked]] = {
    # not found (8) before everything else
    "project not found, key reused": (NotFound, lambda e: e.hold("CC-9", "", actor=UNKNOWN, key=USED)),
    "project not found, no actor": (NotFound, lambda e: e.advance("CC-9", actor=None)),
    "project not found, file missing": (
        NotFound,
        lambda e: e.add_evidence("CC-9", "mandate", files=MISSING, actor=LEAD),
    ),
    "workflow not found, key reused": (NotFound, lambda e: e.new_project("", "none", actor=UNKNOWN, key=USED)),
    "requirement not found, key reused": (
        NotFound,
        lambda e: e.sign(PROJECT, "none", actor=SRO, key=USED),
    ),
    "requirement not found, file missing": (
        NotFound,
        lambda e: e.add_evidence(PROJECT, "none", files=MISSING, actor=LEAD),
    ),
    "requirement not found, bad level": (
        NotFound,
        lambda e: e.add_evidence(PROJECT, "none", level="none", actor=UNKNOWN),
    ),
    "requirement not found, no actor": (NotFound, lambda e: e.sign(PROJECT, "none", actor=None)),
    "second not found, key reused": (
        NotFound,
        lambda e: e.waive(PROJECT, "mandate", "", "", UNKNOWN, actor=SRO, key=USED),
    ),
    "owner not found, gate shut": (
        NotFound,
        lambda e: e.advance(PROJECT, conditions=[("x", UNKNOWN, "2026-07-01")], actor=SRO),
    ),
    "evidence not found, no reason": (NotFound, lambda e: e.withdraw("e-0", "", actor=UNKNOWN)),
    "person not found, key reused": (NotFound, lambda e: e.grant(UNKNOWN, "edi", actor=ADMIN, key=USED)),
    "stage not found, on hold": (NotFound, lambda e: e.advance(PROJECT, to="none", actor=UNKNOWN)),
    # key reused (7) before input
    "key reused, no reason": (Conflict, lambda e: e.hold(PROJECT, "", actor=UNKNOWN, key=USED)),
    "key reused, no actor": (Conflict, lambda e: e.hold(PROJECT, "x", actor=None, key=USED)),
    "key reused, bad fields": (
        Conflict,
        lambda e: e.new_project("", "two-gates", fields={"none": 1}, actor=UNKNOWN, key=USED),
    ),
    "key reused, file missing": (
        Conflict,
        lambda e: e.add_evidence(PROJECT, "mandate", files=MISSING, actor=LEAD, key=USED),
    ),
    "key reused, broken definition": (
        Conflict,
        lambda e: e.load_definition(b"cocycle: 2", "x.yaml", actor=ADMIN, key=USED),
    ),
    # input (2) before permission
    "bad reason, not permitted": (InputRefused, lambda e: e.hold(PROJECT, "", actor=LEAD)),
    "bad reason, unknown actor": (InputRefused, lambda e: e.hold(PROJECT, "", actor=UNKNOWN)),
    "bad field, not permitted": (InputRefused, lambda e: e.set_fields(PROJECT, {"none": 1}, actor=LEAD)),
    "bad level, not permitted": (
        InputRefused,
        lambda e: e.add_evidence(PROJECT, "mandate", level="none", files=[document()], actor=UNKNOWN),
    ),
    "no reason for a stop, not permitted": (InputRefused, lambda e: e.advance(PROJECT, act="stop", actor=LEAD)),
    "waiver ended, not permitted": (
        InputRefused,
        lambda e: e.waive(PROJECT, "equality", "x", "2020-01-01", COCHAIR, actor=LEAD),
    ),
    "broken definition, not permitted": (
        InputRefused,
        lambda e: e.load_definition(b"cocycle: 2", "x.yaml", actor=LEAD),
    ),
    # permission (6) before the rules
    "not permitted, on hold": (NotPermitted, lambda e: e.advance(PROJECT, actor=UNKNOWN)),
    "not permitted, held already": (NotPermitted, lambda e: e.hold(PROJECT, "x", actor=LEAD)),
    "not permitted, gate shut": (NotPermitted, lambda e: e.decide(PROJECT, actor=LEAD)),
    "not permitted, law": (
        NotPermitted,
        lambda e: e.waive(PROJECT, "equality", "x", "2026-07-01", COCHAIR, actor=LEAD),
    ),
    "not permitted, nothing to sign": (NotPermitted, lambda e: e.sign(PROJECT, "priorities", actor=SRO)),
    "not permitted, no such way": (NotPermitted, lambda e: e.advance(PROJECT, to="done", actor=UNKNOWN)),
    "not permitted, role held": (NotPermitted, lambda e: e.grant(SRO, "sro", project=PROJECT, actor=MANAGER)),
    "not permitted, last admin": (NotPermitted, lambda e: e.revoke(ADMIN, "admin", actor=MANAGER)),
    # and then the rules (4)
    "on hold": (RulesRefused, lambda e: e.advance(PROJECT, actor=SRO)),
}


@pytest.mark.parametrize("reasons", FIRST)
def test_reasons_are_heard_in_one_order(town: Town, reasons: str) -> None:
    """Not found comes before a reused key, that before bad input, that before permission, and the rules come last.

    Only the last two are on record, as what was heard first: somebody who mistypes has not tried anything yet.
    """
    kind, ask = FIRST[reasons]
    town.open()
    town.engine.hold(PROJECT, "A pause", actor=MANAGER, key=USED)
    size = town.size
    refused(kind, "key_reused" if kind is Conflict else None, lambda: ask(town.engine))
    assert town.recorded(size) == (["refused"] if kind in (NotPermitted, RulesRefused) else [])
