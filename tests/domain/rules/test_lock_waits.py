"""Whoever may not see a row doesn't wait for who holds it: that would tell them that it is there."""

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
async def all_held(team: Team) -> AsyncIterator[None]:
    """Another act is under way, which has everything that these acts are about."""
    other = await asyncpg.connect(str(settings().database_url))
    try:
        async with other.transaction():
            await other.execute(GROUPS.format(organisation=team.cast.organisation.id))
            for row in (team.contract, team.group, team.cast.people["user"]):
                await other.execute(f'select from "{row._meta.db_table}" where id = {row.pk} for update')
            yield
    finally:
        await other.close()


async def link_groups(team: Team, who: str = "outsider") -> object:
    act = {"actor": team.cast.actors[who], "contract_id": team.contract.id}
    return (await set_contract_groups(**act, version=1, group_ids=[])).contract


async def change_group(team: Team) -> object:
    return await team.update("outsider", name="Anders")


async def take_right(team: Team) -> object:
    return await revoke(team.cast, await AccessRight.get(work_relation_id=team.member.id), "outsider")


async def look_at_deletion(team: Team) -> object:
    return await preview_deletion(actor=team.cast.actors["outsider"], group_id=team.group.id, version=1)


async def look_at_links(team: Team) -> object:
    act = {"actor": team.cast.actors["outsider"], "contract_id": team.contract.id}
    return await preview_links(**act, version=1, group_ids=[])


ACTS: list[Callable[[Team], Awaitable[object]]] = [
    link_groups,
    change_group,
    take_right,
    look_at_deletion,
    look_at_links,
]


@pytest.mark.parametrize("act", ACTS)
async def test_an_outsider_is_refused_while_somebody_has_it(team: Team, act: Callable[[Team], Awaitable[object]]):
    async with assert_tables_unchanged(), all_held(team), asyncio.timeout(60):
        with pytest.raises(NotFound):
            await act(team)


async def test_an_outsider_is_refused_by_the_same_statements_whether_somebody_has_it_or_not(team: Team):
    with captured_statements() as free, pytest.raises(NotFound):
        await link_groups(team)
    async with all_held(team), asyncio.timeout(60):
        with captured_statements() as held, pytest.raises(NotFound):
            await link_groups(team)
    assert free == held


@pytest.mark.parametrize("row", ["contract", "group"])
async def test_who_may_see_it_waits(team: Team, row: str):
    held: Row = getattr(team, row)
    act = link_groups(team, "admin") if row == "contract" else team.update(name="Anders")

    [outcome] = await run_while_locked(held, act)

    assert outcome == held
