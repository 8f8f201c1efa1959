"""What alembic runs: the revisions on the one connection that `migrate.py` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from engine.store.tables import Rows

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Rows.metadata,
    render_as_batch=True,  # SQLite cannot alter a column: alembic copies the table
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
