"""Visitors of a demo: people with a session, the authority's system with a token, and anonymous ones."""

from types import TracebackType
from typing import Any, Self

import httpx

from local.demo_environment import DemoPorts
from local.people import PEOPLE
from tests.identity.browser import read_form

PERSONAS = tuple(person.key for person in PEOPLE if person.key)
Json = dict[str, Any]


class Visitor:
    """A client of the API; anonymous until it signs in."""

    def __init__(self, ports: DemoPorts, headers: dict[str, str] | None = None) -> None:
        self.ports = ports
        self.client = httpx.Client(
            base_url=ports.public_url, headers=headers, follow_redirects=True, timeout=60, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()

    @classmethod
    def machine(cls, ports: DemoPorts) -> Self:
        """The contracting authority's system."""
        form = {"grant_type": "client_credentials", "client_id": "authority", "client_secret": "demo"}
        response = httpx.post(f"{ports.issuer}/token", data=form, timeout=60, trust_env=False)
        return cls(ports, {"Authorization": f"Bearer {response.json()['access_token']}"})

    def sign_in(self, persona: str) -> Self:
        """Goes to the identity provider, presses the person's button, and returns."""
        sign_in_page = self.client.get("/signin", params={"next": "/graphql"})
        assert str(sign_in_page.url).startswith(self.ports.issuer), sign_in_page.text
        fields = read_form(sign_in_page.text).fields | {"persona": persona}
        landing_page = self.client.post(sign_in_page.url.copy_with(path="/authorize", query=None), data=fields)
        assert str(landing_page.url) == f"{self.ports.public_url}/graphql", landing_page.text
        return self

    def post(self, document: str, variables: Json | None = None) -> Json:
        """Executes an operation; returns the response with data and errors."""
        response = self.client.post("/graphql", json={"query": document, "variables": variables or {}})
        assert response.status_code == httpx.codes.OK, response.text
        body: Json = response.json()
        return body

    def ask(self, document: str, **variables: Any) -> Json:
        """Executes an operation that must have no errors; returns its data."""
        body = self.post(document, variables)
        assert "errors" not in body, body["errors"]
        data: Json = body["data"]
        return data

    def examples(self) -> dict[str, Json]:
        """The example operations by name, each with values for its variables."""
        return {example["name"]: example for example in self.client.get("/graphql/examples.json").json()}

    def run(self, name: str, /, **variables: Any) -> Json:
        """Executes an example operation; `variables` override its own. Returns its data."""
        example = self.examples()[name]
        return self.ask(example["document"], **example["variables"] | variables)

    def act(self, name: str, /, **fields: Any) -> Json:
        """Executes an example mutation; `fields` override those of its input. Returns its payload."""
        example = self.examples()[name]
        data = self.ask(example["document"], input=example["variables"]["input"] | fields)
        [payload] = data.values()
        return dict(payload)
