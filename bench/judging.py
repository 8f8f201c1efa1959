"""What judging costs: a gate of 18 requirements over 60 records, quietly, in words, and with the acts worked out."""

from __future__ import annotations

import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.registers import ADMIN, DEFINITION, LEAD, SRO
from engine.api import create_register
from engine.core.answer import answer
from engine.core.gates import judge
from engine.room import calendar_of

ROUNDS = 500


def definition() -> str:
    """Returns the measured definition with a gate of eighteen requirements: three times the six."""
    head, _, six = DEFINITION.partition("    requires:\n")
    eighteen = []
    for part in "xyz":
        for line in six.splitlines():
            for name in ("a", "b", "c", "d", "e", "f1", "f2", "f"):
                line = line.replace(f"id: {name},", f"id: {name}{part},")
                if line.strip() == f"- id: {name}":
                    line = line.replace(f"id: {name}", f"id: {name}{part}")
            eighteen.append(line)
    return head.replace("id: measured", "id: wide") + "    requires:\n" + "\n".join(eighteen) + "\n"


def main() -> None:
    """Measures and prints."""
    with tempfile.TemporaryDirectory() as folder:
        engine, _ = create_register(Path(folder) / "cocycle.db", admin=ADMIN)
        engine.load_definition(definition().encode(), "wide.yaml", actor=ADMIN)
        for email, role in ((SRO, "sro"), (LEAD, "lead")):
            engine.add_person(email, "Sam Someone", roles=[role], actor=ADMIN)
        engine.new_project("Judged", "wide", project_id="J", actor=ADMIN)
        counts = {"attendance": {"lived_experience": 4, "carer": 1, "staff": 3}}
        for part in "xyz":
            for name in (
                "a",
                "a",
                "a",
                "a",
                "a",
                "b",
                "b",
                "c",
                "c",
                "c",
                "d",
                "d",
                "e",
                "e",
                "e",
                "e",
                "f1",
                "f1",
                "f2",
                "f2",
            ):
                engine.add_evidence("J", name + part, level="co_production", facts=counts, actor=LEAD)
            engine.sign("J", f"b{part}", actor=SRO)
        with engine.database.read() as tx:
            project, workflow = engine.room.load(tx, "J")
        engine.close()
    gate, today, calendar = workflow.gates["plan-gate"], engine.room.today(workflow), calendar_of(workflow)
    assert len(gate.requires) == 18
    assert len(project.records) == 60
    assert judge(workflow, gate, project, today, calendar).holds
    way = workflow.first_stage.transitions[0]
    print(f"Python {platform.python_version()}, 18 requirements, 60 records, {ROUNDS} rounds")
    _measure("judged quietly", lambda: judge(workflow, gate, project, today, calendar, quiet=True))
    _measure("judged in words", lambda: judge(workflow, gate, project, today, calendar))
    project.records.clear()
    _measure("whole answer, nothing handed in", lambda: answer(workflow, project, way, today, calendar))


def _measure(name: str, what: Callable[[], object]) -> None:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        what()
        times.append(time.perf_counter() - started)
    print(f"{name:32} median {statistics.median(times) * 1e3:6.3f} ms   worst {max(times) * 1e3:6.3f} ms")


if __name__ == "__main__":
    main()
