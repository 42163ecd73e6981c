"""An application with sign-in, and the demo's identity provider, both on real sockets."""

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
from tests.identity.serving import RecordingApp, bind_socket, serve

_REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
SECRET = "geheim+/ :€"  # noqa: S105  # survives every encoding of a client's credentials


class Clock:
    """The provider's clock, which a test can advance."""

    offset = 0.0

    def __call__(self) -> float:
        return time.time() + self.offset


@dataclass(frozen=True)
class ProviderUnderTest:
    """The running provider."""

    issuer: str
    folder: Path
    clock: Clock
    app: RecordingApp

    def key(self) -> Key:
        """The key that signs now."""
        return KeyRing(self.folder, ACCESS_TOKEN_SECONDS).current

    def token(self, *, key: Key | None = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token that the provider could have signed, with these claims and header parameters; None removes one."""
        signing_key, now = key or self.key(), int(time.time())
        payload = {"iss": self.issuer, "aud": AUDIENCE, "iat": now, "exp": now + 60} | claims
        payload = {name: value for name, value in payload.items() if value is not None}
        parameters = {"alg": signing_key.alg, "kid": signing_key.kid, "typ": "at+jwt"} | (header or {})
        parameters = {name: value for name, value in parameters.items() if value}
        return jwt.encode(parameters, payload, signing_key, registry=_REGISTRY)


def key_rotation_client() -> httpx.AsyncClient:
    """The client that rotates the provider's keys."""
    return httpx.AsyncClient(auth=("econtracting", "geheim%2B%2F+%3A%E2%82%AC"), timeout=60, trust_env=False)


@pytest.fixture
async def application_listener(environment: Environment) -> AsyncIterator[tuple[Any, str]]:
    listener, url = bind_socket()
    environment.set(PUBLIC_URL=url, OIDC_CLIENT_SECRET=SECRET)
    yield listener, url
    listener.close()


@pytest.fixture(scope="session")
def generated_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of a provider, which take a while to generate."""
    folder = tmp_path_factory.mktemp("keys")
    KeyRing(folder, ACCESS_TOKEN_SECONDS)
    return folder


@pytest.fixture
async def provider_under_test(
    environment: Environment, application_listener: tuple[Any, str], tmp_path: Path, generated_keys: Path
) -> AsyncIterator[ProviderUnderTest]:
    """The demo's provider."""
    listener, issuer = bind_socket()
    environment.set(OIDC_ISSUER=issuer)
    clock, folder = Clock(), shutil.copytree(generated_keys, tmp_path / "provider")
    redirect_uris = (application_listener[1] + CALLBACK,)
    app = RecordingApp(create_app(issuer, folder, redirect_uris, SECRET, clock=clock))
    async with serve(app, listener):
        yield ProviderUnderTest(issuer, folder, clock, app)


@asynccontextmanager
async def _lifespan(_app: Starlette) -> AsyncIterator[None]:
    await open_provider()
    yield
    await close_provider()


async def _whoami(request: Request) -> Response:
    try:
        return JSONResponse(
            {name: value for name, value in asdict(await actor_of(request)).items() if name != "standing"}
        )
    except InvalidToken as refusal:
        return JSONResponse({"error": str(refusal)}, 401, {"WWW-Authenticate": refusal.challenge})
    except ProviderUnavailableError:
        return JSONResponse({}, 503)


def sign_in_application() -> Starlette:
    """Sign-in and sign-out, and a page that shows the actor."""
    return Starlette(routes=[*routes(), Route("/whoami", _whoami)], lifespan=_lifespan)


@pytest.fixture
async def application(
    database: str, provider_under_test: ProviderUnderTest, application_listener: tuple[Any, str]
) -> AsyncIterator[str]:
    """The application's URL."""
    assert database
    assert settings().oidc_issuer == provider_under_test.issuer
    async with serve(sign_in_application(), application_listener[0]):
        yield application_listener[1]


@pytest.fixture
async def browser(application: str) -> AsyncIterator[Browser]:
    async with Browser(application) as opened:
        yield opened
