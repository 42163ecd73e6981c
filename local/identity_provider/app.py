"""The demo's identity provider: strict OpenID Connect, for people who exist nowhere else."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from local.identity_provider.authorization_codes import AuthorizationCodes
from local.identity_provider.authorization_endpoint import AuthorizationEndpoint
from local.identity_provider.client_authentication import authenticate_client
from local.identity_provider.client_registry import LOOPBACK_ORIGIN, ClientRegistry, client_registry
from local.identity_provider.discovery import metadata
from local.identity_provider.oauth_error import NO_STORE, OAuthError
from local.identity_provider.pages import style
from local.identity_provider.parameters import parse_form
from local.identity_provider.refresh_tokens import RefreshTokens
from local.identity_provider.signing_keys import ALGORITHMS, Clock, KeyRing
from local.identity_provider.token_endpoint import TokenEndpoint
from local.identity_provider.tokens import ACCESS_TOKEN_SECONDS, TokenIssuer

Endpoint = Callable[[Request], Awaitable[Response]]


def create_app(
    issuer: str, folder: Path, redirect_uris: tuple[str, ...], client_secret: str, *, clock: Clock = time.time
) -> Starlette:
    """The provider as an application.

    Args:
        issuer: Its URL, such as `http://127.0.0.1:8001`.
        folder: Where it stores its keys.
        redirect_uris: Those of the client `econtracting`.
        client_secret: That client's secret; the client `authority` has a published one, `frontend` none.
        clock: The Unix time in seconds.
    """
    clients = client_registry(redirect_uris, client_secret)
    keys, codes = KeyRing(folder, ACCESS_TOKEN_SECONDS, clock), AuthorizationCodes(clock)
    token_endpoint = TokenEndpoint(clients, codes, RefreshTokens(clock), TokenIssuer(issuer, keys, clock))
    authorization_endpoint = AuthorizationEndpoint(issuer, clients, codes)
    return Starlette(
        routes=[
            Route("/keys", _key_rotation(clients, keys), methods=["POST"]),
            Route("/authorize", authorization_endpoint.handle, methods=["GET", "POST"]),
            Route("/style.css", style),
            # The authorization endpoint must not support CORS (RFC 9700, 2.6).
            Mount(
                "/",
                routes=[
                    Route("/.well-known/openid-configuration", _json_document(lambda: metadata(issuer))),
                    Route("/jwks", _json_document(keys.public_keys)),
                    Route("/token", token_endpoint.handle, methods=["POST"]),
                ],
                middleware=[_cors()],
            ),
        ],
        exception_handlers={OAuthError: _error_response},
    )


def _cors() -> Middleware:
    """Lets pages served from this machine read the response."""
    return Middleware(
        CORSMiddleware,
        allow_origin_regex=LOOPBACK_ORIGIN.pattern,
        allow_methods=["GET", "POST"],
        allow_headers=["content-type"],
        max_age=600,
    )


def _json_document(content: Callable[[], object]) -> Endpoint:
    async def endpoint(_request: Request) -> Response:
        return JSONResponse(content(), headers=NO_STORE)

    return endpoint


def _key_rotation(clients: ClientRegistry, keys: KeyRing) -> Endpoint:
    """`POST /keys` rotates the signing key, for clients with a secret; `alg` may name the new key's algorithm."""

    async def endpoint(request: Request) -> Response:
        form = (await parse_form(request)).values
        if authenticate_client(clients, request.headers.get("authorization"), form).is_public:
            raise OAuthError("unauthorized_client", "A client without a secret may not do this.")
        algorithm = next((known for known in ALGORITHMS if known == form.get("alg", "RS256")), None)
        if algorithm is None:
            raise OAuthError("invalid_request", "alg is not supported.")
        keys.rotate(algorithm)
        return Response(status_code=204)

    return endpoint


async def _error_response(_request: Request, error: Exception) -> Response:
    return cast("OAuthError", error).response()
