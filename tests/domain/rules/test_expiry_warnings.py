"""The user is warned before the right expires (manual 2.1.3): 30, 7 and 1 days before, once each."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.models import AccessRight, Delivery, DeliveryStatus, Letter, LetterKind, WorkRelation, WorkRelationPeriod
from domain.rules import expiry_letters
from domain.rules.expiry_letters import write_expiry_warnings
from tests import rows
from tests.domain.rules.letters import addresses, written
from tests.time_travel import travel_to

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)
LAST = date(2027, 12, 31)
LONG_AGO = datetime(2027, 1, 4, 9, tzinfo=UTC)


async def a_right_until(last_day: date = LAST, *, granted: datetime = LONG_AGO, **columns: Any) -> AccessRight:
    """A right on a work relation that began on 4 January 2027."""
    given: dict[str, Any] = {"first_day": LONG_AGO.date(), "last_day": last_day, "email": "an@aannemer.example"}
    return await rows.a_right(await rows.a_work_relation(**given | columns), granted_at=granted)


async def warned() -> list[tuple[date | None, int | None]]:
    """The last days that were warned of, each with how many days before."""
    return [(letter.last_day, letter.days_before) for letter in await written(LetterKind.RIGHT_EXPIRES)]


async def on(day: date | str) -> int:
    await travel_to(day)
    return await write_expiry_warnings()


async def move_last_day(right: AccessRight, last_day: date, *, given_on: date) -> None:
    period = WorkRelationPeriod.filter(work_relation_id=right.work_relation_id)
    await period.update(valid_until=last_day, last_day_given_on=given_on)


@pytest.mark.parametrize(
    ("last_day", "warnings"),
    [
        ("2027-12-31", {"2027-12-01": 30, "2027-12-24": 7, "2027-12-30": 1}),
        # Over the turn of the year, and the leap day itself.
        ("2028-01-05", {"2027-12-06": 30, "2027-12-29": 7, "2028-01-04": 1}),
        ("2028-02-29", {"2028-01-30": 30, "2028-02-22": 7, "2028-02-28": 1}),
        ("2028-03-01", {"2028-01-31": 30, "2028-02-23": 7, "2028-02-29": 1}),
        # The clock goes forward on 28 March 2027 and back on 31 October.
        ("2027-03-29", {"2027-02-27": 30, "2027-03-22": 7, "2027-03-28": 1}),
        ("2027-11-01", {"2027-10-02": 30, "2027-10-25": 7, "2027-10-31": 1}),
    ],
)
async def test_each_warning_comes_on_its_day_and_once(last_day: str, warnings: dict[str, int]):
    last = date.fromisoformat(last_day)
    await a_right_until(last)
    found: dict[str, int | None] = {}
    for before in range(34, -4, -1):
        today = last - before * DAY
        await on(today)
        assert await write_expiry_warnings() == 0
        for letter in (await written(LetterKind.RIGHT_EXPIRES))[len(found) :]:
            found[today.isoformat()] = letter.days_before
    assert found == warnings


async def test_it_goes_to_the_work_relations_address_in_the_persons_language():
    for language in ("FR", None):
        person = await rows.a_user(language=language)
        await a_right_until(user=person, email=f"{language}@aannemer.example")
    assert await on("2027-12-01") == 2
    french, unknown = await written(LetterKind.RIGHT_EXPIRES)
    assert await addresses(french) == [("FR@aannemer.example", "FR")]
    assert await addresses(unknown) == [("None@aannemer.example", "NL")]
    delivery = await Delivery.get(letter_id=french.id)
    relation = await WorkRelation.get(id=french.work_relation_id)
    assert (delivery.status, delivery.attempts, delivery.user_id) == (DeliveryStatus.PENDING, 0, relation.user_id)
    assert delivery.message_id.endswith("@e-contracting.vlaanderen.be>")


@pytest.mark.parametrize(
    ("today", "before"),
    [("2027-12-02", 30), ("2027-12-23", 30), ("2027-12-26", 7), ("2027-12-29", 7), ("2027-12-31", 1)],
)
async def test_of_several_that_were_missed_only_the_nearest_is_sent_late(today: str, before: int):
    await a_right_until()
    assert await on(today) == 1
    assert await warned() == [(LAST, before)]


async def test_after_the_last_day_nobody_is_warned_any_more():
    await a_right_until()
    assert await on("2028-01-01") == 0


@pytest.mark.parametrize(
    ("granted", "warnings"),
    [
        ("2027-11-30", [30, 7, 1]),
        # On the very day of a warning whoever grants the right knows; so does the user.
        ("2027-12-01", [7, 1]),
        ("2027-12-10", [7, 1]),
        ("2027-12-24", [1]),
        ("2027-12-30", []),
        ("2027-12-31", []),
    ],
)
async def test_warnings_whose_day_had_come_when_the_right_was_granted_are_skipped(granted: str, warnings: list[int]):
    await a_right_until(granted=datetime.fromisoformat(f"{granted}T12:00:00+00:00"))
    for before in range(32, -1, -1):
        if LAST - before * DAY >= date.fromisoformat(granted):
            await on(LAST - before * DAY)
    assert [before for _, before in await warned()] == warnings


async def test_granted_after_midnight_in_brussels_is_granted_on_that_day():
    # In UTC it is still the day before, on which 30 days would be ahead.
    await a_right_until(granted=datetime(2027, 11, 30, 23, 30, tzinfo=UTC))
    assert await on("2027-12-02") == 0


async def test_a_last_day_that_was_moved_is_warned_of_anew_but_for_what_had_come_by_then():
    right = await a_right_until()
    assert await on("2027-12-24") == 1
    await move_last_day(right, date(2028, 1, 20), given_on=date(2027, 12, 27))
    assert [await on(day) for day in ("2027-12-27", "2028-01-12", "2028-01-13", "2028-01-19")] == [0, 0, 1, 1]
    assert await warned() == [(LAST, 7), (date(2028, 1, 20), 7), (date(2028, 1, 20), 1)]


async def test_a_last_day_that_was_moved_to_and_fro_is_warned_of_once():
    right = await a_right_until()
    assert await on("2027-12-30") == 1
    await move_last_day(right, date(2028, 6, 30), given_on=date(2027, 12, 30))
    await move_last_day(right, LAST, given_on=date(2027, 12, 30))
    assert await on("2027-12-31") == 0


async def test_a_work_relation_that_began_since_skips_what_had_come_by_then():
    await a_right_until(first_day=date(2027, 12, 20))
    assert [await on(day) for day in ("2027-12-19", "2027-12-20", "2027-12-24")] == [0, 0, 1]
    assert await warned() == [(LAST, 7)]


async def test_no_warning_where_nothing_ends_or_nobody_can_be_reached():
    revoked = await a_right_until()
    await AccessRight.filter(id=revoked.id).update(revoked_at=LONG_AGO + DAY, revocation_reason="Weg")
    continued = await a_right_until()
    relation = await WorkRelation.get(id=continued.work_relation_id)
    await rows.a_period(relation, LAST + DAY, date(2028, 12, 31))
    await rows.a_work_relation(first_day=LONG_AGO.date(), last_day=LAST)  # without a right
    await a_right_until(email=None)
    assert await on("2027-12-24") == 0
    assert await Letter.all().count() == 0


async def test_an_address_that_is_filled_in_later_is_still_warned():
    right = await a_right_until(email=None)
    assert await on("2027-12-24") == 0
    await WorkRelation.filter(id=right.work_relation_id).update(email="an@aannemer.example")
    assert await on("2027-12-25") == 1


async def test_several_workers_at_once_write_each_warning_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(expiry_letters, "BATCH", 4)
    for number in range(11):
        await a_right_until(email=f"an-{number}@aannemer.example")
    await travel_to("2027-12-24")

    async def until_nothing_is_left() -> int:
        total = 0
        while done := await write_expiry_warnings():
            total += done
        return total

    totals = await asyncio.gather(*(until_nothing_is_left() for _ in range(4)))

    assert sum(totals) == 11
    assert await Letter.filter(kind=LetterKind.RIGHT_EXPIRES, days_before=7).count() == 11
    deliveries = await Delivery.all()
    assert sorted(each.address or "" for each in deliveries) == sorted(f"an-{n}@aannemer.example" for n in range(11))
    assert len({each.message_id for each in deliveries}) == 11
