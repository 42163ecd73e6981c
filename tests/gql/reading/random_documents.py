"""Random valid and invalid documents of the schema, with their variables."""

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
FILE_ADDRESS = re.compile(rb"/files/[\w-]+\.([\w-]+)\.[\w-]+")
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
        return cls({name: ids for name, ids in keys.items() if ids}, [row["enterprise_number"] for row in numbers])

    def id_batches(self, name: str) -> Iterator[list[str]]:
        """The global ids of all rows of a type, in batches of the size that `nodes` allows."""
        keys = self.keys.get(name, ())
        for first in range(0, len(keys), MAX_PAGE_SIZE):
            yield [global_id(name, key) for key in keys[first : first + MAX_PAGE_SIZE]]


@dataclass
class Document:
    """A document, the name and argument that each of its variables is for, and their values."""

    text: str
    types: dict[str, tuple[str, GraphQLArgument]]
    variables: dict[str, Any]


def without_times(data: bytes) -> bytes:
    """The data without the times at which the file addresses in them were signed."""
    return FILE_ADDRESS.sub(_without_time_claims, data)


def _without_time_claims(address: re.Match[bytes]) -> bytes:
    encoded = address[1] + b"=" * (-len(address[1]) % 4)
    payload = json.loads(urlsafe_b64decode(encoded))
    return json.dumps({name: claim for name, claim in payload.items() if name not in {"exp", "iat"}}).encode()


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
        declared = ", ".join(f"${name}: {argument.type}" for name, (_, argument) in self.types.items())
        operation = f"query Q({declared})" if declared else "query Q"
        return Document(f"{operation} {{ {' '.join(roots)} }} {' '.join(self.fragments)}", self.types, self.variables)

    def new_variables(self) -> dict[str, Any]:
        """Other values for the variables."""
        return {name: self.value(key, argument) for name, (key, argument) in self.types.items()}

    def root(self, query: GraphQLObjectType) -> str:
        weights = {"node": 8, "organisation": 6, "viewer": 4, "nodes": 2}
        names = [field for field in query.fields if field not in FUNCTION_FIELDS]
        name: str
        [name] = self.random.choices(names, [weights.get(field, 1) for field in names])
        return name

    def field(self, kind: Any, name: str, depth: int, *, alias: bool = False) -> str:
        definition = kind.fields[name]
        arguments = self.arguments(definition)
        if arguments or alias or self.random.random() < 0.1:
            self.aliases += 1
            name = f"a{self.aliases}: {name}"
        written = f"({', '.join(f'{key}: {value}' for key, value in arguments.items())})" if arguments else ""
        target = get_named_type(definition.type)
        selection = "" if is_leaf_type(target) else self.selection(target, depth)
        return f"{name}{written}{self.directive()} {selection}"

    def selection(self, kind: Any, depth: int) -> str:
        if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
            return f"{{ {' '.join(self.members(kind, depth))} }}"
        names = [name for name, field in kind.fields.items() if depth > 0 or is_leaf_type(get_named_type(field.type))]
        chosen = self.random.sample(names, min(len(names), self.random.randint(1, 5)))
        selections = [self.field(kind, name, depth - self.deeper(kind)) for name in chosen]
        if not selections or self.random.random() < 0.2:
            selections.append("__typename")
        selections += self.fragment(kind)
        return f"{{ {' '.join(selections)} }}"

    @staticmethod
    def deeper(kind: GraphQLObjectType) -> int:
        return 0 if kind.name.endswith(("Connection", "Edge", "PageInfo")) else 1

    def members(self, kind: GraphQLUnionType | GraphQLInterfaceType, depth: int) -> Iterator[str]:
        yield "__typename"
        if isinstance(kind, GraphQLInterfaceType):
            yield self.random.choice(["id", ""])
        for index, member in enumerate(CORE.get_possible_types(kind)):
            if self.random.random() < 0.8:
                self.aliases += 1
                key = f"m{index}x{self.aliases}"
                name = self.random.choice([name for name, field in member.fields.items() if not field.args])
                target = get_named_type(member.fields[name].type)
                selection = "" if is_leaf_type(target) else self.selection(target, max(depth - 1, 0))
                yield f"... on {member.name} {{ {key}: {name} {selection} }}"

    def fragment(self, kind: GraphQLObjectType) -> Iterator[str]:
        chance = self.random.random()
        if chance < 0.1:
            index = len(self.fragments)
            name = f"F{index}"
            self.fragments.append("")
            self.fragments[index] = f"fragment {name} on {kind.name} {{ {self.leaf(kind)} }}"
            yield f"...{name}{self.directive()}"
        elif chance < 0.2 and kind.interfaces:
            yield f"... on {kind.interfaces[0].name} {{ id }}"
        elif chance < 0.3:
            yield f"...{self.directive()} {{ {self.leaf(kind)} }}"

    def leaf(self, kind: GraphQLObjectType) -> str:
        names = [name for name, field in kind.fields.items() if is_leaf_type(get_named_type(field.type))]
        without_arguments = [field for field in names if not kind.fields[field].args]
        name: str = self.random.choice([*without_arguments, "__typename"])
        return name

    def directive(self) -> str:
        if self.random.random() > 0.08:
            return ""
        argument = GraphQLArgument(GraphQLNonNull(GraphQLBoolean))
        return f" @{self.random.choice(('skip', 'include'))}(if: {self.write('if', argument)})"

    def arguments(self, field: GraphQLField) -> dict[str, str]:
        arguments = {}
        resolution = getattr(field.extensions.get("strawberry-definition"), "resolution", None)
        paging = resolution.paging if isinstance(resolution, Connection | SqlConnection) else None
        self.order = paging.default[0] if paging else ""
        known_cursors = self.known_values.cursors.get(self.order)
        backward = self.random.random() < 0.25
        for name, argument in field.args.items():
            included = is_required_argument(argument) or self.random.random() < 0.4
            if (name in {"last", "before"} and not backward) or (name in {"first", "after"} and backward):
                included = self.random.random() < 0.02
            if name in CURSORS and not known_cursors:
                included = self.random.random() < 0.01
            if included:
                arguments[name] = self.write(name, argument)
        return arguments

    def write(self, key: str, argument: GraphQLArgument) -> str:
        """A random value of an argument, as a literal or as a variable."""
        value = self.value(key, argument)
        if self.random.random() < 0.4:
            name = f"v{len(self.types)}"
            self.types[name], self.variables[name] = (key, argument), value
            return f"${name}"
        return self.literal(argument.type, value)

    def literal(self, kind: Any, value: Any) -> str:
        named = get_nullable_type(kind)
        if value is None:
            return "null"
        if is_list_type(named):
            return f"[{', '.join(self.literal(named.of_type, item) for item in value)}]"
        if isinstance(named, GraphQLInputObjectType):
            fields = (f"{name}: {self.literal(named.fields[name].type, item)}" for name, item in value.items())
            return f"{{{', '.join(fields)}}}"
        return str(value) if isinstance(named, GraphQLEnumType) else json.dumps(value)

    def value(self, key: str, argument: Any) -> Any:
        if not isinstance(argument.type, GraphQLNonNull) and self.random.random() < 0.1:
            return None
        if key in {"first", "last"}:
            return self.random.choice(SIZES if self.random.random() < 0.98 else BAD_SIZES)
        if key in CURSORS:
            return self.random.choice(self.known_values.cursors.get(self.order) or ["bm9uZQ=="])
        return self.of_type(key, get_nullable_type(argument.type))

    def of_type(self, key: str, kind: Any) -> Any:
        if is_list_type(kind):
            return [self.of_type(key, get_nullable_type(kind.of_type)) for _ in range(self.random.randint(0, 4))]
        if isinstance(kind, GraphQLInputObjectType):
            fields = [
                (name, field)
                for name, field in kind.fields.items()
                if isinstance(field.type, GraphQLNonNull) or self.random.random() < 0.4
            ]
            return {name: self.value(name, field) for name, field in fields}
        if isinstance(kind, GraphQLEnumType):
            return self.random.choice(list(kind.values))
        if kind.name == "ID":
            return self.id(key)
        return self.random.choice(self.scalar_values(kind.name))

    def scalar_values(self, kind: str) -> Sequence[Any]:
        """The values to choose from for a scalar."""
        choices = {"Int": (0, 1, 7, 30, 400), "Boolean": (True, False), "Date": DAYS, "DateTime": TIMES}
        return self.known_values.numbers if kind == "EnterpriseNumber" else choices.get(kind, TEXTS)

    def id(self, key: str) -> str:
        """A global id: of the type that the argument's name says, or of any."""
        if self.random.random() < 0.03:
            return self.random.choice(("bogus", "", global_id("Contract", 2**62)))
        type_name = key.removesuffix("Id").capitalize()
        name = type_name if type_name in self.known_values.keys else self.random.choice(list(self.known_values.keys))
        return global_id(name, self.random.choice(self.known_values.keys[name]))
