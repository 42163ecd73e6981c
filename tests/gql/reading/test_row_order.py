"""Rows of a query are in its order, from the engine and from the executor."""

import pytest

from domain.models import User
from tests import rows
from tests.gql.execution import person
from tests.gql.reading.engine_execution import execute

pytestmark = pytest.mark.usefixtures("database", "enabled_engine")
ORGANISATIONS = "query Places { viewer { organisations { organisation { name } workRelation { id } roles } } }"


async def test_the_viewers_organisations_are_sorted_by_name_without_case_then_by_age():
    first = await rows.a_person_with_right(await rows.an_organisation(name="Zandgroeve"))
    for name in ("bouwbedrijf", "Elan", "Aannemer", "BOUWBEDRIJF"):
        user = await User.get(id=first.user_id)
        await rows.a_person_with_right(await rows.an_organisation(name=name), user=user)

    ordinary, engine = [await execute(person(first.user_id), ORGANISATIONS) for _ in range(2)]

    assert (ordinary.fallback, engine.fallback) == ("first sight", None)
    assert engine.data == ordinary.data
    names = [access["organisation"]["name"] for access in engine.data["viewer"]["organisations"]]
    assert names == ["Aannemer", "bouwbedrijf", "BOUWBEDRIJF", "Elan", "Zandgroeve"]
