"""Granting, changing and revoking rights, sentence by sentence of the manual (2.1.4) and the domain (3)."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from domain.models import AccessRight, AccessRightRole, DocumentLevel, Role, WorkRelation
from domain.refusals import (
    Forbidden,
    GivenTwice,
    NobodyHelpsThemselves,
    NotFound,
    Required,
    RightGrantedAlready,
    RightRevoked,
    StaleVersion,
    TextNotPlain,
    WorkRelationExpired,
)
from domain.rules.access_right import change_access_right, grant_access_right, revoke_access_right
from domain.standing import Standing
from tests import rows
from tests.access_cast import MANAGERS, Cast
from tests.domain.rules.rights import change, grant, open_roles, revoke
from tests.refusals import assert_refused

DAY = timedelta(days=1)
ADMINISTRATOR, USER = Role.ADMINISTRATOR, Role.USER


@pytest.mark.parametrize("who", MANAGERS)
@pytest.mark.parametrize("roles", [[ADMINISTRATOR], [USER], [ADMINISTRATOR, USER]])
async def test_a_right_is_granted_with_one_role_or_both_and_a_reason(cast: Cast, who: str, roles: Sequence[Role]):
    relation = await cast.a_colleague()

    right = await grant(cast, relation, who, roles=roles, reason="  Volgt de werf\nop ")

    stored = await AccessRight.get(id=right.id)
    assert (stored.work_relation_id, stored.reason, stored.version) == (relation.id, "Volgt de werf\nop", 1)
    assert stored.granted_by_id == cast.people[who].id
    assert await open_roles(right) == set(roles)


async def test_a_granted_right_counts_at_once_with_its_roles(cast: Cast):
    relation = await cast.a_colleague()
    person = cast.actor_of(relation)
    assert (await Standing.of(person)).acts_for == []

    await grant(cast, relation, roles=[USER])

    standing = await Standing.of(person)
    assert (standing.acts_for, standing.user_of, standing.administers) == ([cast.organisation.id],) * 2 + ([],)


async def test_a_right_does_not_give_access_to_contracts(cast: Cast):
    relation = await cast.a_colleague()
    contract = await rows.a_contract(cast.organisation)
    group = await rows.a_group(cast.organisation, levels={"INVOICING": DocumentLevel.SEND})
    await rows.a_link(contract, group)
    await grant(cast, relation, roles=[USER])
    assert await cast.contracts_of(relation) == []

    await rows.a_membership(group, relation)

    assert await cast.contracts_of(relation) == [contract.id]


async def test_a_role_and_a_reason_are_required(cast: Cast):
    relation = await cast.a_colleague()
    async with assert_refused(Required, "roles"):
        await grant(cast, relation, roles=[])
    async with assert_refused(Required, "reason"):
        await grant(cast, relation, reason=" \t\n")
    async with assert_refused(TextNotPlain, "reason"):
        await grant(cast, relation, reason="Volgt de werf\x00op")
    async with assert_refused(GivenTwice, "roles", "2", what=USER):
        await grant(cast, relation, roles=[USER, ADMINISTRATOR, USER])

    right = await grant(cast, relation)
    async with assert_refused(Required, "roles"):
        await change(cast, right, roles=[])
    async with assert_refused(Required, "reason"):
        await change(cast, right, reason="")
    async with assert_refused(Required, "reason"):
        await revoke(cast, right, reason="")


async def test_a_right_needs_a_work_relation_that_has_not_expired(cast: Cast):
    today = await rows.today()
    expired = await cast.a_colleague(last_day=today - DAY)
    async with assert_refused(WorkRelationExpired, "workRelationId", last_day=today - DAY):
        await grant(cast, expired)

    await grant(cast, await cast.a_colleague(last_day=today))
    await grant(cast, await cast.a_colleague(first_day=today + DAY))


async def test_a_work_relation_has_one_right(cast: Cast):
    relation = await cast.a_colleague()
    await grant(cast, relation)
    async with assert_refused(RightGrantedAlready, "workRelationId", name="Sofie De Smet"):
        await grant(cast, relation)


async def test_the_roles_are_changed_with_a_reason_and_former_ones_are_closed(cast: Cast):
    right = await grant(cast, await cast.a_colleague(), roles=[USER])

    await change(cast, right, "legal", roles=[ADMINISTRATOR], reason="Vervangt de beheerder")

    stored = await AccessRight.get(id=right.id)
    assert (stored.reason, stored.version) == ("Vervangt de beheerder", 2)
    assert await open_roles(right) == {ADMINISTRATOR}
    former = await AccessRightRole.get(access_right_id=right.id, role=USER)
    assert former.valid_to is not None
    assert former.valid_from <= former.valid_to


async def test_a_role_that_is_kept_has_its_row_unchanged(cast: Cast):
    right = await grant(cast, await cast.a_colleague(), roles=[USER])
    before = await AccessRightRole.get(access_right_id=right.id)
    await change(cast, right, roles=[USER, ADMINISTRATOR])
    await change(cast, right, roles=[USER])
    assert await AccessRightRole.filter(id=before.id, valid_to=None, valid_from=before.valid_from).exists()
    assert await AccessRightRole.filter(access_right_id=right.id).count() == 2


async def test_a_revoked_right_stops_counting_at_once(cast: Cast):
    relation = await cast.a_colleague()
    right = await grant(cast, relation, roles=[USER, ADMINISTRATOR])

    await revoke(cast, right, reason="Andere functie")

    stored = await AccessRight.get(id=right.id)
    assert (stored.revoked_by_id, stored.revocation_reason) == (cast.people["manager"].id, "Andere functie")
    assert (stored.reason, stored.version) == ("Volgt de werf op", 2)
    assert await open_roles(right) == set()
    closed = await AccessRightRole.filter(access_right_id=right.id)
    assert {row.valid_to for row in closed} == {stored.revoked_at}
    assert (await Standing.of(cast.actor_of(relation))).acts_for == []


async def test_a_revoked_right_stays_revoked_and_granting_again_creates_another(cast: Cast):
    relation = await cast.a_colleague()
    right = await grant(cast, relation)
    await revoke(cast, right)
    today = await rows.today()
    async with assert_refused(RightRevoked, "id", day=today):
        await revoke(cast, right)
    async with assert_refused(RightRevoked, "id", day=today):
        await change(cast, right, roles=[USER])

    second = await grant(cast, relation)

    assert second.id != right.id
    assert await AccessRight.filter(work_relation_id=relation.id).count() == 2


async def test_memberships_count_again_with_a_right_that_is_granted_again(cast: Cast):
    relation, contract, right = await a_member(cast)
    assert await cast.contracts_of(relation) == [contract]

    await revoke(cast, right)
    assert await cast.contracts_of(relation) == []

    await grant(cast, relation, roles=[ADMINISTRATOR])
    assert (await Standing.of(cast.actor_of(relation))).user_work_relations == []

    await change(cast, await AccessRight.get(work_relation_id=relation.id, revoked_at=None), roles=[USER])
    assert await cast.contracts_of(relation) == [contract]


async def a_member(cast: Cast) -> tuple[WorkRelation, int, AccessRight]:
    """A USER in a group that opens one contract."""
    relation, contract = await cast.a_colleague(), await rows.a_contract(cast.organisation)
    link = await rows.a_link(contract)
    right = await grant(cast, relation, roles=[USER])
    await link.fetch_related("group")
    await rows.a_membership(link.group, relation)
    return relation, contract.id, right


async def test_a_stale_version_is_refused_with_the_current_state(cast: Cast):
    right = await grant(cast, await cast.a_colleague())
    for version in (0, 2):
        facts = {"current": right, "version": 1, "given": version}
        async with assert_refused(StaleVersion, "version", **facts):
            await change_access_right(
                actor=cast.actors["legal"], right_id=right.id, version=version, roles=[USER], reason="Anders"
            )
        async with assert_refused(StaleVersion, "version", **facts):
            await revoke_access_right(actor=cast.actors["legal"], right_id=right.id, version=version, reason="Weg")


async def test_only_legal_representatives_grant_change_or_revoke_their_own_right(cast: Cast):
    for who in MANAGERS[1:]:
        async with assert_refused(NobodyHelpsThemselves, "workRelationId"):
            await grant(cast, cast.relations[who], who)
        right = await grant(cast, cast.relations[who], "legal")
        async with assert_refused(NobodyHelpsThemselves, "id"):
            await change(cast, right, who, roles=[USER])
        async with assert_refused(NobodyHelpsThemselves, "id"):
            await revoke(cast, right, who)

    own = await grant(cast, await cast.a_colleague(user=cast.people["legal"]), "legal", roles=[USER])
    await change(cast, own, "legal", roles=[ADMINISTRATOR])
    await revoke(cast, own, "legal")


async def test_administrators_and_users_see_rights_but_may_not_change_them(cast: Cast):
    relation = await cast.a_colleague()
    async with assert_refused(Forbidden):
        await grant(cast, relation, "admin")
    right = await grant(cast, relation)
    for who, action in (("admin", change), ("admin", revoke)):
        async with assert_refused(Forbidden):
            await action(cast, right, who)
    own = await AccessRight.get(work_relation_id=cast.relations["user"].id)
    async with assert_refused(Forbidden):
        await change(cast, own, "user", roles=[ADMINISTRATOR])


async def test_others_find_neither_right_nor_work_relation(cast: Cast):
    relation = await cast.a_colleague()
    right = await grant(cast, relation)
    for who in ("outsider", "newcomer", "user", "machine"):
        async with assert_refused(NotFound, "id"):
            await change(cast, right, who)
        for relation_id in (relation.id, 2**62, None):
            async with assert_refused(NotFound, "workRelationId"):
                await grant_access_right(
                    actor=cast.actors[who], work_relation_id=relation_id, roles=[USER], reason="Werf"
                )
