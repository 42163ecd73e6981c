"""`viewerCan` agrees with what the mutations allow."""

import pytest

from tests.access_cast import EVERYONE, Cast, cast
from tests.gql.access_mutations import id_of, mutate
from tests.gql.execution import read

__all__ = ["cast"]


@pytest.mark.parametrize("who", EVERYONE[:7])
async def test_a_right_is_granted_exactly_on_the_work_relations_whose_viewer_can_manage_access(cast: Cast, who: str):
    document = "query ($id: ID!) { node(id: $id) { ... on WorkRelation { viewerCan } } }"
    for relation in (await cast.a_colleague(), *(cast.relations[name] for name in ("main-manager", "manager"))):
        node = (await read(cast.actors[who], document, id=id_of(relation)))["node"]

        result = await mutate(
            cast.actors[who], "grantAccessRight", workRelationId=id_of(relation), roles=["USER"], reason="Werf"
        )

        expected = "NOT_FOUND" if node is None else "OK" if "MANAGE_ACCESS" in node["viewerCan"] else "FORBIDDEN"
        assert result.code == expected
