"""Whether our verdict on soundness agrees with another tool's, on random topologies written as Petri nets.

The other tool is never a dependency. Put one that reads PNML and judges soundness into an environment of its own, for
instance pm4py, which has WOFLAN, and run three steps:

    python -m bench.soundness_agreement write FOLDER 400     our verdicts and the nets, from the project's environment
    OTHER-PYTHON bench/soundness_agreement.py judge FOLDER   the other tool's verdicts, from its own environment
    python -m bench.soundness_agreement compare FOLDER       how many agree

`write` needs cocycle only, `judge` the other tool only.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

OURS, THEIRS = "ours.json", "theirs.json"
SEED = 20261122


def topology(rng: random.Random) -> list[tuple[bool, list[int]]]:
    """Returns the stages of a random workflow: whether each is final, and where its ways out lead.

    Half of them begin as a sound chain with send-backs; then up to two slips are made: a way that leads elsewhere, one
    that is lost, a final stage that is none, an island.
    """
    count = rng.randint(2, 9)
    stages: list[tuple[bool, list[int]]] = []
    for n in range(count - 1):
        ways = [n + 1, *(rng.randrange(n + 1) for _ in range(rng.randint(0, 2)))]
        stages.append((False, ways))
    stages.append((True, []))
    for _ in range(rng.choice((0, 0, 1, 2))):
        _slip(rng, stages)
    if not any(final for final, _ in stages):
        stages.append((True, []))
    return stages


def _slip(rng: random.Random, stages: list[tuple[bool, list[int]]]) -> None:
    open_ones = [n for n, (final, _) in enumerate(stages) if not final]
    if not open_ones:
        return
    at = rng.choice(open_ones)
    ways = stages[at][1]
    match rng.randrange(4):
        case 0:
            ways[rng.randrange(len(ways))] = rng.randrange(len(stages))
        case 1 if len(ways) > 1:
            ways.pop(0)
        case 2:
            stages.append((False, [rng.randrange(len(stages))]))
        case _:
            stages.append((False, [len(stages)]))
            ways.append(len(stages) - 1)


def write(folder: Path, count: int) -> None:
    """Writes so many nets and our verdicts on them."""
    from engine.core.definition import Stage, Transition
    from engine.definitions.compile import compile_definition
    from engine.definitions.prover.petri import pnml, sound

    plain = compile_definition(
        b"cocycle: 1\nid: drawn\nversion: 1\ntitle: Drawn\nstages: [{id: s0, final: true}]\n", "drawn"
    ).workflow
    rng, verdicts = random.Random(SEED), {}  # noqa: S311  # the same nets every time, and no secret
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        stages = {}
        for n, (final, ways) in enumerate(topology(rng)):
            moves = tuple(Transition(f"t{k}", "T", f"s{to}", None, False, (), False) for k, to in enumerate(ways))
            stages[f"s{n}"] = Stage(f"s{n}", "S", final, None, moves)
        workflow = replace(plain, stages=stages, digest=f"drawn-{number}")
        name = f"net-{number:04}.pnml"
        (folder / name).write_text(pnml(workflow), encoding="utf-8")
        verdicts[name] = sound(workflow)
    (folder / OURS).write_text(json.dumps(verdicts, indent=1), encoding="utf-8")
    print(f"{count} nets, {sum(verdicts.values())} of them sound by our verdict")


def judge(folder: Path) -> None:
    """Writes another tool's verdicts on the nets of a folder."""
    import importlib

    pm4py: Any = importlib.import_module("pm4py")
    verdicts = {}
    for path in sorted(folder.glob("*.pnml")):
        with contextlib.redirect_stdout(io.StringIO()):
            net, initial, final = pm4py.read_pnml(str(path))
            final = final or type(initial)({next(p for p in net.places if p.name == "sink"): 1})
            answer = pm4py.check_soundness(net, initial, final)
        verdicts[path.name] = bool(answer[0] if isinstance(answer, tuple) else answer)
    (folder / THEIRS).write_text(json.dumps(verdicts, indent=1), encoding="utf-8")
    print(f"{len(verdicts)} nets, {sum(verdicts.values())} of them sound by the other tool's verdict")


def compare(folder: Path) -> int:
    """Prints how many verdicts agree; returns how many do not."""
    ours = json.loads((folder / OURS).read_text(encoding="utf-8"))
    theirs = json.loads((folder / THEIRS).read_text(encoding="utf-8"))
    apart = [name for name in ours if ours[name] != theirs.get(name)]
    good = sum(ours.values())
    print(f"{len(ours) - len(apart)} of {len(ours)} agree; {good} sound, {len(ours) - good} unsound by our verdict")
    for name in apart[:20]:
        print(f"  {name}: ours {ours[name]}, theirs {theirs.get(name)}")
    return len(apart)


def main(words: list[str]) -> int:
    """Runs one of the three steps."""
    if len(words) == 3 and words[0] == "write" and words[2].isdigit():
        write(Path(words[1]), int(words[2]))
        return 0
    if len(words) == 2 and words[0] == "judge":
        judge(Path(words[1]))
        return 0
    if len(words) == 2 and words[0] == "compare":
        return min(compare(Path(words[1])), 1)
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
