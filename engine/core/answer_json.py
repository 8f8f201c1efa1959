"""The answer of a gate in the shape of the public contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.core.answer import Act, Answer
from engine.core.calendar import in_words
from engine.core.contradictions import FileUses, contradictions, file_uses
from engine.core.evidence import Decision
from engine.core.gates import ERROR, HOLDS, Verdict
from engine.core.records import listing, role_title
from engine.core.unsound import in_sentences

Names = Callable[[str], str | None]
"""From a person's id to their name; None once it was erased."""


def answer_json(found: Answer, names: Names) -> dict[str, Any]:
    """Returns the answer as JSON values; `names` gives people's names."""
    judgement, transition = found.judgement, found.transition
    uses = file_uses(found.project)
    return {
        "project": found.project.id,
        "gate": None if judgement is None else judgement.gate.id,
        "gate_title": None if judgement is None else judgement.gate.title,
        "from": found.project.stage,
        "to": None if transition is None else transition.to,
        "open": found.open,
        "on_hold": found.project.hold is not None,
        "frozen": [
            {
                "gate": one.passing.gate,
                "gate_title": found.workflow.gates[one.passing.gate].title,
                "passing": one.passing.seq,
                "why": [*one.weighed.wrong, *one.weighed.lasting],
            }
            for one in found.frozen
        ],
        "as_of": found.today.isoformat(),
        "definition": found.workflow.digest,
        "summary": summary(found),
        "follows": _follows(found),
        "requirements": [] if judgement is None else [_requirement(found, v, names, uses) for v in judgement.verdicts],
        "principles": []
        if judgement is None
        else [
            {"id": p, "title": found.workflow.principles[p], "evidenced": bool(by), "by": list(by)}
            for p, by in judgement.principles.items()
        ],
        "decisions": [_decision(d, names) for d in found.decisions],
        "acts": [act_json(a) for a in found.acts],
        "earliest_open": None if found.earliest_open is None else found.earliest_open.isoformat(),
    }


def summary(found: Answer) -> str:
    """Returns the answer in one or two sentences."""
    stages = found.workflow.stages
    if found.transition is None:
        return f"{stages[found.project.stage].title} is a final stage: the project has ended."
    if found.judgement is None and found.elsewhere is not None:
        return found.elsewhere
    if found.judgement is None:
        return f"Nothing guards the way to {stages[found.transition.to].title}."
    title = found.judgement.gate.title
    if found.frozen:
        return in_sentences(found.workflow, found.project, found.frozen)
    if found.open:
        return f"{title} is open: every requirement holds and everyone who decides has decided."
    missing = [v for v in found.judgement.verdicts if v.state not in HOLDS]
    asked = [v for v in found.judgement.verdicts if v.state != "not_applicable"]
    if missing:
        are = "is" if len(missing) == 1 else "are"
        words = f"{title} is shut: {len(missing)} of {len(asked)} requirements {are} missing."
    elif found.judgement.unevidenced:
        principles = " and ".join(found.workflow.principles[p] for p in found.judgement.unevidenced)
        words = f"{title} is shut: nothing that is met evidences this yet: {principles}."
    elif found.elsewhere is not None and not found.undecided:
        words = f"{title}: every requirement holds, and this is not the way that was decided on."
    else:
        roles = listing([role_title(found.workflow, role) for role in found.undecided])
        words = f"{title} is shut: every requirement holds; still to decide: {roles}."
        if any(d.dissent for d in found.decisions):
            words += " There is dissent, and it blocks."
    if found.elsewhere is not None:
        words += f" {found.elsewhere}"
    if found.earliest_open is None:
        broken = dict.fromkeys(p for v in missing for p in _broken_plugins(v))
        if broken:
            named = f"the plugin {' and the plugin '.join(broken)}"
            return f"{words} Whoever looks after cocycle must look at {named} first."
        return f"{words} Nothing that anyone can do now opens it; an integrator must look at the definition."
    if found.earliest_open > found.today:
        words += f" The earliest day it can open is {in_words(found.earliest_open)}."
    return words


def _broken_plugins(verdict: Verdict) -> list[str]:
    """Returns the plugins without whose answer a requirement cannot be judged."""
    return [v.opinion.source.plugin for v in verdict.family() if v.opinion is not None and v.opinion.state == ERROR]


def _requirement(found: Answer, verdict: Verdict, names: Names, uses: FileUses) -> dict[str, Any]:
    requirement, waiver = verdict.requirement, verdict.waiver
    return {
        "id": requirement.id,
        "title": requirement.title,
        "help": requirement.help,
        "state": verdict.state,
        "why": [*verdict.why, *_contradictions(found, verdict, uses)],
        "evidence": list(verdict.evidence),
        "signatures": [
            {"signature": s.id, "role": s.role, "person": s.by, "name": names(s.by), "at": s.at}
            for s in verdict.signatures
        ],
        "needs": [act_json(a) for a in found.needs.get(requirement.id, ())],
        "basis": None
        if requirement.basis is None
        else {"kind": requirement.basis.kind, "source": requirement.basis.source},
        "law": requirement.law,
        "principles": list(requirement.principles),
        "until": None if verdict.over_on is None else verdict.over_on.isoformat(),
        "waiver": None
        if waiver is None
        else {
            "waiver": waiver.id,
            "until": waiver.until,
            "reason": waiver.reason,
            "by": waiver.by,
            "second": waiver.second,
            "would_be": verdict.would,
        },
        "plugin": None if verdict.opinion is None else _plugin(verdict),
        "of": [_requirement(found, child, names, uses) for child in verdict.of],
    }


def _plugin(verdict: Verdict) -> dict[str, str]:
    """Returns who judged a requirement: the plugin's name, version and digest, and the kind."""
    assert verdict.opinion is not None
    return {"kind": str(verdict.requirement.use), **verdict.opinion.source.as_json()}


def _follows(found: Answer) -> dict[str, Any] | None:
    """Returns the decision that the way follows, and whether it says that this is the way."""
    if found.transition is None or found.transition.follows is None:
        return None
    follows = found.transition.follows
    asked = {"requirement": follows.requirement, "field": follows.field, "value": follows.value}
    return {**asked, "holds": found.elsewhere is None, "why": found.elsewhere}


def _contradictions(found: Answer, verdict: Verdict, uses: FileUses) -> list[str]:
    """Returns what the records that were looked at claim beyond their facts: a warning, which changes no state."""
    if verdict.requirement.type != "evidence":
        return []
    workflow, project = found.workflow, found.project
    claims = (c for e in verdict.evidence for c in contradictions(workflow, project.records[e], project, uses))
    return list(dict.fromkeys(claim.in_a_sentence() for claim in claims))


def _decision(decision: Decision, names: Names) -> dict[str, Any]:
    return {
        "decision": decision.id,
        "person": decision.by,
        "name": names(decision.by),
        "role": decision.role,
        "at": decision.at,
        "dissent": decision.dissent,
        "words": decision.words,
    }


def act_json(act: Act) -> dict[str, Any]:
    """Returns an act as JSON values."""
    return {
        "act": act.act,
        "requirement": act.requirement,
        "roles": list(act.roles),
        "detail": dict(act.detail),
        "not_before": None if act.not_before is None else act.not_before.isoformat(),
    }
