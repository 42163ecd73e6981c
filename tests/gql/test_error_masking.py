"""An unexpected error is answered with the id of the request and without its cause, whatever was requested."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from httpx import Response
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from domain.actor import Actor
from domain.database.connection import close_database
from gql.error_masking import ErrorMaskingMiddleware
from gql.files.addresses import download_url
from settings import settings
from tests.conftest import Environment
from tests.gql.http_client import browser, only_error
from tests.open_models import open_models

QUERY = {"query": "{ viewer { user { givenName } } }"}


@pytest.fixture(autouse=True)
async def unreachable_database(environment: Environment) -> AsyncIterator[None]:
    """The database of the settings doesn't exist."""
    del environment
    await open_models(str(settings().database_url))
    yield
    await close_database()


async def response_to(method: str, path: str, **options: object) -> Response:
    """The response to a client whose session can't be looked up."""
    async with browser() as client:
        client.cookies.set("session", "of somebody")
        return await client.request(method, path, **options)  # type: ignore[arg-type]  # the caller's


def request_id_of_masked(response: Response) -> str:
    """Requires a masked error with the security headers, and returns the id of the request."""
    assert response.status_code == 500
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" in response.headers
    assert "Refused" not in response.text
    return response.headers["x-request-id"]


async def test_the_api_answers_with_an_internal_error():
    with capture_logs() as events:
        response = await response_to("POST", "/graphql", json=QUERY)

    request_id = request_id_of_masked(response)
    assert only_error(response) == {
        "message": "Something went wrong on our side. Give the helpdesk the request's id.",
        "extensions": {"code": "INTERNAL", "requestId": request_id},
    }
    assert [event["event"] for event in events] == ["request_failed", "request"]
    assert events[1]["status"] == 500


async def test_a_browser_receives_an_error_page():
    response = await response_to("GET", "/", headers={"accept": "text/html"})

    request_id = request_id_of_masked(response)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>Er ging iets mis aan onze kant</h1>" in response.text
    assert f"geef dit nummer door aan de helpdesk: {request_id}." in response.text


async def test_a_download_receives_a_problem_document():
    address = download_url(Actor(user_id=7), 12, datetime.now(UTC))
    assert address

    response = await response_to("GET", address, headers={"accept-language": "nl"})

    request_id = request_id_of_masked(response)
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "code": "UNAVAILABLE",
        "refusal": "UNEXPECTED",
        "message": (
            "Er ging iets mis aan onze kant en er is niets gewijzigd."
            f" Geef dit nummer door aan de helpdesk: {request_id}."
        ),
        "requestId": request_id,
    }


async def test_an_error_in_the_middle_of_a_response_breaks_it_off():
    async def failing_application(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError("in the middle")

    messages = []

    async def send(message: object) -> None:
        messages.append(message)

    with pytest.raises(ValueError, match="in the middle"):
        await ErrorMaskingMiddleware(failing_application)({"type": "http"}, None, send)  # type: ignore[arg-type]  # it receives nothing
    assert len(messages) == 1
