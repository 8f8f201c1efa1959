"""What checking costs: the shipped definitions, and one of 500 stages and 5,000 requirements, proofs included."""

from __future__ import annotations

import platform
import statistics
import time
from pathlib import Path

from engine.bases import FileBases
from engine.definitions.compile import problems_in
from engine.definitions.extending.base import Bases

ROOT = Path(__file__).parents[1]
STAGES, REQUIREMENTS = 500, 10
ROUNDS = 5
HEAD = """\
cocycle: 1
id: large
version: "1"
title: A large definition
principles: {P1: {title: One}, P2: {title: Two}}
levels: [informing, consultation, engagement, co_design, co_production]
roles: {sro: {title: Owner}, lead: {title: Lead}, chair: {title: Chair}}
fields:
  value: {type: money, required: true}
  regime: {type: choice, of: [undecided, psr, pa23], default: undecided}
  groups: {type: list, of: text}
  members: {type: integer, required: true}
evidence:
  document: {file: required}
  meeting:
    fields:
      attendance: {type: counts, of: [lived_experience, carer, clinician, commissioner, vcse, other], required: true}
      heard: {type: list, of: text}
      held_on: {type: date}
  notice: {fields: {published_on: {type: date, required: true}}}
profiles:
  light: {field: project.value, at_most: 100000}
  standard: otherwise
rules:
  reach: {field: heard, includes_all_of: project.groups}
  half: {share: [attendance], of: project.members, at_least: 50%}
"""


def definition(stages: int = STAGES) -> str:
    """Returns a definition of so many stages, each but the last with a gate of ten requirements and a send-back."""
    rules = [_quorum(n) for n in range(stages)]
    ways, gates = [], []
    for n in range(stages - 1):
        back = f"\n      - {{id: send_back, to: s{n - 1}, reason: required}}" if n else ""
        ways.append(f"  - id: s{n}\n    transitions:\n      - {{id: advance, to: s{n + 1}, gate: g{n}}}{back}")
        gates.append(_gate(n))
    ways.append(f"  - {{id: s{stages - 1}, final: true}}")
    return HEAD + "".join(rules) + "stages:\n" + "\n".join(ways) + "\ngates:\n" + "".join(gates)


def _quorum(n: int) -> str:
    return f"""\
  quorum{n}:
    all:
      - {{field: attendance.lived_experience, at_least: {2 + n % 5}}}
      - {{share: [attendance.lived_experience, attendance.carer], of: attendance, at_least: {40 + n % 20}%}}
      - {{field: attendance, at_most: {20 + n}}}
"""


def _gate(n: int) -> str:
    return f"""\
  g{n}:
    decided_by: [sro, chair]
    every_principle: true
    requires:
      - {{id: mandate{n}, evidence: document, level: co_design, principles: [P1, P2], signed_by: [sro, chair]}}
      - {{id: meeting{n}, evidence: meeting, rules: [quorum{n}], signed_by: [chair], fresh: this stage}}
      - {{id: outreach{n}, evidence: meeting, rules: [reach, half], when: {{field: project.groups, not_empty: true}}}}
      - {{id: notice{n}, evidence: notice, fresh: 12 months}}
      - id: wait{n}
        wait: {{after: notice{n}.published_on, working_days: {5 + n % 10}, counting_from: next_day}}
        when: {{field: project.regime, equals: psr}}
      - {{id: signed{n}, signed_by: [lead]}}
      - id: either{n}
        any_of:
          - {{id: paper{n}, evidence: document, profiles: [light]}}
          - {{id: heard{n}, evidence: meeting, level: engagement, rules: [quorum{n}]}}
      - {{id: value{n}, evidence: document, when: {{field: project.value, at_least: {100000 + n}}}}}
"""


def main() -> None:
    """Measures and prints."""
    print(f"Python {platform.python_version()}, {ROUNDS} rounds, reading, checking and proving")
    for path in sorted(ROOT.glob("workflows/*/workflow.yaml")):
        _measure(path.parent.name, path.read_bytes(), FileBases(path))
    for stages in (STAGES // 4, STAGES // 2, STAGES):
        raw = definition(stages).encode()
        _measure(f"{stages} stages, {(stages - 1) * REQUIREMENTS:,} requirements, {len(raw) // 1024} KiB", raw)


def _measure(name: str, raw: bytes, bases: Bases | None = None) -> None:
    times, busy, found = [], [], 0
    for _ in range(ROUNDS):
        started, worked = time.perf_counter(), time.process_time()
        _, problems = problems_in(raw, name, bases)
        times.append(time.perf_counter() - started)
        busy.append(time.process_time() - worked)
        found = len(problems)
    wall, worst, cpu = statistics.median(times), max(times), statistics.median(busy)
    print(f"{name:48} median {wall:6.3f} s  worst {worst:6.3f} s  of the processor {cpu:6.3f} s  findings {found}")


if __name__ == "__main__":
    main()
