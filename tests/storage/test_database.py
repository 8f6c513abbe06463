"""Start, restart and failures of the database, and what its files hold."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.storage import Received, Storage, StorageError
from bot.storage.database import Database
from bot.storage.tables import metadata

SECRET_WORDS = "does ldn help with my very private illness"


async def test_all_outlives_a_restart(database_url: str) -> None:
    for _ in range(2):
        storage = Storage(database_url)
        await storage.start()
        await storage.feedback.count("condition.fibromyalgia", "helpful")
        await storage.close()
    storage = Storage(database_url)
    await storage.start()
    assert await storage.feedback.counts() == {"condition.fibromyalgia": {"helpful": 2}}
    await storage.close()


async def test_processes_may_start_at_the_same_time(database_url: str) -> None:
    storages = [Storage(database_url) for _ in range(4)]
    await asyncio.gather(*(storage.start() for storage in storages))
    await asyncio.gather(*(storage.inbox.add(Received(1, "{}")) for storage in storages))
    for storage in storages:
        assert len(await storage.inbox.waiting()) == 1
        await storage.close()


async def test_migrations_lead_to_the_tables_in_the_code(database_url: str) -> None:
    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    database = Database(database_url)
    await database.start()
    async with database.transaction() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()


def test_no_table_holds_words_beside_an_id() -> None:
    with_id = {name for name, table in metadata.tables.items() if "chat_id" in table.columns}
    assert with_id == {"answers", "chat_settings", "followups", "notes", "watches"}
    assert [column.name for column in metadata.tables["questions"].columns] == [
        "number",
        "kind",
        "text",
    ]
    assert [column.name for column in metadata.tables["inbox"].columns] == [
        "update_id",
        "body",
        "answered_at",
    ]


async def test_errors_carry_no_words(database_url: str) -> None:
    storage = Storage(database_url)  # not started: there are no tables
    with pytest.raises(StorageError) as caught:
        await storage.inbox.add(Received(1, SECRET_WORDS))
    assert SECRET_WORDS not in str(caught.value)
    assert caught.value.__suppress_context__
    assert await storage_works(storage)


async def storage_works(storage: Storage) -> bool:
    await storage.start()
    added = await storage.inbox.add(Received(1, SECRET_WORDS))
    await storage.close()
    return added == {1}


async def test_a_failed_transaction_leaves_nothing(database_url: str) -> None:
    database = Database(database_url)
    await database.start()

    async def fail_in_the_middle() -> None:
        async with database.transaction() as connection:
            await connection.execute(text("CREATE TABLE half (done INTEGER)"))
            await connection.execute(
                text("INSERT INTO questions (kind, text) VALUES ('question', 'x')")
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_in_the_middle()
    async with database.transaction() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM questions")) == 0
        await connection.execute(text("CREATE TABLE half (done INTEGER)"))
    await database.close()


async def test_sqlite_is_private_and_durable(tmp_path: Path) -> None:
    file = tmp_path / "made" / "here" / "bot.sqlite3"
    database = Database(f"sqlite:///{file}")
    await database.start()
    async with database.transaction() as connection:
        assert await connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert await connection.scalar(text("PRAGMA synchronous")) == 2
    for made in file.parent.iterdir():
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
    await database.close()


async def test_an_answered_update_is_gone_from_the_file(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path / 'bot.sqlite3'}")
    await storage.start()
    await storage.inbox.add(Received(1, SECRET_WORDS * 400))
    assert any(holds_secret_words(file) for file in folder_files(tmp_path))
    await storage.inbox.answered(1)
    await storage.close()
    assert not any(holds_secret_words(file) for file in folder_files(tmp_path))


def folder_files(folder: Path) -> list[Path]:
    files = list(folder.iterdir())
    assert files
    return files


def holds_secret_words(file: Path) -> bool:
    return SECRET_WORDS.encode() in file.read_bytes()


async def test_a_file_that_is_no_database_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "bot.sqlite3").write_text("not a database " * 100, encoding="utf-8")
    storage = Storage(f"sqlite:///{tmp_path / 'bot.sqlite3'}")
    with pytest.raises(StorageError, match="DatabaseError"):
        await storage.start()
    await storage.close()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="exists"):
        Storage(f"sqlite:///{tmp_path / 'file' / 'bot.sqlite3'}")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ldn:secret@127.0.0.1:1/bot",
        "postgresql://ldn:secret@127.0.0.1:1/bot?sslmode=require",
        "postgresql://ldn:secret@127.0.0.1:nonsense/bot",
        "postgresql://ldn:secret@127.0.0.1:1/bot?sslmode=nonsense",
    ],
)
async def test_a_server_that_is_not_there_is_an_error(address: str) -> None:
    storage = Storage(address)
    with pytest.raises(StorageError) as caught:
        await storage.start()
    assert "secret" not in str(caught.value)
    await storage.close()


async def test_a_wrong_database_is_an_error(postgres_url: str) -> None:
    storage = Storage(postgres_url.replace("/test_", "/missing_"))
    with pytest.raises(StorageError, match="InvalidCatalogNameError"):
        await storage.start()
    await storage.close()
