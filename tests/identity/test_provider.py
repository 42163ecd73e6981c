"""The identity provider when it is down, rotates its keys, or responds with invalid documents."""

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
from tests.identity.conftest import ProviderUnderTest, key_rotation_client
from tests.identity.serving import bind_socket, serve
from tests.identity.test_sign_in import NOBODY
from tests.identity.test_tokens import claims_of
from tests.workers.events import eventually

JWKS = "/jwks"
DISCOVERY = "/.well-known/openid-configuration"


async def test_the_sign_in_page_says_when_the_provider_is_down(
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


async def test_a_provider_that_fails_during_a_sign_in_leaves_no_user_behind(
    browser: Browser, provider_under_test: ProviderUnderTest
) -> None:
    callback_url = await browser.choose_person(await browser.start_sign_in(), "admin")
    provider_under_test.app.broken = True
    response = await browser.get(callback_url)
    assert (response.status_code, await User.all().count()) == (503, 0)
    assert await browser.whoami() == NOBODY
    provider_under_test.app.broken = False
    assert (await browser.get(callback_url)).status_code == 303


@pytest.mark.usefixtures("database")
async def test_an_unreachable_provider_fails_only_when_it_is_needed(environment: Environment) -> None:
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

    async def rotate(self, provider_under_test: ProviderUnderTest) -> None:
        async with key_rotation_client() as client:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            assert (await client.post(f"{provider_under_test.issuer}/keys", headers=headers)).status_code == 204

    async def test_keys_are_fetched_once_and_again_for_an_unknown_key_id(
        self, provider_under_test: ProviderUnderTest
    ) -> None:
        requested_paths = provider_under_test.app.requested_paths
        old = provider_under_test.token(**claims_of())
        await asyncio.gather(*[actor_of_token(old) for _ in range(10)])
        assert (requested_paths.count(DISCOVERY), requested_paths.count(JWKS)) == (1, 1)
        await self.rotate(provider_under_test)
        new = provider_under_test.token(**claims_of())
        await asyncio.gather(*[actor_of_token(token) for _ in range(10) for token in (old, new)])
        assert (requested_paths.count(DISCOVERY), requested_paths.count(JWKS)) == (1, 2)

    async def test_no_valid_token_is_refused_while_keys_rotate_under_load(
        self, provider_under_test: ProviderUnderTest
    ) -> None:
        stopping, accepted = asyncio.Event(), 0

        async def call() -> None:
            nonlocal accepted
            while not stopping.is_set():
                assert (await actor_of_token(provider_under_test.token(**claims_of()))).signed_in
                accepted += 1

        async def rotate_under_load() -> None:
            expected = accepted + 8
            await self.rotate(provider_under_test)
            await eventually(lambda: accepted > expected)

        await actor_of_token(provider_under_test.token(**claims_of()))
        callers = [asyncio.create_task(call()) for _ in range(8)]
        for _ in range(3):
            await rotate_under_load()
        stopping.set()
        await asyncio.gather(*callers)
        # Once at the start, and once for each new key, however many callers used it.
        assert provider_under_test.app.requested_paths.count(JWKS) == 1 + 3

    async def test_unknown_key_ids_refresh_the_keys_only_a_few_times_a_minute(
        self, provider_under_test: ProviderUnderTest
    ) -> None:
        foreign_key = RSAKey.generate_key(2048, {"alg": "RS256"})
        for number in range(20):
            token = provider_under_test.token(key=foreign_key, header={"kid": str(number)}, **claims_of())
            with pytest.raises(InvalidToken):
                await actor_of_token(token)
        assert provider_under_test.app.requested_paths.count(JWKS) == 1 + cached_document.MAX_REFRESHES
        assert (await actor_of_token(provider_under_test.token(**claims_of()))).signed_in

    async def test_expired_keys_are_fetched_again(
        self, provider_under_test: ProviderUnderTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cached_document, "LIFETIME", 0.0)
        for _ in range(3):
            await actor_of_token(provider_under_test.token(**claims_of()))
        assert provider_under_test.app.requested_paths.count(JWKS) == 3

    async def test_expired_keys_are_used_while_the_provider_is_down(
        self, provider_under_test: ProviderUnderTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cached_document, "LIFETIME", 0.0)
        token = provider_under_test.token(**claims_of())
        await actor_of_token(token)
        provider_under_test.app.broken = True
        before = len(provider_under_test.app.requested_paths)
        for _ in range(5):
            assert (await actor_of_token(token)).signed_in
        assert provider_under_test.app.requested_paths[before:] == [DISCOVERY, JWKS]


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
async def test_an_invalid_discovery_document_is_not_used(environment: Environment, changes: dict[str, Any]) -> None:
    listener, issuer = bind_socket()
    document = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
    } | changes

    async def discovery(_request: Request) -> Response:
        return JSONResponse({name: value for name, value in document.items() if value is not None})

    environment.set(OIDC_ISSUER=issuer)
    async with serve(Starlette(routes=[Route(DISCOVERY, discovery)]), listener):
        await open_provider()
        with pytest.raises(ProviderUnavailableError):
            await provider().authorization_url(SignIn.start("/"))
        await close_provider()


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": [{"kty": "RSA"}]}, {"keys": "a"}, {"keys": [7]}, []])
async def test_an_invalid_key_set_is_not_used(environment: Environment, keys: Any) -> None:
    async with provider_with(environment, keys):
        with pytest.raises(ProviderUnavailableError):
            await provider().keys.get()


@pytest.mark.parametrize(
    "unusable_key",
    [
        {"kty": "AKP", "kid": "new", "alg": "ML-DSA-44", "pub": "AAAA"},
        {"kty": "OKP", "kid": "new", "crv": "Ed999", "x": "AA"},
        {"kty": "EC", "kid": "new", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kid": "new"},
        7,
    ],
)
async def test_keys_that_cannot_be_imported_are_ignored(environment: Environment, unusable_key: Any) -> None:
    known = RSAKey.generate_key(2048, {"kid": "known"}).as_dict(private=False)
    async with provider_with(environment, {"keys": [unusable_key, known, unusable_key]}):
        keys = await provider().keys.get()
        assert keys.get_by_kid("known").thumbprint() == RSAKey.import_key(known).thumbprint()


@asynccontextmanager
async def provider_with(environment: Environment, keys: Any) -> AsyncIterator[None]:
    """Opens the client of a provider with this key set."""
    listener, issuer = bind_socket()

    async def discovery(_request: Request) -> Response:
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        return JSONResponse({"issuer": issuer} | dict.fromkeys(names, f"{issuer}/jwks"))

    async def key_set(_request: Request) -> Response:
        return JSONResponse(keys)

    environment.set(OIDC_ISSUER=issuer)
    async with serve(Starlette(routes=[Route(DISCOVERY, discovery), Route(JWKS, key_set)]), listener):
        await open_provider()
        yield
        await close_provider()
