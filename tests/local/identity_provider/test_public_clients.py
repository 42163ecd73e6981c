"""The demo's identity provider signs people in for pages on other origins, which can keep no secret."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.local.identity_provider.provider_client import AUTHORIZATION_REQUEST, CODE_VERIFIER, ISSUER, ProviderClient

REDIRECT_URI = "http://localhost:5173/callback"
CLIENT = {"client_id": "frontend", "redirect_uri": REDIRECT_URI}
ORIGIN = "http://localhost:5173"
TWELVE_HOURS = 12 * 3600


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[ProviderClient]:
    async with ProviderClient(tmp_path / "provider") as opened:
        yield opened


async def request_code(provider: ProviderClient, **changes: str | None) -> str:
    """A new authorization code for the page."""
    response = await provider.choose_person(**(CLIENT | changes))
    assert response.status_code == 303, response.text
    return httpx.URL(response.headers["location"]).params["code"]


async def redeem_code(provider: ProviderClient, code: str, /, **changes: str | None) -> httpx.Response:
    return await provider.redeem_code(code, **(CLIENT | {"client_secret": None} | changes))


async def refresh(provider: ProviderClient, refresh_token: str, /, **changes: str) -> httpx.Response:
    form = {"grant_type": "refresh_token", "client_id": "frontend", "refresh_token": refresh_token}
    return await provider.post("/token", data=form | changes)


async def test_a_public_client_gets_tokens_without_a_secret(provider: ProviderClient) -> None:
    tokens = (await redeem_code(provider, await request_code(provider))).json()
    access_token = await provider.verify(tokens["access_token"])
    id_token = await provider.verify(tokens["id_token"])
    assert (access_token.header["typ"], access_token.claims["aud"], access_token.claims["client_id"]) == (
        "at+jwt",
        "econtracting",
        "frontend",
    )
    assert (id_token.claims["aud"], id_token.claims["nonce"]) == ("frontend", "the nonce")
    assert tokens["expires_in"] == 3600


async def test_a_public_client_may_omit_the_nonce(provider: ProviderClient) -> None:
    tokens = (await redeem_code(provider, await request_code(provider, nonce=None))).json()
    assert "nonce" not in (await provider.verify(tokens["id_token"])).claims


@pytest.mark.parametrize("changes", [{"code_challenge": None}, {"code_challenge_method": "plain"}])
async def test_a_public_client_without_pkce_is_refused(
    provider: ProviderClient, changes: dict[str, str | None]
) -> None:
    response = await provider.choose_person(**(CLIENT | changes))
    assert httpx.URL(response.headers["location"]).params["error"] == "invalid_request"


@pytest.mark.parametrize(
    "uri",
    [
        "http://localhost:5173/",
        "http://127.0.0.1:5173/",
        "http://127.0.0.1:1/callback",
        "http://localhost/callback",
    ],
)
async def test_redirect_uris_on_any_port_of_this_machine_are_accepted(provider: ProviderClient, uri: str) -> None:
    response = await provider.authorize(**(CLIENT | {"redirect_uri": uri}))
    assert response.status_code == 200
    origin = re.escape(uri.rpartition("/")[0])
    assert re.search(rf"form-action 'self' {origin}(;|$)", response.headers["content-security-policy"])


@pytest.mark.parametrize(
    "uri",
    [
        "http://localhost:5173",
        "http://localhost:5173/callback/",
        "http://localhost:5173/callback?a=b",
        "http://localhost:5173/callback#a",
        "http://localhost:5173/other",
        "http://localhost:5173//callback",
        "https://localhost:5173/callback",
        "http://localhost:/callback",
        "http://localhost:x/callback",
        "http://localhost:5173 'unsafe-inline'/callback",
        "http://localhost:5173@evil.example/callback",
        "http://localhost.evil.example/callback",
        "http://someone@localhost:5173/callback",
        "http://127.0.0.2:5173/callback",
        "http://evil.example/callback",
    ],
)
async def test_other_redirect_uris_are_refused(provider: ProviderClient, uri: str) -> None:
    response = await provider.authorize(**(CLIENT | {"redirect_uri": uri}))
    assert response.status_code == 400
    assert "location" not in response.headers


async def test_the_application_may_not_use_a_redirect_uri_of_the_public_client(provider: ProviderClient) -> None:
    assert (await provider.authorize(redirect_uri=REDIRECT_URI)).status_code == 400


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "guessed"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, 400, "unauthorized_client"),
        ({"code_verifier": None}, 400, "invalid_request"),
        ({"code_verifier": "w" * 64}, 400, "invalid_grant"),
        ({"redirect_uri": "http://localhost:5174/callback"}, 400, "invalid_grant"),
        ({"client_id": "authority", "client_secret": "demo"}, 400, "unauthorized_client"),
        ({"client_id": "econtracting"}, 401, "invalid_client"),
    ],
)
async def test_a_code_of_a_public_client_is_checked_like_any_other(
    provider: ProviderClient, changes: dict[str, str | None], status: int, error: str
) -> None:
    response = await redeem_code(provider, await request_code(provider), **changes)
    assert (response.status_code, response.json()["error"]) == (status, error)


async def test_an_empty_secret_in_the_header_is_refused_for_a_public_client(provider: ProviderClient) -> None:
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT_URI, "code_verifier": CODE_VERIFIER}
    form |= {"code": await request_code(provider)}
    response = await provider.post("/token", data=form, auth=httpx.BasicAuth("frontend", ""))
    assert response.json()["error"] == "invalid_client"


async def test_a_refresh_token_gives_a_new_access_token(provider: ProviderClient) -> None:
    first = (await redeem_code(provider, await request_code(provider))).json()
    provider.offset = 3500
    response = await refresh(provider, first["refresh_token"], scope="openid")
    second = response.json()
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
    before = (await provider.verify(first["access_token"])).claims
    after = (await provider.verify(second["access_token"])).claims
    assert after["exp"] == before["exp"] + 3500
    assert {name: after[name] for name in ("sub", "aud", "client_id", "rrn")} == {
        name: before[name] for name in ("sub", "aud", "client_id", "rrn")
    }
    assert "id_token" not in second
    assert (await refresh(provider, second["refresh_token"])).status_code == 200


async def test_reuse_of_a_refresh_token_revokes_its_whole_family(provider: ProviderClient) -> None:
    first = (await redeem_code(provider, await request_code(provider))).json()["refresh_token"]
    other = (await redeem_code(provider, await request_code(provider))).json()["refresh_token"]
    second = (await refresh(provider, first)).json()["refresh_token"]
    assert (await refresh(provider, first)).json()["error"] == "invalid_grant"
    assert (await refresh(provider, second)).json()["error"] == "invalid_grant"
    assert (await refresh(provider, other)).status_code == 200


async def test_after_twelve_hours_the_person_signs_in_again(provider: ProviderClient) -> None:
    token = (await redeem_code(provider, await request_code(provider))).json()["refresh_token"]
    provider.offset = TWELVE_HOURS - 1
    token = (await refresh(provider, token)).json()["refresh_token"]
    provider.offset = TWELVE_HOURS
    assert (await refresh(provider, token)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"refresh_token": "unknown"}, "invalid_grant"),
        ({"refresh_token": ""}, "invalid_request"),
        ({"scope": "openid profile"}, "invalid_scope"),
        ({"client_secret": "guessed"}, "invalid_client"),
    ],
)
async def test_a_refused_request_leaves_the_refresh_token_valid(
    provider: ProviderClient, changes: dict[str, str], error: str
) -> None:
    token = (await redeem_code(provider, await request_code(provider))).json()["refresh_token"]
    assert (await refresh(provider, token, **changes)).json()["error"] == error
    assert (await refresh(provider, token)).status_code == 200


async def test_clients_with_a_secret_get_no_refresh_token(provider: ProviderClient) -> None:
    assert "refresh_token" not in (await provider.redeem_code(await provider.request_code())).json()
    form = {"grant_type": "refresh_token", "client_id": "authority", "client_secret": "demo", "refresh_token": "x.y"}
    assert (await provider.post("/token", data=form)).json()["error"] == "unauthorized_client"


async def test_a_public_client_cannot_rotate_the_keys(provider: ProviderClient) -> None:
    before = (await provider.get("/jwks")).json()
    response = await provider.post("/keys", data={"client_id": "frontend"})
    assert (response.status_code, response.json()["error"]) == (400, "unauthorized_client")
    assert (await provider.get("/jwks")).json() == before


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks"])
async def test_a_page_of_this_machine_may_read_the_metadata_and_the_keys(provider: ProviderClient, path: str) -> None:
    response = await provider.get(path, headers={"origin": ORIGIN})
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in response.headers


async def test_a_page_of_this_machine_may_read_responses_of_the_token_endpoint(provider: ProviderClient) -> None:
    preflight = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    options = await provider.options("/token", headers={"origin": ORIGIN, **preflight})
    assert options.status_code == 200
    response = await provider.post("/token", data={"client_id": "frontend"}, headers={"origin": ORIGIN})
    for each in (options, response):
        assert each.headers["access-control-allow-origin"] == ORIGIN
    assert response.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example", "http://127.0.0.1:5173.evil.example"]
)
async def test_pages_of_other_origins_may_read_nothing(provider: ProviderClient, origin: str) -> None:
    for path in ("/.well-known/openid-configuration", "/jwks"):
        response = await provider.get(path, headers={"origin": origin})
        assert "access-control-allow-origin" not in response.headers
    response = await provider.post("/token", data=CLIENT, headers={"origin": origin})
    assert "access-control-allow-origin" not in response.headers


async def test_no_page_may_read_responses_of_authorization_and_key_rotation(provider: ProviderClient) -> None:
    for response in (
        await provider.get("/authorize", params=AUTHORIZATION_REQUEST | CLIENT, headers={"origin": ORIGIN}),
        await provider.post("/authorize", data=AUTHORIZATION_REQUEST | CLIENT, headers={"origin": ORIGIN}),
        await provider.post("/keys", data=CLIENT, headers={"origin": ORIGIN}),
    ):
        assert "access-control-allow-origin" not in response.headers


async def test_the_discovery_document_announces_public_clients(provider: ProviderClient) -> None:
    document = (await provider.get("/.well-known/openid-configuration")).json()
    assert document["issuer"] == ISSUER
    assert "none" in document["token_endpoint_auth_methods_supported"]
    assert document["grant_types_supported"] == ["authorization_code", "client_credentials", "refresh_token"]
