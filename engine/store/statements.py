"""Every statement but the outbox's, as SQL text. Made by `python -m engine.store.generate`, not by hand."""

from __future__ import annotations

from typing import Final

ADD_HEAD: Final = (
    "INSERT INTO head (id, size, root, frontier, at, people_version) VALUES (:id, :size, :root, :frontier, :at, "
    ":people_version)"
)

HEAD: Final = "SELECT head.size, head.root, head.frontier, head.at, head.people_version FROM head"

MOVE_HEAD: Final = (
    "UPDATE head SET size=:size, root=:root, frontier=:frontier, at=:at WHERE head.id = :which AND head.size = "
    ":expected"
)

BUMP_PEOPLE: Final = "UPDATE head SET people_version=(head.people_version + 1)"

ADD_ENTRY: Final = (
    "INSERT INTO entry (seq, leaf, leaf_hash, root, project, version, name, at, actor) VALUES (:seq, :leaf, "
    ":leaf_hash, :root, :project, :version, :name, :at, :actor)"
)

ADD_WORD: Final = "INSERT INTO word (seq, name, value, salt) VALUES (:seq, :name, :value, :salt)"

ADD_KEY: Final = (
    "INSERT INTO idempotency (key_hash, fingerprint, first_seq, last_seq) VALUES (:key_hash, :fingerprint, :first_seq, "
    ":last_seq) ON CONFLICT DO NOTHING"
)

KEY: Final = (
    "SELECT idempotency.fingerprint, idempotency.first_seq, idempotency.last_seq FROM idempotency WHERE "
    "idempotency.key_hash = :which"
)

COUNT_KEYS: Final = "SELECT count(*) AS count_1 FROM idempotency"

LEAF: Final = "SELECT entry.leaf FROM entry WHERE entry.seq = :which"

ROOT: Final = "SELECT entry.root FROM entry WHERE entry.seq = :which"

RAW_ENTRIES: Final = "SELECT entry.seq, entry.leaf, entry.leaf_hash, entry.root FROM entry ORDER BY entry.seq"

ENTRIES: Final = (
    "SELECT entry.seq, entry.leaf FROM entry WHERE entry.seq >= :first AND entry.seq <= :last ORDER BY entry.seq"
)

ENTRIES_OF_PROJECT: Final = (
    "SELECT entry.seq, entry.leaf FROM entry WHERE entry.seq >= :first AND entry.seq <= :last AND entry.project = "
    ":project ORDER BY entry.seq"
)

ENTRIES_OF_REGISTER: Final = (
    "SELECT entry.seq, entry.leaf FROM entry WHERE entry.seq >= :first AND entry.seq <= :last AND entry.project IS "
    "NULL ORDER BY entry.seq"
)

REGISTER_ENTRIES_CALLED: Final = (
    "SELECT entry.seq FROM entry WHERE entry.name = :which AND entry.project IS NULL ORDER BY entry.seq"
)

CORRECTIONS: Final = "SELECT entry.seq, entry.leaf FROM entry WHERE entry.name = 'corrected' ORDER BY entry.seq"

ADD_NODE: Final = "INSERT INTO node (level, place, hash) VALUES (:level, :place, :hash)"

NODES: Final = (
    "SELECT node.place, node.hash FROM node WHERE node.level = :which AND node.place >= :first AND node.place <= :last "
    "ORDER BY node.place"
)

ALL_NODES: Final = "SELECT node.level, node.place, node.hash FROM node ORDER BY node.level, node.place"

LEAF_HASHES: Final = (
    "SELECT entry.seq, entry.leaf_hash FROM entry WHERE entry.seq >= :first AND entry.seq <= :last ORDER BY entry.seq"
)

FORGET_WORD: Final = "DELETE FROM word WHERE word.seq = :seq AND word.name = :name"

WORDS_OF: Final = "SELECT word.name, word.value FROM word WHERE word.seq = :which"

SALTED_WORDS_OF: Final = "SELECT word.name, word.value, word.salt FROM word WHERE word.seq = :which ORDER BY word.name"

WORDS: Final = "SELECT word.seq, word.name, word.value, word.salt FROM word ORDER BY word.seq, word.name"

OPENING_BEFORE: Final = (
    "SELECT entry.leaf FROM entry WHERE entry.project = :project AND entry.seq < :before AND entry.version = 1"
)

MOVE_BEFORE: Final = (
    "SELECT entry.leaf FROM entry WHERE entry.project = :project AND entry.seq < :before AND entry.name IN "
    "('project_opened', 'advanced', 'gate_reopened') ORDER BY entry.version DESC LIMIT 1 OFFSET 0"
)

DIGEST_WORDS: Final = (
    "SELECT word.seq, word.name FROM word WHERE word.value = :value AND word.name LIKE 'digest.%' ORDER BY word.seq, "
    "word.name"
)

ALL_ENTRIES: Final = (
    "SELECT entry.seq, entry.leaf, entry.leaf_hash, entry.root, entry.project, entry.version, entry.name, entry.at, "
    "entry.actor FROM entry ORDER BY entry.seq"
)

ENTRIES_BY_PROJECT: Final = (
    "SELECT entry.project, entry.seq, entry.leaf FROM entry WHERE entry.project IS NOT NULL ORDER BY entry.project, "
    "entry.version"
)

WORDS_OF_ALL: Final = (
    "SELECT word.seq, word.name, word.value FROM word WHERE word.seq IN (SELECT anon_1.value FROM json_each(:seqs) AS "
    "anon_1)"
)

ALL_KEYS: Final = "SELECT idempotency.key_hash, idempotency.first_seq, idempotency.last_seq FROM idempotency"

ALL_EVIDENCE: Final = "SELECT evidence.id, evidence.project, evidence.seq FROM evidence"

ADD_PROJECT: Final = (
    "INSERT INTO project (id, version, workflow, definition, stage, stage_final, on_hold, cycle, title, entered_at, "
    "due_on, snapshot) VALUES (:id, :version, :workflow, :definition, :stage, :stage_final, :on_hold, :cycle, :title, "
    ":entered_at, :due_on, :snapshot)"
)

PROJECT: Final = (
    "SELECT project.id, project.version, project.workflow, project.definition, project.stage, project.stage_final, "
    "project.due_on, project.snapshot FROM project WHERE project.id = :which"
)

PROJECT_PLACE: Final = (
    "SELECT project.version, project.workflow, project.definition, project.stage, project.stage_final, project.due_on "
    "FROM project WHERE project.id = :which"
)

KEEP_PROJECT: Final = (
    "UPDATE project SET version=:version, on_hold=:on_hold, cycle=:cycle, title=:title, entered_at=:entered_at, "
    "snapshot=:snapshot WHERE project.id = :which AND project.version = :expected"
)

MOVE_PROJECT: Final = (
    "UPDATE project SET version=:version, stage=:stage, stage_final=:stage_final, on_hold=:on_hold, cycle=:cycle, "
    "title=:title, entered_at=:entered_at, due_on=:due_on, snapshot=:snapshot WHERE project.id = :which AND "
    "project.version = :expected"
)

REPIN_PROJECT: Final = (
    "UPDATE project SET version=:version, workflow=:workflow, definition=:definition, stage=:stage, "
    "stage_final=:stage_final, on_hold=:on_hold, cycle=:cycle, title=:title, entered_at=:entered_at, due_on=:due_on, "
    "snapshot=:snapshot WHERE project.id = :which AND project.version = :expected"
)

PROJECT_IDS: Final = "SELECT project.id FROM project ORDER BY project.id"

PROJECTS: Final = (
    "SELECT project.id, project.version, project.workflow, project.definition, project.stage, project.stage_final, "
    "project.on_hold, project.cycle, project.title, project.entered_at, project.due_on, project.snapshot FROM project "
    "WHERE project.id > :after ORDER BY project.id LIMIT :limit OFFSET 0"
)

PROJECTS_BY_STAGE: Final = (
    "SELECT project.id, project.version, project.workflow, project.definition, project.stage, project.stage_final, "
    "project.on_hold, project.cycle, project.title, project.entered_at, project.due_on, project.snapshot FROM project "
    "WHERE project.id > :after AND project.stage = :stage ORDER BY project.id LIMIT :limit OFFSET 0"
)

PROJECTS_BY_WORKFLOW: Final = (
    "SELECT project.id, project.version, project.workflow, project.definition, project.stage, project.stage_final, "
    "project.on_hold, project.cycle, project.title, project.entered_at, project.due_on, project.snapshot FROM project "
    "WHERE project.id > :after AND project.workflow = :workflow ORDER BY project.id LIMIT :limit OFFSET 0"
)

PROJECTS_BY_OVERDUE_ON: Final = (
    "SELECT project.id, project.version, project.workflow, project.definition, project.stage, project.stage_final, "
    "project.on_hold, project.cycle, project.title, project.entered_at, project.due_on, project.snapshot FROM project "
    "WHERE project.id > :after AND project.due_on < :overdue_on AND project.stage_final IS 0 ORDER BY project.id LIMIT "
    ":limit OFFSET 0"
)

PROJECTS_BY_STAGE_BY_WORKFLOW: Final = (
    "SELECT project.id, project.version, project.workflow, project.definition, project.stage, project.stage_final, "
    "project.on_hold, project.cycle, project.title, project.entered_at, project.due_on, project.snapshot FROM project "
    "WHERE project.id > :after AND project.stage = :stage AND project.workflow = :workflow ORDER BY project.id LIMIT "
    ":limit OFFSET 0"
)

PROJECTS_BY_STAGE_BY_OVERDUE_ON: Final = (
    "SELECT project.id, project.version, project.workflow, project.definition, project.stage, project.stage_final, "
    "project.on_hold, project.cycle, project.title, project.entered_at, project.due_on, project.snapshot FROM project "
    "WHERE project.id > :after AND project.stage = :stage AND project.due_on < :overdue_on AND project.stage_final IS "
    "0 ORDER BY project.id LIMIT :limit OFFSET 0"
)

PROJECTS_BY_WORKFLOW_BY_OVERDUE_ON: Final = (
    "SELECT project.id, project.version, project.workflow, project.definition, project.stage, project.stage_final, "
    "project.on_hold, project.cycle, project.title, project.entered_at, project.due_on, project.snapshot FROM project "
    "WHERE project.id > :after AND project.workflow = :workflow AND project.due_on < :overdue_on AND "
    "project.stage_final IS 0 ORDER BY project.id LIMIT :limit OFFSET 0"
)

PROJECTS_BY_STAGE_BY_WORKFLOW_BY_OVERDUE_ON: Final = (
    "SELECT project.id, project.version, project.workflow, project.definition, project.stage, project.stage_final, "
    "project.on_hold, project.cycle, project.title, project.entered_at, project.due_on, project.snapshot FROM project "
    "WHERE project.id > :after AND project.stage = :stage AND project.workflow = :workflow AND project.due_on < "
    ":overdue_on AND project.stage_final IS 0 ORDER BY project.id LIMIT :limit OFFSET 0"
)

ENTER_STAGE: Final = (
    "INSERT INTO stage_count (workflow, stage, n) VALUES (:workflow, :stage, 1) ON CONFLICT (workflow, stage) DO "
    "UPDATE SET n = (stage_count.n + 1)"
)

LEAVE_STAGE: Final = (
    "UPDATE stage_count SET n=(stage_count.n - 1) WHERE stage_count.workflow = :of_workflow AND stage_count.stage = "
    ":of_stage"
)

STAGE_COUNTS: Final = (
    "SELECT stage_count.workflow, stage_count.stage, stage_count.n FROM stage_count WHERE stage_count.n > 0 ORDER BY "
    "stage_count.workflow, stage_count.stage"
)

STANDING: Final = (
    "SELECT project.workflow, project.stage, count(*) AS count_1 FROM project GROUP BY project.workflow, project.stage "
    "ORDER BY project.workflow, project.stage"
)

STAGE: Final = "SELECT stage_count.stage FROM stage_count WHERE stage_count.stage = :which LIMIT 1 OFFSET 0"

ADD_PERSON: Final = (
    "INSERT INTO person (id, email_folded, email, name, active) VALUES (:id, :email_folded, :email, :name, :active)"
)

PERSON_BY_ID: Final = "SELECT person.id, person.email, person.name, person.active FROM person WHERE person.id = :which"

PERSON_BY_EMAIL: Final = (
    "SELECT person.id, person.email, person.name, person.active FROM person WHERE person.email_folded = :which"
)

PEOPLE: Final = "SELECT person.id, person.email, person.name, person.active FROM person ORDER BY person.id"

ACTOR: Final = (
    "SELECT person.id, person.email, person.name, person.active, role_grant.role, role_grant.scope FROM person LEFT "
    "OUTER JOIN role_grant ON role_grant.person = person.id WHERE person.email_folded = :which ORDER BY "
    "role_grant.role, role_grant.scope"
)

ADD_GRANT: Final = "INSERT INTO role_grant (person, role, scope) VALUES (:person, :role, :scope) ON CONFLICT DO NOTHING"

REMOVE_GRANT: Final = (
    "DELETE FROM role_grant WHERE role_grant.person = :person AND role_grant.role = :role AND role_grant.scope = :scope"
)

GRANTS_OF: Final = (
    "SELECT role_grant.role, role_grant.scope FROM role_grant WHERE role_grant.person = :which ORDER BY "
    "role_grant.role, role_grant.scope"
)

ACTIVE_HOLDERS: Final = (
    "SELECT count(*) AS count_1 FROM role_grant JOIN person ON role_grant.person = person.id WHERE role_grant.role = "
    ":role AND role_grant.scope = :scope AND person.active = 1"
)

PUT_DEFINITION: Final = (
    "INSERT INTO definition (digest, workflow, version, title, canonical, source, loaded) VALUES (:digest, :workflow, "
    ":version, :title, :canonical, :source, :loaded) ON CONFLICT (digest) DO UPDATE SET version = excluded.version, "
    "title = excluded.title, source = excluded.source, loaded = excluded.loaded"
)

DEFINITION: Final = (
    "SELECT definition.digest, definition.workflow, definition.version, definition.title, definition.canonical, "
    "definition.source, definition.loaded FROM definition WHERE definition.digest = :which"
)

CURRENT_DEFINITION: Final = (
    "SELECT definition.digest, definition.workflow, definition.version, definition.title, definition.canonical, "
    "definition.source, definition.loaded FROM definition WHERE definition.workflow = :which ORDER BY "
    "definition.loaded DESC LIMIT 1 OFFSET 0"
)

DEFINITIONS: Final = (
    "SELECT definition.digest, definition.workflow, definition.version, definition.title, definition.canonical, "
    "definition.source, definition.loaded FROM definition ORDER BY definition.workflow, definition.loaded"
)

ADD_EVIDENCE: Final = "INSERT INTO evidence (id, project, seq) VALUES (:id, :project, :seq)"

EVIDENCE: Final = "SELECT evidence.project FROM evidence WHERE evidence.id = :which"

EVIDENCE_BY: Final = (
    "SELECT evidence.id, evidence.project FROM evidence JOIN entry ON entry.seq = evidence.seq WHERE entry.actor = "
    ":which ORDER BY evidence.seq"
)

EVIDENCE_WITH: Final = (
    "SELECT evidence.id, evidence.project FROM evidence JOIN entry ON entry.seq = evidence.seq WHERE instr(entry.leaf, "
    ":which) > 0 ORDER BY evidence.seq"
)

PUT_FILE: Final = "INSERT INTO file (sha256, size, content) VALUES (:sha256, :size, :content) ON CONFLICT DO NOTHING"

FILE: Final = "SELECT file.content FROM file WHERE file.sha256 = :which"

FILES: Final = "SELECT file.sha256, file.content FROM file ORDER BY file.sha256"

PUT_SETTING: Final = (
    "INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)

SETTING: Final = "SELECT setting.value FROM setting WHERE setting.name = :which"

FORGET_SETTING: Final = "DELETE FROM setting WHERE setting.name = :name AND setting.value = :value"

PUT_SEALED: Final = "INSERT INTO sealed_file (digest, size, content) VALUES (:digest, :size, :content)"

SEALED: Final = "SELECT sealed_file.content FROM sealed_file WHERE sealed_file.digest = :which"

SEALED_FILES: Final = "SELECT sealed_file.digest, sealed_file.content FROM sealed_file ORDER BY sealed_file.digest"

FORGET_SEALED: Final = "DELETE FROM sealed_file WHERE sealed_file.digest = :which"

FORGET_FILE: Final = "DELETE FROM file WHERE file.sha256 = :which"

PUT_FILE_KEY: Final = "INSERT INTO file_key (digest, secret) VALUES (:digest, :secret)"

FILE_KEY: Final = "SELECT file_key.secret FROM file_key WHERE file_key.digest = :which"

FILE_KEYS: Final = "SELECT file_key.digest FROM file_key ORDER BY file_key.digest"

FORGET_FILE_KEY: Final = "DELETE FROM file_key WHERE file_key.digest = :which"

REFUSAL: Final = (
    "SELECT refusal.person, refusal.day, refusal.what, refusal.project, refusal.seq, refusal.since, refusal.times, "
    "refusal.told FROM refusal WHERE refusal.person = :person AND refusal.day = :day AND refusal.what = :what"
)

REFUSALS_OF_PROJECT: Final = (
    "SELECT refusal.person, refusal.day, refusal.what, refusal.project, refusal.seq, refusal.since, refusal.times, "
    "refusal.told FROM refusal WHERE refusal.project = :which ORDER BY refusal.seq"
)

COUNT_REFUSALS: Final = "SELECT count(*) AS count_1 FROM refusal WHERE refusal.person = :person AND refusal.day = :day"

PUT_REFUSAL: Final = (
    "INSERT INTO refusal (person, day, what, project, seq, since, times, told) VALUES (:person, :day, :what, :project, "
    ":seq, :since, :times, :told) ON CONFLICT (person, day, what) DO UPDATE SET times = excluded.times, told = "
    "excluded.told"
)

REFUSALS: Final = (
    "SELECT refusal.person, refusal.day, refusal.what, refusal.project, refusal.seq, refusal.since, refusal.times, "
    "refusal.told FROM refusal ORDER BY refusal.person, refusal.day, refusal.what"
)

PUT_ANCHOR: Final = (
    "INSERT INTO anchor (place, size, note, at, tried_at, failure) VALUES (:place, :size, :note, :at, :tried_at, "
    ":failure) ON CONFLICT (place) DO UPDATE SET size = excluded.size, note = excluded.note, at = excluded.at, "
    "tried_at = excluded.tried_at, failure = excluded.failure"
)

ANCHOR: Final = (
    "SELECT anchor.place, anchor.size, anchor.note, anchor.at, anchor.tried_at, anchor.failure FROM anchor WHERE "
    "anchor.place = :which"
)

ANCHORS: Final = (
    "SELECT anchor.place, anchor.size, anchor.note, anchor.at, anchor.tried_at, anchor.failure FROM anchor ORDER BY "
    "anchor.place"
)

PUT_LETTER: Final = (
    "INSERT INTO letter (seq, person, tries, failure) VALUES (:seq, :person, :tries, :failure) ON CONFLICT DO NOTHING"
)

LETTERS: Final = (
    "SELECT letter.seq, letter.person, letter.tries, letter.failure FROM letter ORDER BY letter.tries, letter.seq, "
    "letter.person LIMIT :limit OFFSET 0"
)

TRY_LETTER: Final = (
    "UPDATE letter SET tries=(letter.tries + 1), failure=:why WHERE letter.seq = :of_seq AND letter.person = :of_person"
)

FORGET_LETTER: Final = "DELETE FROM letter WHERE letter.seq = :seq AND letter.person = :person"

FORGET_LETTERS_TO: Final = "DELETE FROM letter WHERE letter.person = :person"

BLANK_PERSON: Final = (
    "UPDATE person SET email_folded=:email_folded, email=:email, name=:name, active=:active WHERE person.id = :which"
)
