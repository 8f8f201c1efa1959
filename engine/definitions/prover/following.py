"""Ways that follow a decision: whether each can ever be taken, and whether every decision leaves a way to take."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.definition import Condition, Requirement, Stage, Transition, Workflow
from engine.core.gates import judge
from engine.core.values import show
from engine.definitions.prover.applies import Applying
from engine.definitions.prover.findings import Findings
from engine.definitions.prover.solver import Impossible, Space
from engine.definitions.prover.witness import Witnesses
from engine.definitions.report import quoted


@dataclass(slots=True)
class Following:
    """Says which ways that follow a decision are of no use, and which decisions have no way."""

    workflow: Workflow
    applying: Applying
    findings: Findings
    witnesses: Witnesses

    def prove(self) -> None:
        """Adds a finding for each way nobody can take, and a warning for each answer no way out of a stage is for."""
        for stage in self.workflow.stages.values():
            for way in stage.transitions:
                if way.follows is not None:
                    self._takable(stage, way)
            self._every_answer(stage)

    def _says(self, requirement: Requirement, field: str, value: object) -> bool:
        """True unless it was shown that no record that meets its rules can say this."""
        kind = self.workflow.evidence[str(requirement.evidence)]
        rules = [self.workflow.rules[name].condition for name in requirement.rules]
        space = Space(kind.fields, self.workflow.fields)
        said = Condition("equals", field=field, value=value)
        return not isinstance(space.solve([*rules, said]), Impossible) or isinstance(space.solve(rules), Impossible)

    def _takable(self, stage: Stage, way: Transition) -> None:
        """Reports a way through a gate that asks of the very record that is followed that it says something else."""
        follows = way.follows
        assert follows is not None
        requirement = self.workflow.requirements[follows.requirement]
        if way.gate is None or self.workflow.gate_of[requirement.id] != way.gate:
            return  # the record is only looked at for which way it goes
        around = self.applying.outer[requirement.id][:-1]
        spared = requirement.count is not None or any(group.type != "all_of" for group in around)
        if spared or self.applying.conditions(requirement):
            return  # the gate can be passed while the newest record does not meet its rules
        if self._says(requirement, follows.field, follows.value):
            return
        gate = self.workflow.gates[way.gate]
        attempt = self.witnesses.attempt(gate, (stage, way), {})
        for record in attempt.project.records.values():
            if record.requirement == requirement.id:
                record.facts = {**record.facts, follows.field: follows.value}
        told = judge(self.workflow, gate, attempt.project, attempt.today, self.witnesses.calendar).by_id()
        field = self.workflow.evidence[str(requirement.evidence)].fields[follows.field]
        said = f"“{show(field, follows.value)}”"
        rules = ", ".join(quoted(rule) for rule in requirement.rules)
        message = (
            f"No record for {quoted(requirement.id)} can meet its rules ({rules}) and say {said}, so"
            f" {quoted(way.id)} can never be taken."
        )
        example = f"Take a record that says {said}; the judge says: {' '.join(told[requirement.id].why)}"
        node = self.findings.transition(stage.id, way.id)
        self.findings.add("proof/contradiction", node.get("follows") or node, message, example)

    def _every_answer(self, stage: Stage) -> None:
        """Warns where every way out of a stage follows the same field, and none is for one of its answers."""
        led = {(t.follows.requirement, t.follows.field) if t.follows is not None else None for t in stage.transitions}
        if len(led) != 1 or (pointed := led.pop()) is None:
            return
        requirement, name = self.workflow.requirements[pointed[0]], pointed[1]
        field = self.workflow.evidence[str(requirement.evidence)].fields[name]
        taken = [t.follows.value for t in stage.transitions if t.follows is not None]
        answers: list[object] = [True, False] if field.type == "yes_no" else list(field.of)
        left = [show(field, a) for a in answers if a not in taken and self._says(requirement, name, a)]
        if left:
            named = ", ".join(f"“{answer}”" for answer in left)
            message = f"Where {quoted(requirement.id)} says {named}, no way leads out of {quoted(stage.id)}."
            example = (
                f"A project is in {quoted(stage.id)}, and the newest record says “{left[0]}”: it can go nowhere"
                " until another record is handed in."
            )
            self.findings.add("proof/trap", self.findings.stage(stage.id), message, example, warning=True)
