"""Those who come to a demo: people with a browser, the authority's system with a token, and nobody."""

from types import TracebackType
from typing import Any, Self

import httpx

from local.demo_environment import DemoPorts
from local.people import PEOPLE
from tests.identity.browser import read_form

PERSONAS = tuple(person.key for person in PEOPLE if person.key)
Json = dict[str, Any]


class Visitor:
    """Whoever asks the API; nobody until they sign in."""

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
        given = {"grant_type": "client_credentials", "client_id": "authority", "client_secret": "demo"}
        answer = httpx.post(f"{ports.issuer}/token", data=given, timeout=60, trust_env=False)
        return cls(ports, {"Authorization": f"Bearer {answer.json()['access_token']}"})

    def sign_in(self, persona: str) -> Self:
        """Goes to the identity provider, presses the person's button, and comes back."""
        shown = self.client.get("/signin", params={"next": "/graphql"})
        assert str(shown.url).startswith(self.ports.issuer), shown.text
        fields = read_form(shown.text).fields | {"persona": persona}
        back = self.client.post(shown.url.copy_with(path="/authorize", query=None), data=fields)
        assert str(back.url) == f"{self.ports.public_url}/graphql", back.text
        return self

    def post(self, document: str, variables: Json | None = None) -> Json:
        """The whole answer of the API."""
        answer = self.client.post("/graphql", json={"query": document, "variables": variables or {}})
        assert answer.status_code == httpx.codes.OK, answer.text
        result: Json = answer.json()
        return result

    def ask(self, document: str, **variables: Any) -> Json:
        """The data of an answer without errors."""
        answer = self.post(document, variables)
        assert "errors" not in answer, answer["errors"]
        data: Json = answer["data"]
        return data

    def examples(self) -> dict[str, Json]:
        """The ready-made operations by their names, each with values for its variables."""
        return {example["name"]: example for example in self.client.get("/graphql/examples.json").json()}

    def run(self, example: str, **variables: Any) -> Json:
        """The data that a ready-made operation gives, with other values than its own where they are named."""
        chosen = self.examples()[example]
        return self.ask(chosen["document"], **chosen["variables"] | variables)

    def act(self, example: str, **given: Any) -> Json:
        """The payload of a ready-made mutation whose input has other values than its own where they are named."""
        chosen = self.examples()[example]
        data = self.ask(chosen["document"], input=chosen["variables"]["input"] | given)
        [payload] = data.values()
        return dict(payload)
