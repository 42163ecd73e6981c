"""An actor who may not see a row does not wait for its lock: the wait would reveal that the row exists."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest

from domain.models import AccessRight
from domain.models.row import Row
from domain.refusals import NotFound
from domain.rules.contract_groups import set_contract_groups
from domain.rules.group_preview import preview_deletion, preview_links
from settings import settings
from tests.access_cast import Cast
from tests.domain.rules.concurrency import run_while_locked
from tests.domain.rules.rights import revoke
from tests.domain.rules.team import Team, a_team
from tests.gql.execution import captured_statements
from tests.table_contents import assert_tables_unchanged

GROUPS = "select pg_advisory_xact_lock(hashtextextended('groups', {organisation}))"


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A linked group with a member, who has an action."""
    return await a_team(cast)


@asynccontextmanager
async def all_locked(team: Team) -> AsyncIterator[None]:
    """Another transaction holds every lock that these operations need."""
    connection = await asyncpg.connect(str(settings().database_url))
    try:
        async with connection.transaction():
            await connection.execute(GROUPS.format(organisation=team.cast.organisation.id))
            for row in (team.contract, team.group, team.cast.people["user"]):
                await connection.execute(f'select from "{row._meta.db_table}" where id = {row.pk} for update')
            yield
    finally:
        await connection.close()


async def link_groups(team: Team, who: str = "outsider") -> object:
    arguments = {"actor": team.cast.actors[who], "contract_id": team.contract.id}
    return (await set_contract_groups(**arguments, version=1, group_ids=[])).contract


async def change_group(team: Team) -> object:
    return await team.update("outsider", name="Anders")


async def revoke_right(team: Team) -> object:
    return await revoke(team.cast, await AccessRight.get(work_relation_id=team.member.id), "outsider")


async def preview_group_deletion(team: Team) -> object:
    return await preview_deletion(actor=team.cast.actors["outsider"], group_id=team.group.id, version=1)


async def preview_no_links(team: Team) -> object:
    arguments = {"actor": team.cast.actors["outsider"], "contract_id": team.contract.id}
    return await preview_links(**arguments, version=1, group_ids=[])


OPERATIONS: list[Callable[[Team], Awaitable[object]]] = [
    link_groups,
    change_group,
    revoke_right,
    preview_group_deletion,
    preview_no_links,
]


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_an_outsider_is_refused_without_waiting_for_a_lock(
    team: Team, operation: Callable[[Team], Awaitable[object]]
):
    async with assert_tables_unchanged(), all_locked(team), asyncio.timeout(60):
        with pytest.raises(NotFound):
            await operation(team)


async def test_an_outsider_is_refused_by_the_same_statements_with_and_without_a_lock(team: Team):
    with captured_statements() as without_lock, pytest.raises(NotFound):
        await link_groups(team)
    async with all_locked(team), asyncio.timeout(60):
        with captured_statements() as with_lock, pytest.raises(NotFound):
            await link_groups(team)
    assert without_lock == with_lock


@pytest.mark.parametrize("row", ["contract", "group"])
async def test_an_administrator_waits_for_the_lock(team: Team, row: str):
    row_locked: Row = getattr(team, row)
    operation = link_groups(team, "admin") if row == "contract" else team.update(name="Anders")

    [outcome] = await run_while_locked(row_locked, operation)

    assert outcome == row_locked
