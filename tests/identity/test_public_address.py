"""Redirects to the public host name: a cookie of one host is not sent to another."""

import pytest
from httpx import ASGITransport, AsyncClient, Response

from gql.app import create_app
from tests.conftest import Environment

pytestmark = pytest.mark.usefixtures("database")
PUBLIC_URL = "https://toegang.vlaanderen.example"
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(autouse=True)
def public_url(environment: Environment) -> None:
    environment.set(PUBLIC_URL=f"{PUBLIC_URL}/", ALLOWED_HOSTS="toegang.intern.example")


async def request(base_url: str, path: str, method: str = "GET", **headers: str) -> Response:
    async with AsyncClient(transport=ASGITransport(create_app()), base_url=base_url, headers=BROWSER) as client:
        return await client.request(method, path, headers=headers)


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/", "/?sent=1"),
        ("/graphql", "/graphql?sent=1"),
        ("/graphql?tab=1&tab=2", "/graphql?tab=1&tab=2&sent=1"),
        ("/signin", "/signin?sent=1"),
        ("/signin?next=%2Fgraphql%3Fa%3Db%26c%23d", "/signin?next=%2Fgraphql%3Fa%3Db%26c%23d&sent=1"),
        ("/signin?next=https://evil.example/", "/signin?next=https%3A%2F%2Fevil.example%2F&sent=1"),
    ],
)
@pytest.mark.parametrize("base_url", ["http://localhost:8000", "http://TOEGANG.intern.example", "http://[::1]:8000"])
async def test_a_page_at_another_host_name_redirects_to_the_same_page_at_the_public_url(
    base_url: str, path: str, location: str
):
    response = await request(base_url, path)

    assert (response.status_code, response.headers["location"]) == (307, PUBLIC_URL + location)
    assert response.headers["cache-control"] == "no-store"
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("base_url", [PUBLIC_URL, "http://Toegang.Vlaanderen.example:8000"])
@pytest.mark.parametrize("path", ["/", "/graphql"])
async def test_the_public_host_name_is_not_redirected_whatever_the_port_and_scheme(base_url: str, path: str):
    assert (await request(base_url, path)).status_code == 200


@pytest.mark.parametrize("path", ["/?sent=1", "/graphql?sent=1", "/graphql?sent="])
async def test_a_redirected_request_is_not_redirected_again_behind_a_proxy(path: str):
    assert (await request("http://toegang.intern.example", path)).status_code == 200


@pytest.mark.parametrize("path", ["/", "/graphql", "/signin"])
async def test_a_foreign_host_name_is_refused(path: str):
    response = await request("http://evil.example", path)

    assert response.status_code == 400
    assert "location" not in response.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/graphql", 200),
        ("GET", "/graphql?query={__typename}", 200),
        ("POST", "/signout", 303),
    ],
)
async def test_requests_of_programs_and_posts_are_not_redirected(method: str, path: str, status: int):
    response = await request("http://localhost:8000", path, method, accept="*/*")

    assert response.status_code == status
    assert not response.headers.get("location", "").startswith("http")
