"""What the database of a register is made of, as SQL text. Made by `python -m engine.store.generate`, not by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SCHEMA: Final[Mapping[str, str]] = {
    "alembic_version": (
        "CREATE TABLE alembic_version ( version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY "
        "(version_num) )"
    ),
    "definition": (
        "CREATE TABLE definition ( digest TEXT NOT NULL, workflow TEXT NOT NULL, version TEXT NOT NULL, title TEXT NOT "
        "NULL, canonical BLOB NOT NULL, source TEXT NOT NULL, loaded INTEGER NOT NULL, CONSTRAINT pk_definition "
        "PRIMARY KEY (digest) )"
    ),
    "ix_definition_workflow_loaded": "CREATE INDEX ix_definition_workflow_loaded ON definition (workflow, loaded)",
    "entry": (
        "CREATE TABLE entry ( seq INTEGER NOT NULL, leaf BLOB NOT NULL, leaf_hash BLOB NOT NULL, root BLOB NOT NULL, "
        "project TEXT, version INTEGER NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL, CONSTRAINT "
        "pk_entry PRIMARY KEY (seq), CONSTRAINT ck_entry_version CHECK ((project IS NULL) = (version = 0)), CONSTRAINT "
        "ck_entry_leaf_hash CHECK (length(leaf_hash) = 32), CONSTRAINT ck_entry_root CHECK (length(root) = 32), "
        "CONSTRAINT ck_entry_seq CHECK (seq >= 0), CONSTRAINT ck_entry_version_sign CHECK (version >= 0) )"
    ),
    "ix_entry_project_version": (
        "CREATE UNIQUE INDEX ix_entry_project_version ON entry (project, version) WHERE project IS NOT NULL"
    ),
    "ix_entry_register": "CREATE INDEX ix_entry_register ON entry (seq) WHERE project IS NULL",
    "evidence": (
        "CREATE TABLE evidence ( id TEXT NOT NULL, project TEXT NOT NULL, seq INTEGER NOT NULL, CONSTRAINT pk_evidence "
        "PRIMARY KEY (id) ) WITHOUT ROWID"
    ),
    "file": (
        "CREATE TABLE file ( sha256 TEXT NOT NULL, size INTEGER NOT NULL, content BLOB NOT NULL, CONSTRAINT pk_file "
        "PRIMARY KEY (sha256), CONSTRAINT ck_file_sha256 CHECK (length(sha256) = 64), CONSTRAINT ck_file_size CHECK "
        "(size = length(content)) )"
    ),
    "head": (
        "CREATE TABLE head ( id INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, frontier BLOB NOT NULL, "
        "at TEXT NOT NULL, people_version INTEGER NOT NULL, CONSTRAINT pk_head PRIMARY KEY (id), CONSTRAINT "
        "ck_head_one CHECK (id = 1), CONSTRAINT ck_head_root CHECK (length(root) = 32), CONSTRAINT ck_head_size CHECK "
        "(size >= 0) )"
    ),
    "idempotency": (
        "CREATE TABLE idempotency ( key_hash TEXT NOT NULL, fingerprint TEXT NOT NULL, first_seq INTEGER NOT NULL, "
        "last_seq INTEGER NOT NULL, CONSTRAINT pk_idempotency PRIMARY KEY (key_hash), CONSTRAINT ck_idempotency_span "
        "CHECK (first_seq <= last_seq) ) WITHOUT ROWID"
    ),
    "person": (
        "CREATE TABLE person ( id TEXT NOT NULL, email_folded TEXT, email TEXT, name TEXT, active BOOLEAN NOT NULL, "
        "CONSTRAINT pk_person PRIMARY KEY (id), CONSTRAINT uq_person_email_folded UNIQUE (email_folded), CONSTRAINT "
        "ck_person_active CHECK (active IN (0, 1)) )"
    ),
    "setting": (
        "CREATE TABLE setting ( name TEXT NOT NULL, value TEXT NOT NULL, CONSTRAINT pk_setting PRIMARY KEY (name) ) "
        "WITHOUT ROWID"
    ),
    "stage_count": (
        "CREATE TABLE stage_count ( workflow TEXT NOT NULL, stage TEXT NOT NULL, n INTEGER NOT NULL, CONSTRAINT "
        "pk_stage_count PRIMARY KEY (workflow, stage), CONSTRAINT ck_stage_count_n CHECK (n >= 0) ) WITHOUT ROWID"
    ),
    "project": (
        "CREATE TABLE project ( id TEXT NOT NULL, version INTEGER NOT NULL, workflow TEXT NOT NULL, definition TEXT "
        "NOT NULL, stage TEXT NOT NULL, stage_final BOOLEAN NOT NULL, on_hold BOOLEAN NOT NULL, cycle INTEGER NOT "
        "NULL, title TEXT, entered_at TEXT NOT NULL, due_on TEXT, snapshot BLOB NOT NULL, CONSTRAINT pk_project "
        "PRIMARY KEY (id), CONSTRAINT ck_project_cycle CHECK (cycle >= 1), CONSTRAINT ck_project_version CHECK "
        "(version >= 1), CONSTRAINT fk_project_definition_definition FOREIGN KEY(definition) REFERENCES definition "
        "(digest), CONSTRAINT ck_project_stage_final CHECK (stage_final IN (0, 1)), CONSTRAINT ck_project_on_hold "
        "CHECK (on_hold IN (0, 1)) )"
    ),
    "ix_project_open_due_on_id": (
        "CREATE INDEX ix_project_open_due_on_id ON project (due_on, id) WHERE stage_final IS 0"
    ),
    "ix_project_stage_id": "CREATE INDEX ix_project_stage_id ON project (stage, id)",
    "ix_project_workflow_stage_id": "CREATE INDEX ix_project_workflow_stage_id ON project (workflow, stage, id)",
    "role_grant": (
        "CREATE TABLE role_grant ( person TEXT NOT NULL, role TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT "
        "pk_role_grant PRIMARY KEY (person, role, scope), CONSTRAINT fk_role_grant_person_person FOREIGN KEY(person) "
        "REFERENCES person (id) ) WITHOUT ROWID"
    ),
    "ix_role_grant_role_scope": "CREATE INDEX ix_role_grant_role_scope ON role_grant (role, scope)",
    "word": (
        "CREATE TABLE word ( seq INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, salt BLOB NOT NULL, "
        "CONSTRAINT pk_word PRIMARY KEY (seq, name), CONSTRAINT ck_word_salt CHECK (length(salt) = 32), CONSTRAINT "
        "fk_word_seq_entry FOREIGN KEY(seq) REFERENCES entry (seq) ) WITHOUT ROWID"
    ),
    "entry_is_never_updated": (
        "CREATE TRIGGER entry_is_never_updated BEFORE UPDATE ON entry BEGIN SELECT raise(ABORT, 'an entry of the "
        "ledger is never changed'); END"
    ),
    "entry_is_never_deleted": (
        "CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry BEGIN SELECT raise(ABORT, 'an entry of the "
        "ledger is never removed'); END"
    ),
    "entry_is_added_at_the_end": (
        "CREATE TRIGGER entry_is_added_at_the_end BEFORE INSERT ON entry WHEN NEW.seq <> (SELECT coalesce(max(seq) + "
        "1, 0) FROM entry) BEGIN SELECT raise(ABORT, 'an entry of the ledger is added at its end'); END"
    ),
    "anchor": (
        "CREATE TABLE anchor ( place TEXT NOT NULL, size INTEGER NOT NULL, note TEXT NOT NULL, at TEXT NOT NULL, "
        "tried_at TEXT NOT NULL, failure TEXT, CONSTRAINT pk_anchor PRIMARY KEY (place), CONSTRAINT ck_anchor_size "
        "CHECK (size >= 0) ) WITHOUT ROWID"
    ),
    "letter": (
        "CREATE TABLE letter ( seq INTEGER NOT NULL, person TEXT NOT NULL, tries INTEGER NOT NULL, failure TEXT, "
        "CONSTRAINT pk_letter PRIMARY KEY (seq, person), CONSTRAINT ck_letter_tries CHECK (tries >= 0), CONSTRAINT "
        "fk_letter_seq_entry FOREIGN KEY(seq) REFERENCES entry (seq) ) WITHOUT ROWID"
    ),
    "node": (
        "CREATE TABLE node ( level INTEGER NOT NULL, place INTEGER NOT NULL, hash BLOB NOT NULL, CONSTRAINT pk_node "
        "PRIMARY KEY (level, place), CONSTRAINT ck_node_hash CHECK (length(hash) = 32), CONSTRAINT ck_node_level CHECK "
        "(level >= 1) ) WITHOUT ROWID"
    ),
    "refusal": (
        "CREATE TABLE refusal ( person TEXT NOT NULL, day TEXT NOT NULL, what TEXT NOT NULL, project TEXT, seq INTEGER "
        "NOT NULL, since TEXT NOT NULL, times INTEGER NOT NULL, told INTEGER NOT NULL, CONSTRAINT pk_refusal PRIMARY "
        "KEY (person, day, what), CONSTRAINT ck_refusal_times CHECK (times >= told AND told >= 0), CONSTRAINT "
        "fk_refusal_seq_entry FOREIGN KEY(seq) REFERENCES entry (seq) ) WITHOUT ROWID"
    ),
    "ix_refusal_project": "CREATE INDEX ix_refusal_project ON refusal (project) WHERE project IS NOT NULL",
    "ix_entry_corrected": "CREATE INDEX ix_entry_corrected ON entry (seq) WHERE name = 'corrected'",
    "sealed_file": (
        "CREATE TABLE sealed_file ( digest TEXT NOT NULL, size INTEGER NOT NULL, content BLOB NOT NULL, CONSTRAINT "
        "pk_sealed_file PRIMARY KEY (digest), CONSTRAINT ck_sealed_file_digest CHECK (length(digest) = 64), CONSTRAINT "
        "ck_sealed_file_size CHECK (size = length(content)) )"
    ),
    "file_key": (
        "CREATE TABLE file_key ( digest TEXT NOT NULL, secret BLOB NOT NULL, CONSTRAINT pk_file_key PRIMARY KEY "
        "(digest), CONSTRAINT ck_file_key_secret CHECK (length(secret) = 32), CONSTRAINT "
        "fk_file_key_digest_sealed_file FOREIGN KEY(digest) REFERENCES sealed_file (digest) ) WITHOUT ROWID"
    ),
    "observer": (
        "CREATE TABLE observer ( observer TEXT NOT NULL, next_seq INTEGER NOT NULL, CONSTRAINT pk_observer PRIMARY KEY "
        "(observer), CONSTRAINT ck_observer_next_seq CHECK (next_seq >= 0) ) WITHOUT ROWID"
    ),
    "outbox": (
        "CREATE TABLE outbox ( id INTEGER NOT NULL, topic TEXT NOT NULL, occurrence TEXT NOT NULL, payload TEXT NOT "
        "NULL, state TEXT NOT NULL, tries INTEGER NOT NULL, made_at TEXT NOT NULL, next_at TEXT NOT NULL, "
        "claimed_until TEXT, done_at TEXT, told TEXT, CONSTRAINT pk_outbox PRIMARY KEY (id), CONSTRAINT "
        "ck_outbox_state CHECK (state IN ('waiting', 'delivered', 'dead')), CONSTRAINT ck_outbox_tries CHECK (tries >= "
        "0), CONSTRAINT uq_outbox_topic_occurrence UNIQUE (topic, occurrence) )"
    ),
    "ix_outbox_due": "CREATE INDEX ix_outbox_due ON outbox (next_at) WHERE state = 'waiting'",
    "ix_outbox_topic": "CREATE INDEX ix_outbox_topic ON outbox (topic, id)",
    "ix_outbox_waiting": "CREATE INDEX ix_outbox_waiting ON outbox (topic, id) WHERE state = 'waiting'",
    "ix_outbox_delivered": "CREATE INDEX ix_outbox_delivered ON outbox (done_at) WHERE state = 'delivered'",
    "ix_outbox_dead": "CREATE INDEX ix_outbox_dead ON outbox (topic, done_at) WHERE state = 'dead'",
    "deadline": (
        "CREATE TABLE deadline ( id TEXT NOT NULL, project TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT "
        "NULL, severity TEXT NOT NULL, due TEXT NOT NULL, next_on TEXT, owner TEXT, body TEXT NOT NULL, CONSTRAINT "
        "pk_deadline PRIMARY KEY (id) ) WITHOUT ROWID"
    ),
    "ix_deadline_project": "CREATE INDEX ix_deadline_project ON deadline (project)",
    "ix_deadline_due": "CREATE INDEX ix_deadline_due ON deadline (due, id)",
    "ix_deadline_owner": "CREATE INDEX ix_deadline_owner ON deadline (owner) WHERE owner IS NOT NULL",
    "ix_deadline_next": "CREATE INDEX ix_deadline_next ON deadline (next_on, due, id) WHERE next_on IS NOT NULL",
    "stay": (
        "CREATE TABLE stay ( project TEXT NOT NULL, version INTEGER NOT NULL, workflow TEXT NOT NULL, stage TEXT NOT "
        "NULL, left_on TEXT NOT NULL, days INTEGER NOT NULL, CONSTRAINT pk_stay PRIMARY KEY (project, version), "
        "CONSTRAINT ck_stay_days CHECK (days >= 0) ) WITHOUT ROWID"
    ),
    "ix_stay_stage": "CREATE INDEX ix_stay_stage ON stay (workflow, stage, left_on)",
    "beat": (
        "CREATE TABLE beat ( name TEXT NOT NULL, at TEXT NOT NULL, said TEXT NOT NULL, CONSTRAINT pk_beat PRIMARY KEY "
        "(name) ) WITHOUT ROWID"
    ),
}
