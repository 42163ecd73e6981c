"""Random operations of the published schema, as schemathesis makes them: answered or refused, never failed."""

import os
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.corpus import TEXTS
from tests.hostile.responses import payloads_of
from tests.hostile.target import Target

SCHEMA = Path(__file__).parents[2] / "gql" / "schema.graphql"
EXAMPLES = 2_000 if "FUZZ" in os.environ else 100
EVERYONE = ("legal", "admin", "sender", "newcomer", "machine", "nobody")
SMALL = tuple(text for text in TEXTS.values() if len(text) < 1_000 and text.isprintable())


def _operations() -> st.SearchStrategy[Any]:
    texts = st.text(max_size=20) | st.sampled_from(SMALL)
    for scalar in ("Date", "DateTime", "EmailAddress", "EnterpriseNumber", "NationalNumber"):
        schemathesis.graphql.scalar(scalar, texts.map(schemathesis.graphql.nodes.String))
    published = schemathesis.graphql.from_path(SCHEMA)
    return st.one_of(
        [operation.as_strategy() for kind in ("Query", "Mutation") for operation in published[kind].values()]
    )


@pytest.mark.timeout(1_800)
@settings(
    max_examples=EXAMPLES,
    suppress_health_check=list(HealthCheck),
)
@given(case=_operations(), who=st.sampled_from(EVERYONE))
async def test_a_random_operation_is_answered_or_refused(target: Target, case: Any, who: str):
    payloads_of(await target.send(who, case.body, {}), (who, case.body))
    # A session may be ended by what was asked.
    target.forget_session(who)
