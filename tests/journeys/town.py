"""A register in a folder of its own, with a clock set by hand and people who hold the roles of two-gates."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.api import CocycleError, Engine, FileGiven, SetClock, Settings, create_register, given, open_register
from engine.store.driver import dbapi as sqlite

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "tests" / "examples"
LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 6, 1, 9, 0, tzinfo=LONDON)  # a Monday

ADMIN, MANAGER, AUDITOR = "admin@example.org", "manager@example.org", "auditor@example.org"
INTEGRATOR, IDLE, UNKNOWN = "integrator@example.org", "idle@example.org", "nobody@example.org"
SRO, COCHAIR, LEAD, EDI = "sro@example.org", "cochair@example.org", "lead@example.org", "edi@example.org"
DEPUTY = "deputy@example.org"  # holds two roles that sign and decide

REGISTER_ROLES = {MANAGER: "programme_manager", AUDITOR: "auditor", INTEGRATOR: "integrator"}
PROJECT_ROLES = {SRO: ["sro"], COCHAIR: ["lx_cochair"], LEAD: ["coprod_lead"], EDI: ["edi"]}
PROJECT_ROLES |= {DEPUTY: ["sro", "lx_cochair"]}

PROJECT = "CC-1"
QUORUM = {"attendance": {"lived_experience": 3, "carer": 1, "clinician": 1, "commissioner": 1}}
Json = dict[str, Any]


@dataclass(slots=True)
class Town:
    """A register, the clock it goes by, and the acts that stories repeat.

    `wrecked` is set by stories that tamper, so that the ledger check after the story is theirs to make.
    """

    path: Path
    engine: Engine
    clock: SetClock
    wrecked: bool = False

    # time and the register

    def on(self, day: str, time: str = "09:00") -> None:
        """Puts the clock to a day and an hour in London."""
        self.clock.set(datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=LONDON))

    def reopen(self, *, read_only: bool = False, settings: Settings | None = None) -> Engine:
        """Closes the register and opens it again, as another process would find it."""
        self.engine.close()
        self.engine = open_register(self.path, read_only=read_only, clock=self.clock, settings=settings)
        return self.engine

    @property
    def size(self) -> int:
        """How many entries the ledger has."""
        with self.sql() as database:
            return int(database.execute("SELECT size FROM head").fetchone()[0])

    def leaves(self, first: int = 0) -> list[Json]:
        """Returns the leaves from an index on, as JSON."""
        return [json.loads(self.engine.leaf(seq)) for seq in range(first, self.size)]

    def recorded(self, first: int) -> list[str]:
        """Returns the names of what was recorded from an index on, by anybody about anything."""
        return [leaf["event"] for leaf in self.leaves(first)]

    @contextmanager
    def sql(self) -> Iterator[sqlite.Connection]:
        """Gives the database behind the engine's back, committed at the end."""
        connection = sqlite.connect(self.path)
        try:
            yield connection
            connection.commit()
        finally:
            connection.close()

    def come_to_the_present(self) -> None:
        """Puts the clock to the machine's time, and has the admin confirm that, for acts by the machine's own clock."""
        self.clock.set(datetime.now(UTC))
        self.engine.confirm_clock(actor=ADMIN)

    # acts that stories repeat

    def make_strict(self, if_unsound: str) -> None:
        """Has projects opened from now on follow two-gates with a plan gate that freezes or reopens; warns as it is."""
        if if_unsound != "warns":
            text = (EXAMPLES / "two-gates.yaml").read_text(encoding="utf-8")
            strict = text.replace("    title: Plan gate\n", f"    title: Plan gate\n    if_unsound: {if_unsound}\n")
            self.engine.load_definition(strict.encode(), "strict.yaml", actor=ADMIN)

    def open(self, project: str = PROJECT, **fields: Any) -> Json:
        """Opens a project of two-gates and gives its people their roles in it."""
        asked = {"lifetime_value": "1450000.00", **fields}
        answer = self.engine.new_project("A project", "two-gates", project_id=project, fields=asked, actor=MANAGER)
        for email, roles in PROJECT_ROLES.items():
            for role in roles:
                self.engine.grant(email, role, project=project, actor=ADMIN)
        return answer

    def add(self, requirement: str, project: str = PROJECT, *, by: str = LEAD, **more: Any) -> str:
        """Hands in a record as good as two-gates asks for, but for what is given; returns its id."""
        asked = GOOD.get(requirement, {}) | more
        return str(self.engine.add_evidence(project, requirement, actor=by, **asked)["evidence"])

    def sign(self, requirement: str, *signers: str, project: str = PROJECT) -> list[Json]:
        """Has people sign, each in the first role they hold; returns the answers."""
        return [self.engine.sign(project, requirement, role=PROJECT_ROLES[s][0], actor=s) for s in signers]

    def fill_plan(self, project: str = PROJECT) -> dict[str, str]:
        """Meets every requirement of the plan gate of a project without priority groups; returns the records."""
        records = {name: self.add(name, project) for name in ("mandate", "priorities")}
        self.sign("mandate", SRO, COCHAIR, project=project)
        self.sign("priorities", COCHAIR, project=project)
        return records

    def decide(self, project: str = PROJECT) -> list[Json]:
        """Has both who must decide do so; returns the answers."""
        return [self.engine.decide(project, actor=by) for by in (SRO, COCHAIR)]

    def pass_plan(self, project: str = PROJECT) -> dict[str, str]:
        """Takes a project through the plan gate; returns the records it rests on."""
        records = self.fill_plan(project)
        self.decide(project)
        self.engine.advance(project, actor=SRO)
        return records

    def fill_design(self, project: str = PROJECT) -> dict[str, str]:
        """Meets every requirement of the design gate of a project outside the PSR; returns the records."""
        records = {name: self.add(name, project) for name in ("specification", "equality", "market-meeting")}
        self.sign("specification", SRO, COCHAIR, project=project)
        self.sign("equality", EDI, project=project)
        return records

    # what stands

    def states(self, project: str = PROJECT, **at: Any) -> dict[str, str]:
        """Returns the state of each requirement of the gate ahead, the parts of groups included."""
        found: dict[str, str] = {}

        def collect(requirements: Sequence[Json]) -> None:
            for r in requirements:
                found[r["id"]] = r["state"]
                collect(r["of"])

        collect(self.engine.gate(project, **at)["requirements"])
        return found

    def passings(self, project: str = PROJECT, **at: Any) -> list[Json]:
        """Returns the gates a project passed."""
        gates: list[Json] = self.engine.project(project, **at)["gates"]
        return gates

    def happened(self, project: str = PROJECT) -> list[str]:
        """Returns the names of what happened in a project."""
        return [entry["event"] for entry in self.engine.history(project)["history"]]


def document(name: str = "paper.pdf", content: bytes = b"a paper\n") -> FileGiven:
    """Returns a file to hand in."""
    return given(name, content)


GOOD: Mapping[str, Json] = {
    "mandate": {"level": "co_design", "files": [document("mandate.pdf", b"mandate\n")]},
    "outreach": {"level": "engagement", "facts": QUORUM},
    "priorities": {"level": "co_design", "facts": QUORUM},
    "specification": {"level": "co_production", "files": [document("specification.pdf", b"specification\n")]},
    "equality": {"files": [document("equality.pdf", b"equality\n")]},
    "market-meeting": {"facts": QUORUM},
    "market-notice": {"facts": {"published_on": "2026-06-01"}},
}


def refused(kind: type[CocycleError], code: str | None, act: Callable[[], object]) -> CocycleError:
    """Fails unless the act is refused as this kind of error, with this code where one is given."""
    with pytest.raises(CocycleError) as caught:
        act()
    assert isinstance(caught.value, kind), repr(caught.value)
    assert code in (None, caught.value.code), caught.value.code
    return caught.value


def found_town(folder: Path) -> None:
    """Makes the register every story starts from: two-gates loaded, everybody known, nothing opened."""
    clock = SetClock(START - timedelta(hours=1))
    engine, _ = create_register(
        folder / "town.db", origin="cocycle.example/town", admin=ADMIN, name="Alex Admin", clock=clock
    )
    engine.load_definition((EXAMPLES / "two-gates.yaml").read_bytes(), "two-gates.yaml", actor=ADMIN)
    for email in (MANAGER, AUDITOR, INTEGRATOR, IDLE, *PROJECT_ROLES):
        roles = [REGISTER_ROLES[email]] if email in REGISTER_ROLES else []
        engine.add_person(email, email.partition("@")[0].capitalize(), roles=roles, actor=ADMIN)
    engine.close()
