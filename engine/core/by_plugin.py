"""Requirements that a plugin judges: asked at a gate that lies ahead, read from the record at one that was passed.

A gate that was passed keeps what the plugin said then as long as every record it named stands as it stood. Where one of
them does not, the ground is lost, whatever the plugin would say today; only once that is on record is it asked again,
for whoever wants to affirm the gate. So a ledger can be judged again without any plugin.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.core.bench import Bench
from engine.core.calendar import in_words
from engine.core.conditions import SOMETHING
from engine.core.definition import Requirement
from engine.core.opinions import Opinion, Source, faults_of, opinion_from, question_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from engine.core.evidence import Passing, Record
    from engine.core.gates import Verdict


def opinion_on(bench: Bench, requirement: Requirement) -> Opinion:
    """Returns what counts as the plugin's opinion on a requirement here; one that cannot be believed is an error."""
    use = str(requirement.use)
    passing = bench.passed()
    if passing is not None and requirement.id not in passing.lost:
        kept = passing.opinions.get(requirement.id)
        if kept is None:
            return Opinion("error", ("What the plugin said then is not on record.",), Source(use.split("/")[0], "", ""))
        said, gone = opinion_from(kept), _ground_lost(bench, kept)
        if (gone is None and said.state == "met") or not _in_what_was_lost(bench, passing, requirement):
            return said if gone is None else replace(said, state="unmet", why=(gone,), not_before=None)
    own = tuple(r.id for r in bench.records(requirement) if r.counts)[:1]
    if SOMETHING in bench.project.fields.values():  # nobody knows yet what the field will say
        state = "met" if own or requirement.evidence is None else "unmet"
        why = ("The plugin is asked once the fields of the project are set.",)
        return Opinion(state, why, Source(use.split("/")[0], "", ""))
    said = bench.workflow.judges.ask(use, question_of(bench, requirement))
    if said.state == "error":  # and nothing else that it says is listened to
        return Opinion("error", said.why or ("The plugin failed.",), said.source)
    fault = faults_of(said, bench, requirement)
    if fault is not None:
        return Opinion("error", (f"The plugin {said.source.plugin} broke its word: {fault}",), said.source)
    # one that names no record rests on the newest that was handed in for the requirement itself
    return said if said.evidence else replace(said, evidence=own)


def unexamined(bench: Bench, requirement: Requirement) -> Record | None:
    """Returns the newest record handed in for a requirement, where its examiner found fault or broke down."""
    newest = next(iter(bench.records(requirement)), None)
    return None if newest is None or newest.counts or newest.erased_by is not None else newest


def to_hand_in(bench: Bench, verdict: Verdict) -> tuple[str, ...]:
    """Returns the requirements for which a plugin's requirement that does not hold wants new records.

    They are those the plugin names, else its own where it takes any; where a record it rests on was altered, or could
    not be examined, that one is handed in anew.
    """
    requirement, opinion = verdict.requirement, verdict.opinion
    if opinion is None or opinion.state == "error":
        return ()
    if verdict.state == "error":
        found = (bench.project.records[e] for e in verdict.evidence)
        return tuple(dict.fromkeys(r.requirement for r in found if r.id in bench.altered or not r.counts))
    own = (requirement.id,) if requirement.evidence is not None and not opinion.fields else ()
    return opinion.records or own


def _in_what_was_lost(bench: Bench, passing: Passing, requirement: Requirement) -> bool:
    """True for a part of a group that was lost: as it is to be made good, its parts are asked anew where need be."""
    tops = bench.workflow.gates[passing.gate].requires
    return any(top.id in passing.lost and any(r.id == requirement.id for r in top.family()) for top in tops)


def _ground_lost(bench: Bench, kept: Mapping[str, Any]) -> str | None:
    """Returns why what a plugin said then has lost its ground, as a sentence; None while all of it stands."""
    again = "What the plugin said then rested on it; whoever decides has to affirm the gate."
    # newer ones that the plugin was shown then, and rested on others all the same, took the place of none
    known = {*(id for id, _ in kept["evidence"]), *kept.get("beside", ())}
    for id, level in kept["evidence"]:
        record = bench.project.records[id]
        if record.withdrawn:
            return f"The record of {in_words(record.recorded_on)} was withdrawn. {again}"
        if record.standing_level != level:
            return f"The record of {in_words(record.recorded_on)} was judged down. {again}"
        if id in bench.altered:
            return f"The stored file of the record of {in_words(record.recorded_on)} was altered. {again}"
        requirement = bench.workflow.requirements[record.requirement]
        newest = next(iter(bench.records(requirement)), None)
        if requirement.count is None and newest is not None and newest.id not in known:
            return f"A newer record took the place of that of {in_words(record.recorded_on)}. {again}"
    return None
