"""Who is told by mail of a request, its outcome, and a changed address: written in the transaction that did it."""

from datetime import timedelta
from typing import Any

import pytest

from domain.models import (
    AccessMandate,
    AccessRight,
    Delivery,
    Language,
    Letter,
    LetterKind,
    Role,
    SelfRegistration,
    User,
    WorkRelation,
)
from domain.refusals import Forbidden, StaleVersion
from domain.rules.self_registration_approval import Approval, approve_self_registration
from domain.rules.self_registration_decision import reject_self_registration
from domain.rules.work_relation_change import WorkRelationUpdate, update_work_relation
from tests import rows
from tests.access_cast import Cast
from tests.domain.rules.letters import addresses, letters_of
from tests.domain.rules.test_self_registration import request
from tests.domain.rules.test_self_registration_decision import approval_with_period
from tests.refusals import assert_refused

NEW_EMAIL = "nieuw@aannemer.example"


async def set_manager_addresses(cast: Cast) -> None:
    """Gives each access manager of the cast an address of their own."""
    for name in ("main-manager", "manager"):
        await WorkRelation.filter(id=cast.relations[name].id).update(email=f"{name}@aannemer.example")
    await AccessMandate.filter(id=cast.mandates["legal"].id).update(email="legal@aannemer.example")


async def decide(cast: Cast, task: SelfRegistration, reason: str | None, who: str = "manager") -> None:
    actor = cast.actors[who]
    if reason is None:
        await approve_self_registration(actor=actor, task_id=task.id, approval=await approval_with_period(Role.USER))
    else:
        await reject_self_registration(actor=actor, task_id=task.id, reason=reason)


async def change_email(
    cast: Cast, relation: WorkRelation, who: str = "manager", version: int = 1, **change: Any
) -> None:
    await update_work_relation(
        actor=cast.actors[who],
        work_relation_id=relation.id,
        version=version,
        update=WorkRelationUpdate(**change),
    )


async def test_a_new_task_is_mailed_to_every_access_manager_once(cast: Cast):
    await set_manager_addresses(cast)
    await User.filter(id=cast.people["main-manager"].id).update(language=Language.FR)

    task = await request(cast)
    assert (await request(cast)).id == task.id

    [letter] = await letters_of(LetterKind.TASK_OPENED)
    assert (letter.self_registration_id, letter.organisation_id) == (task.id, cast.organisation.id)
    assert sorted(await addresses(letter)) == [
        ("legal@aannemer.example", "NL"),
        ("main-manager@aannemer.example", "FR"),
        ("manager@aannemer.example", "NL"),
    ]


async def test_an_access_manager_is_not_mailed_about_their_own_request(cast: Cast):
    await set_manager_addresses(cast)
    await request(cast, "manager")
    [letter] = await letters_of(LetterKind.TASK_OPENED)
    recipients = [address for address, _ in await addresses(letter)]
    assert (len(recipients), set(recipients)) == (2, {"legal@aannemer.example", "main-manager@aannemer.example"})


async def test_a_task_is_created_although_no_access_manager_has_an_address(cast: Cast):
    await WorkRelation.all().update(email=None)
    task = await request(cast)
    assert await SelfRegistration.filter(id=task.id).exists()
    assert await Letter.all().count() == 0


async def test_an_approval_is_mailed_to_the_address_in_the_request(cast: Cast):
    await User.filter(id=cast.people["newcomer"].id).update(language=Language.DE)
    task = await request(cast, email=NEW_EMAIL)

    await decide(cast, task, None)

    [letter] = await letters_of(LetterKind.REGISTRATION_APPROVED)
    relation = await WorkRelation.get(user_id=task.applicant_id)
    right = await AccessRight.get(work_relation=relation)
    assert (letter.self_registration_id, letter.work_relation_id) == (task.id, relation.id)
    assert letter.access_right_id == right.id
    assert await addresses(letter) == [(NEW_EMAIL, "DE")]
    assert (await Delivery.get(letter_id=letter.id)).user_id == task.applicant_id


async def test_a_rejection_is_mailed_to_the_address_in_the_request(cast: Cast):
    task = await request(cast, email=NEW_EMAIL)
    await decide(cast, task, "U werkt niet bij ons.")
    [letter] = await letters_of(LetterKind.REGISTRATION_REJECTED)
    assert (letter.self_registration_id, letter.work_relation_id) == (task.id, None)
    assert await addresses(letter) == [(NEW_EMAIL, "NL")]
    assert await letters_of(LetterKind.REGISTRATION_APPROVED) == []


@pytest.mark.parametrize(
    ("reason", "kind"),
    [(None, LetterKind.REGISTRATION_APPROVED), ("U werkt niet bij ons.", LetterKind.REGISTRATION_REJECTED)],
)
@pytest.mark.parametrize("requested_email", [NEW_EMAIL, None])
@pytest.mark.parametrize("first", [-10, 10])
async def test_a_decision_is_mailed_to_the_address_of_the_work_relation_if_the_request_has_none(
    cast: Cast, reason: str | None, kind: LetterKind, requested_email: str | None, first: int
):
    today = await rows.today()
    days = {"first_day": today + timedelta(first), "last_day": today + timedelta(90)}
    await cast.a_colleague(user=cast.people["newcomer"], email="werk@aannemer.example", **days)
    task = await request(cast, email=requested_email)

    if reason is None:
        approval = Approval([Role.USER])
        await approve_self_registration(actor=cast.actors["manager"], task_id=task.id, approval=approval)
    else:
        await decide(cast, task, reason)

    [letter] = await letters_of(kind)
    assert await addresses(letter) == [(requested_email or "werk@aannemer.example", "NL")]


async def test_the_address_of_an_expired_work_relation_is_not_used(cast: Cast):
    yesterday = await rows.today() - timedelta(1)
    await cast.a_colleague(user=cast.people["newcomer"], email="werk@aannemer.example", last_day=yesterday)
    await decide(cast, await request(cast), "U werkt niet meer bij ons.")
    assert await letters_of(LetterKind.REGISTRATION_REJECTED) == []


@pytest.mark.parametrize("reason", [None, "U werkt niet bij ons."])
async def test_a_decision_is_not_mailed_to_an_applicant_without_an_address(cast: Cast, reason: str | None):
    await decide(cast, await request(cast), reason)
    assert await Letter.exclude(kind=LetterKind.TASK_OPENED).count() == 0


async def test_a_refused_decision_is_not_mailed(cast: Cast):
    task = await request(cast, email=NEW_EMAIL)
    async with assert_refused(Forbidden):
        await decide(cast, task, "Neen.", who="newcomer")


@pytest.mark.parametrize("address", [NEW_EMAIL, None])
async def test_a_change_of_address_is_mailed_to_the_former_address(cast: Cast, address: str | None):
    relation = await cast.a_colleague(email="oud@aannemer.example")
    await User.filter(id=relation.user_id).update(language=Language.EN)

    await change_email(cast, relation, email=address)

    [letter] = await letters_of(LetterKind.ADDRESS_CHANGED)
    assert (letter.work_relation_id, letter.organisation_id) == (relation.id, cast.organisation.id)
    assert await addresses(letter) == [("oud@aannemer.example", "EN")]


async def test_each_change_of_address_is_mailed_to_the_address_before_it(cast: Cast):
    relation = await cast.a_colleague(email="een@aannemer.example")
    for version, address in ((1, "twee@aannemer.example"), (2, "een@aannemer.example"), (3, "drie@aannemer.example")):
        await change_email(cast, relation, version=version, email=address)
    letters = await letters_of(LetterKind.ADDRESS_CHANGED)
    recipients = [address for letter in letters for address, _ in await addresses(letter)]
    assert recipients == ["een@aannemer.example", "twee@aannemer.example", "een@aannemer.example"]


@pytest.mark.parametrize(
    ("before", "change"),
    [
        (None, {"email": NEW_EMAIL}),
        ("oud@aannemer.example", {"phone": "+32 2 553 17 00"}),
        ("oud@aannemer.example", {"email": "oud@aannemer.example"}),
        # The same address in another spelling.
        ("oud@aannemer.example", {"email": "oud@Aannemer.example"}),
    ],
)
async def test_no_mail_is_sent_when_no_former_address_is_lost(cast: Cast, before: str | None, change: dict[str, Any]):
    relation = await cast.a_colleague(email=before)
    await change_email(cast, relation, **change)
    assert await Letter.all().count() == 0


async def test_a_refused_change_is_not_mailed(cast: Cast):
    relation = await cast.a_colleague(email="oud@aannemer.example")
    async with assert_refused(StaleVersion, "version", current=relation, version=1, given=7):
        await change_email(cast, relation, version=7, email=NEW_EMAIL)
