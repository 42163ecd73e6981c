"""What an erasure removes from each table, what it leaves, and that others lose nothing."""

from typing import Any

import pytest

from domain.actor import OPERATOR
from domain.database.connection import database
from domain.models import Delivery, PersonalKey, Session, User, WorkRelation
from domain.rules.person_correction import merge_people
from domain.rules.personal_data_erasure import NEVER_SENT, PERSONAL_DATA
from tests import rows
from tests.domain.rules.erased_person import PERSONAL_VALUES, a_former_colleague, erase
from tests.domain.test_references import references
from tests.table_contents import read_tables

pytestmark = pytest.mark.usefixtures("database")
PERSONAL_COLUMNS = "email phone address language birth_date sealed_key token_digest"
TABLES_WITH_COLUMNS = """select distinct table_name from information_schema.columns
  where table_schema = 'public' and column_name = any(string_to_array($1, ' '))"""


async def test_every_table_with_personal_data_is_erased():
    referring = {table for table, _, target in references() if target == "person"} | {"person"}
    with_personal_data = {
        row["table_name"] for row in await database().execute_query_dict(TABLES_WITH_COLUMNS, [PERSONAL_COLUMNS])
    }
    assert with_personal_data & referring == set(PERSONAL_DATA)


async def test_no_rows_and_no_data_of_others_are_lost():
    former, other_former = await a_former_colleague(), await a_former_colleague(subject="vo-2", given_name="Sofie")
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
    # Of the two similar people, one row of each table changed.
    assert {name: len(set(before[name]) - set(after[name])) for name in changed} == dict.fromkeys(PERSONAL_DATA, 1)
    assert (await User.get(id=other_former.user.id)).full_name == "Sofie Verstraeten"
    assert (await Session.get(user_id=other_former.user.id)).ended_at is None


async def test_an_erasure_ends_sessions_and_makes_open_forms_stale():
    former = await a_former_colleague()

    await erase(former.number)

    assert (await Session.get()).ended_at is not None
    relation = await WorkRelation.get(id=former.relation.id)
    assert (relation.email, relation.phone, relation.version) == (None, None, former.relation.version + 1)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"status": "PENDING"}, ("FAILED", NEVER_SENT)),
        ({"status": "SENDING", "attempts": 1}, ("FAILED", NEVER_SENT)),
        ({"status": "UNCERTAIN", "attempts": 1, "losses": 1}, ("FAILED", NEVER_SENT)),
        ({"status": "UNCERTAIN", "attempts": 2, "losses": 2}, ("UNCERTAIN", None)),
        ({"status": "BOUNCED", "last_error": "550"}, ("BOUNCED", "550")),
        ({"status": "SENT"}, ("SENT", None)),
    ],
)
async def test_mails_lose_their_address_and_pending_ones_fail(
    columns: dict[str, Any], expected: tuple[str, str | None]
):
    former = await a_former_colleague()
    mail = await rows.a_delivery(user=former.user, **columns)
    other_mail = await rows.a_delivery(**columns)

    await erase(former.number)

    stored = await Delivery.get(id=mail.id)
    assert (stored.address, stored.status, stored.last_error, stored.leased_until) == (None, *expected, None)
    await other_mail.refresh_from_db()
    assert (other_mail.address is None, other_mail.status) == (False, columns["status"])


async def test_people_who_were_merged_into_the_person_are_erased_too():
    first, second = await a_former_colleague(), await a_former_colleague(subject="vo-2")
    third = await a_former_colleague(subject="vo-3")
    for old, new in ((first, second), (second, third)):
        await merge_people(actor=OPERATOR, old_number=old.number, new_number=new.number, reason="Dubbel")

    await erase(third.number)

    tables = str(await read_tables())
    assert [value for value in PERSONAL_VALUES if value in tables] == []
    assert not await PersonalKey.exists()
    keys = [former.user.id for former in (first, second, third)]
    assert [person.full_name for person in await User.filter(id__in=keys)] == ["Gewiste persoon"] * 3
