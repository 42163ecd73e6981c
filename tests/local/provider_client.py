"""A client of the demo's identity provider that can be told to do anything wrong."""

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
REDIRECT = "http://127.0.0.1:23000/signin/callback"
SECRET = "geheim"  # noqa: S105  # of these tests
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ASKED = {
    "client_id": "econtracting",
    "redirect_uri": REDIRECT,
    "response_type": "code",
    "scope": "openid profile",
    "state": "the state",
    "nonce": "the nonce",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


class ProviderClient(httpx.AsyncClient):
    """Talks to a provider of its own, whose clock it moves."""

    def __init__(self, folder: Path) -> None:
        self.offset = 0.0
        self._began = time.time()
        app = create_app(ISSUER, folder, (REDIRECT, REDIRECT + "?tenant=1"), SECRET, clock=self.now)
        super().__init__(transport=httpx.ASGITransport(app), base_url=ISSUER)

    def now(self) -> float:
        """The provider's time, which stands still unless it is moved."""
        return self._began + self.offset

    async def authorize(self, **changes: str | None) -> httpx.Response:
        """Asks for the page; None takes a parameter away."""
        return await self.get("/authorize", params=with_changes(ASKED, changes))

    async def choose(self, **changes: str | None) -> httpx.Response:
        """Posts the page's form, with the button `admin` unless another is named."""
        return await self.post("/authorize", data=with_changes(ASKED | {"persona": "admin"}, changes))

    async def code(self) -> str:
        """A fresh code."""
        return answered(await self.choose())["code"]

    async def redeem(self, code: str, /, **changes: str | None) -> httpx.Response:
        """Changes a code for tokens."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": VERIFIER,
            "client_id": "econtracting",
            "client_secret": SECRET,
        }
        return await self.post("/token", data=with_changes(form, changes))

    async def keys(self) -> KeySet:
        """The published keys."""
        return KeySet.import_key_set((await self.get("/jwks")).json())

    async def read(self, token: str) -> jwt.Token:
        """A token's content, its signature checked with the published keys."""
        return jwt.decode(token, await self.keys(), ["RS256", "ES256"])


def with_changes(given: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """The parameters with others in place; None takes one away."""
    return {name: value for name, value in {**given, **changes}.items() if value is not None}


def answered(response: httpx.Response) -> dict[str, str]:
    """What the client is told on the way back."""
    assert response.status_code == 303, response.text
    back = httpx.URL(response.headers["location"])
    assert str(back).startswith(REDIRECT)
    return dict(back.params)
