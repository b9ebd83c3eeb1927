"""Alembic's entry: one transaction per migration, batch mode on SQLite."""

from alembic import context
from sqlalchemy import create_engine, pool

from backend.store.schema import metadata

url = context.config.get_main_option("sqlalchemy.url") or ""
engine = create_engine(url, poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        user_module_prefix="columns.",
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
