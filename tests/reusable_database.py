"""A database that tests use in turn, each as if it were a new copy of the template.

Copying and dropping a database costs more than most tests do. After a test only the rows it wrote are deleted.
PostgreSQL's statistics tell where they are: they count every row inserted, updated or deleted, by any process. If a
test changed anything else (tables, privileges, functions, settings, rows of the migrations), the next one gets a new
copy.
"""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from tests.servers import Servers

MAX_USES = 100
"""After so many tests, dead rows slow the next ones down more than a copy does."""
DISCONNECT_TIMEOUT = 60.0
"""Seconds for other connections to end."""
# Rows of TOAST tables count with their table's; tables that all databases share can't be reset.
WRITTEN_TABLES = """select relid::regclass::text as name, schemaname = 'public' as ours
  from pg_stat_all_tables join pg_class on oid = relid
  where n_tup_ins + n_tup_upd + n_tup_del > 0 and schemaname <> 'pg_toast' and not relisshared"""
SEQUENCES = "select seqrelid::regclass::text as name, pg_sequence_last_value(seqrelid) as last from pg_sequence"
TABLE_NAMES = (
    "select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
)
HAS_DATABASE_SETTINGS = """select exists(
  select from pg_database d left join pg_db_role_setting s on s.setdatabase = d.oid
  where d.datname = current_database() and (s.setdatabase is not null or not d.datallowconn or d.datconnlimit <> -1))"""
OTHER_CONNECTIONS = "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
# As text[]: asyncpg would look up the type regclass[], which takes 20 ms.
RESTART_SEQUENCES = (
    "select setval(seqrelid, seqstart, false) from pg_sequence where seqrelid::regclass::text = any($1::text[])"
)


@dataclass(frozen=True)
class InitialState:
    """State of a new copy: the tables that have rows, and the last value of each sequence."""

    filled_tables: set[str]
    last_values: dict[str, int | None]


@dataclass
class ReusableDatabase:
    """The database of one process of a run, which is equal to the template at the start of each test.

    Its methods are called while no event loop runs. The connection that resets it stays open as long as the database
    exists: loading the catalogue for a new one takes ten times as long. It has an event loop of its own, since each
    test has another.
    """

    servers: Servers
    template: str
    prefix: str
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _connection: Any = None
    _copies: int = 0
    _uses: int = 0
    _initial_state: InitialState | None = None

    def acquire(self) -> str:
        """The name of a database that is equal to the template."""
        if self._connection is None:
            self._run(self._copy())
        self._uses += 1
        return self._name

    def release(self) -> None:
        """Resets the database after a test; other connections are terminated."""
        self._run(self._reset())

    def close(self) -> None:
        """Gives the database up for good."""
        if self._connection is not None:
            self._run(self._discard())
        self._loop.close()

    @property
    def _name(self) -> str:
        return f"{self.prefix}_{self._copies}"

    def _run(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self._loop.run_until_complete(coroutine)

    async def _copy(self) -> None:
        self._copies, self._uses = self._copies + 1, 0
        await self.servers.copy_database(self.template, self._name)
        self._connection = await asyncpg.connect(self.servers.postgres.url(self._name))
        # Disables foreign keys and the trigger that protects the audit log.
        await self._connection.execute("set session_replication_role = replica")
        self._initial_state = self._initial_state or await _read_initial_state(self._connection)

    async def _reset(self) -> None:
        is_whole = self._uses < MAX_USES and not self._connection.is_closed()
        if not is_whole or self._initial_state is None or not await _reset_rows(self._connection, self._initial_state):
            await self._discard()

    async def _discard(self) -> None:
        await self._connection.close()
        self._connection = None
        self.servers.drop_later(self._name)


async def _read_initial_state(connection: Any) -> InitialState:
    names = [table["name"] for table in await connection.fetch(TABLE_NAMES)]
    filled = {name for name in names if await connection.fetchval(f"select exists(select from {name})")}
    return InitialState(filled, dict(await connection.fetch(SEQUENCES)))


async def _reset_rows(connection: Any, initial_state: InitialState) -> bool:
    """Deletes the rows that were written; False if that isn't enough to restore the initial state."""
    await _disconnect_others(connection)
    written_tables = await connection.fetch(WRITTEN_TABLES)
    last_values = dict(await connection.fetch(SEQUENCES))
    used_sequences = [name for name, last in last_values.items() if last != initial_state.last_values.get(name)]
    only_rows_changed = all(
        table["ours"] and table["name"] not in initial_state.filled_tables for table in written_tables
    )
    was_used_before = any(initial_state.last_values.get(name) for name in used_sequences)
    if not only_rows_changed or was_used_before or await connection.fetchval(HAS_DATABASE_SETTINGS):
        return False
    for table in written_tables:
        await connection.execute(f"delete from {table['name']}")
    await connection.execute(RESTART_SEQUENCES, used_sequences)
    # Counts the rows deleted here before the counters are reset.
    await connection.execute("select pg_stat_force_next_flush()")
    await connection.execute("select pg_stat_reset()")
    return True


async def _disconnect_others(connection: Any) -> None:
    """Returns when nobody else is connected, so that all they wrote is counted."""
    deadline = time.monotonic() + DISCONNECT_TIMEOUT
    while others := await connection.fetch(OTHER_CONNECTIONS):
        assert time.monotonic() < deadline, f"{others} are still connected to the database"
        await connection.execute(
            "select pg_terminate_backend(pid) from unnest($1::int[]) pid", [o["pid"] for o in others]
        )
        await asyncio.sleep(0.001)
