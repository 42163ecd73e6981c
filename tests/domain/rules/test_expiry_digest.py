"""Access managers get at most one digest a day of the rights that expire within 30 days (domain 3)."""

import asyncio
from datetime import date
from typing import Any

import pytest

from domain.models import AccessMandate, AccessMandateKind, Letter, LetterKind, Organisation, User, WorkRelation
from domain.rules import expiry_letters
from domain.rules.expiry_letters import write_expiry_digests
from tests import rows
from tests.access_cast import LEGAL, LOCAL, MAIN
from tests.domain.rules.letters import addresses, letters_of
from tests.time_travel import travel_to

pytestmark = pytest.mark.usefixtures("database")

FIRST, FAR = date(2027, 1, 4), date(2030, 1, 3)
LAST = date(2027, 12, 31)


async def a_manager(
    organisation: Organisation, kind: AccessMandateKind = LOCAL, *, user: User | None = None, **columns: Any
) -> User:
    """A user with a mandate and a work relation there until 2030."""
    user = user or await rows.a_user()
    await rows.a_work_relation(user, organisation, FIRST, FAR, **columns)
    await rows.a_mandate(kind, user, organisation)
    return user


async def an_ending_right(organisation: Organisation, last_day: date = LAST) -> WorkRelation:
    return await rows.a_person_with_right(organisation, first_day=FIRST, last_day=last_day)


async def write_digests_on(day: str) -> int:
    await travel_to(day)
    return await write_expiry_digests()


async def test_a_digest_is_written_once_a_day_while_a_right_ends_within_30_days():
    organisation = await rows.an_organisation()
    await a_manager(organisation, email="beheer@aannemer.example")
    await an_ending_right(organisation)
    days = {"2027-11-30": 0, "2027-12-01": 1, "2027-12-02": 1, "2027-12-31": 1, "2028-01-01": 0}
    for day, expected in days.items():
        assert [await write_digests_on(day), await write_digests_on(day)] == [expected, 0], day
    digests = await letters_of(LetterKind.EXPIRY_DIGEST)
    assert [str(digest.day) for digest in digests] == ["2027-12-01", "2027-12-02", "2027-12-31"]
    assert {digest.organisation_id for digest in digests} == {organisation.id}
    assert [await addresses(digest) for digest in digests] == [[("beheer@aannemer.example", "NL")]] * 3


async def test_every_access_manager_gets_the_digest_at_one_address_in_their_language():
    """The address of the mandate if it has one, otherwise that of the work relation."""
    organisation = await rows.an_organisation()
    await an_ending_right(organisation)
    representative = await rows.a_user(language="FR")
    await rows.a_mandate(LEGAL, representative, organisation, email="mandaat@aannemer.example")
    with_mandate_email = await a_manager(organisation, LEGAL, email="werk@aannemer.example")
    await AccessMandate.filter(user=with_mandate_email).update(email="thuis@aannemer.example")
    await a_manager(organisation, MAIN, email="hoofd@aannemer.example")
    with_two_mandates = await a_manager(organisation, LOCAL, email="beide@aannemer.example")
    await rows.a_mandate(LEGAL, with_two_mandates, organisation, email="ook@aannemer.example")

    assert await write_digests_on("2027-12-20") == 1

    [digest] = await letters_of(LetterKind.EXPIRY_DIGEST)
    assert sorted(await addresses(digest)) == [
        ("hoofd@aannemer.example", "NL"),
        ("mandaat@aannemer.example", "FR"),
        ("ook@aannemer.example", "NL"),
        ("thuis@aannemer.example", "NL"),
    ]


async def test_two_managers_with_one_address_get_one_mail():
    organisation = await rows.an_organisation()
    await an_ending_right(organisation)
    await a_manager(organisation, email="beheer@aannemer.example")
    await a_manager(organisation, email="beheer@Aannemer.example")
    assert await write_digests_on("2027-12-20") == 1
    [digest] = await letters_of(LetterKind.EXPIRY_DIGEST)
    assert await addresses(digest) == [("beheer@aannemer.example", "NL")]


async def test_nobody_else_gets_a_digest():
    organisation = await rows.an_organisation()
    await an_ending_right(organisation)
    await a_manager(organisation, email=None)  # an access manager without an address gets none
    lapsed = await rows.a_work_relation(None, organisation, FIRST, date(2027, 12, 19), email="oud@aannemer.example")
    await rows.a_mandate(LOCAL, await lapsed.user, organisation)
    dismissed = await a_manager(organisation, email="ontslagen@aannemer.example")
    await AccessMandate.filter(user=dismissed).update(ended_at=await rows.now(), end_reason="Andere functie")
    await a_manager(await rows.an_organisation(), email="elders@aannemer.example")
    assert await write_digests_on("2027-12-20") == 0
    assert await Letter.all().count() == 0


async def test_no_digest_is_written_when_no_right_ends():
    organisation = await rows.an_organisation()
    await a_manager(organisation, email="beheer@aannemer.example")
    await rows.a_work_relation(None, organisation, FIRST, LAST)  # without a right
    revoked = await rows.a_work_relation(None, organisation, FIRST, LAST)
    await rows.a_right(revoked, revoked_at=await rows.now())
    continued = await an_ending_right(organisation)
    await rows.a_period(continued, date(2028, 1, 1), date(2028, 12, 31))
    assert await write_digests_on("2027-12-20") == 0


async def test_concurrent_workers_write_each_digest_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(expiry_letters, "BATCH", 2)
    for number in range(5):
        organisation = await rows.an_organisation()
        await a_manager(organisation, email=f"beheer-{number}@aannemer.example")
        await an_ending_right(organisation)
    await travel_to("2027-12-20")

    async def write_all() -> int:
        total = 0
        while count := await write_expiry_digests():
            total += count
        return total

    totals = await asyncio.gather(*(write_all() for _ in range(4)))

    assert sum(totals) == 5
    digests = await letters_of(LetterKind.EXPIRY_DIGEST)
    recipients = [address for digest in digests for address, _ in await addresses(digest)]
    assert len(recipients) == 5
    assert set(recipients) == {f"beheer-{number}@aannemer.example" for number in range(5)}
