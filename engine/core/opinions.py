"""What plugins say of requirements: asked through one door, believed only where it makes sense, and put on record.

The judge stays pure. Whoever binds a workflow to `Judges` decides who answers: the plugins that are here, what was
recorded when a gate was passed, or nobody. An opinion is never more than its form allows: one that names records it was
not shown, or a day that is past, is an error, and an error opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from engine.core.bench import Bench
    from engine.core.definition import Requirement
    from engine.core.evidence import Record
    from engine.core.gates import Verdict

Json = Mapping[str, Any]
STATES = ("met", "unmet", "pending", "error")


@dataclass(frozen=True, slots=True)
class Source:
    """The plugin an opinion or a finding is from: `digest` is the SHA-256 (hex) of its files; empty where unknown."""

    plugin: str
    version: str
    digest: str

    def as_json(self) -> dict[str, str]:
        """Returns the source as it stands in the ledger."""
        return {"plugin": self.plugin, "version": self.version, "digest": self.digest}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a plugin says of a requirement.

    Attributes:
        state: met, unmet, pending or error.
        why: sentences for people.
        source: who says so.
        evidence: the ids of the records it rests on.
        not_before: with pending, the first day on which it may be otherwise.
        fields: fields of the project that, set, may be all that is missing.
        records: requirements for which a new record would help.
    """

    state: str
    why: tuple[str, ...]
    source: Source
    evidence: tuple[str, ...] = ()
    not_before: date | None = None
    fields: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


class Judges(Protocol):
    """Whoever answers for the requirement kinds of plugins."""

    def ask(self, use: str, question: Json) -> Opinion:
        """Returns the opinion on a question; `use` is PLUGIN/KIND. Never raises: what fails is an error."""
        ...


class Nobody:
    """Answers that the plugin is not here."""

    def ask(self, use: str, question: Json) -> Opinion:
        """Returns an error that says which plugin is missing."""
        plugin = use.partition("/")[0]
        why = (
            f"This is judged by the plugin {plugin}, which is not active here. Whoever looks after cocycle can install"
            " it and name it in COCYCLE_PLUGINS; one that lies in a folder is named with --plugins-dir or"
            " COCYCLE_PLUGINS_DIR.",
        )
        return Opinion("error", why, Source(plugin, "", ""))


NOBODY = Nobody()


class Remembering:
    """Asks another once a day for each requirement of one project, and remembers what was said."""

    def __init__(self, others: Judges) -> None:
        self._others = others
        self._said: dict[tuple[str, str, str], Opinion] = {}

    def ask(self, use: str, question: Json) -> Opinion:
        """Returns the opinion on a question; the first time it is asked for a day by asking."""
        asked = (use, question["requirement"], question["today"])
        if asked not in self._said:
            self._said[asked] = self._others.ask(use, question)
        return self._said[asked]


class Recorded:
    """Answers what was recorded with an event, by requirement; what was not recorded is an error."""

    def __init__(self, opinions: Mapping[str, Json]) -> None:
        self._opinions = opinions

    def ask(self, use: str, question: Json) -> Opinion:
        """Returns the recorded opinion on a requirement."""
        found = self._opinions.get(question["requirement"])
        if found is not None and found.get("use") == use:
            return opinion_from(found)
        plugin = use.partition("/")[0]
        return Opinion("error", (f"What the plugin {plugin} said then is not on record.",), Source(plugin, "", ""))


NOTHING_RECORDED = Recorded({})


def opinion_from(found: Json) -> Opinion:
    """Returns an opinion as it stands in the ledger, without its words; raises KeyError for what is none."""
    source = Source(found["plugin"], found["version"], found["digest"])
    why = (f"The plugin {source.plugin} {source.version} said so; that is on record, and it was not asked again.",)
    until = found.get("not_before")
    return Opinion(
        found["state"],
        why,
        source,
        tuple(id for id, _ in found["evidence"]),
        None if until is None else date.fromisoformat(until),
    )


def question_of(bench: Bench, requirement: Requirement) -> dict[str, Any]:
    """Returns what a plugin is asked: the facts as `engine.hookshapes.Facts` holds them, and the options."""
    project, workflow = bench.project, bench.workflow
    return {
        "requirement": requirement.id,
        "with": dict(requirement.options),
        "today": bench.today.isoformat(),
        "project": project.id,
        "stage": project.stage,
        "cycle": bench.cycle,
        "profile": bench.profile,
        "fields": dict(project.fields),
        "levels": list(workflow.levels),
        "records": [
            {
                "id": record.id,
                "requirement": record.requirement,
                "kind": record.kind,
                "own": record.requirement == requirement.id,
                "level": record.standing_level,
                "happened_on": record.happened_on,
                "recorded_on": record.recorded_on,
                "facts": dict(record.facts),
                "files": [[file.sha256, file.size] for file in record.files],
                "signed_by": list(bench.signatures(workflow.requirements[record.requirement], record)),
                "personal": record.personal,
            }
            for record in bench.standing()
        ],
    }


def faults_of(opinion: Opinion, bench: Bench, requirement: Requirement) -> str | None:
    """Returns why an opinion cannot be believed, as a sentence; None where it can."""
    workflow, given = bench.workflow, {record.id for record in bench.standing()}
    if opinion.state not in STATES or not opinion.why:
        return "It answered in a form that no verdict has."
    if not given.issuperset(opinion.evidence):
        return "It rests its verdict on records that it was not shown."
    if (opinion.state == "pending") != (opinion.not_before is not None):
        return "It names a day for what is not waiting, or none for what is."
    if opinion.not_before is not None and opinion.not_before <= bench.today:
        return "It says that something waits for a day that has come."
    if unknown := [name for name in opinion.fields if name not in workflow.fields]:
        return f"It asks for a field {unknown[0]}, which this workflow has not."
    takers = (name for name in opinion.records if name not in workflow.requirements)
    if (other := next(takers, None)) is not None:
        return f"It asks for a record for {other}, which this workflow has not."
    if other := next((n for n in opinion.records if workflow.requirements[n].evidence is None), None):
        return f"It asks for a record for {other}, which takes none."
    return None


def on_record(verdicts: Iterable[Verdict], records: Mapping[str, Record]) -> dict[str, Json]:
    """Returns the opinions among verdicts as an event holds them, by requirement; none where no plugin was asked.

    Words are left out: they may quote what people typed. With each record goes the level it had then. `beside` are
    newer records of the same requirements that the plugin did not rest on; it is left out where there are none.
    """
    found: dict[str, Json] = {}
    for verdict in verdicts:
        opinion = verdict.opinion
        if opinion is None:
            continue
        found[verdict.requirement.id] = {
            "use": verdict.requirement.use,
            **opinion.source.as_json(),
            "state": opinion.state,
            "evidence": [[id, records[id].standing_level] for id in opinion.evidence],
            **({} if opinion.not_before is None else {"not_before": opinion.not_before.isoformat()}),
            **_beside(opinion, records),
        }
    return found


def _beside(opinion: Opinion, records: Mapping[str, Record]) -> dict[str, list[str]]:
    oldest: dict[str, int] = {}
    for record in (records[id] for id in opinion.evidence):
        oldest[record.requirement] = min(record.order, oldest.get(record.requirement, record.order))
    if not oldest:
        return {}
    found = [r.id for r in records.values() if not r.withdrawn and r.order > oldest.get(r.requirement, r.order)]
    beside = [id for id in found if id not in opinion.evidence]
    return {"beside": beside} if beside else {}
