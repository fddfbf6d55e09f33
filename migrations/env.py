"""Runs migrations as the owner of the schema, one transaction each, and never waits long for a lock.

The connection is handed in by `app.storage.migration`; Alembic's own command line is not a door of this project.
"""

from alembic import context

connection = context.config.attributes["connection"]
connection.exec_driver_sql("SET ROLE akashi_owner")
connection.exec_driver_sql("SET lock_timeout = '2s'")
connection.exec_driver_sql("SET search_path = pg_catalog, pg_temp")
connection.commit()
context.configure(connection=connection, version_table_schema="public", transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
connection.exec_driver_sql("RESET ROLE")
connection.commit()
