"""The user is warned before the right expires (manual 2.1.3): 30, 7 and 1 days before, once each."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.models import AccessRight, Delivery, DeliveryStatus, Letter, LetterKind, WorkRelation, WorkRelationPeriod
from domain.rules import expiry_letters
from domain.rules.expiry_letters import write_expiry_warnings
from tests import rows
from tests.domain.rules.letters import addresses, letters_of
from tests.time_travel import travel_to

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)
LAST = date(2027, 12, 31)
LONG_AGO = datetime(2027, 1, 4, 9, tzinfo=UTC)


async def a_right_until(last_day: date = LAST, *, granted: datetime = LONG_AGO, **columns: Any) -> AccessRight:
    """A right on a work relation that began on 4 January 2027."""
    defaults: dict[str, Any] = {"first_day": LONG_AGO.date(), "last_day": last_day, "email": "an@aannemer.example"}
    return await rows.a_right(await rows.a_work_relation(**defaults | columns), granted_at=granted)


async def warnings_written() -> list[tuple[date | None, int | None]]:
    """The last day of each warning, and how many days before it the warning was due."""
    return [(letter.last_day, letter.days_before) for letter in await letters_of(LetterKind.RIGHT_EXPIRES)]


async def write_warnings_on(day: date | str) -> int:
    await travel_to(day)
    return await write_expiry_warnings()


async def move_last_day(right: AccessRight, last_day: date, *, given_on: date) -> None:
    period = WorkRelationPeriod.filter(work_relation_id=right.work_relation_id)
    await period.update(valid_until=last_day, last_day_given_on=given_on)


@pytest.mark.parametrize(
    ("last_day", "warnings"),
    [
        ("2027-12-31", {"2027-12-01": 30, "2027-12-24": 7, "2027-12-30": 1}),
        # Around the end of a year, and a leap day.
        ("2028-01-05", {"2027-12-06": 30, "2027-12-29": 7, "2028-01-04": 1}),
        ("2028-02-29", {"2028-01-30": 30, "2028-02-22": 7, "2028-02-28": 1}),
        ("2028-03-01", {"2028-01-31": 30, "2028-02-23": 7, "2028-02-29": 1}),
        # Summer time begins on 28 March 2027 and ends on 31 October.
        ("2027-03-29", {"2027-02-27": 30, "2027-03-22": 7, "2027-03-28": 1}),
        ("2027-11-01", {"2027-10-02": 30, "2027-10-25": 7, "2027-10-31": 1}),
    ],
)
async def test_each_warning_is_written_once_on_its_day(last_day: str, warnings: dict[str, int]):
    last = date.fromisoformat(last_day)
    await a_right_until(last)
    warnings_by_day: dict[str, int | None] = {}
    for before in range(34, -4, -1):
        today = last - before * DAY
        await write_warnings_on(today)
        assert await write_expiry_warnings() == 0
        for letter in (await letters_of(LetterKind.RIGHT_EXPIRES))[len(warnings_by_day) :]:
            warnings_by_day[today.isoformat()] = letter.days_before
    assert warnings_by_day == warnings


async def test_a_warning_goes_to_the_address_of_the_work_relation_in_the_language_of_the_person():
    for language in ("FR", None):
        person = await rows.a_user(language=language)
        await a_right_until(user=person, email=f"{language}@aannemer.example")
    assert await write_warnings_on("2027-12-01") == 2
    french, unknown = await letters_of(LetterKind.RIGHT_EXPIRES)
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
async def test_of_several_missed_warnings_only_the_nearest_is_written(today: str, before: int):
    await a_right_until()
    assert await write_warnings_on(today) == 1
    assert await warnings_written() == [(LAST, before)]


async def test_no_warning_is_written_after_the_last_day():
    await a_right_until()
    assert await write_warnings_on("2028-01-01") == 0


@pytest.mark.parametrize(
    ("granted", "warnings"),
    [
        ("2027-11-30", [30, 7, 1]),
        # A warning that is due on the day of the grant is skipped as well.
        ("2027-12-01", [7, 1]),
        ("2027-12-10", [7, 1]),
        ("2027-12-24", [1]),
        ("2027-12-30", []),
        ("2027-12-31", []),
    ],
)
async def test_warnings_due_when_the_right_was_granted_are_skipped(granted: str, warnings: list[int]):
    await a_right_until(granted=datetime.fromisoformat(f"{granted}T12:00:00+00:00"))
    for before in range(32, -1, -1):
        if LAST - before * DAY >= date.fromisoformat(granted):
            await write_warnings_on(LAST - before * DAY)
    assert [before for _, before in await warnings_written()] == warnings


async def test_the_day_of_the_grant_is_the_day_in_brussels():
    # In UTC it is still the day before, on which the warning of 30 days would not be due yet.
    await a_right_until(granted=datetime(2027, 11, 30, 23, 30, tzinfo=UTC))
    assert await write_warnings_on("2027-12-02") == 0


async def test_a_moved_last_day_is_warned_of_again_except_for_warnings_already_due():
    right = await a_right_until()
    assert await write_warnings_on("2027-12-24") == 1
    await move_last_day(right, date(2028, 1, 20), given_on=date(2027, 12, 27))
    assert [await write_warnings_on(day) for day in ("2027-12-27", "2028-01-12", "2028-01-13", "2028-01-19")] == [
        0,
        0,
        1,
        1,
    ]
    assert await warnings_written() == [(LAST, 7), (date(2028, 1, 20), 7), (date(2028, 1, 20), 1)]


async def test_a_last_day_that_was_moved_and_moved_back_is_warned_of_once():
    right = await a_right_until()
    assert await write_warnings_on("2027-12-30") == 1
    await move_last_day(right, date(2028, 6, 30), given_on=date(2027, 12, 30))
    await move_last_day(right, LAST, given_on=date(2027, 12, 30))
    assert await write_warnings_on("2027-12-31") == 0


async def test_warnings_due_before_the_work_relation_began_are_skipped():
    await a_right_until(first_day=date(2027, 12, 20))
    assert [await write_warnings_on(day) for day in ("2027-12-19", "2027-12-20", "2027-12-24")] == [0, 0, 1]
    assert await warnings_written() == [(LAST, 7)]


async def test_no_warning_is_written_when_no_right_ends_or_there_is_no_address():
    revoked = await a_right_until()
    await AccessRight.filter(id=revoked.id).update(revoked_at=LONG_AGO + DAY, revocation_reason="Weg")
    continued = await a_right_until()
    relation = await WorkRelation.get(id=continued.work_relation_id)
    await rows.a_period(relation, LAST + DAY, date(2028, 12, 31))
    await rows.a_work_relation(first_day=LONG_AGO.date(), last_day=LAST)  # without a right
    await a_right_until(email=None)
    assert await write_warnings_on("2027-12-24") == 0
    assert await Letter.all().count() == 0


async def test_an_overdue_warning_is_written_once_there_is_an_address():
    right = await a_right_until(email=None)
    assert await write_warnings_on("2027-12-24") == 0
    await WorkRelation.filter(id=right.work_relation_id).update(email="an@aannemer.example")
    assert await write_warnings_on("2027-12-25") == 1


async def test_concurrent_workers_write_each_warning_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(expiry_letters, "BATCH", 4)
    for number in range(11):
        await a_right_until(email=f"an-{number}@aannemer.example")
    await travel_to("2027-12-24")

    async def write_all() -> int:
        total = 0
        while count := await write_expiry_warnings():
            total += count
        return total

    totals = await asyncio.gather(*(write_all() for _ in range(4)))

    assert sum(totals) == 11
    assert await Letter.filter(kind=LetterKind.RIGHT_EXPIRES, days_before=7).count() == 11
    deliveries = await Delivery.all()
    assert sorted(delivery.address or "" for delivery in deliveries) == sorted(
        f"an-{n}@aannemer.example" for n in range(11)
    )
    assert len({delivery.message_id for delivery in deliveries}) == 11
