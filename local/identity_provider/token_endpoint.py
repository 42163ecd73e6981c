"""The token endpoint: exchanges a code, a refresh token or a client's secret for tokens (RFC 6749, 4.1.3, 4.4, 6)."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.identity_provider.authorization_codes import SCOPE, AuthorizationCodes, Grant
from local.identity_provider.client_authentication import authenticate_client
from local.identity_provider.client_registry import Client, ClientRegistry
from local.identity_provider.oauth_error import NO_STORE, OAuthError
from local.identity_provider.parameters import parse_form
from local.identity_provider.refresh_tokens import RefreshTokens
from local.identity_provider.tokens import TokenIssuer

GRANT_TYPES: Final = ("authorization_code", "client_credentials", "refresh_token")
CODE_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """Handles `POST /token`."""

    clients: ClientRegistry
    codes: AuthorizationCodes
    refresh_tokens: RefreshTokens
    tokens: TokenIssuer

    async def handle(self, request: Request) -> Response:
        """The tokens as JSON.

        Raises:
            OAuthError: The request is refused.
        """
        parameters = await parse_form(request)
        if parameters.repeated:
            raise OAuthError("invalid_request", "A parameter is given twice.")
        form = parameters.values
        client = authenticate_client(self.clients, request.headers.get("authorization"), form)
        handlers = {
            "authorization_code": self._authorization_code,
            "client_credentials": self._client_credentials,
            "refresh_token": self._refresh_token,
        }
        return JSONResponse(handlers[_grant_type(client, form)](client, form), headers=NO_STORE)

    def _authorization_code(self, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
        grant = self._redeem_code(client, form)
        response = self.tokens.for_code(grant)
        if "refresh_token" in client.grant_types:
            response["refresh_token"] = self.refresh_tokens.issue(grant)
        return response

    def _refresh_token(self, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
        if "refresh_token" not in form:
            raise OAuthError("invalid_request", "refresh_token is missing.")
        if form.get("scope", SCOPE) != SCOPE:
            raise OAuthError("invalid_scope", "scope is not what was granted.")
        rotation = self.refresh_tokens.rotate(form["refresh_token"], client.client_id)
        if rotation is None:
            raise OAuthError("invalid_grant", "The refresh token is unknown, used, expired or not for this client.")
        grant, successor = rotation
        return self.tokens.for_refresh_token(grant) | {"refresh_token": successor}

    def _client_credentials(self, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
        if "scope" in form:
            raise OAuthError("invalid_scope", "There are no scopes for machines.")
        return self.tokens.for_client_credentials(client.client_id)

    def _redeem_code(self, client: Client, form: Mapping[str, str]) -> Grant:
        missing = [name for name in ("code", "redirect_uri", "code_verifier") if name not in form]
        if missing:
            raise OAuthError("invalid_request", f"{missing[0]} is missing.")
        if not CODE_VERIFIER.fullmatch(form["code_verifier"]):
            raise OAuthError("invalid_request", "code_verifier is malformed.")
        grant = self.codes.redeem(form["code"])
        if grant is None or grant.client_id != client.client_id:
            raise OAuthError("invalid_grant", "The code is unknown, used, expired or not for this client.")
        if grant.redirect_uri != form["redirect_uri"]:
            raise OAuthError("invalid_grant", "redirect_uri is not where the code was sent.")
        if not hmac.compare_digest(create_s256_code_challenge(form["code_verifier"]), grant.code_challenge):
            raise OAuthError("invalid_grant", "code_verifier does not fit.")
        return grant


def _grant_type(client: Client, form: Mapping[str, str]) -> str:
    grant_type = form.get("grant_type")
    if grant_type is None:
        raise OAuthError("invalid_request", "grant_type is missing.")
    if grant_type not in GRANT_TYPES:
        raise OAuthError("unsupported_grant_type", "grant_type is not supported.")
    if grant_type not in client.grant_types:
        raise OAuthError("unauthorized_client", "This client may not use this grant_type.")
    return grant_type
