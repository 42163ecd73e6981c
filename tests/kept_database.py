"""One database that many tests use one after the other, each as if it were a copy made for it.

Copying and dropping a database costs more than most tests do. After a test only what it wrote is taken away.
PostgreSQL's own statistics tell what that is: they count every row that was inserted, changed or deleted, by whatever
process. Where anything else was touched (tables themselves, rights, functions, settings, what the migrations brought),
nothing is mended: the next test gets a new copy.
"""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from tests.servers import Servers

USES = 100
"""After so many tests, what they deleted slows the next ones down more than a copy does."""
PATIENCE = 60.0
"""How many seconds whoever is sent away may take to go."""
# What is too wide for a row is counted with the row as well; what all databases share is nobody's to mend.
WRITTEN = """select relid::regclass::text as name, schemaname = 'public' as ours
  from pg_stat_all_tables join pg_class on oid = relid
  where n_tup_ins + n_tup_upd + n_tup_del > 0 and schemaname <> 'pg_toast' and not relisshared"""
NUMBERED = "select seqrelid::regclass::text as name, pg_sequence_last_value(seqrelid) as last from pg_sequence"
TABLES = (
    "select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
)
TOLD_OTHERWISE = """select exists(select from pg_database d left join pg_db_role_setting s on s.setdatabase = d.oid
  where d.datname = current_database() and (s.setdatabase is not null or not d.datallowconn or d.datconnlimit <> -1))"""
OTHERS = "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
# Were they told as what they are, the client would ask what kind of value that is: 20 ms.
FIRST_AGAIN = (
    "select setval(seqrelid, seqstart, false) from pg_sequence where seqrelid::regclass::text = any($1::text[])"
)


@dataclass(frozen=True)
class Fresh:
    """What a new copy is known by: the tables that have rows, and the sequences that have given numbers."""

    filled: set[str]
    numbered: dict[str, int | None]


@dataclass
class KeptDatabase:
    """The database of one process of a run, which each test finds as the template is.

    It is asked outside of any running loop. The connection that mends stays as long as the database does: what it
    knows of the tables would take ten times as long to learn anew. It is of a loop of its own, for tests have others.
    """

    servers: Servers
    template: str
    prefix: str
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _mender: Any = None
    _copies: int = 0
    _uses: int = 0
    _fresh: Fresh | None = None

    def take(self) -> str:
        """The name of a database as the template is."""
        if self._mender is None:
            self._wait(self._copy())
        self._uses += 1
        return self._name

    def give_back(self) -> None:
        """A test is done with it; whoever is still connected is sent away."""
        self._wait(self._mend())

    def close(self) -> None:
        """Nobody takes it any more."""
        if self._mender is not None:
            self._wait(self._leave())
        self._loop.close()

    @property
    def _name(self) -> str:
        return f"{self.prefix}_{self._copies}"

    def _wait(self, what: Coroutine[Any, Any, None]) -> None:
        self._loop.run_until_complete(what)

    async def _copy(self) -> None:
        self._copies, self._uses = self._copies + 1, 0
        await self.servers.copy(self.template, self._name)
        self._mender = await asyncpg.connect(self.servers.postgres.url(self._name))
        # Neither foreign keys nor what guards the audit log stands in its way.
        await self._mender.execute("set session_replication_role = replica")
        self._fresh = self._fresh or await _fresh(self._mender)

    async def _mend(self) -> None:
        is_whole = self._uses < USES and not self._mender.is_closed()
        if not is_whole or self._fresh is None or not await _mended(self._mender, self._fresh):
            await self._leave()

    async def _leave(self) -> None:
        await self._mender.close()
        self._mender = None
        self.servers.leave(self._name)


async def _fresh(connection: Any) -> Fresh:
    names = [table["name"] for table in await connection.fetch(TABLES)]
    filled = {name for name in names if await connection.fetchval(f"select exists(select from {name})")}
    return Fresh(filled, dict(await connection.fetch(NUMBERED)))


async def _mended(connection: Any, fresh: Fresh) -> bool:
    """Takes away what was written and answers True; False where that doesn't make it as it was."""
    await _send_others_away(connection)
    written = await connection.fetch(WRITTEN)
    numbered = dict(await connection.fetch(NUMBERED))
    moved = [name for name, last in numbered.items() if last != fresh.numbered.get(name)]
    is_rows_alone = all(table["ours"] and table["name"] not in fresh.filled for table in written)
    has_no_first_number = any(fresh.numbered.get(name) for name in moved)
    if not is_rows_alone or has_no_first_number or await connection.fetchval(TOLD_OTHERWISE):
        return False
    for table in written:
        await connection.execute(f"delete from {table['name']}")
    await connection.execute(FIRST_AGAIN, moved)
    # What was deleted here is counted before the count begins anew.
    await connection.execute("select pg_stat_force_next_flush()")
    await connection.execute("select pg_stat_reset()")
    return True


async def _send_others_away(connection: Any) -> None:
    """Returns when nobody else is connected: then all that they wrote is counted."""
    deadline = time.monotonic() + PATIENCE
    while others := await connection.fetch(OTHERS):
        assert time.monotonic() < deadline, f"{others} do not leave the database"
        await connection.execute(
            "select pg_terminate_backend(pid) from unnest($1::int[]) pid", [o["pid"] for o in others]
        )
        await asyncio.sleep(0.001)
