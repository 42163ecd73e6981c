"""A session ends with the last right of its person, whatever ended that; who never had one may stay."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from domain.actor import NOBODY, OPERATOR
from domain.models import AccessRight, Role, Session, WorkRelationPeriod
from domain.rules.access_mandate import dismiss_access_manager
from domain.rules.organisation_registration import register_organisation
from identity import sessions
from registers.lifespan import open_registers
from settings import settings
from tests import rows
from tests.access_cast import Cast, cast
from tests.domain.rules.rights import change, grant, revoke
from tests.domain.rules.work_relations import end
from tests.prepared_databases import prepared_databases
from tests.rows.registers import a_registered_enterprise, a_registered_person
from tests.time_travel import travel_to

__all__ = ["cast", "prepared_databases"]
pytestmark = pytest.mark.usefixtures("cast")


async def the_right_is_revoked(cast: Cast) -> str:
    await revoke(cast, await AccessRight.get(work_relation_id=cast.relations["user"].id))
    return "user"


async def the_last_day_is_over(cast: Cast) -> str:
    period = await WorkRelationPeriod.get(work_relation_id=cast.relations["admin"].id)
    await travel_to(period.valid_until + timedelta(days=1))
    return "admin"


async def the_work_relation_was_ended_yesterday(cast: Cast) -> str:
    today = await rows.today()
    await end(cast, cast.relations["user"], today)
    await travel_to(today + timedelta(days=1))
    return "user"


async def the_mandate_is_ended(cast: Cast) -> str:
    await dismiss_access_manager(
        actor=cast.actors["main-manager"], mandate_id=cast.mandates["manager"].id, reason="Andere taken"
    )
    return "manager"


async def the_work_relation_below_the_mandate_is_over(cast: Cast) -> str:
    period = await WorkRelationPeriod.get(work_relation_id=cast.relations["main-manager"].id)
    await travel_to(period.valid_until + timedelta(days=1))
    return "main-manager"


async def the_register_names_another(cast: Cast) -> str:
    number = cast.organisation.enterprise_number
    await a_registered_enterprise(await a_registered_person(), enterprise_number=number)
    async with open_registers(settings()):
        await register_organisation(actor=OPERATOR, enterprise_number=number)
    return "legal"


WAYS = (
    the_right_is_revoked,
    the_last_day_is_over,
    the_work_relation_was_ended_yesterday,
    the_mandate_is_ended,
    the_work_relation_below_the_mandate_is_over,
    the_register_names_another,
)


@pytest.mark.parametrize("way", WAYS, ids=[way.__name__ for way in WAYS])
async def test_the_next_request_is_nobodys(cast: Cast, way: Callable[[Cast], Awaitable[str]]) -> None:
    tokens = {name: await sessions.begin(user.id, None) for name, user in cast.people.items()}

    gone = await way(cast)

    assert await sessions.resume(tokens[gone], active=False) == NOBODY
    session = await Session.get(user_id=cast.people[gone].id)
    assert session.ended_at is not None
    assert await sessions.resume(tokens["newcomer"]) != NOBODY


async def test_another_right_keeps_the_session(cast: Cast) -> None:
    user = cast.people["user"]
    await rows.a_right(await rows.a_work_relation(user))
    token = await sessions.begin(user.id, None)

    await the_right_is_revoked(cast)

    assert (await sessions.resume(token)).user_id == user.id


async def test_fewer_roles_keep_the_session(cast: Cast) -> None:
    token = await sessions.begin(cast.people["admin"].id, None)
    right = await AccessRight.get(work_relation_id=cast.relations["admin"].id)

    await change(cast, right, roles=[Role.USER])

    assert (await sessions.resume(token)).signed_in


async def test_who_never_had_a_right_stays_until_one_came_and_went(cast: Cast) -> None:
    relation = await cast.a_colleague()
    token = await sessions.begin(relation.user_id, None)
    assert (await sessions.resume(token)).signed_in

    right = await grant(cast, relation)
    assert (await sessions.resume(token, active=False)).signed_in
    await revoke(cast, right)

    assert await sessions.resume(token) == NOBODY


async def test_whoever_signs_in_after_the_last_right_ended_is_let_in(cast: Cast) -> None:
    await the_right_is_revoked(cast)
    token = await sessions.begin(cast.people["user"].id, None)

    assert (await sessions.resume(token)).user_id == cast.people["user"].id


async def test_what_was_ended_stays_ended_when_a_right_comes_back(cast: Cast) -> None:
    token = await sessions.begin(cast.people["user"].id, None)
    await the_right_is_revoked(cast)
    assert await sessions.resume(token) == NOBODY

    await grant(cast, cast.relations["user"])

    assert await sessions.resume(token) == NOBODY
