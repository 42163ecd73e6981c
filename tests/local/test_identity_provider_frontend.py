"""The demo's identity provider signs people in for pages elsewhere, which can keep no secret."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.local.provider_client import ASKED, ISSUER, VERIFIER, ProviderClient

BACK = "http://localhost:5173/callback"
PAGE = {"client_id": "frontend", "redirect_uri": BACK}
ORIGIN = "http://localhost:5173"
TWELVE_HOURS = 12 * 3600


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[ProviderClient]:
    async with ProviderClient(tmp_path / "provider") as opened:
        yield opened


async def code_of(provider: ProviderClient, **changes: str | None) -> str:
    """A fresh code for the page."""
    chosen = await provider.choose(**(PAGE | changes))
    assert chosen.status_code == 303, chosen.text
    return httpx.URL(chosen.headers["location"]).params["code"]


async def redeemed(provider: ProviderClient, code: str, /, **changes: str | None) -> httpx.Response:
    return await provider.redeem(code, **(PAGE | {"client_secret": None} | changes))


async def renewed(provider: ProviderClient, refresh_token: str, /, **changes: str) -> httpx.Response:
    form = {"grant_type": "refresh_token", "client_id": "frontend", "refresh_token": refresh_token}
    return await provider.post("/token", data=form | changes)


async def test_a_page_gets_tokens_for_the_api_without_a_secret(provider: ProviderClient) -> None:
    answer = (await redeemed(provider, await code_of(provider))).json()
    access = await provider.read(answer["access_token"])
    identity = await provider.read(answer["id_token"])
    assert (access.header["typ"], access.claims["aud"], access.claims["client_id"]) == (
        "at+jwt",
        "econtracting",
        "frontend",
    )
    assert (identity.claims["aud"], identity.claims["nonce"]) == ("frontend", "the nonce")
    assert answer["expires_in"] == 3600


async def test_a_page_may_leave_the_nonce_out(provider: ProviderClient) -> None:
    answer = (await redeemed(provider, await code_of(provider, nonce=None))).json()
    assert "nonce" not in (await provider.read(answer["id_token"])).claims


@pytest.mark.parametrize("changes", [{"code_challenge": None}, {"code_challenge_method": "plain"}])
async def test_a_page_without_a_proof_of_possession_is_refused(
    provider: ProviderClient, changes: dict[str, str | None]
) -> None:
    refused = await provider.choose(**(PAGE | changes))
    assert httpx.URL(refused.headers["location"]).params["error"] == "invalid_request"


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:5173/",
        "http://127.0.0.1:5173/",
        "http://127.0.0.1:1/callback",
        "http://localhost/callback",
    ],
)
async def test_a_page_is_on_any_port_of_this_machine(provider: ProviderClient, address: str) -> None:
    shown = await provider.authorize(**(PAGE | {"redirect_uri": address}))
    assert shown.status_code == 200
    origin = re.escape(address.rpartition("/")[0])
    assert re.search(rf"form-action 'self' {origin}(;|$)", shown.headers["content-security-policy"])


@pytest.mark.parametrize(
    "address",
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
async def test_a_page_is_nowhere_else(provider: ProviderClient, address: str) -> None:
    refused = await provider.authorize(**(PAGE | {"redirect_uri": address}))
    assert refused.status_code == 400
    assert "location" not in refused.headers


async def test_the_application_is_at_its_own_address_alone(provider: ProviderClient) -> None:
    assert (await provider.authorize(redirect_uri=BACK)).status_code == 400


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
async def test_a_code_of_a_page_is_guarded_like_any_other(
    provider: ProviderClient, changes: dict[str, str | None], status: int, error: str
) -> None:
    refused = await redeemed(provider, await code_of(provider), **changes)
    assert (refused.status_code, refused.json()["error"]) == (status, error)


async def test_an_empty_secret_by_header_is_none_that_a_page_has(provider: ProviderClient) -> None:
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": VERIFIER}
    code = {"code": await code_of(provider)}
    refused = await provider.post("/token", data=form | code, auth=httpx.BasicAuth("frontend", ""))
    assert refused.json()["error"] == "invalid_client"


async def test_a_token_is_renewed_without_asking_the_person(provider: ProviderClient) -> None:
    first = (await redeemed(provider, await code_of(provider))).json()
    provider.offset = 3500
    second = await renewed(provider, first["refresh_token"], scope="openid")
    assert (second.status_code, second.headers["cache-control"]) == (200, "no-store")
    before = (await provider.read(first["access_token"])).claims
    after = (await provider.read(second.json()["access_token"])).claims
    assert after["exp"] == before["exp"] + 3500
    assert {name: after[name] for name in ("sub", "aud", "client_id", "rrn")} == {
        name: before[name] for name in ("sub", "aud", "client_id", "rrn")
    }
    assert "id_token" not in second.json()
    assert (await renewed(provider, second.json()["refresh_token"])).status_code == 200


async def test_a_refresh_token_that_comes_twice_ends_all_of_its_sign_in(provider: ProviderClient) -> None:
    first = (await redeemed(provider, await code_of(provider))).json()["refresh_token"]
    other = (await redeemed(provider, await code_of(provider))).json()["refresh_token"]
    second = (await renewed(provider, first)).json()["refresh_token"]
    assert (await renewed(provider, first)).json()["error"] == "invalid_grant"
    assert (await renewed(provider, second)).json()["error"] == "invalid_grant"
    assert (await renewed(provider, other)).status_code == 200


async def test_after_twelve_hours_the_person_signs_in_again(provider: ProviderClient) -> None:
    token = (await redeemed(provider, await code_of(provider))).json()["refresh_token"]
    provider.offset = TWELVE_HOURS - 1
    token = (await renewed(provider, token)).json()["refresh_token"]
    provider.offset = TWELVE_HOURS
    assert (await renewed(provider, token)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"refresh_token": "unknown"}, "invalid_grant"),
        ({"refresh_token": ""}, "invalid_request"),
        ({"scope": "openid profile"}, "invalid_scope"),
        ({"client_secret": "guessed"}, "invalid_client"),
    ],
)
async def test_a_renewal_that_is_refused_leaves_the_token_good(
    provider: ProviderClient, changes: dict[str, str], error: str
) -> None:
    token = (await redeemed(provider, await code_of(provider))).json()["refresh_token"]
    assert (await renewed(provider, token, **changes)).json()["error"] == error
    assert (await renewed(provider, token)).status_code == 200


async def test_clients_with_a_secret_get_no_refresh_token(provider: ProviderClient) -> None:
    assert "refresh_token" not in (await provider.redeem(await provider.code())).json()
    form = {"grant_type": "refresh_token", "client_id": "authority", "client_secret": "demo", "refresh_token": "x.y"}
    assert (await provider.post("/token", data=form)).json()["error"] == "unauthorized_client"


async def test_a_page_can_not_have_the_keys_changed(provider: ProviderClient) -> None:
    before = (await provider.get("/jwks")).json()
    refused = await provider.post("/keys", data={"client_id": "frontend"})
    assert (refused.status_code, refused.json()["error"]) == (400, "unauthorized_client")
    assert (await provider.get("/jwks")).json() == before


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks"])
async def test_a_page_of_this_machine_reads_what_the_provider_is(provider: ProviderClient, path: str) -> None:
    told = await provider.get(path, headers={"origin": ORIGIN})
    assert told.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in told.headers


async def test_a_page_of_this_machine_reads_what_the_token_endpoint_says(provider: ProviderClient) -> None:
    wanted = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    allowed = await provider.options("/token", headers={"origin": ORIGIN, **wanted})
    assert allowed.status_code == 200
    refused = await provider.post("/token", data={"client_id": "frontend"}, headers={"origin": ORIGIN})
    for told in (allowed, refused):
        assert told.headers["access-control-allow-origin"] == ORIGIN
    assert refused.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example", "http://127.0.0.1:5173.evil.example"]
)
async def test_pages_from_elsewhere_read_nothing(provider: ProviderClient, origin: str) -> None:
    for path in ("/.well-known/openid-configuration", "/jwks"):
        told = await provider.get(path, headers={"origin": origin})
        assert "access-control-allow-origin" not in told.headers
    told = await provider.post("/token", data=PAGE, headers={"origin": origin})
    assert "access-control-allow-origin" not in told.headers


async def test_no_page_reads_where_people_are_sent_to_and_keys_are_changed(provider: ProviderClient) -> None:
    for told in (
        await provider.get("/authorize", params=ASKED | PAGE, headers={"origin": ORIGIN}),
        await provider.post("/authorize", data=ASKED | PAGE, headers={"origin": ORIGIN}),
        await provider.post("/keys", data=PAGE, headers={"origin": ORIGIN}),
    ):
        assert "access-control-allow-origin" not in told.headers


async def test_the_discovery_document_tells_of_public_clients(provider: ProviderClient) -> None:
    told = (await provider.get("/.well-known/openid-configuration")).json()
    assert told["issuer"] == ISSUER
    assert "none" in told["token_endpoint_auth_methods_supported"]
    assert told["grant_types_supported"] == ["authorization_code", "client_credentials", "refresh_token"]
