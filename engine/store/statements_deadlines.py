"""The statements on deadlines kept as rows, as SQL text. Made by `python -m engine.store.generate`, not by hand."""

from __future__ import annotations

from typing import Final

PUT_DEADLINE: Final = (
    "INSERT INTO deadline (id, project, version, kind, severity, due, next_on, owner, body) VALUES (:id, :project, "
    ":version, :kind, :severity, :due, :next_on, :owner, :body) ON CONFLICT (id) DO UPDATE SET project = "
    "excluded.project, version = excluded.version, kind = excluded.kind, severity = excluded.severity, due = "
    "excluded.due, next_on = excluded.next_on, owner = excluded.owner, body = excluded.body"
)

FORGET_DEADLINE: Final = "DELETE FROM deadline WHERE deadline.id = :which"

DEADLINES_OF_PROJECT: Final = (
    "SELECT deadline.id, deadline.project, deadline.version, deadline.kind, deadline.severity, deadline.due, "
    "deadline.next_on, deadline.owner, deadline.body FROM deadline WHERE deadline.project = :which"
)

TELL_NEXT: Final = "UPDATE deadline SET next_on=:next_on WHERE deadline.id = :which"

DERIVED_FROM: Final = "UPDATE deadline SET version=:version WHERE deadline.id = :which"

DEADLINES_TO_TELL: Final = (
    "SELECT deadline.due, deadline.id, deadline.project, deadline.next_on, project.definition FROM deadline LEFT OUTER "
    "JOIN project ON project.id = deadline.project WHERE deadline.next_on IS NOT NULL AND deadline.next_on <= :today "
    "AND (+deadline.due, +deadline.id) > (:after_due, :after_id) ORDER BY +deadline.due, +deadline.id LIMIT :limit "
    "OFFSET 0"
)

LISTED_DEADLINES: Final = (
    "SELECT deadline.id, deadline.project, deadline.version, deadline.kind, deadline.severity, deadline.due, "
    "deadline.next_on, deadline.owner, deadline.body, project.title, project.on_hold, project.definition FROM deadline "
    "JOIN project ON project.id = deadline.project WHERE deadline.due <= :until AND (deadline.due, deadline.id) > "
    "(:after_due, :after_id) AND deadline.kind != 'project' ORDER BY deadline.due, deadline.id"
)

LISTED_OF_PROJECT: Final = (
    "SELECT deadline.id, deadline.project, deadline.version, deadline.kind, deadline.severity, deadline.due, "
    "deadline.next_on, deadline.owner, deadline.body, project.title, project.on_hold, project.definition FROM deadline "
    "JOIN project ON project.id = deadline.project WHERE deadline.project = :which AND deadline.due <= :until AND "
    "deadline.kind != 'project'"
)

LISTED_OF_OWNER: Final = (
    "SELECT deadline.id, deadline.project, deadline.version, deadline.kind, deadline.severity, deadline.due, "
    "deadline.next_on, deadline.owner, deadline.body, project.title, project.on_hold, project.definition FROM deadline "
    "JOIN project ON project.id = deadline.project WHERE deadline.owner = :which AND deadline.due <= :until"
)

LISTED_AS_NOT_KNOWN: Final = (
    "SELECT deadline.id, deadline.project, deadline.version, deadline.kind, deadline.severity, deadline.due, "
    "deadline.next_on, deadline.owner, deadline.body, project.title, project.on_hold, project.definition FROM deadline "
    "JOIN project ON project.id = deadline.project WHERE deadline.due = '0' ORDER BY deadline.id"
)

OLD_DEADLINES: Final = (
    "SELECT project.id FROM project LEFT OUTER JOIN deadline ON deadline.id = project.id WHERE project.id > :after AND "
    "(deadline.version IS NULL OR deadline.version != project.version) ORDER BY project.id LIMIT :limit OFFSET 0"
)

COUNT_OLD_DEADLINES: Final = (
    "SELECT count(*) AS count_1 FROM project LEFT OUTER JOIN deadline ON deadline.id = project.id WHERE "
    "deadline.version IS NULL OR deadline.version != project.version"
)

SOME_PROJECT_IDS: Final = (
    "SELECT project.id FROM project WHERE project.id > :after ORDER BY project.id LIMIT :limit OFFSET 0"
)

DEFINITION_DIGESTS: Final = "SELECT definition.digest FROM definition ORDER BY definition.digest"
