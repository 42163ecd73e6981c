"""Live changes for frontends on another origin, which authenticate by a bearer token."""

import time
from collections.abc import AsyncIterator

import pytest

from domain.models import User
from gql.reading.ids import global_id
from identity.provider import close_provider, open_provider
from identity.signatures import LEEWAY
from tests import rows
from tests.conftest import Environment
from tests.domain.rules.office import Office
from tests.gql.live.live_api import ACTION, SESSION_ENDED, LiveApi, live_api
from tests.identity.conftest import ProviderUnderTest, application_listener, generated_keys, provider_under_test

# The fixtures of the identity provider.
__all__ = ["application_listener", "generated_keys", "provider_under_test"]

ELSEWHERE = "https://frontend.example"
SUBJECT = "drafter"
SECONDS_LEFT = 4
"""Long enough for a client to subscribe."""


@pytest.fixture
async def provider(
    provider_under_test: ProviderUnderTest, environment: Environment, office: Office
) -> AsyncIterator[ProviderUnderTest]:
    """The identity provider, at which the drafter is known by a subject."""
    environment.set(CORS_ORIGINS=ELSEWHERE, LIVE_CHECK="0.2")
    await User.filter(id=office.drafter.user_id or 0).update(subject=SUBJECT)
    await open_provider()
    yield provider_under_test
    await close_provider()


@pytest.fixture
async def api(provider: ProviderUnderTest) -> AsyncIterator[LiveApi]:
    """The API, which trusts the provider and the frontend's origin."""
    assert provider
    async with live_api() as running:
        yield running


def drafters_token(provider: ProviderUnderTest, seconds: int = 60) -> str:
    """A token of the drafter that is accepted for so many seconds."""
    return provider.token(sub=SUBJECT, vo_id=SUBJECT, exp=int(time.time()) - LEEWAY + seconds)


async def test_a_token_in_the_handshake_of_a_websocket_authenticates(
    api: LiveApi, provider: ProviderUnderTest, office: Office
):
    async with api.socket(origin=ELSEWHERE) as subscriber:
        await subscriber.initialise(Authorization=f"Bearer {drafters_token(provider)}")
        await subscriber.subscribe(ACTION, id=global_id("Contract", office.contract.id))

        action = await rows.an_action(office.contract)

        assert (await subscriber.next_value())["id"] == global_id("Action", action.id)


async def test_a_token_that_expires_closes_the_websocket(api: LiveApi, provider: ProviderUnderTest, office: Office):
    async with api.socket(origin=ELSEWHERE) as subscriber:
        await subscriber.initialise(Authorization=f"Bearer {drafters_token(provider, SECONDS_LEFT)}")
        await subscriber.subscribe(ACTION, id=global_id("Contract", office.contract.id))

        assert await subscriber.wait_closed() == SESSION_ENDED


async def test_a_token_that_expires_ends_an_event_stream_with_an_error(
    api: LiveApi, provider: ProviderUnderTest, office: Office
):
    headers = {
        "authorization": f"Bearer {drafters_token(provider, SECONDS_LEFT)}",
        "accept": "text/event-stream",
        "origin": ELSEWHERE,
    }
    subscription = {"query": ACTION, "variables": {"id": global_id("Contract", office.contract.id)}}
    async with api.client(headers) as client:
        response = await client.post("/graphql", json=subscription)

    assert response.status_code == 200
    error, complete = response.text.split("\r\n\r\n")[:-1]
    assert '"code":"UNAUTHENTICATED"' in error
    assert complete.startswith("event: complete")
