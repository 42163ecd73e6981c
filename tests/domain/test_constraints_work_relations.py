"""Constraints on work relations, their periods, rights and roles."""

from datetime import date, timedelta

import pytest

from domain.models import AccessRightRole, Role
from tests import rows
from tests.domain.constraints import check_refusals, refused_by

# As the owner of the tables: the constraints apply to everyone.
pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.owner]

DAY = timedelta(days=1)


async def test_work_relations(subtests: pytest.Subtests):
    await check_refusals(
        subtests,
        await rows.a_work_relation(),
        [
            ("work_relation_category_known", "category = 'TEMPORARY'", "category = 'DELEGATED'"),
            ("work_relation_email_filled", "email = ' '", "email = null"),
            ("work_relation_version_positive", "version = -1", "version = 9"),
        ],
    )


@pytest.mark.parametrize(
    ("counted_from", "last"),
    [
        ("2026-11-23", "2030-11-22"),
        ("2027-02-28", "2031-02-27"),
        ("2024-03-01", "2028-02-29"),
        ("2024-02-28", "2028-02-27"),
        ("2024-02-29", "2028-02-28"),
        # In a year without 29 February the anniversary is the 28th.
        ("2096-02-29", "2100-02-27"),
    ],
)
async def test_a_period_lasts_at_most_four_years_from_the_day_it_is_counted_from(counted_from: str, last: str):
    first_day, last_day = date.fromisoformat(counted_from), date.fromisoformat(last)
    async with refused_by("work_relation_period_at_most_four_years"):
        await rows.a_work_relation(first_day=first_day, last_day=last_day + DAY)
    await rows.a_work_relation(first_day=first_day, last_day=last_day)


async def test_an_extended_period_is_counted_from_the_day_of_its_extension():
    work_relation = await rows.a_work_relation(first_day=date(2020, 1, 1), last_day=date(2020, 12, 31))
    first = date(2021, 1, 1)
    extended = {"last_day": date(2028, 6, 14), "counted_from": date(2024, 6, 15)}
    async with refused_by("work_relation_period_at_most_four_years"):
        await rows.a_period(work_relation, first, date(2028, 6, 15), counted_from=date(2024, 6, 15))
    async with refused_by("work_relation_period_counted"):
        await rows.a_period(work_relation, first, date(2021, 6, 1), counted_from=first - DAY)
    await rows.a_period(work_relation, first, **extended)


async def test_a_period_lasts_at_least_one_day():
    async with refused_by("work_relation_period_in_order"):
        await rows.a_work_relation(first_day=date(2026, 5, 2), last_day=date(2026, 5, 1))
    await rows.a_work_relation(first_day=date(2026, 5, 1), last_day=date(2026, 5, 1))


async def test_periods_of_one_person_with_one_organisation_never_overlap():
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    work_relation = await rows.a_work_relation(first_day=first, last_day=last)
    user, organisation = await work_relation.user, await work_relation.organisation
    for days in ((last, last + DAY), (first - DAY, first), (first + DAY, last - DAY), (first - DAY, last + DAY)):
        async with refused_by("work_relation_period_no_overlap"):
            await rows.a_period(work_relation, *days)
        async with refused_by("work_relation_period_no_overlap"):
            await rows.a_work_relation(user, organisation, *days)
    await rows.a_work_relation(user, None, first, last)
    await rows.a_work_relation(None, organisation, first, last)
    await rows.a_work_relation(user, organisation, last + DAY, last + 9 * DAY)
    await rows.a_period(work_relation, first - 9 * DAY, first - DAY)


async def test_a_period_belongs_to_the_person_and_organisation_of_its_work_relation():
    work_relation = await rows.a_work_relation()
    later_days = (date(2031, 1, 1), date(2031, 2, 1))
    async with refused_by("work_relation_period_work_relation_together"):
        await rows.a_period(work_relation, *later_days, organisation_id=(await rows.an_organisation()).id)
    async with refused_by("work_relation_period_work_relation_together"):
        await rows.a_period(work_relation, *later_days, user_id=(await rows.a_user()).id)
    await rows.a_period(work_relation, *later_days)


async def test_rights(subtests: pytest.Subtests):
    await check_refusals(
        subtests,
        await rows.a_right(),
        [
            ("access_right_reason_filled", "reason = ''", "reason = 'Project'"),
            ("access_right_version_positive", "version = 0", "version = 2"),
            (
                "access_right_revoked_why",
                "revoked_at = granted_at",
                "revoked_at = granted_at, revocation_reason = 'Weg'",
            ),
            ("access_right_revoked_why", "revocation_reason = 'Weg'", "revocation_reason = null"),
        ],
    )
    await check_refusals(
        subtests,
        await rows.a_right(revoked_at=await rows.now()),
        [
            ("access_right_revocation_reason_filled", "revocation_reason = ' '", "revocation_reason = 'Weg'"),
            ("access_right_in_order", "granted_at = revoked_at + interval '1 s'", "granted_at = revoked_at"),
        ],
    )


async def test_a_work_relation_has_one_right_that_is_not_revoked():
    work_relation = await rows.a_work_relation()
    await rows.a_right(work_relation, revoked_at=await rows.now())
    await rows.a_right(work_relation)
    async with refused_by("access_right_open"):
        await rows.a_right(work_relation)
    await rows.a_right(work_relation, revoked_at=await rows.now())


async def test_roles(subtests: pytest.Subtests):
    right = await rows.a_right(None, Role.USER)
    role = await AccessRightRole.get(access_right=right)
    await check_refusals(
        subtests,
        role,
        [
            ("access_right_role_role_known", "role = 'OWNER'", "role = 'ADMINISTRATOR'"),
            ("access_right_role_in_order", "valid_to = valid_from - interval '1 s'", "valid_to = valid_from"),
        ],
    )
    async with refused_by("access_right_role_open"):
        await AccessRightRole.create(access_right=right, role=Role.USER)
    await AccessRightRole.create(access_right=right, role=Role.ADMINISTRATOR)
    moment = await rows.now()
    await AccessRightRole.create(access_right=right, role=Role.USER, valid_from=moment, valid_to=moment)
