"""The benchmark's own PostgreSQL, whose filled databases are cached between runs."""

import asyncio
import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from bench.graph.seed import SEED, Size, fill
from bench.waiting import wait_until
from domain.database.privileges import DatabaseRole
from local.keys import load_or_create_keys
from local.logins import LOGINS, migrate_and_create_logins
from local.servers.postgres import PostgresServer
from local.servers.socket_folder import socket_folder
from local.supervisor.parent_death import with_parent_death_signal

FOLDER = Path(os.environ.get("BENCH_DIR", ".cache/bench-graph"))
MIGRATIONS = Path("domain/migrations")
START_TIMEOUT = 30.0
UNREACHABLE = "127.0.0.1:1"
COPY = "measured"
"""The database that is measured: a fresh copy, without what earlier runs wrote."""


@contextmanager
def bench_database(size: Size, cores: set[int]) -> Iterator[str]:
    """Starts PostgreSQL with a copy of the filled database of a size, which is filled now unless it is cached.

    Yields the URL of the copy, and sets this process's environment for it; nothing else of the stack is running.

    Args:
        size: The size of the data set.
        cores: The cores that its server runs on.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    server = PostgresServer(FOLDER.absolute() / "postgres", socket_folder(FOLDER / "run"))
    server.create_cluster()
    with (FOLDER / "postgres.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603  # our own command
            with_parent_death_signal(server.command(), signal.SIGQUIT),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        os.sched_setaffinity(process.pid, cores)
        _wait_for(server, process)
        url = server.url(COPY)
        os.environ.update(_environment(server.url(COPY, LOGINS[DatabaseRole.API])))
        asyncio.run(_fill_if_missing(server, size))
        asyncio.run(_copy(server, _name(size)))
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(START_TIMEOUT)


def _wait_for(server: PostgresServer, process: "subprocess.Popen[bytes]") -> None:
    wait_until(lambda: server.is_ready() or process.poll() is not None, START_TIMEOUT)
    if not server.is_ready():
        raise RuntimeError(f"PostgreSQL did not start; {FOLDER / 'postgres.log'} says why.")


def _name(size: Size) -> str:
    """The name of a filled database, which depends on the schema, the seed and the size."""
    sources = [*sorted(MIGRATIONS.glob("0*.py")), SEED, SEED.with_suffix(".py")]
    digest = hashlib.sha256(repr(size).encode() + b"".join(path.read_bytes() for path in sources))
    return f"graph_{size.organisations}_{size.contracts}_{digest.hexdigest()[:12]}"


async def _fill_if_missing(server: PostgresServer, size: Size) -> None:
    name = _name(size)
    control = await asyncpg.connect(server.url("postgres"))
    try:
        names = {row["datname"] for row in await control.fetch("select datname from pg_database")}
        if name in names:
            return
        print(f"· Filling the large data set: {size}")
        start = time.monotonic()
        stale = {
            other
            for other in names
            if other.startswith((f"graph_{size.organisations}_{size.contracts}_", "unfinished_"))
        }
        for stale_name in sorted(stale):
            await control.execute(f"drop database {stale_name} with (force)")
        await control.execute(f"create database unfinished_{name}")
        await migrate_and_create_logins(server.url(f"unfinished_{name}"))
        connection = await asyncpg.connect(server.url(f"unfinished_{name}"))
        try:
            await fill(connection, size)
        finally:
            await connection.close()
        await control.execute(f"alter database unfinished_{name} rename to {name}")
        print(f"· Filled in {time.monotonic() - start:.1f} s")
    finally:
        await control.close()


async def _copy(server: PostgresServer, name: str) -> None:
    control = await asyncpg.connect(server.url("postgres"))
    try:
        await control.execute(f"drop database if exists {COPY} with (force)")
        await control.execute(f"create database {COPY} template {name} strategy file_copy")
    finally:
        await control.close()


def _environment(url: str) -> dict[str, str]:
    return {
        "ENVIRONMENT": "demo",
        "DATABASE_URL": url,
        "REDIS_URL": f"redis://{UNREACHABLE}/0",
        "OIDC_ISSUER": f"http://{UNREACHABLE}",
        "OIDC_CLIENT_ID": "econtracting",
        **load_or_create_keys(FOLDER / "keys"),
    }
