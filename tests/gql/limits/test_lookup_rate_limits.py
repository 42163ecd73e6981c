"""The rate limits on looking up people, as a client sees them."""

from datetime import timedelta

from domain.models import AuditEntry
from domain.rate_limit import PER_MANAGER
from gql.reading.ids import global_id
from tests import rows
from tests.access_cast import Cast, cast
from tests.gql.http_client import browser, only_error, sign_in
from tests.prepared_databases import prepared_databases

__all__ = ["cast", "prepared_databases"]
LOOK_UP = "mutation($input: LookUpPersonInput!) { lookUpPerson(input: $input) { person { givenName } } }"


async def test_a_lookup_beyond_the_limit_is_refused_with_the_seconds_to_wait(cast: Cast):
    manager, moment = cast.people["manager"], await rows.now()
    await AuditEntry.bulk_create(
        AuditEntry(
            organisation_id=cast.organisation.id,
            actor_id=manager.id,
            action="PERSON_LOOKED_UP",
            subject_type="Organisation",
            subject_id=cast.organisation.id,
            at=moment - timedelta(minutes=40),
        )
        for _ in range(PER_MANAGER.maximum)
    )
    mutation_input = {
        "organisationId": global_id("Organisation", cast.organisation.id),
        "nationalNumber": "85073003328",
    }
    async with browser() as client:
        await sign_in(client, manager)
        response = await client.post(
            "/graphql",
            json={"query": LOOK_UP, "variables": {"input": mutation_input}},
            headers={"accept-language": "en"},
        )

    error = only_error(response)
    retry_after = error["extensions"]["retryAfter"]
    assert 19 * 60 < retry_after <= 20 * 60
    assert response.headers["retry-after"] == str(retry_after)
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert error["message"] == "This is possible at most 30 times in 1 h. Try again in 20 min."
    assert response.json()["data"] == {"lookUpPerson": {"person": None}}
