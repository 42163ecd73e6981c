"""Fixtures of the tests of rules."""

from datetime import date

import pytest

from domain.models import WorkRelation, WorkRelationPeriod
from tests.access_cast import Cast, cast
from tests.domain.rules.work_relations import FIRST, LAST
from tests.prepared_databases import prepared_databases
from tests.time_travel import travel_to

__all__ = ["cast", "prepared_databases", "relation"]


@pytest.fixture
async def relation(cast: Cast) -> WorkRelation:
    """A work relation from 1 March 2027 until the end of that year; today is 15 June."""
    work_relation = await cast.a_colleague(first_day=FIRST, last_day=LAST)
    await travel_to("2027-06-15")
    # The other members of the cast are active on that day, whatever the real date is.
    unlimited = {"valid_from": date(2020, 1, 1), "valid_until": date(2099, 1, 1), "counted_from": date(2098, 1, 1)}
    await WorkRelationPeriod.exclude(work_relation_id=work_relation.id).update(**unlimited)
    return work_relation
