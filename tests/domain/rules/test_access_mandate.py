"""Who manages access, sentence by sentence (manual 2, domain 3)."""

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


async def test_the_legal_representative_can_name_a_main_access_manager(cast: Cast):
    await dismiss(cast, "legal", cast.mandates["main-manager"])
    relation = await cast.a_colleague()

    mandate = await appoint(cast, "legal", relation.user_id, MAIN)

    kept = await AccessMandate.get(id=mandate.id)
    assert (kept.kind, kept.user_id, kept.ended_at) == (MAIN, relation.user_id, None)
    assert kept.appointed_by_id == cast.people["legal"].id


@pytest.mark.parametrize("who", ["legal", "main-manager"])
async def test_legal_representative_or_main_access_manager_can_appoint_access_managers(cast: Cast, who: str):
    relation = await cast.a_colleague()

    await appoint(cast, who, relation.user_id)

    assert await AccessMandate.filter(user_id=relation.user_id, kind=LOCAL, ended_at=None).count() == 1


async def test_access_managers_can_be_one_person_but_also_several(cast: Cast):
    for _ in range(3):
        await appoint(cast, "main-manager", (await cast.a_colleague()).user_id)

    assert await AccessMandate.filter(organisation=cast.organisation, kind=LOCAL, ended_at=None).count() == 4


@pytest.mark.parametrize("who", ["main-manager", "manager", "admin", "user"])
async def test_nobody_else_names_a_main_access_manager(cast: Cast, who: str):
    relation = await cast.a_colleague()
    async with assert_refused(Forbidden):
        await appoint(cast, who, relation.user_id, MAIN)


async def test_there_is_one_main_access_manager_at_most(cast: Cast):
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
    elsewhere = await rows.a_work_relation(await cast.a_stranger())
    for user_id, name in (
        (stranger.id, "Bram Claes"),
        (expired.user_id, "Sofie De Smet"),
        (upcoming.user_id, "Sofie De Smet"),
        (elsewhere.user_id, "Bram Claes"),
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


async def test_who_comes_back_with_a_new_work_relation_comes_back_without_the_mandate(cast: Cast):
    today = await rows.today()
    await WorkRelationPeriod.filter(work_relation=cast.relations["manager"]).update(valid_until=today - DAY)

    await rows.a_work_relation(cast.people["manager"], cast.organisation, first_day=today)

    assert (await standing(cast, "manager")).manages == []


@pytest.mark.parametrize(("who", "kind"), [("main-manager", MAIN), ("manager", LOCAL)])
async def test_who_came_back_with_a_new_work_relation_is_appointed_anew(cast: Cast, who: str, kind: AccessMandateKind):
    today = await rows.today()
    await WorkRelationPeriod.filter(work_relation=cast.relations[who]).update(valid_until=today - DAY)
    await rows.a_work_relation(cast.people[who], cast.organisation, first_day=today)

    mandate = await appoint(cast, "legal", cast.people[who].id, kind)

    assert (await standing(cast, who)).manages == [cast.organisation.id]
    former = await AccessMandate.get(id=cast.mandates[who].id)
    assert (former.end_reason, former.ended_by_id) == ("Nieuwe werkrelatie", cast.people["legal"].id)
    about = AuditEntry.filter(subject_type="AccessMandate").order_by("id").values_list("action", "subject_id", "reason")
    assert list(await about)[-2:] == [
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


async def test_whoever_has_the_mandate_is_not_appointed_again(cast: Cast):
    async with assert_refused(AlreadyAppointed, "userId", name="An manager"):
        await appoint(cast, "main-manager", cast.people["manager"].id)
    async with assert_refused(AlreadyAppointed, "userId", name="An main-manager"):
        await appoint(cast, "legal", cast.people["main-manager"].id, MAIN)


async def test_an_outsider_learns_nothing(cast: Cast):
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


async def test_a_dismissed_access_manager_manages_nothing_at_once(cast: Cast):
    mandate = await dismiss(cast, "main-manager", cast.mandates["manager"], "  Naar de studiedienst  ")

    kept = await AccessMandate.get(id=mandate.id)
    assert kept.ended_at is not None
    assert (kept.ended_by_id, kept.end_reason) == (cast.people["main-manager"].id, "Naar de studiedienst")
    assert (await standing(cast, "manager")).manages == []


async def test_dismissing_needs_a_reason(cast: Cast):
    for reason in ("", " \n\t "):
        async with assert_refused(Required, "reason"):
            await dismiss(cast, "legal", cast.mandates["manager"], reason)
    async with assert_refused(TextTooLong, "reason", length=2_001, maximum=2_000):
        await dismiss(cast, "legal", cast.mandates["manager"], "x" * 2_001)


@pytest.mark.parametrize(("who", "whose"), [("main-manager", "main-manager"), ("manager", "manager")])
async def test_dismissing_oneself_is_for_whoever_may_appoint(cast: Cast, who: str, whose: str):
    async with assert_refused(Forbidden):
        await dismiss(cast, who, cast.mandates[whose])


async def test_a_mandate_ends_once_and_can_be_given_again(cast: Cast):
    ended = await dismiss(cast, "legal", cast.mandates["manager"])
    async with assert_refused(MandateEnded, "id", day=await rows.today()):
        await dismiss(cast, "legal", ended)

    again = await appoint(cast, "legal", cast.people["manager"].id)

    assert again.id != ended.id
    assert await AccessMandate.filter(user=cast.people["manager"]).count() == 2


@pytest.mark.parametrize("who", ["legal", "main-manager", "manager"])
async def test_the_holder_sets_the_address_of_the_mandate_and_empties_it(cast: Cast, who: str):
    own = cast.mandates[who].id
    await set_mandate_email(actor=cast.actors[who], mandate_id=own, email=" An.Peeters@Aannemer.EXAMPLE ")
    assert (await AccessMandate.get(id=own)).email == "An.Peeters@aannemer.example"

    async with assert_tables_unchanged():
        await set_mandate_email(actor=cast.actors[who], mandate_id=own, email=UNCHANGED)
    async with assert_refused(EmailAddressInvalid, "email"):
        await set_mandate_email(actor=cast.actors[who], mandate_id=own, email="an.peeters@")

    await set_mandate_email(actor=cast.actors[who], mandate_id=own, email=None)
    assert (await AccessMandate.get(id=own)).email is None


async def test_the_address_of_a_mandate_is_its_holders_only(cast: Cast):
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
