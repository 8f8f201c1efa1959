"""The kernel: the compiled topology of a definition as a `transitions` machine, and one step of it.

This is the only file that imports transitions, and it uses one machine a definition, shared by every project and
thread. A project is never bound to it: each step moves a throw-away token, because binding costs a hundred times the
step. There are no automatic transitions (they would walk round gates), no callbacks with effects, and no string of a
definition is ever handed over as a callback (a dotted one would be imported). The only condition is a bool that was
worked out before, so a guard that is not exactly True keeps the way shut.
"""

from __future__ import annotations

from transitions import EventData, Machine

from engine.core.definition import Workflow

_machines: dict[str, Machine] = {}
MOST_MACHINES = 256


class Token:
    """Stands for a project during one step; `may_pass` is what its gate said."""

    __slots__ = ("may_pass", "state")

    def __init__(self, state: str, may_pass: bool) -> None:
        self.state = state
        self.may_pass = may_pass


def machine_of(workflow: Workflow) -> Machine:
    """Returns the machine of a definition, made once a digest."""
    machine = _machines.get(workflow.digest)
    if machine is None:
        if len(_machines) >= MOST_MACHINES:
            _machines.clear()
        machine = _machines[workflow.digest] = _make(workflow)
    return machine


def step(workflow: Workflow, stage: str, act: str, *, may_pass: bool) -> str | None:
    """Returns the stage that `act` leads to from `stage`; None where the topology or the gate says no.

    Args:
        workflow: the definition.
        stage: where the project is.
        act: the id of a transition.
        may_pass: whether the transition's gate, if it has one, is open. Exactly True opens it, nothing else does.
    """
    machine = machine_of(workflow)
    event = machine.events.get(act)
    if event is None or stage not in event.transitions:
        return None
    token = Token(stage, may_pass)
    return token.state if event.trigger(token) else None


def _gate_is_open(event: EventData) -> bool:
    return isinstance(event.model, Token) and event.model.may_pass is True


def _make(workflow: Workflow) -> Machine:
    machine = Machine(
        model=None,
        states=list(workflow.stages),
        initial=workflow.first_stage.id,
        auto_transitions=False,
        send_event=True,
        ignore_invalid_triggers=False,
    )
    for stage in workflow.stages.values():
        for transition in stage.transitions:
            machine.add_transition(
                trigger=transition.id,
                source=stage.id,
                dest=transition.to,
                conditions=[] if transition.gate is None else [_gate_is_open],
            )
    return machine
