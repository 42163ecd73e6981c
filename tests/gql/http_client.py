"""HTTP clients of the API in this process."""

from typing import Any

from httpx import ASGITransport, AsyncClient, Response

from domain.models import User
from gql.app import create_app
from identity import sessions


def browser(language: str | None = "en") -> AsyncClient:
    """An HTTP client without a session; the database must be open.

    Texts are English, unless another language is asked for, or with None no language at all.
    """
    headers = {"accept-language": language} if language else {}
    return AsyncClient(transport=ASGITransport(create_app()), base_url="http://127.0.0.1:8000", headers=headers)


async def sign_in(client: AsyncClient, user: User) -> None:
    client.cookies.set("session", await sessions.begin(user.id, None))


async def post(client: AsyncClient, document: str, **headers: str) -> Response:
    return await client.post(
        "/graphql", json={"query": document}, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def only_error(response: Response) -> dict[str, Any]:
    [error] = response.json()["errors"]
    only: dict[str, Any] = error
    return only
