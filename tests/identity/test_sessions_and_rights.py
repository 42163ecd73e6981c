"""A session ends with the last right of its person, whatever ended it; a person who never had one stays signed in."""

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


async def revoke_the_right(cast: Cast) -> str:
    await revoke(cast, await AccessRight.get(work_relation_id=cast.relations["user"].id))
    return "user"


async def pass_the_last_day(cast: Cast) -> str:
    period = await WorkRelationPeriod.get(work_relation_id=cast.relations["admin"].id)
    await travel_to(period.valid_until + timedelta(days=1))
    return "admin"


async def end_the_work_relation_early(cast: Cast) -> str:
    today = await rows.today()
    await end(cast, cast.relations["user"], today)
    await travel_to(today + timedelta(days=1))
    return "user"


async def dismiss_the_access_manager(cast: Cast) -> str:
    await dismiss_access_manager(
        actor=cast.actors["main-manager"], mandate_id=cast.mandates["manager"].id, reason="Andere taken"
    )
    return "manager"


async def pass_the_last_day_of_a_manager(cast: Cast) -> str:
    period = await WorkRelationPeriod.get(work_relation_id=cast.relations["main-manager"].id)
    await travel_to(period.valid_until + timedelta(days=1))
    return "main-manager"


async def replace_the_legal_representative(cast: Cast) -> str:
    number = cast.organisation.enterprise_number
    await a_registered_enterprise(await a_registered_person(), enterprise_number=number)
    async with open_registers(settings()):
        await register_organisation(actor=OPERATOR, enterprise_number=number)
    return "legal"


LOSSES_OF_ACCESS = (
    revoke_the_right,
    pass_the_last_day,
    end_the_work_relation_early,
    dismiss_the_access_manager,
    pass_the_last_day_of_a_manager,
    replace_the_legal_representative,
)


@pytest.mark.parametrize("end_access", LOSSES_OF_ACCESS, ids=[each.__name__ for each in LOSSES_OF_ACCESS])
async def test_the_next_request_after_the_loss_of_access_is_nobodys(
    cast: Cast, end_access: Callable[[Cast], Awaitable[str]]
) -> None:
    tokens = {name: await sessions.begin(user.id, None) for name, user in cast.people.items()}

    former = await end_access(cast)

    assert await sessions.resume(tokens[former], active=False) == NOBODY
    session = await Session.get(user_id=cast.people[former].id)
    assert session.ended_at is not None
    assert await sessions.resume(tokens["newcomer"]) != NOBODY


async def test_another_right_keeps_the_session(cast: Cast) -> None:
    user = cast.people["user"]
    await rows.a_right(await rows.a_work_relation(user))
    token = await sessions.begin(user.id, None)

    await revoke_the_right(cast)

    assert (await sessions.resume(token)).user_id == user.id


async def test_fewer_roles_keep_the_session(cast: Cast) -> None:
    token = await sessions.begin(cast.people["admin"].id, None)
    right = await AccessRight.get(work_relation_id=cast.relations["admin"].id)

    await change(cast, right, roles=[Role.USER])

    assert (await sessions.resume(token)).signed_in


async def test_a_person_without_rights_stays_signed_in_until_one_was_granted_and_revoked(cast: Cast) -> None:
    relation = await cast.a_colleague()
    token = await sessions.begin(relation.user_id, None)
    assert (await sessions.resume(token)).signed_in

    right = await grant(cast, relation)
    assert (await sessions.resume(token, active=False)).signed_in
    await revoke(cast, right)

    assert await sessions.resume(token) == NOBODY


async def test_a_person_can_sign_in_after_the_last_right_has_ended(cast: Cast) -> None:
    await revoke_the_right(cast)
    token = await sessions.begin(cast.people["user"].id, None)

    assert (await sessions.resume(token)).user_id == cast.people["user"].id


async def test_an_ended_session_stays_ended_when_a_right_is_granted(cast: Cast) -> None:
    token = await sessions.begin(cast.people["user"].id, None)
    await revoke_the_right(cast)
    assert await sessions.resume(token) == NOBODY

    await grant(cast, cast.relations["user"])

    assert await sessions.resume(token) == NOBODY
