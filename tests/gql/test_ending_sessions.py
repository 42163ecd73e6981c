"""A viewer signs out of one browser, or of all of them by saying nothing."""

from typing import Any

import pytest

from domain.models import Session
from gql.reading.ids import global_id
from tests import rows
from tests.gql.execution import person, read
from tests.table_contents import unchanged

pytestmark = pytest.mark.usefixtures("database", "environment")
END = """mutation($input: EndSessionInput!) { endSession(input: $input) {
  ended endedSessionIds errors { code refusal message path } } }"""


async def ended(user_id: int, **given: Any) -> Any:
    return (await read(person(user_id), END, input=given))["endSession"]


async def test_one_by_its_id_and_all_where_none_is_given():
    user = await rows.a_user()
    first, *others = [await rows.a_session(user) for _ in range(3)]

    one, other = (global_id("Session", each.id) for each in others)
    alone = global_id("Session", first.id)
    assert await ended(user.id, id=alone) == {"ended": 1, "endedSessionIds": [alone], "errors": []}
    rest = await ended(user.id)
    assert rest == {"ended": 2, "endedSessionIds": rest["endedSessionIds"], "errors": []}
    assert set(rest["endedSessionIds"]) == {one, other}
    assert await Session.filter(user_id=user.id, ended_at=None).count() == 0


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        (None, "REQUIRED", "This must be filled in."),
        ("", "NOT_FOUND", "There is nothing with this id that you may see."),
        ("VXNlcjox", "NOT_FOUND", "There is nothing with this id that you may see."),
    ],
)
async def test_an_id_that_somebody_forgot_to_fill_in_ends_none(given: str | None, code: str, message: str):
    user = await rows.a_user()
    await rows.a_session(user)
    async with unchanged():
        told = await ended(user.id, id=given)

    assert told == {
        "ended": 0,
        "endedSessionIds": [],
        "errors": [{"code": code, "refusal": code, "message": message, "path": ["id"]}],
    }
