"""A person is erased while they sign in or get a work relation or right: the second operation sees the first."""

import pytest

from domain.actor import NOBODY, Actor
from domain.models import Language, Role, Session, User, WorkRelation
from domain.refusals import Forbidden, PersonErased, PersonStillWorks, Refusals
from domain.rules.person import set_language
from domain.sealed_national_number import has_number
from identity import sessions
from identity.claims import person_claims
from identity.people import update_user
from tests import rows
from tests.access_cast import Cast
from tests.domain.rules.concurrency import run_while_locked
from tests.domain.rules.erased_person import a_former_colleague, erase
from tests.domain.rules.rights import grant
from tests.domain.rules.test_work_relation import create

pytestmark = pytest.mark.usefixtures("registers")


async def test_a_session_begun_before_the_erasure_is_ended():
    former = await a_former_colleague()

    token, _ = await run_while_locked(former.user, sessions.begin(former.user.id, None), erase(former.number))

    assert await sessions.resume(token) == NOBODY
    assert await Session.filter(user_id=former.user.id, ended_at=None).count() == 0


async def test_a_session_begun_after_the_erasure_is_unauthenticated():
    former = await a_former_colleague()

    _, token = await run_while_locked(former.user, erase(former.number), sessions.begin(former.user.id, None))

    assert await sessions.resume(token) == NOBODY
    assert await Session.filter(user_id=former.user.id).count() == 1


async def test_a_sign_in_after_the_erasure_creates_a_new_user():
    former = await a_former_colleague()
    claims = person_claims({"rrn": former.number, "given_name": "Mina", "family_name": "Verstraeten"})

    _, new = await run_while_locked(former.user, erase(former.number), update_user(claims))

    assert (new.full_name, (await User.get(has_number(former.number))).id) == ("Mina Verstraeten", new.id)
    assert (await User.get(id=former.user.id)).full_name == "Gewiste persoon"


async def test_an_erased_actor_may_not_set_their_language():
    former = await a_former_colleague()
    update = set_language(actor=Actor(user_id=former.user.id), language=Language.DE)

    _, refusal = await run_while_locked(former.user, erase(former.number), update)

    assert isinstance(refusal, Forbidden)


async def test_a_work_relation_created_first_prevents_the_erasure(cast: Cast):
    former = await a_former_colleague(cast.organisation)

    relation, refusal = await run_while_locked(former.user, create(cast, former.user), erase(former.number))

    assert isinstance(relation, WorkRelation)
    assert isinstance(refusal, Refusals)
    assert [type(item) for item in refusal.refusals] == [PersonStillWorks]
    assert not (await User.get(id=former.user.id)).erased


async def test_a_work_relation_created_after_the_erasure_is_refused(cast: Cast):
    former = await a_former_colleague(cast.organisation)

    _, refusal = await run_while_locked(former.user, erase(former.number), create(cast, former.user))

    assert isinstance(refusal, PersonErased)
    assert await WorkRelation.filter(user_id=former.user.id).count() == 1


async def test_a_right_granted_during_a_refused_erasure_stays(cast: Cast):
    number = rows.a_national_number()
    relation = await rows.a_work_relation(await rows.a_user(national_number=number), cast.organisation)
    holder = await relation.user

    refusal, right = await run_while_locked(holder, erase(number), grant(cast, relation, roles=[Role.USER]))

    assert isinstance(refusal, Refusals)
    assert (right.revoked_at, (await User.get(id=holder.id)).erased) == (None, False)
