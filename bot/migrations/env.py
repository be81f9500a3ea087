"""How alembic reaches the database: over the connection that `bring_up_to_date` hands in."""

from alembic import context
from sqlmodel import SQLModel

from qualification.database import complete_for_postgresql

complete_for_postgresql(SQLModel.metadata)  # a revision says it for both databases
connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
