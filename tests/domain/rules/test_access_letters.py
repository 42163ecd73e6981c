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
from tests.domain.rules.letters import addresses, written
from tests.domain.rules.test_self_registration import requested
from tests.domain.rules.test_self_registration_decision import five_steps
from tests.refusals import assert_refused

ANEW = "nieuw@aannemer.example"


async def addressed(cast: Cast) -> None:
    """Gives the cast's access managers addresses that tell who they are."""
    for name in ("main-manager", "manager"):
        await WorkRelation.filter(id=cast.relations[name].id).update(email=f"{name}@aannemer.example")
    await AccessMandate.filter(id=cast.mandates["legal"].id).update(email="legal@aannemer.example")


async def decided(cast: Cast, task: SelfRegistration, reason: str | None, who: str = "manager") -> None:
    actor = cast.actors[who]
    if reason is None:
        await approve_self_registration(actor=actor, task_id=task.id, approval=await five_steps(Role.USER))
    else:
        await reject_self_registration(actor=actor, task_id=task.id, reason=reason)


async def changed(cast: Cast, relation: WorkRelation, who: str = "manager", version: int = 1, **change: Any) -> None:
    await update_work_relation(
        actor=cast.actors[who],
        work_relation_id=relation.id,
        version=version,
        update=WorkRelationUpdate(**change),
    )


async def test_every_access_manager_is_told_of_a_new_task_once(cast: Cast):
    await addressed(cast)
    await User.filter(id=cast.people["main-manager"].id).update(language=Language.FR)

    task = await requested(cast)
    assert (await requested(cast)).id == task.id

    [letter] = await written(LetterKind.TASK_OPENED)
    assert (letter.self_registration_id, letter.organisation_id) == (task.id, cast.organisation.id)
    assert sorted(await addresses(letter)) == [
        ("legal@aannemer.example", "NL"),
        ("main-manager@aannemer.example", "FR"),
        ("manager@aannemer.example", "NL"),
    ]


async def test_who_asks_for_themselves_is_not_told_to_decide(cast: Cast):
    await addressed(cast)
    await requested(cast, "manager")
    [letter] = await written(LetterKind.TASK_OPENED)
    told = [address for address, _ in await addresses(letter)]
    assert (len(told), set(told)) == (2, {"legal@aannemer.example", "main-manager@aannemer.example"})


async def test_a_task_without_anybody_to_tell_is_there_all_the_same(cast: Cast):
    await WorkRelation.all().update(email=None)
    task = await requested(cast)
    assert await SelfRegistration.filter(id=task.id).exists()
    assert await Letter.all().count() == 0


async def test_the_applicant_is_told_of_an_approval_at_the_address_in_the_request(cast: Cast):
    await User.filter(id=cast.people["newcomer"].id).update(language=Language.DE)
    task = await requested(cast, email=ANEW)

    await decided(cast, task, None)

    [letter] = await written(LetterKind.REGISTRATION_APPROVED)
    relation = await WorkRelation.get(user_id=task.applicant_id)
    right = await AccessRight.get(work_relation=relation)
    assert (letter.self_registration_id, letter.work_relation_id) == (task.id, relation.id)
    assert letter.access_right_id == right.id
    assert await addresses(letter) == [(ANEW, "DE")]
    assert (await Delivery.get(letter_id=letter.id)).user_id == task.applicant_id


async def test_the_applicant_is_told_of_a_rejection(cast: Cast):
    task = await requested(cast, email=ANEW)
    await decided(cast, task, "U werkt niet bij ons.")
    [letter] = await written(LetterKind.REGISTRATION_REJECTED)
    assert (letter.self_registration_id, letter.work_relation_id) == (task.id, None)
    assert await addresses(letter) == [(ANEW, "NL")]
    assert await written(LetterKind.REGISTRATION_APPROVED) == []


@pytest.mark.parametrize(
    ("reason", "kind"),
    [(None, LetterKind.REGISTRATION_APPROVED), ("U werkt niet bij ons.", LetterKind.REGISTRATION_REJECTED)],
)
@pytest.mark.parametrize("given", [ANEW, None])
@pytest.mark.parametrize("first", [-10, 10])
async def test_an_applicant_who_works_there_is_told_at_the_work_relations_address_if_none_is_given(
    cast: Cast, reason: str | None, kind: LetterKind, given: str | None, first: int
):
    today = await rows.today()
    days = {"first_day": today + timedelta(first), "last_day": today + timedelta(90)}
    await cast.a_colleague(user=cast.people["newcomer"], email="werk@aannemer.example", **days)
    task = await requested(cast, email=given)

    if reason is None:
        approval = Approval([Role.USER])
        await approve_self_registration(actor=cast.actors["manager"], task_id=task.id, approval=approval)
    else:
        await decided(cast, task, reason)

    [letter] = await written(kind)
    assert await addresses(letter) == [(given or "werk@aannemer.example", "NL")]


async def test_a_work_relation_that_is_over_is_no_way_to_an_applicant(cast: Cast):
    yesterday = await rows.today() - timedelta(1)
    await cast.a_colleague(user=cast.people["newcomer"], email="werk@aannemer.example", last_day=yesterday)
    await decided(cast, await requested(cast), "U werkt niet meer bij ons.")
    assert await written(LetterKind.REGISTRATION_REJECTED) == []


@pytest.mark.parametrize("reason", [None, "U werkt niet bij ons."])
async def test_an_applicant_without_any_address_is_told_nothing(cast: Cast, reason: str | None):
    await decided(cast, await requested(cast), reason)
    assert await Letter.exclude(kind=LetterKind.TASK_OPENED).count() == 0


async def test_a_decision_that_is_refused_tells_nobody(cast: Cast):
    task = await requested(cast, email=ANEW)
    async with assert_refused(Forbidden):
        await decided(cast, task, "Neen.", who="newcomer")


@pytest.mark.parametrize("address", [ANEW, None])
async def test_the_former_address_is_told_of_a_change(cast: Cast, address: str | None):
    relation = await cast.a_colleague(email="oud@aannemer.example")
    await User.filter(id=relation.user_id).update(language=Language.EN)

    await changed(cast, relation, email=address)

    [letter] = await written(LetterKind.ADDRESS_CHANGED)
    assert (letter.work_relation_id, letter.organisation_id) == (relation.id, cast.organisation.id)
    assert await addresses(letter) == [("oud@aannemer.example", "EN")]


async def test_each_change_is_told_to_the_address_that_was_there_before(cast: Cast):
    relation = await cast.a_colleague(email="een@aannemer.example")
    for version, address in ((1, "twee@aannemer.example"), (2, "een@aannemer.example"), (3, "drie@aannemer.example")):
        await changed(cast, relation, version=version, email=address)
    letters = await written(LetterKind.ADDRESS_CHANGED)
    told = [address for letter in letters for address, _ in await addresses(letter)]
    assert told == ["een@aannemer.example", "twee@aannemer.example", "een@aannemer.example"]


@pytest.mark.parametrize(
    ("before", "change"),
    [
        (None, {"email": ANEW}),
        ("oud@aannemer.example", {"phone": "+32 2 553 17 00"}),
        ("oud@aannemer.example", {"email": "oud@aannemer.example"}),
        # Another spelling of the same mailbox.
        ("oud@aannemer.example", {"email": "oud@Aannemer.example"}),
    ],
)
async def test_nobody_is_told_where_no_address_went(cast: Cast, before: str | None, change: dict[str, Any]):
    relation = await cast.a_colleague(email=before)
    await changed(cast, relation, **change)
    assert await Letter.all().count() == 0


async def test_a_change_that_is_refused_tells_nobody(cast: Cast):
    relation = await cast.a_colleague(email="oud@aannemer.example")
    async with assert_refused(StaleVersion, "version", current=relation, version=1, given=7):
        await changed(cast, relation, version=7, email=ANEW)
