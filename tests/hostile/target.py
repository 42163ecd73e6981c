"""The API in this process over the demo's data, with actors and their valid inputs."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

from httpx import ASGITransport, AsyncClient, Response

from domain.actor import Actor
from domain.models import MachineClient, User
from domain.sealed_national_number import has_number
from gql.app import create_app
from gql.explorer.examples import Example, examples
from gql.explorer.values import samples_for, values_for
from identity import sessions
from identity.claims import PersonClaims
from identity.people import get_or_create_user
from identity.provider import close_provider, open_provider
from local.demo_data.load import load_demo_data
from local.identity_provider.app import create_app as identity_provider
from local.people import persona
from registers.lifespan import open_registers
from settings import settings
from tests.conftest import Environment
from tests.identity.serving import bind_socket, serve
from tests.prepared_databases import PreparedDatabases

AUTHORITY_MUTATIONS: Final = frozenset(
    {"publishContract", "correctContract", "endContract", "deliverDocument", "deliverMessage", "openAction"}
)
SENDER_MUTATIONS: Final = frozenset(
    {
        "draftDocument", "updateDocument", "deleteDraft", "requestUpload", "removeAttachment", "sendDocument",
        "assignAction", "releaseAction", "completeAction",
    }
)  # fmt: skip
JSON: Final = {"content-type": "application/json"}


def actor_name_for(mutation: str) -> str:
    """The key of an actor who may execute the mutation."""
    if mutation in AUTHORITY_MUTATIONS:
        return "machine"
    if mutation in SENDER_MUTATIONS:
        return "sender"
    return "newcomer" if mutation == "requestSelfRegistration" else "legal"


@dataclass
class Target:
    """The API, and the actors who send requests to it.

    Attributes:
        client: Anonymous, unless headers say otherwise.
        actors: By the keys of the demo's people.
        credentials: The headers that authenticate each actor, once they have signed in.
    """

    client: AsyncClient
    actors: dict[str, Actor] = field(default_factory=dict)
    credentials: dict[str, dict[str, str]] = field(default_factory=dict)
    _serial: Any = field(default_factory=count)

    async def headers(self, who: str) -> dict[str, str]:
        """The headers that authenticate an actor; none for `nobody`."""
        if who == "nobody":
            return {}
        if who not in self.credentials:
            token = await sessions.begin(self.actors[who].user_id or 0, None)
            self.credentials[who] = {"cookie": f"session={token}"}
        return self.credentials[who]

    def forget_session(self, who: str) -> None:
        """Makes a person sign in again the next time: the operation may have ended their session."""
        if who != "machine":
            self.credentials.pop(who, None)

    async def valid_input(self, mutation: str) -> dict[str, Any]:
        """A valid input of a mutation, with an external id that no delivery had yet."""
        example = EXAMPLE_BY_MUTATION.get(mutation)
        if example is None:
            return {}
        samples = await samples_for(self.actors[actor_name_for(mutation)])
        valid_input: dict[str, Any] = values_for(example.name, example.variables, samples)["input"]
        if "externalId" in valid_input:
            valid_input["externalId"] = f"NEW-{next(self._serial)}"
        return valid_input

    async def send(self, who: str, document: str, variables: dict[str, Any]) -> Response:
        """Sends an operation; the variables may contain what Python encodes but JSON doesn't allow, such as NaN."""
        body = json.dumps({"query": document, "variables": variables})
        return await self.client.post("/graphql", content=body, headers=JSON | await self.headers(who))


def _by_mutation() -> dict[str, Example]:
    by_mutation: dict[str, Example] = {}
    for example in examples():
        field_name = re.match(r"mutation[^{]*\{\s*(?:\w+: )?(\w+)", example.document)
        if field_name:
            by_mutation.setdefault(field_name[1], example)
    return by_mutation


EXAMPLE_BY_MUTATION: Final = _by_mutation()
"""The example of each mutation."""


@asynccontextmanager
async def open_target(prepared: PreparedDatabases, environment: Environment, folder: Path) -> AsyncIterator[Target]:
    """Opens a copy of the demo's data, with the API over it and the demo's identity provider."""
    listener, issuer = bind_socket()
    environment.set(OIDC_ISSUER=issuer)
    async with (
        prepared.open("demo", load_demo_data),
        serve(identity_provider(issuer, folder, (), "secret"), listener),
        open_registers(settings()),
        AsyncClient(transport=ASGITransport(create_app()), base_url="http://127.0.0.1:8000") as client,
    ):
        await open_provider()
        try:
            yield await _with_everyone(Target(client), issuer)
        finally:
            await close_provider()


async def _with_everyone(target: Target, issuer: str) -> Target:
    target.actors |= {who: await _actor(who) for who in ("legal", "admin", "sender", "newcomer")}
    machine = await MachineClient.get(client_id="authority")
    target.actors["machine"] = Actor(authority_id=machine.organisation_id, name=machine.name)
    form = {"grant_type": "client_credentials", "client_id": "authority", "client_secret": "demo"}
    async with AsyncClient(timeout=60, trust_env=False) as authority:
        token = (await authority.post(f"{issuer}/token", data=form)).json()["access_token"]
    target.credentials["machine"] = {"authorization": f"Bearer {token}"}
    return target


async def _actor(who: str) -> Actor:
    person = persona(who)
    assert person is not None
    user = await User.get_or_none(has_number(person.national_number))
    if user is None:
        claims = PersonClaims(person.national_number, person.subject, person.given_name, person.family_name)
        user = await get_or_create_user(claims)
    return Actor(user_id=user.id)
