"""What nobody expected is answered with the request's id, whatever was asked, and without a word of why."""

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
from tests.opened_models import open_models

ASKED = {"query": "{ viewer { user { givenName } } }"}


@pytest.fixture(autouse=True)
async def database_away(environment: Environment) -> AsyncIterator[None]:
    """The database that the settings name is nowhere."""
    del environment
    await open_models(str(settings().database_url))
    yield
    await close_database()


async def asked(method: str, path: str, **more: object) -> Response:
    """The answer to somebody whose session can't be looked for."""
    async with browser() as client:
        client.cookies.set("session", "of somebody")
        return await client.request(method, path, **more)  # type: ignore[arg-type]  # as they are given


def require_masked(answer: Response) -> str:
    """Goes on only if the answer has what every answer has; gives the request's id."""
    assert answer.status_code == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" in answer.headers
    assert "Refused" not in answer.text
    return answer.headers["x-request-id"]


async def test_the_api_says_what_it_says_of_every_failure_of_ours():
    with capture_logs() as lines:
        answer = await asked("POST", "/graphql", json=ASKED)

    request_id = require_masked(answer)
    assert only_error(answer) == {
        "message": "Something went wrong on our side. Give the helpdesk the request's id.",
        "extensions": {"code": "INTERNAL", "requestId": request_id},
    }
    assert [line["event"] for line in lines] == ["request_failed", "request"]
    assert lines[1]["status"] == 500


async def test_a_browser_is_shown_a_page():
    answer = await asked("GET", "/", headers={"accept": "text/html"})

    request_id = require_masked(answer)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>Er ging iets mis aan onze kant</h1>" in answer.text
    assert f"geef dit nummer door aan de helpdesk: {request_id}." in answer.text


async def test_who_fetches_a_file_is_given_a_problem():
    address = download_url(Actor(user_id=7), 12, datetime.now(UTC))
    assert address

    answer = await asked("GET", address, headers={"accept-language": "nl"})

    request_id = require_masked(answer)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
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


async def test_what_is_half_said_is_broken_off():
    async def breaking(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError("in the middle")

    said = []

    async def heard(message: object) -> None:
        said.append(message)

    with pytest.raises(ValueError, match="in the middle"):
        await ErrorMaskingMiddleware(breaking)({"type": "http"}, None, heard)  # type: ignore[arg-type]  # nothing is received
    assert len(said) == 1
