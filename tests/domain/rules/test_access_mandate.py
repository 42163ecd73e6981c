"""Appointing and dismissing access managers, sentence by sentence of the manual (2) and the domain (3)."""

from datetime import timedelta

import pytest

from domain.models import AccessMandate, AccessMandateKind, AuditEntry, WorkRelationPeriod
from domain.refusals import (
    AlreadyAppointed,
    EmailAddressInvalid,
    Forbidden,
    LegalRepresentativeByRegister,
    MainAccessManagerTaken,
    MandateEnded,
    NobodyHelpsThemselves,
    NotFound,
    Required,
    TextTooLong,
    WorkRelationNotActive,
)
from domain.rules.access_mandate import appoint_access_manager, dismiss_access_manager
from domain.rules.mandate_email import set_mandate_email
from domain.standing import Standing
from domain.unchanged import UNCHANGED
from tests import rows
from tests.access_cast import LEGAL, LOCAL, MAIN, Cast
from tests.refusals import assert_refused
from tests.table_contents import assert_tables_unchanged

DAY = timedelta(days=1)


async def appoint(cast: Cast, who: str, user_id: int, kind: AccessMandateKind = LOCAL) -> AccessMandate:
    return await appoint_access_manager(
        actor=cast.actors[who], organisation_id=cast.organisation.id, user_id=user_id, kind=kind
    )


async def dismiss(cast: Cast, who: str, mandate: AccessMandate, reason: str = "Andere functie") -> AccessMandate:
    return await dismiss_access_manager(actor=cast.actors[who], mandate_id=mandate.id, reason=reason)


async def standing(cast: Cast, who: str) -> Standing:
    return await Standing.of(cast.actors[who])


async def test_the_legal_representative_has_access_and_manages_it_automatically(cast: Cast):
    legal = await standing(cast, "legal")

    assert legal.administers == legal.manages == legal.acts_for == [cast.organisation.id]
    assert legal.user_of == []
    assert "legal" not in cast.relations


async def test_a_legal_representative_appoints_the_main_access_manager(cast: Cast):
    await dismiss(cast, "legal", cast.mandates["main-manager"])
    relation = await cast.a_colleague()

    mandate = await appoint(cast, "legal", relation.user_id, MAIN)

    stored = await AccessMandate.get(id=mandate.id)
    assert (stored.kind, stored.user_id, stored.ended_at) == (MAIN, relation.user_id, None)
    assert stored.appointed_by_id == cast.people["legal"].id


@pytest.mark.parametrize("who", ["legal", "main-manager"])
async def test_a_legal_representative_or_the_main_access_manager_appoints_access_managers(cast: Cast, who: str):
    relation = await cast.a_colleague()

    await appoint(cast, who, relation.user_id)

    assert await AccessMandate.filter(user_id=relation.user_id, kind=LOCAL, ended_at=None).count() == 1


async def test_an_organisation_may_have_several_access_managers(cast: Cast):
    for _ in range(3):
        await appoint(cast, "main-manager", (await cast.a_colleague()).user_id)

    assert await AccessMandate.filter(organisation=cast.organisation, kind=LOCAL, ended_at=None).count() == 4


@pytest.mark.parametrize("who", ["main-manager", "manager", "admin", "user"])
async def test_nobody_else_appoints_a_main_access_manager(cast: Cast, who: str):
    relation = await cast.a_colleague()
    async with assert_refused(Forbidden):
        await appoint(cast, who, relation.user_id, MAIN)


async def test_an_organisation_has_at_most_one_main_access_manager(cast: Cast):
    relation = await cast.a_colleague()
    async with assert_refused(MainAccessManagerTaken, "kind", name="An main-manager"):
        await appoint(cast, "legal", relation.user_id, MAIN)


async def test_a_main_access_manager_whose_work_relation_lapsed_is_dismissed_first(cast: Cast):
    await WorkRelationPeriod.filter(work_relation=cast.relations["main-manager"]).update(
        valid_until=await rows.today() - DAY
    )
    relation = await cast.a_colleague()
    assert (await standing(cast, "main-manager")).main_manager_of == []
    async with assert_refused(MainAccessManagerTaken, "kind", name="An main-manager"):
        await appoint(cast, "legal", relation.user_id, MAIN)

    await dismiss(cast, "legal", cast.mandates["main-manager"])
    await appoint(cast, "legal", relation.user_id, MAIN)


async def test_an_appointee_needs_an_active_work_relation(cast: Cast):
    today = await rows.today()
    stranger = await cast.a_stranger()
    expired = await cast.a_colleague(last_day=today - DAY)
    upcoming = await cast.a_colleague(first_day=today + DAY)
    other_relation = await rows.a_work_relation(await cast.a_stranger())
    for user_id, name in (
        (stranger.id, "Bram Claes"),
        (expired.user_id, "Sofie De Smet"),
        (upcoming.user_id, "Sofie De Smet"),
        (other_relation.user_id, "Bram Claes"),
    ):
        async with assert_refused(WorkRelationNotActive, "userId", name=name):
            await appoint(cast, "legal", user_id)


async def test_the_mandate_counts_only_while_the_work_relation_lasts(cast: Cast):
    today = await rows.today()
    await WorkRelationPeriod.filter(work_relation=cast.relations["manager"]).update(valid_until=today)
    assert (await standing(cast, "manager")).manages == [cast.organisation.id]

    await WorkRelationPeriod.filter(work_relation=cast.relations["manager"]).update(valid_until=today - DAY)
    assert (await standing(cast, "manager")).manages == []

    await WorkRelationPeriod.filter(work_relation=cast.relations["manager"]).update(valid_until=today + DAY)
    assert (await standing(cast, "manager")).manages == [cast.organisation.id]


async def test_a_mandate_does_not_count_with_a_new_work_relation(cast: Cast):
    today = await rows.today()
    await WorkRelationPeriod.filter(work_relation=cast.relations["manager"]).update(valid_until=today - DAY)

    await rows.a_work_relation(cast.people["manager"], cast.organisation, first_day=today)

    assert (await standing(cast, "manager")).manages == []


@pytest.mark.parametrize(("who", "kind"), [("main-manager", MAIN), ("manager", LOCAL)])
async def test_a_manager_with_a_new_work_relation_can_be_appointed_again(cast: Cast, who: str, kind: AccessMandateKind):
    today = await rows.today()
    await WorkRelationPeriod.filter(work_relation=cast.relations[who]).update(valid_until=today - DAY)
    await rows.a_work_relation(cast.people[who], cast.organisation, first_day=today)

    mandate = await appoint(cast, "legal", cast.people[who].id, kind)

    assert (await standing(cast, who)).manages == [cast.organisation.id]
    former = await AccessMandate.get(id=cast.mandates[who].id)
    assert (former.end_reason, former.ended_by_id) == ("Nieuwe werkrelatie", cast.people["legal"].id)
    entries = (
        AuditEntry.filter(subject_type="AccessMandate").order_by("id").values_list("action", "subject_id", "reason")
    )
    assert list(await entries)[-2:] == [
        ("ACCESS_MANAGER_DISMISSED", former.id, "Nieuwe werkrelatie"),
        ("ACCESS_MANAGER_APPOINTED", mandate.id, None),
    ]


async def test_legal_representatives_are_neither_appointed_nor_dismissed_here(cast: Cast):
    relation = await cast.a_colleague()
    async with assert_refused(LegalRepresentativeByRegister, "kind"):
        await appoint(cast, "legal", relation.user_id, LEGAL)
    async with assert_refused(LegalRepresentativeByRegister, "id"):
        await dismiss(cast, "legal", cast.mandates["legal"])


@pytest.mark.parametrize("who", ["legal", "main-manager"])
async def test_nobody_appoints_themselves(cast: Cast, who: str):
    async with assert_refused(NobodyHelpsThemselves, "userId"):
        await appoint(cast, who, cast.people[who].id)


async def test_a_holder_of_a_mandate_is_not_appointed_again(cast: Cast):
    async with assert_refused(AlreadyAppointed, "userId", name="An manager"):
        await appoint(cast, "main-manager", cast.people["manager"].id)
    async with assert_refused(AlreadyAppointed, "userId", name="An main-manager"):
        await appoint(cast, "legal", cast.people["main-manager"].id, MAIN)


async def test_an_outsider_finds_neither_organisation_nor_mandate(cast: Cast):
    relation, unknown = await cast.a_colleague(), 2**62
    for organisation_id in (cast.organisation.id, unknown, None):
        async with assert_refused(NotFound, "organisationId"):
            await appoint_access_manager(
                actor=cast.actors["outsider"], organisation_id=organisation_id, user_id=relation.user_id, kind=LOCAL
            )
    for user_id in (cast.people["outsider"].id, cast.people["newcomer"].id, unknown, None):
        async with assert_refused(NotFound, "userId"):
            await appoint_access_manager(
                actor=cast.actors["legal"], organisation_id=cast.organisation.id, user_id=user_id, kind=LOCAL
            )
    for mandate_id in (cast.mandates["manager"].id, unknown, None):
        async with assert_refused(NotFound, "id"):
            await dismiss_access_manager(actor=cast.actors["outsider"], mandate_id=mandate_id, reason="Weg")


async def test_a_dismissed_access_manager_loses_access_at_once(cast: Cast):
    mandate = await dismiss(cast, "main-manager", cast.mandates["manager"], "  Naar de studiedienst  ")

    stored = await AccessMandate.get(id=mandate.id)
    assert stored.ended_at is not None
    assert (stored.ended_by_id, stored.end_reason) == (cast.people["main-manager"].id, "Naar de studiedienst")
    assert (await standing(cast, "manager")).manages == []


async def test_dismissing_needs_a_reason(cast: Cast):
    for reason in ("", " \n\t "):
        async with assert_refused(Required, "reason"):
            await dismiss(cast, "legal", cast.mandates["manager"], reason)
    async with assert_refused(TextTooLong, "reason", length=2_001, maximum=2_000):
        await dismiss(cast, "legal", cast.mandates["manager"], "x" * 2_001)


@pytest.mark.parametrize(("who", "holder"), [("main-manager", "main-manager"), ("manager", "manager")])
async def test_only_those_who_may_appoint_may_dismiss_themselves(cast: Cast, who: str, holder: str):
    async with assert_refused(Forbidden):
        await dismiss(cast, who, cast.mandates[holder])


async def test_a_mandate_ends_once_and_its_holder_can_be_appointed_again(cast: Cast):
    ended = await dismiss(cast, "legal", cast.mandates["manager"])
    async with assert_refused(MandateEnded, "id", day=await rows.today()):
        await dismiss(cast, "legal", ended)

    second = await appoint(cast, "legal", cast.people["manager"].id)

    assert second.id != ended.id
    assert await AccessMandate.filter(user=cast.people["manager"]).count() == 2


@pytest.mark.parametrize("who", ["legal", "main-manager", "manager"])
async def test_the_holder_sets_and_empties_the_address_of_the_mandate(cast: Cast, who: str):
    mandate_id = cast.mandates[who].id
    await set_mandate_email(actor=cast.actors[who], mandate_id=mandate_id, email=" An.Peeters@Aannemer.EXAMPLE ")
    assert (await AccessMandate.get(id=mandate_id)).email == "An.Peeters@aannemer.example"

    async with assert_tables_unchanged():
        await set_mandate_email(actor=cast.actors[who], mandate_id=mandate_id, email=UNCHANGED)
    async with assert_refused(EmailAddressInvalid, "email"):
        await set_mandate_email(actor=cast.actors[who], mandate_id=mandate_id, email="an.peeters@")

    await set_mandate_email(actor=cast.actors[who], mandate_id=mandate_id, email=None)
    assert (await AccessMandate.get(id=mandate_id)).email is None


async def test_only_the_holder_sets_the_address_of_a_mandate(cast: Cast):
    for who in ("legal", "main-manager", "admin"):
        async with assert_refused(Forbidden):
            await set_mandate_email(
                actor=cast.actors[who], mandate_id=cast.mandates["manager"].id, email="x@aannemer.example"
            )
    await WorkRelationPeriod.filter(work_relation=cast.relations["manager"]).update(
        valid_until=await rows.today() - DAY
    )
    async with assert_refused(Forbidden):
        await set_mandate_email(
            actor=cast.actors["manager"], mandate_id=cast.mandates["manager"].id, email="x@aannemer.example"
        )
