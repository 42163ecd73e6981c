"""Table by table: what is erased of a person, what stays of them, and that others lose nothing."""

from typing import Any

import pytest

from domain.actor import OPERATOR
from domain.database.connection import database
from domain.models import Delivery, PersonalKey, Session, User, WorkRelation
from domain.rules.person_correction import merge_people
from domain.rules.personal_data_erasure import NEVER_SENT, PERSONAL_DATA
from tests import rows
from tests.domain.rules.erased_person import TELLING, a_former_colleague, erase
from tests.domain.test_references import references
from tests.table_contents import read_tables

pytestmark = pytest.mark.usefixtures("database")
PERSONAL = "email phone address language birth_date sealed_key token_digest"
HOLDING = """select distinct table_name from information_schema.columns
  where table_schema = 'public' and column_name = any(string_to_array($1, ' '))"""


async def test_every_table_that_holds_something_of_a_person_loses_it():
    of_people = {table for table, _, target in references() if target == "person"} | {"person"}
    holding = {row["table_name"] for row in await database().execute_query_dict(HOLDING, [PERSONAL])}
    assert holding & of_people == set(PERSONAL_DATA)


async def test_everything_else_stays_and_others_lose_nothing():
    former, other = await a_former_colleague(), await a_former_colleague(subject="vo-2", given_name="Sofie")
    before = await read_tables()

    await erase(former.number)

    after = await read_tables()
    assert {name: len(lines) for name, lines in before.items() if len(after[name]) != len(lines)} == {
        "personal_key": 2,
        "audit_entry": 2,
        "audit_link": 2,
    }
    changed = {name for name, lines in before.items() if set(lines) - set(after[name])}
    assert changed == set(PERSONAL_DATA)
    # Of two alike, one of each.
    assert {name: len(set(before[name]) - set(after[name])) for name in changed} == dict.fromkeys(PERSONAL_DATA, 1)
    assert (await User.get(id=other.user.id)).full_name == "Sofie Verstraeten"
    assert (await Session.get(user_id=other.user.id)).ended_at is None


async def test_sessions_end_and_a_form_that_was_open_is_stale():
    former = await a_former_colleague()

    await erase(former.number)

    assert (await Session.get()).ended_at is not None
    relation = await WorkRelation.get(id=former.relation.id)
    assert (relation.email, relation.phone, relation.version) == (None, None, former.relation.version + 1)


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ({"status": "PENDING"}, ("FAILED", NEVER_SENT)),
        ({"status": "SENDING", "attempts": 1}, ("FAILED", NEVER_SENT)),
        ({"status": "UNCERTAIN", "attempts": 1, "losses": 1}, ("FAILED", NEVER_SENT)),
        ({"status": "UNCERTAIN", "attempts": 2, "losses": 2}, ("UNCERTAIN", None)),
        ({"status": "BOUNCED", "last_error": "550"}, ("BOUNCED", "550")),
        ({"status": "SENT"}, ("SENT", None)),
    ],
)
async def test_mails_lose_their_address_and_those_that_wait_are_not_sent(
    given: dict[str, Any], becomes: tuple[str, str | None]
):
    former = await a_former_colleague()
    mail = await rows.a_delivery(user=former.user, **given)
    others = await rows.a_delivery(**given)

    await erase(former.number)

    kept = await Delivery.get(id=mail.id)
    assert (kept.address, kept.status, kept.last_error, kept.leased_until) == (None, *becomes, None)
    await others.refresh_from_db()
    assert (others.address is None, others.status) == (False, given["status"])


async def test_whoever_was_made_one_with_them_is_erased_too():
    first, second = await a_former_colleague(), await a_former_colleague(subject="vo-2")
    third = await a_former_colleague(subject="vo-3")
    for old, new in ((first, second), (second, third)):
        await merge_people(actor=OPERATOR, old_number=old.number, new_number=new.number, reason="Dubbel")

    await erase(third.number)

    told = str(await read_tables())
    assert [value for value in TELLING if value in told] == []
    assert not await PersonalKey.exists()
    keys = [each.user.id for each in (first, second, third)]
    assert [person.full_name for person in await User.filter(id__in=keys)] == ["Gewiste persoon"] * 3
