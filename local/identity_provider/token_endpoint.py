"""Where a client exchanges a code, a refresh token or its own secret for tokens (RFC 6749, 4.1.3, 4.4 and 6)."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.identity_provider.clients import Client, authenticated
from local.identity_provider.codes import SCOPE, Codes, Grant
from local.identity_provider.parameters import form_of
from local.identity_provider.protocol_error import NO_STORE, ProtocolError
from local.identity_provider.refresh_tokens import RefreshTokens
from local.identity_provider.tokens import TokenMaker

GRANTS: Final = ("authorization_code", "client_credentials", "refresh_token")
VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """Answers `POST /token`."""

    clients: Mapping[str, Client]
    codes: Codes
    refresh_tokens: RefreshTokens
    maker: TokenMaker

    async def answer(self, request: Request) -> Response:
        """The tokens as JSON.

        Raises:
            ProtocolError: There are none to be had so.
        """
        form = await form_of(request)
        if form.repeated:
            raise ProtocolError("invalid_request", "A parameter is given twice.")
        client = authenticated(self.clients, request.headers.get("authorization"), form.given)
        kind = form.given.get("grant_type")
        if kind is None:
            raise ProtocolError("invalid_request", "grant_type is missing.")
        if kind not in GRANTS:
            raise ProtocolError("unsupported_grant_type", "grant_type is not supported.")
        if kind not in client.grants:
            raise ProtocolError("unauthorized_client", "This client may not use this grant_type.")
        answers = {
            "authorization_code": self._for_code,
            "client_credentials": self._for_machine,
            "refresh_token": self._for_refresh_token,
        }
        return JSONResponse(answers[kind](client, form.given), headers=NO_STORE)

    def _for_code(self, client: Client, given: Mapping[str, str]) -> dict[str, Any]:
        grant = self._granted(client, given)
        renewable = {"refresh_token": self.refresh_tokens.issue(grant)} if "refresh_token" in client.grants else {}
        return self.maker.for_person(grant) | renewable

    def _for_refresh_token(self, client: Client, given: Mapping[str, str]) -> dict[str, Any]:
        if "refresh_token" not in given:
            raise ProtocolError("invalid_request", "refresh_token is missing.")
        if given.get("scope", SCOPE) != SCOPE:
            raise ProtocolError("invalid_scope", "scope is not what was granted.")
        renewed = self.refresh_tokens.renew(given["refresh_token"], client.client_id)
        if renewed is None:
            raise ProtocolError("invalid_grant", "The refresh token is unknown, used, expired or not for this client.")
        grant, refresh_token = renewed
        return self.maker.renewed(grant) | {"refresh_token": refresh_token}

    def _for_machine(self, client: Client, given: Mapping[str, str]) -> dict[str, Any]:
        if "scope" in given:
            raise ProtocolError("invalid_scope", "There are no scopes for machines.")
        return self.maker.for_machine(client.client_id)

    def _granted(self, client: Client, given: Mapping[str, str]) -> Grant:
        missing = [name for name in ("code", "redirect_uri", "code_verifier") if name not in given]
        if missing:
            raise ProtocolError("invalid_request", f"{missing[0]} is missing.")
        if not VERIFIER.fullmatch(given["code_verifier"]):
            raise ProtocolError("invalid_request", "code_verifier is malformed.")
        grant = self.codes.take(given["code"])
        if grant is None or grant.client_id != client.client_id:
            raise ProtocolError("invalid_grant", "The code is unknown, used, expired or not for this client.")
        if grant.redirect_uri != given["redirect_uri"]:
            raise ProtocolError("invalid_grant", "redirect_uri is not where the code was sent.")
        challenge = create_s256_code_challenge(given["code_verifier"])
        if not hmac.compare_digest(challenge, grant.challenge):
            raise ProtocolError("invalid_grant", "code_verifier does not fit.")
        return grant
