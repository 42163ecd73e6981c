"""A viewer ends one session by its id, or all of theirs without an id."""

from typing import Any

import pytest

from domain.models import Session
from gql.reading.ids import global_id
from tests import rows
from tests.gql.execution import person, read
from tests.table_contents import assert_tables_unchanged

pytestmark = pytest.mark.usefixtures("database", "environment")
END_SESSION = """mutation($input: EndSessionInput!) { endSession(input: $input) {
  ended endedSessionIds errors { code refusal message path } } }"""


async def end_session(user_id: int, **mutation_input: Any) -> Any:
    return (await read(person(user_id), END_SESSION, input=mutation_input))["endSession"]


async def test_one_session_is_ended_by_its_id():
    user = await rows.a_user()
    session, other = [await rows.a_session(user) for _ in range(2)]
    session_id = global_id("Session", session.id)

    payload = await end_session(user.id, id=session_id)

    assert payload == {"ended": 1, "endedSessionIds": [session_id], "errors": []}
    assert await Session.filter(user_id=user.id, ended_at=None).values_list("id", flat=True) == [other.id]


async def test_all_sessions_are_ended_without_an_id():
    user = await rows.a_user()
    session_ids = {global_id("Session", (await rows.a_session(user)).id) for _ in range(2)}

    payload = await end_session(user.id)

    assert (payload["ended"], set(payload["endedSessionIds"]), payload["errors"]) == (2, session_ids, [])
    assert await Session.filter(user_id=user.id, ended_at=None).count() == 0


@pytest.mark.parametrize(
    ("session_id", "code", "message"),
    [
        (None, "REQUIRED", "This must be filled in."),
        ("", "NOT_FOUND", "There is nothing with this id that you may see."),
        ("VXNlcjox", "NOT_FOUND", "There is nothing with this id that you may see."),
    ],
)
async def test_an_empty_or_unknown_id_ends_no_session(session_id: str | None, code: str, message: str):
    user = await rows.a_user()
    await rows.a_session(user)
    async with assert_tables_unchanged():
        payload = await end_session(user.id, id=session_id)

    assert payload == {
        "ended": 0,
        "endedSessionIds": [],
        "errors": [{"code": code, "refusal": code, "message": message, "path": ["id"]}],
    }
