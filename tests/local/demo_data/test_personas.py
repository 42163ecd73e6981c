"""Each person with a button on the demo's sign-in page is who the button says."""

from datetime import timedelta
from itertools import combinations

import pytest

from domain.models import (
    AccessMandateKind,
    AccessRight,
    Contract,
    DocumentLevel,
    MembershipKind,
    Role,
    Theme,
    WorkRelationPeriod,
)
from tests.local.demo_data.persona import Persona, persona_organisation, persona_user
from tests.rows import today

COLLEAGUES = ("legal", "main-manager", "manager", "admin", "sender", "drafter", "reader", "specific", "colleague")
LEVELS = {"sender": DocumentLevel.SEND, "drafter": DocumentLevel.DRAFT, "reader": DocumentLevel.READ}


pytestmark = pytest.mark.usefixtures("demo")


async def levels_of(key: str) -> dict[int, DocumentLevel]:
    invoicing = await Theme.get(code="INVOICING")
    return await (await Persona.of(key)).levels(invoicing.id)


async def test_all_but_the_outsider_and_the_newcomer_act_for_one_and_the_same_organisation():
    organisation = (await persona_organisation()).id
    organisations = {key: await (await Persona.of(key)).acts_for() for key in COLLEAGUES}
    assert organisations == {key: {organisation} for key in COLLEAGUES}


async def test_the_outsider_administers_exactly_one_other_organisation():
    outsider = await Persona.of("outsider")
    [(organisation, roles)] = (await outsider.roles()).items()
    assert organisation != (await persona_organisation()).id
    assert roles == {Role.ADMINISTRATOR}
    assert await outsider.acts_for() == {organisation}
    assert await outsider.mandates() == {}


async def test_the_newcomer_is_unknown_and_so_works_nowhere():
    assert await persona_user("newcomer") is None


async def test_the_legal_representative_has_the_mandate_alone():
    legal = await Persona.of("legal")
    assert await legal.mandates() == {(await persona_organisation()).id: {AccessMandateKind.LEGAL_REPRESENTATIVE}}
    assert await legal.work_relations() == []


@pytest.mark.parametrize(
    ("key", "kind"),
    [("main-manager", AccessMandateKind.MAIN_ACCESS_MANAGER), ("manager", AccessMandateKind.ACCESS_MANAGER)],
)
async def test_access_managers_have_a_mandate_and_an_active_work_relation_but_no_right(
    key: str, kind: AccessMandateKind
):
    person = await Persona.of(key)
    assert await person.mandates() == {(await persona_organisation()).id: {kind}}
    [work_relation] = await person.work_relations()
    assert await person.is_active(work_relation)
    assert await person.rights() == []


@pytest.mark.parametrize(
    ("key", "role"),
    [
        ("admin", Role.ADMINISTRATOR),
        ("sender", Role.USER),
        ("drafter", Role.USER),
        ("reader", Role.USER),
        ("specific", Role.USER),
        ("colleague", Role.USER),
    ],
)
async def test_the_others_have_one_role_and_no_mandate(key: str, role: Role):
    person = await Persona.of(key)
    assert await person.roles() == {(await persona_organisation()).id: {role}}
    assert await person.mandates() == {}


async def test_sender_drafter_and_reader_share_contracts_at_exactly_their_three_levels():
    levels = {key: await levels_of(key) for key in LEVELS}
    shared = set.intersection(*(set(by_contract) for by_contract in levels.values()))
    assert shared
    for pair in combinations(LEVELS, 2):
        shared |= set.intersection(*(set(levels[key]) for key in pair))
    for key, level in LEVELS.items():
        assert {levels[key].get(contract) for contract in shared} == {level}
    assert await Contract.filter(id__in=shared).exclude(ended_at=None).count() == 0


async def test_specific_is_a_contract_specific_member_only():
    specific = await Persona.of("specific")
    memberships = await specific.memberships()
    assert {membership.kind for membership in memberships} == {MembershipKind.CONTRACT_SPECIFIC}
    [contract] = await levels_of("specific")
    assert contract in await levels_of("sender")


async def test_the_colleague_was_never_in_a_group():
    assert await (await Persona.of("colleague")).memberships() == []
    assert await levels_of("colleague") == {}


async def test_everyone_at_work_has_an_address_there():
    for key in COLLEAGUES[1:]:
        [work_relation] = await (await Persona.of(key)).work_relations()
        assert work_relation.email


async def test_no_right_expires_within_30_days():
    day = await today()
    for right in await AccessRight.filter(revoked_at=None):
        periods = await WorkRelationPeriod.filter(work_relation_id=right.work_relation_id)
        last = max(period.valid_until for period in periods)
        assert not day <= last <= day + timedelta(days=30)
