"""Random documents of the schema, with their variables: what a client might send, sensible or not."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)

from domain.database.connection import database
from gql.reading.core_schema import core_schema
from gql.reading.ids import global_id
from gql.reading.paging import MAX_PAGE_SIZE
from gql.reading.queries import SqlConnection
from gql.reading.relations import Connection
from gql.reading.sources import SOURCES
from gql.schema import schema

CORE = core_schema(schema)
SIZES = (1, 2, 3, 5, 40, 100)
BAD_SIZES = (0, 101, -1)
TEXTS = ("a", "1", "e", "%", "'", "", "Bedrijf", "INVOICING", "CONTRACT")
CURSORS = frozenset({"after", "before"})
ADDRESS = re.compile(rb"/files/[\w-]+\.([\w-]+)\.[\w-]+")
TIMES = ("2020-02-29T12:00:00Z", "2026-11-24T00:00:00+01:00", "2100-01-01T00:00:00.5-05:00")
DAYS = ("2020-02-29", "2024-06-01", "2026-11-01", "2030-01-01")
FUNCTION_FIELDS = frozenset({"auditActions", "selfRegistrationForm"})
"""Fields of Query that only a function resolves; they change nothing that the engine does."""


@dataclass(frozen=True)
class KnownValues:
    """Values that arguments may take: keys of each type's rows, enterprise numbers, and cursors seen by order."""

    keys: Mapping[str, Sequence[int]]
    numbers: Sequence[str]
    cursors: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    async def from_database(cls) -> "KnownValues":
        """The keys and numbers of the open database."""
        keys = {}
        for source in SOURCES.values():
            if source.is_node and source.model is not None:
                rows = await database().execute_query_dict(f"select id from {source.table} order by id limit 300")
                keys[source.name] = [row["id"] for row in rows]
        numbers = await database().execute_query_dict("select enterprise_number from organisation order by id")
        return cls({name: of for name, of in keys.items() if of}, [row["enterprise_number"] for row in numbers])

    def id_batches(self, name: str) -> Iterator[list[str]]:
        """The global ids of all rows of a type, as many at a time as may be asked for at once."""
        keys = self.keys.get(name, ())
        for first in range(0, len(keys), MAX_PAGE_SIZE):
            yield [global_id(name, key) for key in keys[first : first + MAX_PAGE_SIZE]]


@dataclass
class Document:
    """A document, the key and argument that each of its variables is for, and their values."""

    text: str
    types: dict[str, tuple[str, GraphQLArgument]]
    variables: dict[str, Any]


def without_times(data: bytes) -> bytes:
    """An answer without the second in which the addresses of files in it were made."""
    return ADDRESS.sub(_untimed, data)


def _untimed(address: re.Match[bytes]) -> bytes:
    claims = address[1] + b"=" * (-len(address[1]) % 4)
    told = json.loads(urlsafe_b64decode(claims))
    return json.dumps({name: claim for name, claim in told.items() if name not in {"exp", "iat"}}).encode()


class DocumentGenerator:
    """Generates one document."""

    def __init__(self, random: Random, known_values: KnownValues) -> None:
        self.random = random
        self.known_values = known_values
        self.types: dict[str, tuple[str, GraphQLArgument]] = {}
        self.variables: dict[str, Any] = {}
        self.fragments: list[str] = []
        self.aliases = 0
        self.order = ""

    def document(self) -> Document:
        query = CORE.query_type
        assert query is not None
        count = self.random.choice((1, 1, 1, 2))
        roots = [self.field(query, self.root(query), self.random.choice((2, 3, 4)), alias=True) for _ in range(count)]
        declared = ", ".join(f"${name}: {given.type}" for name, (_, given) in self.types.items())
        head = f"query Q({declared})" if declared else "query Q"
        return Document(f"{head} {{ {' '.join(roots)} }} {' '.join(self.fragments)}", self.types, self.variables)

    def new_variables(self) -> dict[str, Any]:
        """Other values for the variables."""
        return {name: self.value(key, given) for name, (key, given) in self.types.items()}

    def root(self, query: GraphQLObjectType) -> str:
        weights = {"node": 8, "organisation": 6, "viewer": 4, "nodes": 2}
        names = [name for name in query.fields if name not in FUNCTION_FIELDS]
        chosen: str
        [chosen] = self.random.choices(names, [weights.get(name, 1) for name in names])
        return chosen

    def field(self, kind: Any, name: str, depth: int, *, alias: bool = False) -> str:
        given = kind.fields[name]
        arguments = self.arguments(given)
        if arguments or alias or self.random.random() < 0.1:
            self.aliases += 1
            name = f"a{self.aliases}: {name}"
        told = f"({', '.join(f'{key}: {value}' for key, value in arguments.items())})" if arguments else ""
        target = get_named_type(given.type)
        selected = "" if is_leaf_type(target) else self.selection(target, depth)
        return f"{name}{told}{self.directive()} {selected}"

    def selection(self, kind: Any, depth: int) -> str:
        if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
            return f"{{ {' '.join(self.members(kind, depth))} }}"
        names = [name for name, given in kind.fields.items() if depth > 0 or is_leaf_type(get_named_type(given.type))]
        chosen = self.random.sample(names, min(len(names), self.random.randint(1, 5)))
        told = [self.field(kind, name, depth - self.deeper(kind)) for name in chosen]
        if not told or self.random.random() < 0.2:
            told.append("__typename")
        told += self.fragment(kind)
        return f"{{ {' '.join(told)} }}"

    @staticmethod
    def deeper(kind: GraphQLObjectType) -> int:
        return 0 if kind.name.endswith(("Connection", "Edge", "PageInfo")) else 1

    def members(self, kind: GraphQLUnionType | GraphQLInterfaceType, depth: int) -> Iterator[str]:
        yield "__typename"
        if isinstance(kind, GraphQLInterfaceType):
            yield self.random.choice(["id", ""])
        for place, each in enumerate(CORE.get_possible_types(kind)):
            if self.random.random() < 0.8:
                self.aliases += 1
                key = f"m{place}x{self.aliases}"
                name = self.random.choice([name for name, given in each.fields.items() if not given.args])
                target = get_named_type(each.fields[name].type)
                rest = "" if is_leaf_type(target) else self.selection(target, max(depth - 1, 0))
                yield f"... on {each.name} {{ {key}: {name} {rest} }}"

    def fragment(self, kind: GraphQLObjectType) -> Iterator[str]:
        chance = self.random.random()
        if chance < 0.1:
            name = f"F{len(self.fragments)}"
            place = len(self.fragments)
            self.fragments.append("")
            self.fragments[place] = f"fragment {name} on {kind.name} {{ {self.leaf(kind)} }}"
            yield f"...{name}{self.directive()}"
        elif chance < 0.2 and kind.interfaces:
            yield f"... on {kind.interfaces[0].name} {{ id }}"
        elif chance < 0.3:
            yield f"...{self.directive()} {{ {self.leaf(kind)} }}"

    def leaf(self, kind: GraphQLObjectType) -> str:
        names = [name for name, given in kind.fields.items() if is_leaf_type(get_named_type(given.type))]
        plain = [name for name in names if not kind.fields[name].args]
        chosen: str = self.random.choice([*plain, "__typename"])
        return chosen

    def directive(self) -> str:
        if self.random.random() > 0.08:
            return ""
        given = GraphQLArgument(GraphQLNonNull(GraphQLBoolean))
        return f" @{self.random.choice(('skip', 'include'))}(if: {self.placed('if', given)})"

    def arguments(self, asked: GraphQLField) -> dict[str, str]:
        chosen = {}
        resolution = getattr(asked.extensions.get("strawberry-definition"), "resolution", None)
        paging = resolution.paging if isinstance(resolution, Connection | SqlConnection) else None
        self.order = paging.default[0] if paging else ""
        met = self.known_values.cursors.get(self.order)
        backward = self.random.random() < 0.25
        for name, given in asked.args.items():
            wanted = is_required_argument(given) or self.random.random() < 0.4
            if (name in {"last", "before"} and not backward) or (name in {"first", "after"} and backward):
                wanted = self.random.random() < 0.02
            if name in CURSORS and not met:
                wanted = self.random.random() < 0.01
            if wanted:
                chosen[name] = self.placed(name, given)
        return chosen

    def placed(self, key: str, given: GraphQLArgument) -> str:
        """As a literal or as a variable."""
        value = self.value(key, given)
        if self.random.random() < 0.4:
            name = f"v{len(self.types)}"
            self.types[name], self.variables[name] = (key, given), value
            return f"${name}"
        return self.literal(given.type, value)

    def literal(self, kind: Any, value: Any) -> str:
        named = get_nullable_type(kind)
        if value is None:
            return "null"
        if is_list_type(named):
            return f"[{', '.join(self.literal(named.of_type, each) for each in value)}]"
        if isinstance(named, GraphQLInputObjectType):
            parts = (f"{name}: {self.literal(named.fields[name].type, each)}" for name, each in value.items())
            return f"{{{', '.join(parts)}}}"
        return str(value) if isinstance(named, GraphQLEnumType) else json.dumps(value)

    def value(self, key: str, given: Any) -> Any:
        if not isinstance(given.type, GraphQLNonNull) and self.random.random() < 0.1:
            return None
        if key in {"first", "last"}:
            return self.random.choice(SIZES if self.random.random() < 0.98 else BAD_SIZES)
        if key in CURSORS:
            return self.random.choice(self.known_values.cursors.get(self.order) or ["bm9uZQ=="])
        return self.of_type(key, get_nullable_type(given.type))

    def of_type(self, key: str, kind: Any) -> Any:
        if is_list_type(kind):
            return [self.of_type(key, get_nullable_type(kind.of_type)) for _ in range(self.random.randint(0, 4))]
        if isinstance(kind, GraphQLInputObjectType):
            wanted = [
                (name, each)
                for name, each in kind.fields.items()
                if isinstance(each.type, GraphQLNonNull) or self.random.random() < 0.4
            ]
            return {name: self.value(name, each) for name, each in wanted}
        if isinstance(kind, GraphQLEnumType):
            return self.random.choice(list(kind.values))
        if kind.name == "ID":
            return self.id(key)
        return self.random.choice(self.plain(kind.name))

    def plain(self, kind: str) -> Sequence[Any]:
        """What there is to choose from of a scalar."""
        choices = {"Int": (0, 1, 7, 30, 400), "Boolean": (True, False), "Date": DAYS, "DateTime": TIMES}
        return self.known_values.numbers if kind == "EnterpriseNumber" else choices.get(kind, TEXTS)

    def id(self, key: str) -> str:
        """A global id: of the type that the argument's name says, or of any."""
        if self.random.random() < 0.03:
            return self.random.choice(("bogus", "", global_id("Contract", 2**62)))
        meant = key.removesuffix("Id").capitalize()
        name = meant if meant in self.known_values.keys else self.random.choice(list(self.known_values.keys))
        return global_id(name, self.random.choice(self.known_values.keys[name]))
