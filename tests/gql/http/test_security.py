"""Security headers, host names, and the origins whose pages may use the API (CORS)."""

import pytest
from httpx import ASGITransport, AsyncClient

from gql.app import create_app
from settings import settings
from tests.conftest import Environment
from tests.gql.http_client import browser

PRODUCTION = {
    "ENVIRONMENT": "production",
    "PUBLIC_URL": "https://toegang.vlaanderen.example",
    "OIDC_ISSUER": "https://acm.example",
    "PERSON_REGISTER_URL": "https://personen.example",
    "ENTERPRISE_REGISTER_URL": "https://kbo.example",
    "OBJECT_STORE_URL": "s3://stukken",
}
LOOPBACK_ORIGINS = ["http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:8080", "http://localhost"]
pytestmark = pytest.mark.usefixtures("database")
FRONTEND = "https://portaal.bouwbedrijf.example"
PREFLIGHT = {
    "origin": FRONTEND,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type",
}


def client_of(base_url: str) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(create_app()), base_url=base_url)


@pytest.mark.parametrize("path", ["/", "/graphql", "/graphql?query={__typename}", "/health/live", "/nowhere"])
async def test_every_response_has_the_security_headers(path: str):
    async with browser() as client:
        headers = (await client.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers


async def test_behind_https_every_response_demands_https(environment: Environment):
    environment.set(PUBLIC_URL="https://toegang.vlaanderen.example")
    async with client_of("https://toegang.vlaanderen.example") as client:
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
async def test_only_the_allowed_host_names_are_served(address: str, status: int, environment: Environment):
    environment.set(ALLOWED_HOSTS="api.intern.example")
    async with client_of(address) as client:
        assert (await client.get("/graphql", params={"query": "{ __typename }"})).status_code == status
        assert (await client.get("/health/live")).status_code == 200


async def test_in_production_loopback_names_are_not_allowed(environment: Environment):
    environment.set(**PRODUCTION)
    assert settings().hosts == ("toegang.vlaanderen.example",)


async def test_a_configured_origin_is_allowed_without_credentials(environment: Environment):
    environment.set(CORS_ORIGINS=FRONTEND)
    async with browser() as client:
        preflight = await client.options("/graphql", headers=PREFLIGHT)
        response = await client.get("/graphql", params={"query": "{ __typename }"}, headers={"origin": FRONTEND})

    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == FRONTEND
    assert "access-control-allow-credentials" not in {**preflight.headers, **response.headers}
    assert response.headers["access-control-allow-origin"] == FRONTEND
    assert "x-request-id" in response.headers["access-control-expose-headers"]


async def test_a_configured_origin_may_resume_a_download_and_read_its_headers(environment: Environment):
    environment.set(CORS_ORIGINS=FRONTEND)
    request_headers = {
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-range, range, traceparent",
    }
    async with browser() as client:
        preflight = await client.options("/files/address", headers={"origin": FRONTEND, **request_headers})
        response = await client.get("/files/address", headers={"origin": FRONTEND})

    exposed = set(response.headers["access-control-expose-headers"].split(", "))
    assert preflight.status_code == 200
    assert {"content-disposition", "content-range", "accept-ranges", "etag"} <= exposed


async def test_a_configured_origin_may_send_apollos_client_headers_and_no_unknown_ones(environment: Environment):
    environment.set(CORS_ORIGINS=FRONTEND)
    names = "apollographql-client-name,apollographql-client-version,authorization,content-type"
    async with browser() as client:
        allowed = await client.options("/graphql", headers={**PREFLIGHT, "access-control-request-headers": names})
        refused = await client.options("/graphql", headers={**PREFLIGHT, "access-control-request-headers": "x-other"})

    assert (allowed.status_code, refused.status_code) == (200, 400)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", FRONTEND + ".evil.example"])
async def test_another_origin_is_not_allowed(origin: str, environment: Environment):
    environment.set(CORS_ORIGINS=FRONTEND)
    async with browser() as client:
        preflight = await client.options("/graphql", headers={**PREFLIGHT, "origin": origin})
        response = await client.get("/graphql", params={"query": "{ __typename }"}, headers={"origin": origin})

    assert preflight.status_code == 400
    assert "access-control-allow-origin" not in {**preflight.headers, **response.headers}


@pytest.mark.parametrize("origin", [FRONTEND, *LOOPBACK_ORIGINS])
async def test_in_production_no_origin_is_allowed_by_default(origin: str, environment: Environment):
    environment.set(**PRODUCTION)
    async with client_of(PRODUCTION["PUBLIC_URL"]) as client:
        preflight = await client.options("/graphql", headers={**PREFLIGHT, "origin": origin})
        response = await client.get("/graphql", params={"query": "{ __typename }"}, headers={"origin": origin})

    assert (preflight.status_code, response.status_code) == (405, 200)
    assert "access-control-allow-origin" not in {**preflight.headers, **response.headers}


@pytest.mark.parametrize("origin", LOOPBACK_ORIGINS)
async def test_in_the_demo_loopback_origins_are_allowed_on_any_port(origin: str):
    async with browser() as client:
        preflight = await client.options("/graphql", headers={**PREFLIGHT, "origin": origin})
        response = await client.get("/graphql", params={"query": "{ __typename }"}, headers={"origin": origin})

    assert preflight.status_code == 200
    for headers in (preflight.headers, response.headers):
        assert headers["access-control-allow-origin"] == origin
        assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize("origin", [FRONTEND, "null", "https://localhost:5173", "http://localhost:5173.evil.example"])
async def test_in_the_demo_other_origins_are_not_allowed(origin: str):
    async with browser() as client:
        preflight = await client.options("/graphql", headers={**PREFLIGHT, "origin": origin})
        response = await client.get("/graphql", params={"query": "{ __typename }"}, headers={"origin": origin})

    assert preflight.status_code == 400
    assert "access-control-allow-origin" not in {**preflight.headers, **response.headers}


@pytest.mark.parametrize("origins", ["portaal.example", "https://portaal.example/pad", "*"])
def test_a_malformed_origin_is_refused_at_start_up(origins: str, environment: Environment):
    environment.set(CORS_ORIGINS=origins)
    with pytest.raises(ValueError, match="is no origin"):
        settings()
