"""Changes of the tables, applied by Alembic at every start."""
