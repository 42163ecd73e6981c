"""An application with signing in, and the demo's identity provider, both behind real sockets."""

import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from identity.backend import actor_of
from identity.provider import CALLBACK, close_provider, open_provider
from identity.refusals import ProviderUnavailableError
from identity.routes import routes
from identity.tokens import InvalidToken
from local.identity_provider.app import create_app
from local.identity_provider.signing_keys import ALGORITHMS, KeyRing
from local.identity_provider.tokens import ACCESS_TOKEN_SECONDS, AUDIENCE
from settings import settings
from tests.conftest import Environment
from tests.identity.browser import Browser
from tests.identity.serving import Counting, listening, served

_REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
SECRET = "geheim+/ :€"  # noqa: S105  # what the client's name and secret go through, it must survive


class Clock:
    """The provider's clock, which a test may move."""

    offset = 0.0

    def __call__(self) -> float:
        return time.time() + self.offset


@dataclass(frozen=True)
class ProviderUnderTest:
    """The running provider."""

    issuer: str
    folder: Path
    clock: Clock
    app: Counting

    def key(self) -> Key:
        """The key that signs now."""
        return KeyRing(self.folder, ACCESS_TOKEN_SECONDS).current

    def token(self, *, key: Key | None = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token that the provider could have signed, with claims (None takes one away) and header as given."""
        signing, now = key or self.key(), int(time.time())
        full = {"iss": self.issuer, "aud": AUDIENCE, "iat": now, "exp": now + 60} | claims
        kept = {name: value for name, value in full.items() if value is not None}
        head = {"alg": signing.alg, "kid": signing.kid, "typ": "at+jwt"} | (header or {})
        return jwt.encode({name: value for name, value in head.items() if value}, kept, signing, registry=_REGISTRY)


def an_operator() -> httpx.AsyncClient:
    """Whoever has the provider change its keys."""
    return httpx.AsyncClient(auth=("econtracting", "geheim%2B%2F+%3A%E2%82%AC"), timeout=60, trust_env=False)


@pytest.fixture
async def application_address(environment: Environment) -> AsyncIterator[tuple[Any, str]]:
    taken, address = listening()
    environment.set(PUBLIC_URL=address, OIDC_CLIENT_SECRET=SECRET)
    yield taken, address
    taken.close()


@pytest.fixture(scope="session")
def made_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of a provider, which take a while to make."""
    folder = tmp_path_factory.mktemp("keys")
    KeyRing(folder, ACCESS_TOKEN_SECONDS)
    return folder


@pytest.fixture
async def provider_under_test(
    environment: Environment, application_address: tuple[Any, str], tmp_path: Path, made_keys: Path
) -> AsyncIterator[ProviderUnderTest]:
    """The demo's provider."""
    taken, issuer = listening()
    environment.set(OIDC_ISSUER=issuer)
    clock, folder = Clock(), shutil.copytree(made_keys, tmp_path / "provider")
    redirects = (application_address[1] + CALLBACK,)
    app = Counting(create_app(issuer, folder, redirects, SECRET, clock=clock))
    async with served(app, taken):
        yield ProviderUnderTest(issuer, folder, clock, app)


@asynccontextmanager
async def _lifespan(_app: Starlette) -> AsyncIterator[None]:
    await open_provider()
    yield
    await close_provider()


async def _who(request: Request) -> Response:
    try:
        return JSONResponse(
            {name: value for name, value in asdict(await actor_of(request)).items() if name != "standing"}
        )
    except InvalidToken as refusal:
        return JSONResponse({"refused": str(refusal)}, 401, {"WWW-Authenticate": refusal.challenge})
    except ProviderUnavailableError:
        return JSONResponse({}, 503)


def sign_in_application() -> Starlette:
    """Signing in and out, and a page that says who is there."""
    return Starlette(routes=[*routes(), Route("/who", _who)], lifespan=_lifespan)


@pytest.fixture
async def application(
    database: str, provider_under_test: ProviderUnderTest, application_address: tuple[Any, str]
) -> AsyncIterator[str]:
    """The application's address."""
    assert database
    assert settings().oidc_issuer == provider_under_test.issuer
    async with served(sign_in_application(), application_address[0]):
        yield application_address[1]


@pytest.fixture
async def browser(application: str) -> AsyncIterator[Browser]:
    async with Browser(application) as opened:
        yield opened
