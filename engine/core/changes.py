"""How each event changes a project: one short function an event, named after it, and the table of them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from engine.core.events import ERASED, Entry
from engine.core.evidence import Condition, Decision, Examined, File, Passing, Record, Signature, Waiver
from engine.core.opinions import Source

if TYPE_CHECKING:
    from engine.core.project import Project


def word(entry: Entry, name: str) -> Any:
    """Returns a word of an event; None where it has none of this name, or it was erased."""
    value = entry.event.words.get(name)
    return None if value is ERASED else value


def words_of(entry: Entry, prefix: str) -> dict[str, Any]:
    """Returns the words whose names begin with `prefix`, without it, less the erased ones."""
    words = entry.event.words.items()
    return {name[len(prefix) :]: w for name, w in words if name.startswith(prefix) and w is not ERASED}


def erased_fields(entry: Entry) -> list[str]:
    """Returns the fields of the project whose words an event has lost."""
    return [name[6:] for name, w in entry.event.words.items() if w is ERASED and name[:6] == "field."]


def _fields_set(project: Project, entry: Entry) -> None:
    erased = dict.fromkeys(erased_fields(entry))
    said = {**entry.event.body["fields"], **erased, **words_of(entry, "field.")}
    project.erased_fields = sorted({*(n for n in project.erased_fields if n not in said), *erased})
    for name, value in said.items():
        if value is None:
            project.fields.pop(name, None)
        else:
            project.fields[name] = value


def _evidence_added(project: Project, entry: Entry) -> None:
    body = entry.event.body
    requirement = body["requirement"]
    _lapse(project, "a newer record took its place", lambda s: s.requirement == requirement and s.evidence is not None)
    names, digests = words_of(entry, "file."), words_of(entry, "digest.")
    facts = words_of(entry, "fact.")
    project.records[body["evidence"]] = Record(
        id=body["evidence"],
        requirement=requirement,
        kind=body["kind"],
        level=body["level"],
        judged=None,
        facts={**body["facts"], **facts},
        files=tuple(_file(place, f, names, digests) for place, f in enumerate(body["files"])),
        by=entry.by,
        recorded_at=entry.at,
        recorded_on=body["recorded_on"],
        happened_on=body["happened_on"],
        digest=entry.leaf,
        order=entry.version,
        cycle=project.cycle,
        personal=body["personal"],
        withdrawn=False,
        erased=tuple(sorted(name[5:] for name, w in entry.event.words.items() if w is ERASED and name[:5] == "fact.")),
        examined=_examined(entry),
    )


def _examined(entry: Entry) -> Examined | None:
    said = entry.event.body.get("examined")
    if said is None:
        return None
    found = [(code, severity, word(entry, f"finding.{place}")) for place, (code, severity) in enumerate(said["found"])]
    return Examined(said["use"], Source(said["plugin"], said["version"], said["digest"]), said["state"], tuple(found))


def _file(place: int, said: Mapping[str, Any], names: Mapping[str, str], digests: Mapping[str, str]) -> File:
    """Returns a file of a record; of a sealed one the digest of what was handed in is among the words."""
    sealed, own = said.get("sealed"), str(place)
    return File(said["sha256"] if sealed is None else digests.get(own), said["size"], names.get(own), sealed)


def _lapse(project: Project, why: str, of: Callable[[Signature], bool]) -> None:
    project.signatures = [replace(s, lapsed=why) if not s.lapsed and of(s) else s for s in project.signatures]


def _evidence_withdrawn(project: Project, entry: Entry) -> None:
    evidence = entry.event.body["evidence"]
    project.records[evidence] = replace(project.records[evidence], withdrawn=True)
    _lapse(project, "the record was withdrawn", lambda s: s.evidence == evidence)


def _evidence_erased(project: Project, entry: Entry) -> None:
    # the same comes of it whether its words were still there when the record was folded in, or are gone by now;
    # signatures stay under it, since what was signed is what the ledger's leaf still commits to
    body = entry.event.body
    record = project.records[body["evidence"]]
    gone = {name for _, names in body["words"] for name in names}
    project.records[record.id] = replace(
        record,
        facts={name: value for name, value in record.facts.items() if f"fact.{name}" not in gone},
        files=tuple(
            replace(
                file,
                sha256=None if f"digest.{place}" in gone else file.sha256,
                name=None if f"file.{place}" in gone else file.name,
            )
            for place, file in enumerate(record.files)
        ),
        erased=tuple(sorted({*record.erased, *(name[5:] for name in gone if name[:5] == "fact.")})),
        erased_by=entry.seq,
        erased_on=body["today"],
        stood=tuple((seq, did) for seq, did in body["stood"]),
        examined=_without_words(record.examined, gone),
    )


def _without_words(examined: Examined | None, gone: Set[str]) -> Examined | None:
    if examined is None:
        return None
    found = [
        (code, severity, None if f"finding.{place}" in gone else says)
        for place, (code, severity, says) in enumerate(examined.found)
    ]
    return replace(examined, found=tuple(found))


def _words_erased(project: Project, entry: Entry) -> None:
    """Changes nothing by itself: the entry it names has lost its words, so the project is folded anew without them."""


def _evidence_regraded(project: Project, entry: Entry) -> None:
    body = entry.event.body
    project.records[body["evidence"]] = replace(project.records[body["evidence"]], judged=body["level"])
    _lapse(project, "the record was judged down", lambda s: s.evidence == body["evidence"])


def _signed(project: Project, entry: Entry) -> None:
    body = entry.event.body
    project.signatures.append(
        Signature(
            id=body["signature"],
            requirement=body["requirement"],
            role=body["role"],
            by=entry.by,
            evidence=body["evidence"],
            binds=body["binds"],
            at=entry.at,
            cycle=project.cycle,
            lapsed="",
        )
    )


def _waived(project: Project, entry: Entry) -> None:
    body = entry.event.body
    project.waivers.append(
        Waiver(
            id=body["waiver"],
            requirement=body["requirement"],
            until=body["until"],
            reason=word(entry, "reason"),
            by=entry.by,
            second=body["second"],
            at=entry.at,
            cycle=project.cycle,
        )
    )


def _decision(entry: Entry, *, dissent: bool, words: str | None) -> Decision:
    """Returns who put their name to what, in which role."""
    body = entry.event.body
    return Decision(
        id=body["decision"],
        gate=body["gate"],
        role=body["role"],
        by=entry.by,
        binds=body["binds"],
        at=entry.at,
        dissent=dissent,
        words=words,
    )


def _decided(project: Project, entry: Entry) -> None:
    decision = _decision(entry, dissent=entry.event.body["dissent"], words=word(entry, "dissent"))
    # deciding again in the same role is how a person lifts their own dissent
    others = [d for d in project.decisions if (d.gate, d.role, d.by) != (decision.gate, decision.role, decision.by)]
    project.decisions = [*others, decision]


def _decisions_lapsed(project: Project, entry: Entry) -> None:
    lapsed = set(entry.event.body["decisions"])
    project.decisions = [d for d in project.decisions if d.id not in lapsed]


def _passing_changed(project: Project, entry: Entry, change: Callable[[Passing], Passing]) -> None:
    seq = entry.event.body["passing"]
    project.passings = [change(p) if p.seq == seq else p for p in project.passings]


def _gate_unsound(project: Project, entry: Entry) -> None:
    body = entry.event.body
    _passing_changed(
        project,
        entry,
        lambda p: replace(
            p,
            lost=(*p.lost, *body["requirements"]),
            overdue=(*p.overdue, *body.get("conditions", ())),
            affirmations=(),  # whoever affirmed did not know of this
        ),
    )


def _condition_met(project: Project, entry: Entry) -> None:
    body, how = entry.event.body, word(entry, "reason")

    def met(passing: Passing) -> Passing:
        found = list(passing.conditions)
        place = body["condition"]
        found[place] = replace(found[place], met_on=body["today"], met_by=entry.by, met_how=how)
        return replace(passing, conditions=tuple(found))

    _passing_changed(project, entry, met)


def _affirmed(project: Project, entry: Entry) -> None:
    body = entry.event.body
    name = _decision(entry, dissent=False, words=None)

    def affirmed(passing: Passing) -> Passing:
        # whoever affirmed on something else has to say so again
        still = (a for a in passing.affirmations if a.binds == name.binds)
        after = replace(passing, affirmations=(*still, name))
        if not body["heals"]:
            return after
        # from now on it rests on what it was affirmed on
        return replace(
            after,
            lost=(),
            overdue=(),
            verdicts={**passing.verdicts, **body["verdicts"]},
            opinions={**passing.opinions, **body.get("opinions", {})},
        )

    _passing_changed(project, entry, affirmed)


def _gate_reopened(project: Project, entry: Entry) -> None:
    body = entry.event.body
    _went_back(project, body["to"])
    _passing_changed(project, entry, lambda p: replace(p, reopened=True))
    project.stage = body["to"]
    project.entered_at = entry.at
    project.entered_on = body["today"]
    # what was handed in while the stage was first there still counts as handed in during it
    project.entered_order = next(p.entered_order for p in project.passings if p.seq == body["passing"])
    project.decisions = []


def _went_back(project: Project, stage: str) -> None:
    project.passings = [
        replace(p, returns=(*p.returns, stage)) if p.cycle == project.cycle else p for p in project.passings
    ]


def _held(project: Project, entry: Entry) -> None:
    project.hold = (entry.at, word(entry, "reason"))


def _resumed(project: Project, entry: Entry) -> None:
    project.hold = None


def _advanced(project: Project, entry: Entry) -> None:
    body = entry.event.body
    if body["gate"] is not None:
        project.passings.append(
            Passing(
                gate=body["gate"],
                seq=entry.seq,
                at=entry.at,
                on=body["today"],
                outcome=body["outcome"],
                from_stage=body["from"],
                to=body["to"],
                by=entry.by,
                cycle=project.cycle,
                entered_order=project.entered_order,
                fields=dict(project.fields),
                lost=(),
                overdue=(),
                returns=(),
                reopened=False,
                erased_fields=tuple(project.erased_fields),
                verdicts=body["verdicts"],
                opinions=body.get("opinions", {}),
                # a decision on an older answer may still lie here, where nothing but time changed the answer
                decisions=tuple(d for d in project.decisions if (d.gate, d.binds) == (body["gate"], body["binds"])),
                conditions=tuple(
                    Condition(word(entry, f"condition.{place}"), c["owner"], c["due"])
                    for place, c in enumerate(body["conditions"])
                ),
                affirmations=(),
            )
        )
    elif body["outcome"] == "returned":
        _went_back(project, body["to"])
    project.stage = body["to"]
    project.entered_at = entry.at
    project.entered_on = body["today"]
    project.entered_order = entry.version
    project.decisions = []
    if body["new_cycle"]:
        project.cycle += 1


CHANGES: Final[Mapping[str, Callable[[Project, Entry], None]]] = {
    "fields_set": _fields_set,
    "evidence_added": _evidence_added,
    "evidence_withdrawn": _evidence_withdrawn,
    "evidence_erased": _evidence_erased,
    "words_erased": _words_erased,
    "evidence_regraded": _evidence_regraded,
    "signed": _signed,
    "waived": _waived,
    "decided": _decided,
    "decisions_lapsed": _decisions_lapsed,
    "gate_unsound": _gate_unsound,
    "condition_met": _condition_met,
    "affirmed": _affirmed,
    "gate_reopened": _gate_reopened,
    "held": _held,
    "resumed": _resumed,
    "advanced": _advanced,
}
