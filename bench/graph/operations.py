"""What is asked, by whom, and the ways of asking it that are compared."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import orjson
from graphql import OperationDefinitionNode, parse

from bench.graph.load import Call
from bench.graph.seed import Size
from domain.models import Contract, GroupLink
from gql.reading.ids import global_id
from identity import sessions

QUERIES = Path(__file__).parents[1] / "queries.graphql"
LINKING = "LinkGroups"
ADMINISTRATOR, USER = 1, 5
"""The places of people among those of an organisation, as the seed has them."""


@cache
def operations() -> dict[str, str]:
    """The text of each operation by its name, as a client sends it."""
    found: dict[str, str] = {}
    for definition in parse(QUERIES.read_text()).definitions:
        assert isinstance(definition, OperationDefinitionNode)
        assert definition.name
        assert definition.loc
        found[definition.name.value] = definition.loc.source.body[definition.loc.start : definition.loc.end]
    return found


@dataclass(frozen=True)
class Variant:
    """A way to get the answer.

    Attributes:
        name: What the report calls it.
        call: The path and the body for an operation's name, its text and its variables.
        environment: What its server is told beside the rest; variants that tell the same share one.
    """

    name: str
    call: Callable[[str, str, Mapping[str, Any]], tuple[str, bytes]]
    environment: Mapping[str, str] = field(default_factory=dict)

    def asks(self, operation: str, variables: Mapping[str, Any], token: str) -> Call:
        return Call(*self.call(operation, operations()[operation], variables), token)


def _api(name: str, text: str, variables: Mapping[str, Any]) -> tuple[str, bytes]:
    return "/graphql", orjson.dumps({"query": text, "operationName": name, "variables": variables})


def _written(name: str, text: str, variables: Mapping[str, Any]) -> tuple[str, bytes]:
    del text
    return f"/baseline/{name}", orjson.dumps(variables)


HAND_WRITTEN = Variant("hand-written", _written)
VARIANTS = (Variant("engine", _api), Variant("ordinary", _api, {"READING_POOL": "0"}), HAND_WRITTEN)


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
    tied: bool = False

    def variables(self) -> dict[str, Any]:
        """What ties the group, or unties it, from the version that the last call led to."""
        chosen = self.standing if self.tied else [*self.standing, self.other]
        groups = [global_id("Group", key) for key in chosen]
        given = {"contractId": global_id("Contract", self.contract_id), "version": self.version, "groupIds": groups}
        self.tied, self.version = not self.tied, self.version + 1
        return {"input": given}

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
        return cls(asker, contract.id, contract.version, held, other)


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
        yield variant.asks(operation, asker.variables(operation), asker.token)


def _linking(variant: Variant, place: Linking) -> Iterator[Call]:
    while True:
        yield variant.asks(LINKING, place.variables(), place.asker.token)
