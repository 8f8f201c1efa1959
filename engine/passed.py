"""The gates a project passed and the conditions they were passed with, as readings show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.core.answer_json import Names, act_json
from engine.core.calendar import in_words
from engine.core.evidence import Condition, Passing
from engine.core.soundness import fields_erased_under, overdue, resting_on, rests_on_erased
from engine.sight import Sight, acts_to_right, unsound

if TYPE_CHECKING:
    from engine.hosting.host import Host


def passings(sight: Sight, names: Names) -> list[dict[str, Any]]:
    """Returns each passing of a gate, oldest first: whether it is sound, why it is not, the acts that put it right."""
    found, standing = [], {p.seq for p in resting_on(sight.project)}
    for passing in sight.project.passings:
        gate, why = sight.workflow.gates[passing.gate], unsound(sight, passing)
        aside = passing.seq not in standing
        found.append(
            {
                "gate": passing.gate,
                "gate_title": gate.title,
                "seq": passing.seq,
                "at": passing.at,
                "from": passing.from_stage,
                "to": passing.to,
                "cycle": passing.cycle,
                "outcome": passing.outcome,
                "decided_by": [
                    {"person": d.by, "role": d.role, "name": names(d.by), "dissent": d.dissent}
                    for d in passing.decisions
                ],
                "conditions": [_condition(sight, passing, place, names) for place in range(len(passing.conditions))],
                "sound": not why,
                "why_unsound": why,
                "acts": [act_json(act) for act in acts_to_right(sight, passing)] if why and not aside else [],
                "if_unsound": gate.if_unsound,
                "plugins": _plugins(passing),
                "rests_on_erased": [r.id for r in rests_on_erased(sight.project, passing)],
                "erasures": _erasures(sight, passing),
                "reopened": passing.reopened,
                "set_aside": aside,
                "affirmed_by": [
                    {"person": a.by, "role": a.role, "name": names(a.by), "at": a.at} for a in passing.affirmations
                ],
            }
        )
    return found


def _plugins(passing: Passing) -> list[dict[str, Any]]:
    """Returns which plugins gave a verdict of a passing, each with its version and digest of then."""
    return [
        {"requirement": name, **{part: said[part] for part in ("use", "plugin", "version", "digest", "state")}}
        for name, said in passing.opinions.items()
    ]


def tell_what_is_here(found: Sequence[dict[str, Any]], host: Host) -> None:
    """Adds to each plugin of each passing whether that very plugin is here now: `here` is same, another or absent."""
    if not any(one["plugins"] for one in found):
        return
    here = {plugin.name: plugin for plugin in host.available() if plugin.active and plugin.error is None}
    for one in found:
        for said in one["plugins"]:
            now = here.get(said["plugin"])
            said["here"] = "absent" if now is None else "same" if now.digest == said["digest"] else "another"
            said["here_version"] = None if now is None else now.version


def _erasures(sight: Sight, passing: Passing) -> list[str]:
    """Returns, for each erasure of something a gate rested on, that its recorded verdict stands, in a sentence."""
    found = rests_on_erased(sight.project, passing)
    each = dict.fromkeys((str(r.erased_on), r.erased_by) for r in found)
    said = [
        f"Rested on words that were erased on {in_words(on)} (entry {seq}); its recorded verdict stands."
        for on, seq in each
    ]
    for name in fields_erased_under(sight.workflow, passing):
        title = sight.workflow.fields[name].title
        said.append(f"What the project said then of “{title}” was erased since; its recorded verdict stands.")
    return said


def conditions(sight: Sight, names: Names) -> list[dict[str, Any]]:
    """Returns the conditions of every passing, oldest first, each with the gate and the passing it belongs to."""
    return [
        {
            "passing": passing.seq,
            "gate": passing.gate,
            "gate_title": sight.workflow.gates[passing.gate].title,
            **_condition(sight, passing, place, names),
        }
        for passing in sight.project.passings
        for place in range(len(passing.conditions))
    ]


def _condition(sight: Sight, passing: Passing, place: int, names: Names) -> dict[str, Any]:
    condition = passing.conditions[place]
    return {
        "number": place + 1,
        "text": condition.text,
        "owner": condition.owner,
        "name": names(condition.owner),
        "due": condition.due,
        "state": _state(sight, passing, place, condition),
        "met_on": condition.met_on,
        "met_by": None if condition.met_by is None else names(condition.met_by),
        "met_how": condition.met_how,
    }


def _state(sight: Sight, passing: Passing, place: int, condition: Condition) -> str:
    """Returns met, open or overdue; void for a condition of a gate that the project was put back to."""
    if condition.met_on is not None:
        return "met"
    if passing.reopened:
        return "void"
    return "overdue" if place in overdue(passing, sight.today) else "open"
