"""The operations that are measured, their viewers, and the variants that are compared."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from bench.graph import postgraphile
from bench.graph.load import Request
from bench.graph.operation_texts import read_operations
from bench.graph.seed import Size
from bench.graph.server_process import API
from domain.models import Contract, GroupLink
from gql.reading.ids import global_id, key_of
from identity import sessions

QUERIES = Path(__file__).parents[1] / "queries.graphql"
LINK_GROUPS = "LinkGroups"
ADMINISTRATOR, USER = 1, 5
"""The positions of two people among those of an organisation in the seed."""


@cache
def operations() -> dict[str, str]:
    """The text of each operation by its name, as a client sends it."""
    return read_operations(QUERIES)


@dataclass(frozen=True)
class Variant:
    """A way to execute the operations.

    Attributes:
        name: Its name in the report.
        encode: Returns the path and the body of a request for an operation's name, its variables and its viewer.
        environment: Further variables of its server; variants with the same ones share a server.
        command: The command that starts its server.
        must_match: Whether its response must equal that of the others, byte for byte.
        max_clients: The most concurrent clients that it is measured with.
    """

    name: str
    encode: Callable[[str, Mapping[str, Any], "Viewer"], tuple[str, bytes]]
    environment: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = API
    must_match: bool = True
    max_clients: int = 32

    def request(self, operation: str, variables: Mapping[str, Any], viewer: "Viewer") -> Request:
        return Request(*self.encode(operation, variables, viewer), viewer.session_token)

    @property
    def server(self) -> str:
        """The key of its server."""
        return f"{self.command} {self.environment}"


def _encode_for_api(name: str, variables: Mapping[str, Any], _viewer: "Viewer") -> tuple[str, bytes]:
    own_variables = {key: value for key, value in variables.items() if key != "link"}
    body = {"query": operations()[name], "operationName": name, "variables": own_variables}
    return "/graphql", orjson.dumps(body)


def _encode_for_baseline(name: str, variables: Mapping[str, Any], _viewer: "Viewer") -> tuple[str, bytes]:
    return f"/baseline/{name}", orjson.dumps(variables)


def _encode_for_postgraphile(name: str, variables: Mapping[str, Any], viewer: "Viewer") -> tuple[str, bytes]:
    if name != LINK_GROUPS:
        keys = {"user": viewer.user_id} if name == "Viewer" else {"id": viewer.organisation_id}
        return "/graphql", postgraphile.body(name, keys)
    selection, link = variables["input"], variables["link"]
    is_linking = len(selection["groupIds"]) > link["linked"]
    changes = {
        "contract": key_of("Contract", selection["contractId"]),
        "version": selection["version"] + 1,
        "link": link["id"],
        "endedAt": None if is_linking else "2030-01-01T00:00:00Z",
    }
    return "/graphql", postgraphile.body(name, changes)


ENGINE = Variant("engine", _encode_for_api)
HAND_WRITTEN = Variant("hand-written", _encode_for_baseline)
ORDINARY = Variant("ordinary", _encode_for_api, {"READING_POOL": "0"}, max_clients=8)
WITHOUT_RULES = Variant("without rules", _encode_for_api, {"RULES": "none"}, must_match=False)


def variants() -> list[Variant]:
    """The variants that are compared; PostGraphile only if npm is installed."""
    command = postgraphile.command()
    if command is None:
        return [ENGINE, ORDINARY, HAND_WRITTEN, WITHOUT_RULES]
    environment = {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    other = Variant("postgraphile", _encode_for_postgraphile, environment, tuple(command), must_match=False)
    return [ENGINE, ORDINARY, HAND_WRITTEN, other, WITHOUT_RULES]


@dataclass(frozen=True)
class Viewer:
    """A signed-in person, and the organisation that they query."""

    organisation_id: int
    user_id: int
    session_token: str

    def variables(self, operation: str) -> dict[str, Any]:
        return {} if operation == "Viewer" else {"id": global_id("Organisation", self.organisation_id)}


async def sign_in(size: Size, position: int) -> list[Viewer]:
    """Signs in the person at a position in each organisation; the database must be open."""
    viewers = []
    for organisation_id in range(1, size.organisations + 1):
        user_id = (organisation_id - 1) * size.users + position
        viewers.append(Viewer(organisation_id, user_id, await sessions.begin(user_id, None)))
    return viewers


@dataclass
class LinkScenario:
    """A contract to which one more group is linked and unlinked, again and again."""

    viewer: Viewer
    contract_id: int
    version: int
    linked_group_ids: list[int]
    other_group_id: int
    ended_link_id: int
    """An ended link of the contract, for the variant that links by reopening it."""
    is_linked: bool = False

    def variables(self) -> dict[str, Any]:
        """The variables of the next request, which links the group or unlinks it again."""
        group_ids = self.linked_group_ids if self.is_linked else [*self.linked_group_ids, self.other_group_id]
        selection = {
            "contractId": global_id("Contract", self.contract_id),
            "version": self.version,
            "groupIds": [global_id("Group", group_id) for group_id in group_ids],
        }
        self.is_linked, self.version = not self.is_linked, self.version + 1
        return {"input": selection, "link": {"id": self.ended_link_id, "linked": len(self.linked_group_ids)}}

    async def refresh(self) -> None:
        """Reads the state that the previous variant left."""
        self.version = (await Contract.get(id=self.contract_id)).version
        link = GroupLink.filter(contract_id=self.contract_id, group_id=self.other_group_id, ended_at=None)
        self.is_linked = await link.exists()

    @classmethod
    async def of(cls, viewer: Viewer, size: Size) -> "LinkScenario":
        """For the newest contract of the viewer's organisation that has groups and has not ended."""
        links = GroupLink.filter(organisation_id=viewer.organisation_id, ended_at=None, contract__ended_at=None)
        newest = await links.order_by("-contract__published_at", "-contract_id").first()
        assert newest
        contract = await Contract.get(id=newest.contract_id)
        current_links = await GroupLink.filter(contract_id=contract.id, ended_at=None).order_by("id")
        linked_group_ids = [link.group_id for link in current_links]
        first_group_id = (viewer.organisation_id - 1) * size.groups + 1
        unlinked_group_ids = (key for key in count(first_group_id) if key not in linked_group_ids)
        other_group_id, ended_group_id = next(unlinked_group_ids), next(unlinked_group_ids)
        ended_link = await GroupLink.create(
            organisation_id=contract.organisation_id,
            contract_id=contract.id,
            group_id=ended_group_id,
            linked_at=contract.published_at,
            ended_at=contract.published_at,
        )
        return cls(viewer, contract.id, contract.version, linked_group_ids, other_group_id, ended_link.id)


def client_requests(
    variant: Variant, operation: str, viewers: list[Viewer], scenarios: list[LinkScenario], client_count: int
) -> list[Iterator[Request]]:
    """Each client's endless requests: about one organisation after another, or linking on a contract of its own."""
    if operation == LINK_GROUPS:
        return [_mutations(variant, scenario) for scenario in scenarios[:client_count]]
    return [_queries(variant, operation, viewers, client) for client in range(client_count)]


def _queries(variant: Variant, operation: str, viewers: list[Viewer], client: int) -> Iterator[Request]:
    for index in count(client * 7):
        viewer = viewers[index % len(viewers)]
        yield variant.request(operation, viewer.variables(operation), viewer)


def _mutations(variant: Variant, scenario: LinkScenario) -> Iterator[Request]:
    while True:
        yield variant.request(LINK_GROUPS, scenario.variables(), scenario.viewer)
