"""The kernel: it is the topology of a definition and nothing else, and only an open gate lets a step through one."""

from __future__ import annotations

import ast
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.core import machine
from engine.core.definition import Workflow
from engine.core.machine import MOST_MACHINES, Token, machine_of, step

from .builders import Json, gate, needs, stage, stages, way, workflow

ROOT = Path(__file__).parents[2]
TWO = workflow(gate(needs("talk")), gate(needs("note"), id="next"))


def of_stages(*of: Json) -> Workflow:
    return workflow(gate(needs("talk")), stages_=list(of))


class AlwaysEqual:
    """Is equal to everything, and so to True."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]  # what equals everything has no hash


@pytest.mark.parametrize("may_pass", [True, False])
def test_a_step_goes_where_the_definition_says_and_nowhere_else(may_pass: bool) -> None:
    """For every stage and every act there is, a step leads along the transition if its gate lets it, else nowhere."""
    acts = {t.id for s in TWO.stages.values() for t in s.transitions}
    for from_stage in TWO.stages.values():
        ways = {t.id: t for t in from_stage.transitions}
        for act in acts:
            open_way = act in ways and (ways[act].gate is None or may_pass)
            assert step(TWO, from_stage.id, act, may_pass=may_pass) == (ways[act].to if open_way else None)


@pytest.mark.parametrize("act", ["", "leap", "to_build", "to_done", "trigger", "state", "may_pass", "initial"])
def test_an_unknown_act_leads_nowhere(act: str) -> None:
    """No automatic transition, method or attribute of the library is an act."""
    assert step(TWO, "plan", act, may_pass=True) is None


def test_no_act_walks_round_a_gate() -> None:
    """The machine has the acts of the definition and no others, above all none that begins with `to_`."""
    acts = {t.id for s in TWO.stages.values() for t in s.transitions}
    assert set(machine_of(TWO).events) == acts
    assert not [name for name in dir(Token("plan", False)) if name.startswith("to_")]


def test_an_unknown_stage_leads_nowhere() -> None:
    """From a stage that the definition has not no act leads anywhere."""
    assert step(TWO, "nowhere", "advance", may_pass=True) is None


@pytest.mark.parametrize("almost", ["yes", 1, 1.0, [1], "True", object(), None, 0, AlwaysEqual()])
def test_only_exactly_true_opens_a_gate(almost: object) -> None:
    """What is true in some sense, even equal to True, keeps the way shut."""
    assert step(TWO, "plan", "advance", may_pass=almost) is None  # type: ignore[arg-type]  # this is the attack


def test_a_guard_does_not_touch_ungated_ways() -> None:
    """A way without a gate is taken whatever is said of gates."""
    assert step(TWO, "build", "send_back", may_pass=False) == "plan"


def test_names_of_a_definition_are_never_looked_up_as_code() -> None:
    """Stages and acts may be called like functions; nothing is imported or called by their names."""
    names = ["os.getcwd", "on_enter_build", "trigger", "machine", "__class__", "a_b_c"]
    ways = [way(name, f"end.{name}") for name in names]
    of = of_stages(stage("plan", *ways), *(stage(f"end.{name}", final=True) for name in names))
    assert [step(of, "plan", name, may_pass=False) for name in names] == [f"end.{name}" for name in names]


def test_a_way_may_lead_back_to_its_own_stage() -> None:
    """A step to the same stage is a step."""
    of = of_stages(stage("plan", way("again", "plan", "gate"), way("advance", "done")), stage("done", final=True))
    assert step(of, "plan", "again", may_pass=True) == "plan"
    assert step(of, "plan", "again", may_pass=False) is None


def test_one_machine_is_made_for_a_definition() -> None:
    """The same digest has the same machine, another digest another one."""
    assert machine_of(TWO) is machine_of(workflow(gate(needs("talk")), gate(needs("note"), id="next")))
    assert machine_of(TWO) is not machine_of(workflow(gate(needs("other"))))


def test_machines_are_not_kept_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many definitions come by, no more than so many machines are kept, and each steps as before."""
    monkeypatch.setattr(machine, "MOST_MACHINES", 3)
    monkeypatch.setattr(machine, "_machines", {})
    for n in range(8):
        of = workflow(gate(needs(f"talk-{n}")))
        assert step(of, "plan", "advance", may_pass=True) == "build"
        assert len(machine._machines) <= 3
    assert MOST_MACHINES >= 3


def test_many_threads_step_one_machine() -> None:
    """A machine is shared: steps of many threads at once, open and shut, never see one another."""

    def walk(n: int) -> list[str | None]:
        may_pass = n % 2 == 0
        return [step(TWO, stage, act, may_pass=may_pass) for stage, act in WALK for _ in range(20)]

    walk_open = [to for to in ("build", "done", "plan") for _ in range(20)]
    walk_shut = [to for to in (None, None, "plan") for _ in range(20)]
    with ThreadPoolExecutor(8) as pool:
        for n, found in enumerate(pool.map(walk, range(40))):
            assert found == (walk_open if n % 2 == 0 else walk_shut)


WALK = [("plan", "advance"), ("build", "advance"), ("build", "send_back")]


def test_machines_made_by_many_threads_at_once_are_whole() -> None:
    """A machine that several threads ask for first at the same time has every way for each of them."""
    of = workflow(gate(needs("only-here")), stages_=stages())
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: step(of, "build", "again", may_pass=False), range(64)))
    assert set(found) == {"plan"}


def imports(source: str) -> set[str]:
    """Returns the top-level names of the modules that a source file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).partition(".")[0])
    return found


def test_only_the_kernel_imports_transitions() -> None:
    """`machine.py` is the one file of the product that knows the library."""
    folders = [ROOT / name for name in ("engine", "terminal", "plugins", "web")]
    files = [ROOT / "cli.py", *(file for folder in folders for file in folder.rglob("*.py"))]
    knowing = [file for file in files if "transitions" in imports(file.read_text(encoding="utf-8"))]
    assert knowing == [ROOT / "engine" / "core" / "machine.py"]
