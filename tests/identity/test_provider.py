"""The identity provider when it is down, changes its keys, or tells nonsense."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from domain.models import User
from identity import cached_document
from identity.provider import close_provider, open_provider, provider
from identity.refusals import ProviderUnavailableError
from identity.sign_in import SignIn
from identity.tokens import InvalidToken, actor_of_token
from tests.conftest import Environment
from tests.identity.browser import Browser
from tests.identity.conftest import ProviderUnderTest, an_operator
from tests.identity.serving import listening, served
from tests.identity.test_sign_in import NOBODY
from tests.identity.test_tokens import of_person
from tests.workers.events import eventually

JWKS = "/jwks"
DISCOVERY = "/.well-known/openid-configuration"


async def test_while_the_provider_is_down_whoever_signs_in_is_told_so(
    browser: Browser, provider_under_test: ProviderUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cached_document, "RETRY_DELAY", 0.0)
    provider_under_test.app.broken = True
    response = await browser.get(f"{browser.application}/signin", params={"next": "/graphql"})
    assert response.status_code == 503
    assert "De aanmelddienst antwoordt niet" in response.text
    assert f'href="{browser.application}/signin?next=%2Fgraphql"' in response.text
    provider_under_test.app.broken = False
    assert (await browser.sign_in("admin")).status_code == 303


async def test_a_provider_that_goes_down_in_the_middle_leaves_nothing_half_made(
    browser: Browser, provider_under_test: ProviderUnderTest
) -> None:
    back = await browser.choose(await browser.begin(), "admin")
    provider_under_test.app.broken = True
    response = await browser.get(back)
    assert (response.status_code, await User.all().count()) == (503, 0)
    assert await browser.who() == NOBODY
    provider_under_test.app.broken = False
    assert (await browser.get(back)).status_code == 303


@pytest.mark.usefixtures("database")
async def test_nothing_is_asked_of_a_provider_that_is_not_there_until_it_is_needed(environment: Environment) -> None:
    environment.set(OIDC_ISSUER="http://127.0.0.1:1", PUBLIC_URL="http://127.0.0.1:2")
    await open_provider()
    with pytest.raises(ProviderUnavailableError):
        await provider().authorization_url(SignIn.start("/"))
    with pytest.raises(ProviderUnavailableError):
        await actor_of_token("eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.e30.AA")
    await close_provider()
    await close_provider()
    with pytest.raises(RuntimeError):
        provider()


class TestKeys:
    @pytest.fixture(autouse=True)
    async def _open(self, provider_under_test: ProviderUnderTest, database: str) -> AsyncIterator[None]:
        assert provider_under_test
        assert database
        await open_provider()
        yield
        await close_provider()

    async def rotate(self, running: ProviderUnderTest) -> None:
        async with an_operator() as operator:
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            assert (await operator.post(f"{running.issuer}/keys", headers=form)).status_code == 204

    async def test_keys_are_fetched_once_and_again_for_a_key_that_is_new(
        self, provider_under_test: ProviderUnderTest
    ) -> None:
        requests = provider_under_test.app.requests
        old = provider_under_test.token(**of_person())
        await asyncio.gather(*[actor_of_token(old) for _ in range(10)])
        assert (requests.count(DISCOVERY), requests.count(JWKS)) == (1, 1)
        await self.rotate(provider_under_test)
        new = provider_under_test.token(**of_person())
        await asyncio.gather(*[actor_of_token(token) for _ in range(10) for token in (old, new)])
        assert (requests.count(DISCOVERY), requests.count(JWKS)) == (1, 2)

    async def test_no_valid_token_is_refused_while_keys_rotate_under_load(
        self, provider_under_test: ProviderUnderTest
    ) -> None:
        over, taken = asyncio.Event(), 0

        async def call() -> None:
            nonlocal taken
            while not over.is_set():
                assert (await actor_of_token(provider_under_test.token(**of_person()))).signed_in
                taken += 1

        async def rotated() -> None:
            enough = taken + 8
            await self.rotate(provider_under_test)
            await eventually(lambda: taken > enough)

        await actor_of_token(provider_under_test.token(**of_person()))
        callers = [asyncio.create_task(call()) for _ in range(8)]
        for _ in range(3):
            await rotated()
        over.set()
        await asyncio.gather(*callers)
        # Once in the beginning, and once for each key that is new, however many called with it.
        assert provider_under_test.app.requests.count(JWKS) == 1 + 3

    async def test_unknown_key_ids_have_the_keys_fetched_a_few_times_a_minute_only(
        self, provider_under_test: ProviderUnderTest
    ) -> None:
        stranger = RSAKey.generate_key(2048, {"alg": "RS256"})
        for number in range(20):
            token = provider_under_test.token(key=stranger, header={"kid": str(number)}, **of_person())
            with pytest.raises(InvalidToken):
                await actor_of_token(token)
        assert provider_under_test.app.requests.count(JWKS) == 1 + cached_document.MAX_REFRESHES
        assert (await actor_of_token(provider_under_test.token(**of_person()))).signed_in

    async def test_keys_are_fetched_anew_when_they_are_old(
        self, provider_under_test: ProviderUnderTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cached_document, "LIFETIME", 0.0)
        for _ in range(3):
            await actor_of_token(provider_under_test.token(**of_person()))
        assert provider_under_test.app.requests.count(JWKS) == 3

    async def test_old_keys_do_while_the_provider_is_down(
        self, provider_under_test: ProviderUnderTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cached_document, "LIFETIME", 0.0)
        token = provider_under_test.token(**of_person())
        await actor_of_token(token)
        provider_under_test.app.broken = True
        asked = len(provider_under_test.app.requests)
        for _ in range(5):
            assert (await actor_of_token(token)).signed_in
        assert provider_under_test.app.requests[asked:] == [DISCOVERY, JWKS]


ELSEWHERE = "http://elsewhere.example"


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": ELSEWHERE},
        {"issuer": None},
        {"jwks_uri": None},
        {"token_endpoint": None},
        {"authorization_endpoint": None},
        {"authorization_endpoint": f"{ELSEWHERE}/authorize"},
        {"token_endpoint": 7},
    ],
)
async def test_a_discovery_document_that_is_none_is_not_used(environment: Environment, changes: dict[str, Any]) -> None:
    taken, issuer = listening()
    document = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
    } | changes

    async def answer(_request: Request) -> Response:
        return JSONResponse({name: value for name, value in document.items() if value is not None})

    environment.set(OIDC_ISSUER=issuer)
    async with served(Starlette(routes=[Route(DISCOVERY, answer)]), taken):
        await open_provider()
        with pytest.raises(ProviderUnavailableError):
            await provider().authorization_url(SignIn.start("/"))
        await close_provider()


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": [{"kty": "RSA"}]}, {"keys": "a"}, {"keys": [7]}, []])
async def test_a_key_set_that_is_none_is_not_used(environment: Environment, keys: Any) -> None:
    async with provider_with(environment, keys):
        with pytest.raises(ProviderUnavailableError):
            await provider().keys.get()


@pytest.mark.parametrize(
    "stranger",
    [
        {"kty": "AKP", "kid": "new", "alg": "ML-DSA-44", "pub": "AAAA"},
        {"kty": "OKP", "kid": "new", "crv": "Ed999", "x": "AA"},
        {"kty": "EC", "kid": "new", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kid": "new"},
        7,
    ],
)
async def test_a_key_that_cannot_be_read_leaves_the_others_good(environment: Environment, stranger: Any) -> None:
    known = RSAKey.generate_key(2048, {"kid": "known"}).as_dict(private=False)
    async with provider_with(environment, {"keys": [stranger, known, stranger]}):
        found = await provider().keys.get()
        assert found.get_by_kid("known").thumbprint() == RSAKey.import_key(known).thumbprint()


@asynccontextmanager
async def provider_with(environment: Environment, keys: Any) -> AsyncIterator[None]:
    """The open provider is one that tells these keys."""
    taken, issuer = listening()

    async def discovery(_request: Request) -> Response:
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        return JSONResponse({"issuer": issuer} | dict.fromkeys(names, f"{issuer}/jwks"))

    async def key_set(_request: Request) -> Response:
        return JSONResponse(keys)

    environment.set(OIDC_ISSUER=issuer)
    async with served(Starlette(routes=[Route(DISCOVERY, discovery), Route(JWKS, key_set)]), taken):
        await open_provider()
        yield
        await close_provider()
