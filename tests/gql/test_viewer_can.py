"""What `viewerCan` says beforehand is what is allowed afterwards."""

import pytest

from tests.access_cast import EVERYONE, Cast, cast
from tests.gql.access_mutations import id_of, mutate
from tests.gql.execution import read

__all__ = ["cast"]


@pytest.mark.parametrize("who", EVERYONE[:7])
async def test_on_each_work_relation_that_somebody_sees_a_right_is_granted_or_not_as_it_says(cast: Cast, who: str):
    document = "query ($id: ID!) { node(id: $id) { ... on WorkRelation { viewerCan } } }"
    for relation in (await cast.a_colleague(), *(cast.relations[name] for name in ("main-manager", "manager"))):
        seen = (await read(cast.actors[who], document, id=id_of(relation)))["node"]

        told = await mutate(
            cast.actors[who], "grantAccessRight", workRelationId=id_of(relation), roles=["USER"], reason="Werf"
        )

        allowed = "NOT_FOUND" if seen is None else "OK" if "MANAGE_ACCESS" in seen["viewerCan"] else "FORBIDDEN"
        assert told.code == allowed
