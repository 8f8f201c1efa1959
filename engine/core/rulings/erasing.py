"""Erasing what people wrote, and the people themselves: two of them, an authority, a ground of law, and what goes.

UK GDPR, article 17, gives people the right to have what is held about them erased. What may stand in a leaf in clear
(ids, roles, choices, dates, numbers) stays, and so do the gates that were passed on it; what goes are the words, their
salts, and files. Whether a ground applies is for the two people to say, and never for the machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from engine.core.authority import ADMIN, AUDITOR, may, refuse
from engine.core.commands import EraseEvidence, EraseWords, Typed
from engine.core.events import ERASED, Entry, Event
from engine.core.evidence import Record
from engine.core.outcome import Accepted, Actor, Hearing, Outcome, Refused, bad_input, known_or
from engine.core.project import Project
from engine.core.records import rules_hold
from engine.core.rulings.evidence import no_record
from engine.core.rulings.opening import Mistakes
from engine.core.soundness import bench_of
from engine.core.values import BadValue, text

UNSTATED: Final = "unstated"
GROUNDS: Final[Mapping[str, str]] = {
    "no_longer_necessary": "no longer necessary for what it was collected for (article 17(1)(a))",
    "consent_withdrawn": "the person withdrew their consent, and nothing else allows keeping it (article 17(1)(b))",
    "objection": "the person objected, and nothing weighs more than that (article 17(1)(c))",
    "unlawful": "it was never lawful to hold it (article 17(1)(d))",
    "legal_obligation": "a law requires that it is erased (article 17(1)(e))",
    "child_online": "it was collected from a child for a service offered online (article 17(1)(f))",
    UNSTATED: "no ground was stated",
}
"""The grounds of UK GDPR article 17(1), by the choice that names each, in words."""
SRO: Final = "sro"
"""The role of a definition that may be the second at erasing evidence, beside an admin."""

Words = tuple[tuple[int, tuple[str, ...]], ...]
"""Words of the ledger: the index of an entry and the names of its words, entry by entry."""
_ABOUT = ("evidence_added", "evidence_withdrawn", "evidence_regraded")


_WHOLE: Final[Mapping[str, str]] = {"evidence_added": "evidence", "person_added": "person"}
"""Entries whose words are part of something that is erased whole, with its files or its roles."""


@dataclass(frozen=True, slots=True)
class PersonKnown:
    """Somebody who may be erased: their id, whether they were already, the roles they hold, and their words."""

    id: str
    erased: bool
    grants: tuple[tuple[str, str], ...]
    words: Words


def erase_evidence(project: Project, command: EraseEvidence, hearing: Hearing) -> Outcome:
    """Rules on erasing a record: by an admin, with another admin or the project's `sro`, once.

    What the rules of its requirement said of it, at each passing of its gate, is put on record while it can be known.
    """
    record = project.records.get(command.evidence)
    if record is None:
        return no_record(project, command.evidence)
    mistakes: Mistakes = []
    authority, ground = _authority(command.authority, mistakes), _ground(command.ground, mistakes)
    if mistakes:
        return bad_input(mistakes)
    if no := not_the_two(hearing.actor, command.second, SRO in command.second.held):
        return no
    if record.erased_by is not None:
        sentence = f"The evidence {record.id} was erased already, by entry {record.erased_by}."
        return Refused("rules", "erased_already", sentence)
    body = {
        "evidence": record.id,
        "second": command.second.person,
        "ground": ground,
        "today": hearing.moment.today.isoformat(),
        "words": [[seq, list(names)] for seq, names in command.words],
        "files": _files(record, command.used),
        "stood": _stood(project, record, hearing),
    }
    return Accepted((Event("evidence_erased", project.id, body, {"authority": authority}),))


def erase_person(actor: Actor, second: Actor, person: PersonKnown, authority: str, ground: str | None) -> Outcome:
    """Rules on erasing a person: by two admins who are neither each other nor that person, once.

    Every role is taken from them in the same act. Their id stays wherever it stands, and no longer leads to anybody.
    """
    mistakes: Mistakes = []
    said, because = _authority(authority, mistakes), _ground(ground, mistakes)
    if mistakes:
        return bad_input(mistakes)
    if no := not_the_two(actor, second, False):
        return no
    # so an admin is always left: the two who erase are admins, and neither of them is the one who goes
    if person.id in (actor.person, second.person):
        return refuse(actor, "Nobody erases themself, nor helps to; two other admins do it.")
    if person.erased:
        return Refused("rules", "erased_already", f"The person {person.id} was erased already.")
    taken = [
        Event("role_revoked", None, {"person": person.id, "role": role, "scope": scope})
        for role, scope in person.grants
    ]
    body = {
        "person": person.id,
        "second": second.person,
        "ground": because,
        "words": [[seq, list(names)] for seq, names in person.words],
    }
    return Accepted((*taken, Event("person_erased", None, body, {"authority": said})))


def erase_words(project: Project, command: EraseWords, hearing: Hearing) -> Outcome:
    """Rules on erasing what people typed in one entry of a project: by the two who may erase evidence, once."""
    return _erase_entry(hearing.actor, command.second, SRO in command.second.held, command.typed, project.id)


def erase_register_words(actor: Actor, second: Actor, typed: Typed) -> Outcome:
    """Rules on erasing what people typed in one of the register's own entries: by two admins, once."""
    return _erase_entry(actor, second, False, typed, None)


def _erase_entry(actor: Actor, second: Actor, answers_for_it: bool, asked: Typed, project: str | None) -> Outcome:
    mistakes: Mistakes = []
    authority, ground = _authority(asked.authority, mistakes), _ground(asked.ground, mistakes)
    if mistakes:
        return bad_input(mistakes)
    if no := not_the_two(actor, second, answers_for_it):
        return no
    said = asked.said
    if (what := _WHOLE.get(said.event.name)) is not None:
        sentence = (
            f"Entry {said.seq} is where the {what} {said.event.body[what]} came in. Erase that, and not the entry."
        )
        return Refused("rules", "erase_whole", sentence)
    if not said.event.words:
        return Refused("rules", "nothing_typed", f"Entry {said.seq} holds nothing that anybody typed.")
    left = _left(said.event)
    if not left:
        sentence = f"What was typed in entry {said.seq} was erased already, by entry {asked.erased_by}."
        return Refused("rules", "erased_already", sentence)
    body = {"entry": said.seq, "second": second.person, "ground": ground, "words": [[said.seq, list(left)]]}
    name = "register_words_erased" if project is None else "words_erased"
    return Accepted((Event(name, project, body, {"authority": authority}),))


def words_about(evidence: str, entries: Iterable[Entry], corrections: Iterable[Entry] = ()) -> Words:
    """Returns the words that a record's own entries still hold: what it says, its files' names, why it was withdrawn.

    Args:
        evidence: the record's id.
        entries: those of its project.
        corrections: `corrected` entries, which may tell of any entry.
    """
    found: dict[int, tuple[str, ...]] = {}
    for entry in entries:
        event = entry.event
        if event.name in _ABOUT and event.body["evidence"] == evidence:
            found[entry.seq] = _left(event)
    for entry in corrections:
        if entry.event.name == "corrected" and entry.event.body["entry"] in found:
            found[entry.seq] = _left(entry.event)
    return tuple((seq, names) for seq, names in sorted(found.items()) if names)


def _left(event: Event) -> tuple[str, ...]:
    return tuple(sorted(name for name, word in event.words.items() if word is not ERASED))


def _authority(raw: str, mistakes: Mistakes) -> str:
    try:
        return text(raw, "The authority", 2_000)
    except BadValue as bad:
        mistakes.append(("authority", str(bad)))
        return ""


def _ground(named: str | None, mistakes: Mistakes) -> str:
    if named is None:
        return UNSTATED
    if named not in GROUNDS:
        mistakes.append(("ground", f"There is no ground {named} in article 17(1). {known_or(GROUNDS, named)}"))
    return named


def not_the_two(actor: Actor, second: Actor, answers_for_it: bool) -> Refused | None:
    """Returns the refusal of two people who may not erase this together; None where they may."""
    if no := may(actor, "erase what people wrote"):
        return no
    if actor.person == second.person:
        return refuse(actor, "Erasing needs two people, and the second is somebody else.")
    if second.person and (ADMIN in second.register or (answers_for_it and AUDITOR not in second.register)):
        return None
    return refuse(
        second,
        f"{second.name} may not be the second at this; another admin may, or, for what is of a project, its SRO.",
    )


def _files(record: Record, used: frozenset[str]) -> list[dict[str, str]]:
    """Returns the files to erase, each once: a sealed one is nobody else's, another goes unless somebody uses it."""
    found: dict[str, dict[str, str]] = {}
    for file in record.files:
        if file.sealed is not None:
            found[file.sealed] = {"sealed": file.sealed}
        elif file.sha256 is not None and file.sha256 not in used:
            found[file.sha256] = {"sha256": file.sha256}
    return list(found.values())


def _stood(project: Project, record: Record, hearing: Hearing) -> list[list[int | bool]]:
    workflow, moment = hearing.workflow, hearing.moment
    requirement, gate = workflow.requirements[record.requirement], workflow.gate_of[record.requirement]
    return [
        [p.seq, rules_hold(bench_of(workflow, project, p, moment.today, moment.calendar), requirement, record)]
        for p in project.passings
        if p.gate == gate
    ]
