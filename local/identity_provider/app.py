"""The demo's identity provider: OpenID Connect to the letter, for people who exist nowhere else."""

import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import cast

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from local.identity_provider.authorization import AuthorizationEndpoint
from local.identity_provider.clients import LOOPBACK_ORIGIN, Client, authenticated, registered
from local.identity_provider.codes import Codes
from local.identity_provider.discovery import metadata
from local.identity_provider.keys import ALGORITHMS, Clock, KeyRing
from local.identity_provider.pages import style
from local.identity_provider.parameters import form_of
from local.identity_provider.protocol_error import NO_STORE, ProtocolError
from local.identity_provider.refresh_tokens import RefreshTokens
from local.identity_provider.token_endpoint import TokenEndpoint
from local.identity_provider.tokens import ACCESS_TOKEN_SECONDS, TokenMaker


def create_app(
    issuer: str, folder: Path, client_redirects: tuple[str, ...], client_secret: str, *, clock: Clock = time.time
) -> Starlette:
    """The provider as an application.

    Args:
        issuer: Its address, such as `http://127.0.0.1:8001`.
        folder: Where it keeps its keys.
        client_redirects: Where the client `econtracting` may have people sent back to.
        client_secret: That client's secret; the client `authority` has a published one, `frontend` none.
        clock: The Unix time in seconds.
    """
    clients = registered(client_redirects, client_secret)
    keys, codes = KeyRing(folder, ACCESS_TOKEN_SECONDS, clock), Codes(clock)
    tokens = TokenEndpoint(clients, codes, RefreshTokens(clock), TokenMaker(issuer, keys, clock))
    authorization = AuthorizationEndpoint(issuer, clients, codes)
    return Starlette(
        routes=[
            Route("/keys", _rotation(clients, keys), methods=["POST"]),
            Route("/authorize", authorization.answer, methods=["GET", "POST"]),
            Route("/style.css", style),
            # The authorization endpoint must not support CORS (RFC 9700, 2.6).
            Mount(
                "/",
                routes=[
                    Route("/.well-known/openid-configuration", _document(lambda: metadata(issuer))),
                    Route("/jwks", _document(keys.published)),
                    Route("/token", tokens.answer, methods=["POST"]),
                ],
                middleware=[_cross_origin()],
            ),
        ],
        exception_handlers={ProtocolError: _refusal},
    )


def _cross_origin() -> Middleware:
    """Lets pages served from this machine read the response."""
    return Middleware(
        CORSMiddleware,
        allow_origin_regex=LOOPBACK_ORIGIN.pattern,
        allow_methods=["GET", "POST"],
        allow_headers=["content-type"],
        max_age=600,
    )


def _document(content: Callable[[], object]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_request: Request) -> Response:
        return JSONResponse(content(), headers=NO_STORE)

    return answer


def _rotation(clients: Mapping[str, Client], keys: KeyRing) -> Callable[[Request], Awaitable[Response]]:
    """`POST /keys`, the application's way to have the keys changed; `alg` may name the new key's algorithm."""

    async def answer(request: Request) -> Response:
        form = await form_of(request)
        client = authenticated(clients, request.headers.get("authorization"), form.given)
        if client.public:
            raise ProtocolError("unauthorized_client", "A client without a secret may not do this.")
        algorithm = next((known for known in ALGORITHMS if known == form.given.get("alg", "RS256")), None)
        if algorithm is None:
            raise ProtocolError("invalid_request", "alg is not supported.")
        keys.rotate(algorithm)
        return Response(status_code=204)

    return answer


async def _refusal(_request: Request, error: Exception) -> Response:
    return cast("ProtocolError", error).response()
