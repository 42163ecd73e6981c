"""Which name people stay at: a cookie that one name gave is not sent to another."""

import pytest
from httpx import ASGITransport, AsyncClient, Response

from gql.app import create_app
from tests.conftest import Environment

pytestmark = pytest.mark.usefixtures("database")
SET = "https://toegang.vlaanderen.example"
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(autouse=True)
def set_address(environment: Environment) -> None:
    environment.set(PUBLIC_URL=f"{SET}/", ALLOWED_HOSTS="toegang.intern.example")


async def opened(address: str, path: str, method: str = "GET", **headers: str) -> Response:
    async with AsyncClient(transport=ASGITransport(create_app()), base_url=address, headers=BROWSER) as client:
        return await client.request(method, path, headers=headers)


@pytest.mark.parametrize(
    ("path", "sent_to"),
    [
        ("/", "/?sent=1"),
        ("/graphql", "/graphql?sent=1"),
        ("/graphql?tab=1&tab=2", "/graphql?tab=1&tab=2&sent=1"),
        ("/signin", "/signin?sent=1"),
        ("/signin?next=%2Fgraphql%3Fa%3Db%26c%23d", "/signin?next=%2Fgraphql%3Fa%3Db%26c%23d&sent=1"),
        ("/signin?next=https://evil.example/", "/signin?next=https%3A%2F%2Fevil.example%2F&sent=1"),
    ],
)
@pytest.mark.parametrize("name", ["http://localhost:8000", "http://TOEGANG.intern.example", "http://[::1]:8000"])
async def test_who_opens_a_page_at_another_name_is_sent_to_the_same_page_at_the_set_one(
    name: str, path: str, sent_to: str
):
    response = await opened(name, path)

    assert (response.status_code, response.headers["location"]) == (307, SET + sent_to)
    assert response.headers["cache-control"] == "no-store"
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("address", [SET, "http://Toegang.Vlaanderen.example:8000"])
@pytest.mark.parametrize("path", ["/", "/graphql"])
async def test_who_came_by_the_set_name_stays_whatever_the_port_and_scheme(address: str, path: str):
    assert (await opened(address, path)).status_code == 200


@pytest.mark.parametrize("path", ["/?sent=1", "/graphql?sent=1", "/graphql?sent="])
async def test_nobody_is_sent_twice_where_a_proxy_gives_us_another_name(path: str):
    assert (await opened("http://toegang.intern.example", path)).status_code == 200


@pytest.mark.parametrize("path", ["/", "/graphql", "/signin"])
async def test_a_name_that_is_none_of_ours_leads_nowhere(path: str):
    response = await opened("http://evil.example", path)

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
async def test_programs_and_acts_stay_where_they_are(method: str, path: str, status: int):
    response = await opened("http://localhost:8000", path, method, accept="*/*")

    assert response.status_code == status
    assert not response.headers.get("location", "").startswith("http")
