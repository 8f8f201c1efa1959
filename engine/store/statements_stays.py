"""The statements on stays and waiting, as SQL text. Made by `python -m engine.store.generate`, not by hand."""

from __future__ import annotations

from typing import Final

ADD_STAY: Final = (
    "INSERT INTO stay (project, version, workflow, stage, left_on, days) VALUES (:project, :version, :workflow, "
    ":stage, :left_on, :days) ON CONFLICT DO NOTHING"
)

FORGET_STAYS: Final = "DELETE FROM stay WHERE stay.project = :which"

STAYS_IN: Final = (
    "SELECT stay.days FROM stay WHERE stay.workflow = :workflow AND stay.stage = :stage AND stay.left_on <= :until "
    "ORDER BY stay.left_on DESC, stay.project DESC, stay.version DESC LIMIT :limit OFFSET 0"
)

STAYS: Final = (
    "SELECT stay.project, stay.version, stay.workflow, stay.stage, stay.left_on, stay.days FROM stay ORDER BY "
    "stay.project, stay.version"
)

MOVES: Final = (
    "SELECT entry.seq, entry.leaf FROM entry WHERE entry.project = :which AND entry.name IN ('project_opened', "
    "'advanced', 'gate_reopened') ORDER BY entry.version"
)

LAST_MOVE: Final = (
    "SELECT entry.seq, entry.leaf FROM entry WHERE entry.project = :which AND entry.name IN ('project_opened', "
    "'advanced', 'gate_reopened') AND entry.seq < :before ORDER BY entry.version DESC LIMIT 1 OFFSET 0"
)

PAST_TARGET: Final = (
    "SELECT project.due_on, project.id, project.workflow, project.stage FROM project WHERE project.due_on < :today AND "
    "project.stage_final IS 0 AND project.on_hold IS 0 AND (project.due_on, project.id) > (:after_day, :after_id) "
    "ORDER BY project.due_on, project.id LIMIT :limit OFFSET 0"
)

PAST_DEADLINE: Final = (
    "SELECT deadline.due, deadline.project, project.workflow, project.stage FROM deadline JOIN project ON "
    "deadline.project = project.id WHERE deadline.due < :today AND deadline.due >= :after_day AND (deadline.due, "
    "deadline.project) > (:after_day, :after_id) AND deadline.kind IN ('freshness', 'timer', 'wait', 'waiver') AND "
    "coalesce(project.due_on, '') = '' AND project.stage_final IS 0 AND project.on_hold IS 0 ORDER BY deadline.due, "
    "deadline.project LIMIT :limit OFFSET 0"
)
