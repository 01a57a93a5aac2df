"""What Alembic calls: it runs the steps on the connection that `codeact.store.database` gives, within its transaction."""

from alembic import context

from codeact.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
