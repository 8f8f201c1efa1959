"""Gathers from a register all that belongs to a project, as it stood at one signed checkpoint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.core.definition import Workflow
from engine.core.errors import IntegrityFailure, StorageUnavailable
from engine.core.events import ERASED, Entry
from engine.core.project import Project, replay
from engine.ledger.checkpoint import Checkpoint, read_checkpoint
from engine.ledger.note import Signer, split_note
from engine.room import Room
from engine.signer import signed_checkpoint, signer_of
from engine.store import definitions_shelf, journal
from engine.store.database import Database, Transaction
from engine.store.definitions_shelf import DefinitionRow

TRIES = 20
ERASING = frozenset({"evidence_erased", "person_erased", "words_erased", "register_words_erased"})
ABOUT_PEOPLE = frozenset({"person_added", "person_erased", "role_granted", "role_revoked"})
ALWAYS = frozenset({"register_opened", "key_rotated", "ledger_recovered"})


@dataclass(frozen=True, slots=True)
class Signed:
    """What the register signs for a pack: its checkpoint as a note, what that says, and the key for statements."""

    note: str
    checkpoint: Checkpoint
    signer: Signer


@dataclass(slots=True)
class Gathered:
    """Everything about a project that stands in the ledger.

    Attributes:
        entries: the project's own, oldest first; register: those of the register that it needs, oldest first.
        erased: for each entry, by which entry each of its words was erased.
        names: the names of people by id; None once they were erased.
        evidence: the entry that added each record, by the record's id.
        without_personal: True where personal files and addresses are kept back.
    """

    signed: Signed
    project: Project
    workflow: Workflow
    entries: list[Entry]
    register: list[Entry]
    definitions: list[DefinitionRow]
    erased: dict[int, dict[str, int]] = field(default_factory=dict)
    names: dict[str, str | None] = field(default_factory=dict)
    evidence: dict[str, Entry] = field(default_factory=dict)
    without_personal: bool = False

    def everything(self) -> list[Entry]:
        """Returns the entries of both kinds, oldest first."""
        return sorted([*self.register, *self.entries], key=lambda entry: entry.seq)

    def name(self, person: str) -> str | None:
        """Returns what a person is called; None once that was erased."""
        return "cocycle" if person == "system" else self.names.get(person)


def sign_now(database: Database) -> Signed:
    """Returns the register's checkpoint, signed now."""
    note = signed_checkpoint(database)
    return Signed(note, read_checkpoint(split_note(note)[0]), signer_of(database))


def gather(tx: Transaction, room: Room, project: str, signed: Signed) -> Gathered | None:
    """Returns everything about a project; None where the ledger has grown since it was signed.

    Raises:
        NotFound: there is no such project.
        IntegrityFailure: something is gone that nobody erased.
    """
    room.stored(tx, project)
    if journal.head(tx).size != signed.checkpoint.size:
        return None
    entries = list(journal.entries(tx, project=project))
    found = replay(entries)
    if found is None:
        raise IntegrityFailure(f"The project {project} is stored, and the ledger does not know it.")
    digests = dict.fromkeys(e.event.body["definition"] for e in entries if "definition" in e.event.body)
    rows = [row for digest in digests if (row := definitions_shelf.definition(tx, digest)) is not None]
    if len(rows) != len(digests):
        raise IntegrityFailure(f"A definition that {project} was judged by is not on the shelf.")
    workflow = room.workflow(tx, found.definition)
    register = list(_of_register(journal.entries(tx, register_only=True), project, frozenset(digests), entries))
    gathered = Gathered(signed, found, workflow, entries, register, rows)
    gathered.erased = _erased(gathered.everything())
    for entry in register:
        if entry.event.name == "person_added":
            name = entry.event.words["name"]
            gathered.names[entry.event.body["person"]] = None if name is ERASED else name
    gathered.evidence = {e.event.body["evidence"]: e for e in entries if e.event.name == "evidence_added"}
    return gathered


def grown(project: str) -> StorageUnavailable:
    """Returns the error for a register that is written to faster than it can be packed."""
    return StorageUnavailable(
        f"Others write to the register so fast that {project} could not be packed. Try again in a moment.",
        code="locked",
    )


def _of_register(
    entries: Iterator[Entry], project: str, definitions: frozenset[str], own: Sequence[Entry]
) -> Iterator[Entry]:
    """Yields the entries of the register that the project needs; what people are needed shows at the end."""
    found: list[Entry] = []
    needed = {person for entry in own for person in _people_in(entry)}
    for entry in entries:
        name, body = entry.event.name, entry.event.body
        # what was erased of a correction is told by an entry that names no project
        about = body.get("project") == project or (
            name == "register_words_erased" and any(e.seq == body["entry"] for e in found)
        )
        if about:
            needed |= set(_people_in(entry))
        loaded = name == "definition_loaded" and body["definition"] in definitions
        if name in ALWAYS or about or name in ABOUT_PEOPLE or loaded:
            found.append(entry)
    for entry in found:
        body = entry.event.body
        here = body.get("person") in needed and body.get("scope", "") in ("", project)
        if here or entry.event.name not in ABOUT_PEOPLE:
            yield entry


def _people_in(entry: Entry) -> Iterator[str]:
    body = entry.event.body
    yield entry.by
    for member in ("second", "owner", "person"):
        if isinstance(body.get(member), str):
            yield body[member]
    for condition in body.get("conditions", ()) if entry.event.name == "advanced" else ():
        yield condition["owner"]


def _erased(entries: Sequence[Entry]) -> dict[int, dict[str, int]]:
    """Returns by which entry each word was erased; raises IntegrityFailure for one that is gone and nobody erased."""
    by: dict[int, dict[str, int]] = {}
    for entry in entries:
        if entry.event.name in ERASING:
            told: list[tuple[int, list[str]]] = entry.event.body["words"]
            for seq, names in told:
                for name in names:
                    by.setdefault(seq, {}).setdefault(name, entry.seq)
    for entry in entries:
        gone = [name for name, word in entry.event.words.items() if word is ERASED]
        lost = [name for name in gone if name not in by.get(entry.seq, {})]
        if lost:
            raise IntegrityFailure(
                f"Words of entry {entry.seq} are gone, and no entry erased them: {', '.join(lost)}. Nothing was packed;"
                " cocycle ledger verify tells everything that is wrong.",
                details={"seq": entry.seq},
            )
    return by
