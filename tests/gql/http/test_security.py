"""Headers, names and origins: what a browser is told, and whom it may let ask."""

import pytest
from httpx import ASGITransport, AsyncClient

from gql.app import create_app
from settings import settings
from tests.conftest import Environment
from tests.gql.http_client import browser

IN_PRODUCTION = {
    "ENVIRONMENT": "production",
    "PUBLIC_URL": "https://toegang.vlaanderen.example",
    "OIDC_ISSUER": "https://acm.example",
    "PERSON_REGISTER_URL": "https://personen.example",
    "ENTERPRISE_REGISTER_URL": "https://kbo.example",
    "OBJECT_STORE_URL": "s3://stukken",
}
DEVELOPERS = ["http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:8080", "http://localhost"]
pytestmark = pytest.mark.usefixtures("database")
FRONTEND = "https://portaal.bouwbedrijf.example"
PREFLIGHT = {
    "origin": FRONTEND,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type",
}


def at(address: str) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(create_app()), base_url=address)


@pytest.mark.parametrize("path", ["/", "/graphql", "/graphql?query={__typename}", "/health/live", "/nowhere"])
async def test_every_answer_keeps_browsers_from_guessing_framing_and_leaking(path: str):
    async with browser() as client:
        headers = (await client.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers


async def test_where_we_are_reached_by_https_browsers_are_to_come_by_nothing_else(environment: Environment):
    environment.set(PUBLIC_URL="https://toegang.vlaanderen.example")
    async with at("https://toegang.vlaanderen.example") as client:
        headers = (await client.get("/health/live")).headers

    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("http://127.0.0.1:8000", 200),
        ("http://localhost:8000", 200),
        ("http://api.intern.example", 200),
        ("http://evil.example", 400),
        ("http://127.0.0.1.evil.example", 400),
    ],
)
async def test_the_api_answers_by_its_names_only(address: str, status: int, environment: Environment):
    environment.set(ALLOWED_HOSTS="api.intern.example")
    async with at(address) as client:
        assert (await client.get("/graphql", params={"query": "{ __typename }"})).status_code == status
        assert (await client.get("/health/live")).status_code == 200


async def test_in_production_a_loopback_name_is_none_of_ours(environment: Environment):
    environment.set(**IN_PRODUCTION)
    assert settings().hosts == ("toegang.vlaanderen.example",)


async def test_a_frontend_elsewhere_may_ask_with_a_token_and_never_with_our_cookie(environment: Environment):
    environment.set(CORS_ORIGINS=FRONTEND)
    async with browser() as client:
        allowed = await client.options("/graphql", headers=PREFLIGHT)
        asked = await client.get("/graphql", params={"query": "{ __typename }"}, headers={"origin": FRONTEND})

    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == FRONTEND
    assert "access-control-allow-credentials" not in {**allowed.headers, **asked.headers}
    assert asked.headers["access-control-allow-origin"] == FRONTEND
    assert "x-request-id" in asked.headers["access-control-expose-headers"]


async def test_a_frontend_elsewhere_may_resume_a_download_and_is_told_what_it_got(environment: Environment):
    environment.set(CORS_ORIGINS=FRONTEND)
    wanted = {"access-control-request-method": "GET", "access-control-request-headers": "if-range, range, traceparent"}
    async with browser() as client:
        allowed = await client.options("/files/address", headers={"origin": FRONTEND, **wanted})
        asked = await client.get("/files/address", headers={"origin": FRONTEND})

    told = set(asked.headers["access-control-expose-headers"].split(", "))
    assert allowed.status_code == 200
    assert {"content-disposition", "content-range", "accept-ranges", "etag"} <= told


async def test_a_frontend_elsewhere_may_tell_which_apollo_client_it_is(environment: Environment):
    environment.set(CORS_ORIGINS=FRONTEND)
    names = "apollographql-client-name,apollographql-client-version,authorization,content-type"
    async with browser() as client:
        allowed = await client.options("/graphql", headers={**PREFLIGHT, "access-control-request-headers": names})
        refused = await client.options("/graphql", headers={**PREFLIGHT, "access-control-request-headers": "x-other"})

    assert (allowed.status_code, refused.status_code) == (200, 400)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", FRONTEND + ".evil.example"])
async def test_others_may_not(origin: str, environment: Environment):
    environment.set(CORS_ORIGINS=FRONTEND)
    async with browser() as client:
        refused = await client.options("/graphql", headers={**PREFLIGHT, "origin": origin})
        asked = await client.get("/graphql", params={"query": "{ __typename }"}, headers={"origin": origin})

    assert refused.status_code == 400
    assert "access-control-allow-origin" not in {**refused.headers, **asked.headers}


@pytest.mark.parametrize("origin", [FRONTEND, *DEVELOPERS])
async def test_where_no_frontend_is_elsewhere_nobody_may(origin: str, environment: Environment):
    environment.set(**IN_PRODUCTION)
    async with at(IN_PRODUCTION["PUBLIC_URL"]) as client:
        refused = await client.options("/graphql", headers={**PREFLIGHT, "origin": origin})
        asked = await client.get("/graphql", params={"query": "{ __typename }"}, headers={"origin": origin})

    assert (refused.status_code, asked.status_code) == (405, 200)
    assert "access-control-allow-origin" not in {**refused.headers, **asked.headers}


@pytest.mark.parametrize("origin", DEVELOPERS)
async def test_in_the_demo_a_page_of_this_machine_may_ask_whatever_its_port(origin: str):
    async with browser() as client:
        allowed = await client.options("/graphql", headers={**PREFLIGHT, "origin": origin})
        asked = await client.get("/graphql", params={"query": "{ __typename }"}, headers={"origin": origin})

    assert allowed.status_code == 200
    for answer in (allowed, asked):
        assert answer.headers["access-control-allow-origin"] == origin
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", [FRONTEND, "null", "https://localhost:5173", "http://localhost:5173.evil.example"])
async def test_in_the_demo_no_page_of_another_machine_may(origin: str):
    async with browser() as client:
        refused = await client.options("/graphql", headers={**PREFLIGHT, "origin": origin})
        asked = await client.get("/graphql", params={"query": "{ __typename }"}, headers={"origin": origin})

    assert refused.status_code == 400
    assert "access-control-allow-origin" not in {**refused.headers, **asked.headers}


@pytest.mark.parametrize("origins", ["portaal.example", "https://portaal.example/pad", "*"])
def test_what_is_no_origin_is_refused_at_the_start(origins: str, environment: Environment):
    environment.set(CORS_ORIGINS=origins)
    with pytest.raises(ValueError, match="is no origin"):
        settings()
