"""The viewer's own sessions."""

import pytest

from domain.actor import NOBODY, Actor
from domain.models import Session
from domain.refusals import NotFound
from domain.rules.session import end_session
from tests import rows
from tests.refusals import assert_refused

pytestmark = pytest.mark.usefixtures("database", "environment")


async def test_a_user_ends_one_session_and_then_all_others():
    user = await rows.a_user()
    sessions = [await rows.a_session(user) for _ in range(3)]
    other_session = await rows.a_session()
    actor = Actor(user_id=user.id)

    assert await end_session(actor=actor, session_id=sessions[0].id, every=False) == [sessions[0].id]
    assert await end_session(actor=actor, session_id=sessions[0].id, every=False) == []
    session_ids = await end_session(actor=actor, session_id=None, every=True)
    assert sorted(session_ids) == [session.id for session in sessions[1:]]

    assert await Session.filter(ended_at=None).values_list("id", flat=True) == [other_session.id]


async def test_the_session_of_another_user_is_not_found():
    session = await rows.a_session()
    other_user = Actor(user_id=(await rows.a_user()).id)
    for other_actor in (other_user, NOBODY):
        async with assert_refused(NotFound, "id"):
            await end_session(actor=other_actor, session_id=session.id, every=False)
