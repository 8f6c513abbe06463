"""The connection to SQLite or PostgreSQL, and the differences between the two."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Table, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x1D4
"""Any number, the same in every process: only one migrates a PostgreSQL database at a time."""

SQLITE_SETUP = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a committed update outlives a power cut as well
    "PRAGMA busy_timeout = 30000",
    "PRAGMA secure_delete = ON",  # deleted words are overwritten, not only unlinked
)


class StorageError(Exception):
    """The database can't be used; the message names the kind of the error and no content."""


class Database:
    """A SQLite file or a PostgreSQL database.

    Args:
        url: ``sqlite:///<path>``, or a PostgreSQL address in any form that libpq knows.
    """

    def __init__(self, url: str) -> None:
        self._engine = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)

    async def start(self) -> None:
        """Connect and bring the tables up to date.

        Raises:
            StorageError: the database can't be reached or brought up to date.
        """
        async with self.transaction() as connection:
            if self._engine.dialect.name == "postgresql":
                await connection.execute(
                    text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK}
                )
            await connection.run_sync(_migrate)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: committed at the end, rolled back on an error.

        Raises:
            StorageError: the database failed.
        """
        try:
            async with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            # Named by the driver's error; that itself would carry statements and values into logs.
            original = getattr(error, "orig", None) or error
            raise StorageError(type(original.__cause__ or original).__name__) from None

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An ``INSERT`` that knows ``ON CONFLICT``, which is no common SQL."""
        if self._engine.dialect.name == "sqlite":
            return sqlite.insert(table)
        return postgresql.insert(table)


def _sqlite(url: str) -> AsyncEngine:
    address = make_url(url).set(drivername="sqlite+aiosqlite")
    if address.database is not None:
        _make_private(Path(address.database))
    # One connection: statements are short, and writers in one process never wait for a lock.
    engine = create_async_engine(address, hide_parameters=True, pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def _make_private(file: Path) -> None:
    """Make the file, which nobody else on the machine may read; SQLite's side files follow it."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StorageError(error.strerror) from None


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401
    # The driver would otherwise open transactions itself, and leave changes of tables out of them.
    connection.isolation_level = None
    cursor = connection.cursor()
    for statement in SQLITE_SETUP:
        cursor.execute(statement)
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql(url: str) -> AsyncEngine:
    async def connect() -> asyncpg.Connection:
        # The driver reads the address itself: SQLAlchemy doesn't know all of libpq's options.
        try:
            return await asyncpg.connect(url)
        except ValueError:
            raise StorageError("the address of the database can't be understood") from None

    return create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, hide_parameters=True, pool_pre_ping=True
    )


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
