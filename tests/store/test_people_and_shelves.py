"""The smaller rooms: people and their roles, definitions, files, evidence, settings."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.core.errors import Conflict, IntegrityFailure
from engine.core.events import ERASED, Entry, Event
from engine.store import journal
from engine.store.database import Database, Transaction, create_database
from engine.store.definitions_shelf import DefinitionRow, current_definition, definition, definitions, put_definition
from engine.store.files import file_content, file_hashes, note_evidence, project_of_evidence, put_file
from engine.store.people import (
    PersonRow,
    active_admins,
    actor,
    apply_register_entry,
    grants_of,
    people,
    person_by_email,
    person_by_id,
)
from engine.store.settings import put_setting, setting

grant_events = st.lists(
    st.tuples(
        st.sampled_from(["role_granted", "role_revoked"]),
        st.sampled_from(["p1", "p2"]),
        st.sampled_from(["admin", "sro"]),
        st.sampled_from(["", "a"]),
    )
)


def entry(name: str, body: dict[str, Any], words: dict[str, Any] | None = None) -> Entry:
    event = Event(name, None, body, words or {})
    return Entry(seq=0, at="2026-11-22T10:00:00.000000Z", by="system", version=0, leaf="", event=event)


def add_person(tx: Transaction, person: str, email: Any, name: Any = "A name") -> None:
    apply_register_entry(tx, entry("person_added", {"person": person}, {"email": email, "name": name}))


def test_a_person_is_found_by_id_and_by_email(database: Database) -> None:
    """A person is found by id, and by email in any letters; the email is shown as it was given."""
    with database.write() as tx:
        add_person(tx, "p1", "Zoë.Straße@Example.org")
        person = PersonRow("p1", "Zoë.Straße@Example.org", "A name", True)
        assert person_by_id(tx, "p1") == person
        assert person_by_email(tx, "ZOË.STRASSE@EXAMPLE.ORG") == person
        assert people(tx) == [person]
        assert person_by_id(tx, "p2") is None
        assert person_by_email(tx, "zoe@example.org") is None
        assert actor(tx, "zoe@example.org") is None


@pytest.mark.parametrize(("person", "email"), [("p1", "other@example.org"), ("p2", "A@EXAMPLE.ORG")])
def test_a_person_is_added_once(database: Database, person: str, email: str) -> None:
    """A second person with an id or an email in use is a conflict."""
    with database.write() as tx:
        add_person(tx, "p1", "a@example.org")
        with pytest.raises(Conflict) as refusal:
            add_person(tx, person, email)
    assert refusal.value.code == "id_taken"


def test_erased_people_stand_without_name(database: Database) -> None:
    """People whose words were erased are projected all the same, any number of them."""
    with database.write() as tx:
        add_person(tx, "p1", ERASED, ERASED)
        add_person(tx, "p2", ERASED, ERASED)
        assert people(tx) == [PersonRow("p1", None, None, True), PersonRow("p2", None, None, True)]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=grant_events)
def test_roles_are_a_set(tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, str, str, str]]) -> None:
    """After any grants and revocations everyone holds what a set would, and each change gave the people a version."""
    held: set[tuple[str, str, str]] = set()
    with create_database(tmp_path_factory.mktemp("any") / "r.db") as database, database.write() as tx:
        add_person(tx, "p1", "a@example.org")
        add_person(tx, "p2", "b@example.org")
        for name, person, role, scope in events:
            apply_register_entry(tx, entry(name, {"person": person, "role": role, "scope": scope}))
            (held.add if name == "role_granted" else held.discard)((person, role, scope))
        for person, email in (("p1", "A@example.org"), ("p2", "B@example.org")):
            expected = sorted((role, scope) for holder, role, scope in held if holder == person)
            assert grants_of(tx, person) == expected
            assert actor(tx, email) == (person_by_id(tx, person), expected)
        assert active_admins(tx) == len({person for person, role, scope in held if (role, scope) == ("admin", "")})
        assert journal.head(tx).people_version == 2 + len(events)


def test_who_is_not_active_is_no_active_admin(database: Database) -> None:
    """An admin who is not active does not count."""
    with database.write() as tx:
        add_person(tx, "p1", "a@example.org")
        apply_register_entry(tx, entry("role_granted", {"person": "p1", "role": "admin", "scope": ""}))
        tx.execute("UPDATE person SET active = 0")
        assert active_admins(tx) == 0
        found = person_by_id(tx, "p1")
        assert found is not None
        assert found.active is False


def test_the_opening_sets_settings(database: Database) -> None:
    """Opening the register settles origin, public key and time; events of no room change no people."""
    with database.write() as tx:
        apply_register_entry(tx, entry("register_opened", {"origin": "example.org", "public_key": "k"}))
        apply_register_entry(tx, entry("definition_loaded", {"workflow": "w", "definition": "d"}))
        assert setting(tx, "origin") == "example.org"
        assert setting(tx, "public_key") == "k"
        assert setting(tx, "opened_at") == "2026-11-22T10:00:00.000000Z"
        assert setting(tx, "unheard") is None
        assert journal.head(tx).people_version == 0
        put_setting(tx, "origin", "other")
        assert setting(tx, "origin") == "other"


def a_definition(content: str, loaded: int, workflow: str = "w") -> DefinitionRow:
    canonical = content.encode()
    return DefinitionRow(hashlib.sha256(canonical).hexdigest(), workflow, "1", "T", canonical, "source", loaded)


def test_the_definition_loaded_last_is_current(database: Database) -> None:
    """Of a workflow the definition loaded last is current, also where it was loaded before; all stay on the shelf."""
    old, new, other = a_definition("old", 1), a_definition("new", 2), a_definition("other", 3, "x")
    with database.write() as tx:
        for row in (old, new, other):
            put_definition(tx, row)
        assert current_definition(tx, "w") == new
        put_definition(tx, old._replace(loaded=4, source="source with comments"))
        assert current_definition(tx, "w") == old._replace(loaded=4, source="source with comments")
        assert definition(tx, new.digest) == new
        assert definition(tx, "0" * 64) is None
        assert current_definition(tx, "unheard") is None
        assert [row.digest for row in definitions(tx) if row.workflow == "w"] == [new.digest, old.digest]


@pytest.mark.parametrize("altered", [b"altered", "new"])
def test_an_altered_definition_decides_nothing(database: Database, altered: bytes | str) -> None:
    """A stored definition whose bytes do not have its digest, or are not bytes, is an integrity failure."""
    row = a_definition("new", 1)
    with database.write() as tx:
        put_definition(tx, row)
        tx.execute("UPDATE definition SET canonical = ? WHERE digest = ?", (altered, row.digest))
    with database.read() as tx:
        with pytest.raises(IntegrityFailure):
            definition(tx, row.digest)
        with pytest.raises(IntegrityFailure):
            current_definition(tx, "w")


def test_a_file_is_kept_once(database: Database) -> None:
    """The same bytes put twice are kept once and come back as they were, empty ones and zeros included."""
    contents = [b"", b"\0" * 9, bytes(range(256)) * 1000]
    with database.write() as tx:
        for content in contents + contents:
            put_file(tx, hashlib.sha256(content).hexdigest(), content)
        for content in contents:
            assert file_content(tx, hashlib.sha256(content).hexdigest()) == content
        assert file_content(tx, "0" * 64) is None
        assert tx.execute("SELECT count(*) FROM file").fetchone() == (3,)
        assert [name for name, hashed in file_hashes(tx) if name != hashed] == []


def test_altered_files_are_told(database: Database) -> None:
    """Bytes that were altered in the database, or turned into text, no longer have their name as hash."""
    with database.write() as tx:
        for content in (b"one", b"two", b"six"):
            put_file(tx, hashlib.sha256(content).hexdigest(), content)
        tx.execute("UPDATE file SET content = x'00ff00' WHERE content = ?", (b"one",))
        tx.execute("UPDATE file SET content = 'abc' WHERE content = ?", (b"two",))
        assert sum(name != hashed for name, hashed in file_hashes(tx)) == 2


def test_evidence_leads_to_its_project(database: Database) -> None:
    """A record's id leads to its project, and another id nowhere; an id is used once."""
    with database.write() as tx:
        note_evidence(tx, "e1", "a", 7)
        assert project_of_evidence(tx, "e1") == "a"
        assert project_of_evidence(tx, "e2") is None
    with pytest.raises(Conflict), database.write() as tx:
        note_evidence(tx, "e1", "b", 8)
