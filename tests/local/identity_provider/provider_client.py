"""A client of the demo's identity provider, whose requests a test can change into wrong ones."""

import base64
import hashlib
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet

from local.identity_provider.app import create_app

ISSUER = "http://127.0.0.1:23001"
REDIRECT_URI = "http://127.0.0.1:23000/signin/callback"
SECRET = "geheim"  # noqa: S105  # of these tests
CODE_VERIFIER = "v" * 64
CODE_CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(CODE_VERIFIER.encode()).digest()).decode().rstrip("=")
AUTHORIZATION_REQUEST = {
    "client_id": "econtracting",
    "redirect_uri": REDIRECT_URI,
    "response_type": "code",
    "scope": "openid profile",
    "state": "the state",
    "nonce": "the nonce",
    "code_challenge": CODE_CHALLENGE,
    "code_challenge_method": "S256",
}


class ProviderClient(httpx.AsyncClient):
    """A client with a provider of its own, whose clock it can advance."""

    def __init__(self, folder: Path) -> None:
        self.offset = 0.0
        self._started_at = time.time()
        app = create_app(ISSUER, folder, (REDIRECT_URI, REDIRECT_URI + "?tenant=1"), SECRET, clock=self.now)
        super().__init__(transport=httpx.ASGITransport(app), base_url=ISSUER)

    def now(self) -> float:
        """The provider's time, which stands still unless `offset` changes."""
        return self._started_at + self.offset

    async def authorize(self, **changes: str | None) -> httpx.Response:
        """Requests the page; None removes a parameter."""
        return await self.get("/authorize", params=with_changes(AUTHORIZATION_REQUEST, changes))

    async def choose_person(self, **changes: str | None) -> httpx.Response:
        """Submits the page's form, with the button `admin` by default."""
        return await self.post("/authorize", data=with_changes(AUTHORIZATION_REQUEST | {"persona": "admin"}, changes))

    async def request_code(self) -> str:
        """A new authorization code."""
        return response_parameters(await self.choose_person())["code"]

    async def redeem_code(self, code: str, /, **changes: str | None) -> httpx.Response:
        """Exchanges a code for tokens."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": CODE_VERIFIER,
            "client_id": "econtracting",
            "client_secret": SECRET,
        }
        return await self.post("/token", data=with_changes(form, changes))

    async def fetch_keys(self) -> KeySet:
        """The published keys."""
        return KeySet.import_key_set((await self.get("/jwks")).json())

    async def verify(self, token: str) -> jwt.Token:
        """A token's header and claims, verified with the published keys."""
        return jwt.decode(token, await self.fetch_keys(), ["RS256", "ES256"])


def with_changes(parameters: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """The parameters with some of them changed; None removes one."""
    return {name: value for name, value in {**parameters, **changes}.items() if value is not None}


def response_parameters(response: httpx.Response) -> dict[str, str]:
    """The parameters of an authorization response."""
    assert response.status_code == 303, response.text
    location = httpx.URL(response.headers["location"])
    assert str(location).startswith(REDIRECT_URI)
    return dict(location.params)
