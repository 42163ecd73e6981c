"""The operations that are measured, their viewers, and the variants that are compared."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from bench.graph import postgraphile
from bench.graph.load import Call
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
    """A way to get the response.

    Attributes:
        name: Its name in the report.
        call: The path and the body for an operation's name, its variables and its viewer.
        environment: Further variables of its server; variants with the same ones share a server.
        command: Starts its server.
        must_match: Whether its response must equal that of the others, byte for byte.
        max_clients: The most concurrent clients that it is measured with.
    """

    name: str
    call: Callable[[str, Mapping[str, Any], "Viewer"], tuple[str, bytes]]
    environment: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = API
    must_match: bool = True
    max_clients: int = 32

    def request(self, operation: str, variables: Mapping[str, Any], viewer: "Viewer") -> Call:
        return Call(*self.call(operation, variables, viewer), viewer.token)

    @property
    def server(self) -> str:
        """The key of its server."""
        return f"{self.command} {self.environment}"


def _api(name: str, variables: Mapping[str, Any], _asker: "Viewer") -> tuple[str, bytes]:
    given = {key: value for key, value in variables.items() if key != "link"}
    return "/graphql", orjson.dumps({"query": operations()[name], "operationName": name, "variables": given})


def _written(name: str, variables: Mapping[str, Any], _asker: "Viewer") -> tuple[str, bytes]:
    return f"/baseline/{name}", orjson.dumps(variables)


def _postgraphile(name: str, variables: Mapping[str, Any], viewer: "Viewer") -> tuple[str, bytes]:
    if name != LINK_GROUPS:
        given = {"user": viewer.user_id} if name == "Viewer" else {"id": viewer.organisation_id}
        return "/graphql", postgraphile.body(name, given)
    told = variables["input"]
    ended = None if len(told["groupIds"]) > variables["link"]["linked"] else "2030-01-01T00:00:00Z"
    contract = key_of("Contract", told["contractId"])
    linked = {"contract": contract, "version": told["version"] + 1, "link": variables["link"]["id"], "endedAt": ended}
    return "/graphql", postgraphile.body(name, linked)


ENGINE = Variant("engine", _api)
HAND_WRITTEN = Variant("hand-written", _written)
ORDINARY = Variant("ordinary", _api, {"READING_POOL": "0"}, max_clients=8)
RULELESS = Variant("without rules", _api, {"RULES": "none"}, must_match=False)


def variants() -> list[Variant]:
    """The variants that are compared; PostGraphile only if npm is installed."""
    command = postgraphile.command()
    told = {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    beside = [Variant("postgraphile", _postgraphile, told, tuple(command), must_match=False)] if command else []
    return [ENGINE, ORDINARY, HAND_WRITTEN, *beside, RULELESS]


@dataclass(frozen=True)
class Viewer:
    """A signed-in person, and the organisation that they query."""

    organisation_id: int
    user_id: int
    token: str

    def variables(self, operation: str) -> dict[str, Any]:
        return {} if operation == "Viewer" else {"id": global_id("Organisation", self.organisation_id)}


async def signed_in(size: Size, place: int) -> list[Viewer]:
    """Signs in the person at a position in each organisation; the database must be open."""
    people = [(one + 1, one * size.users + place) for one in range(size.organisations)]
    return [Viewer(organisation, user, await sessions.begin(user, None)) for organisation, user in people]


@dataclass
class LinkScenario:
    """A contract to which one more group is linked and unlinked, again and again."""

    viewer: Viewer
    contract_id: int
    version: int
    linked_group_ids: list[int]
    other_group_id: int
    ended_link_id: int
    """An ended link of the contract, for the variant that links by opening it again."""
    is_linked: bool = False

    def variables(self) -> dict[str, Any]:
        """The variables that link the group, or unlink it, from the version after the last call."""
        chosen = self.linked_group_ids if self.is_linked else [*self.linked_group_ids, self.other_group_id]
        groups = [global_id("Group", key) for key in chosen]
        given = {"contractId": global_id("Contract", self.contract_id), "version": self.version, "groupIds": groups}
        self.is_linked, self.version = not self.is_linked, self.version + 1
        return {"input": given, "link": {"id": self.ended_link_id, "linked": len(self.linked_group_ids)}}

    async def refresh(self) -> None:
        """Reads the state that the variant before left behind."""
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
        held = [link.group_id for link in await GroupLink.filter(contract_id=contract.id, ended_at=None).order_by("id")]
        first = (viewer.organisation_id - 1) * size.groups + 1
        other = next(key for key in count(first) if key not in held)
        unused = next(key for key in count(first) if key not in (*held, other))
        of = {"organisation_id": contract.organisation_id, "contract_id": contract.id, "group_id": unused}
        spare = await GroupLink.create(**of, linked_at=contract.published_at, ended_at=contract.published_at)
        return cls(viewer, contract.id, contract.version, held, other, spare.id)


def clients(
    variant: Variant, operation: str, viewers: list[Viewer], scenarios: list[LinkScenario], many: int
) -> list[Iterator[Call]]:
    """The endless calls of each client: about one organisation after another, or linking on a contract of its own."""
    if operation == LINK_GROUPS:
        return [_linking(variant, place) for place in scenarios[:many]]
    return [_reading(variant, operation, viewers, first) for first in range(many)]


def _reading(variant: Variant, operation: str, viewers: list[Viewer], first: int) -> Iterator[Call]:
    for place in count(first * 7):
        viewer = viewers[place % len(viewers)]
        yield variant.request(operation, viewer.variables(operation), viewer)


def _linking(variant: Variant, place: LinkScenario) -> Iterator[Call]:
    while True:
        yield variant.request(LINK_GROUPS, place.variables(), place.viewer)
