"""What is asked, by whom, and the ways of asking it that are compared."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from bench.graph import postgraphile
from bench.graph.load import Call
from bench.graph.seed import Size
from bench.graph.serving import API
from bench.graph.texts import texts
from domain.models import Contract, GroupLink
from gql.reading.ids import global_id, key_of
from identity import sessions

QUERIES = Path(__file__).parents[1] / "queries.graphql"
LINKING = "LinkGroups"
ADMINISTRATOR, USER = 1, 5
"""The places of people among those of an organisation, as the seed has them."""


@cache
def operations() -> dict[str, str]:
    """The text of each operation by its name, as a client sends it."""
    return texts(QUERIES)


@dataclass(frozen=True)
class Variant:
    """A way to get the answer.

    Attributes:
        name: What the report calls it.
        call: The path and the body for an operation's name, its variables, and who asks.
        environment: What its server is told beside the rest; variants that tell the same share one.
        command: What starts its server.
        same: Whether it must answer the same bytes as the others.
        most: For how many clients at once it is measured at most.
    """

    name: str
    call: Callable[[str, Mapping[str, Any], "Asker"], tuple[str, bytes]]
    environment: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = API
    same: bool = True
    most: int = 32

    def asks(self, operation: str, variables: Mapping[str, Any], asker: "Asker") -> Call:
        return Call(*self.call(operation, variables, asker), asker.token)

    @property
    def server(self) -> str:
        """Variants with the same one share a server."""
        return f"{self.command} {self.environment}"


def _api(name: str, variables: Mapping[str, Any], _asker: "Asker") -> tuple[str, bytes]:
    given = {key: value for key, value in variables.items() if key != "link"}
    return "/graphql", orjson.dumps({"query": operations()[name], "operationName": name, "variables": given})


def _written(name: str, variables: Mapping[str, Any], _asker: "Asker") -> tuple[str, bytes]:
    return f"/baseline/{name}", orjson.dumps(variables)


def _postgraphile(name: str, variables: Mapping[str, Any], asker: "Asker") -> tuple[str, bytes]:
    if name != LINKING:
        given = {"user": asker.user_id} if name == "Viewer" else {"id": asker.organisation_id}
        return "/graphql", postgraphile.body(name, given)
    told = variables["input"]
    ended = None if len(told["groupIds"]) > variables["link"]["standing"] else "2030-01-01T00:00:00Z"
    contract = key_of("Contract", told["contractId"])
    linked = {"contract": contract, "version": told["version"] + 1, "link": variables["link"]["id"], "endedAt": ended}
    return "/graphql", postgraphile.body(name, linked)


ENGINE = Variant("engine", _api)
HAND_WRITTEN = Variant("hand-written", _written)
ORDINARY = Variant("ordinary", _api, {"READING_POOL": "0"}, most=8)
RULELESS = Variant("without rules", _api, {"RULES": "none"}, same=False)


def variants() -> list[Variant]:
    """The ways that are compared: PostGraphile among them where npm is there."""
    command = postgraphile.command()
    told = {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    beside = [Variant("postgraphile", _postgraphile, told, tuple(command), same=False)] if command else []
    return [ENGINE, ORDINARY, HAND_WRITTEN, *beside, RULELESS]


@dataclass(frozen=True)
class Asker:
    """Somebody signed in, and the organisation that they ask about."""

    organisation_id: int
    user_id: int
    token: str

    def variables(self, operation: str) -> dict[str, Any]:
        return {} if operation == "Viewer" else {"id": global_id("Organisation", self.organisation_id)}


async def signed_in(size: Size, place: int) -> list[Asker]:
    """Of each organisation the person at a place, signed in; the database must be open."""
    people = [(one + 1, one * size.users + place) for one in range(size.organisations)]
    return [Asker(organisation, user, await sessions.begin(user, None)) for organisation, user in people]


@dataclass
class Linking:
    """A contract whose groups are set again and again: one more is tied, then untied."""

    asker: Asker
    contract_id: int
    version: int
    standing: list[int]
    other: int
    spare: int
    """An ended link of the contract, for the way that ties by opening it again."""
    tied: bool = False

    def variables(self) -> dict[str, Any]:
        """What ties the group, or unties it, from the version that the last call led to."""
        chosen = self.standing if self.tied else [*self.standing, self.other]
        groups = [global_id("Group", key) for key in chosen]
        given = {"contractId": global_id("Contract", self.contract_id), "version": self.version, "groupIds": groups}
        self.tied, self.version = not self.tied, self.version + 1
        return {"input": given, "link": {"id": self.spare, "standing": len(self.standing)}}

    async def refresh(self) -> None:
        """Takes up what the way before it left behind."""
        self.version = (await Contract.get(id=self.contract_id)).version
        self.tied = await GroupLink.filter(contract_id=self.contract_id, group_id=self.other, ended_at=None).exists()

    @classmethod
    async def of(cls, asker: Asker, size: Size) -> "Linking":
        """On the newest contract of the asker's organisation that has groups and isn't over."""
        links = GroupLink.filter(organisation_id=asker.organisation_id, ended_at=None, contract__ended_at=None)
        newest = await links.order_by("-contract__published_at", "-contract_id").first()
        assert newest
        contract = await Contract.get(id=newest.contract_id)
        held = [link.group_id for link in await GroupLink.filter(contract_id=contract.id, ended_at=None).order_by("id")]
        first = (asker.organisation_id - 1) * size.groups + 1
        other = next(key for key in count(first) if key not in held)
        unused = next(key for key in count(first) if key not in (*held, other))
        of = {"organisation_id": contract.organisation_id, "contract_id": contract.id, "group_id": unused}
        spare = await GroupLink.create(**of, linked_at=contract.published_at, ended_at=contract.published_at)
        return cls(asker, contract.id, contract.version, held, other, spare.id)


def clients(
    variant: Variant, operation: str, askers: list[Asker], places: list[Linking], many: int
) -> list[Iterator[Call]]:
    """What so many clients ask, without end: about one organisation after another, or linking on a contract each."""
    if operation == LINKING:
        return [_linking(variant, place) for place in places[:many]]
    return [_reading(variant, operation, askers, first) for first in range(many)]


def _reading(variant: Variant, operation: str, askers: list[Asker], first: int) -> Iterator[Call]:
    for place in count(first * 7):
        asker = askers[place % len(askers)]
        yield variant.asks(operation, asker.variables(operation), asker)


def _linking(variant: Variant, place: Linking) -> Iterator[Call]:
    while True:
        yield variant.asks(LINKING, place.variables(), place.asker)
