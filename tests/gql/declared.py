"""The declarations, walked: which fields a type has, and which rows are seen with their owner."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import GraphQLField, GraphQLObjectType, is_required_argument
from strawberry.utils.str_converters import to_camel_case

from gql.reading.fields import DeclaredField
from gql.reading.queries import SqlConnection, SqlRow
from gql.reading.relations import Embedded, SqlRows, ToOne
from gql.reading.sources import SOURCES, Source
from gql.reading.targets import target_of
from tests.gql.selections import TYPES, is_connection

ROWS_OF_QUERIES = (SqlRow, Embedded, SqlConnection, SqlRows)
"""The relations that may lead to rows of a query, which have no rule of their own: they are seen with their owner."""


def declared(source: Source) -> Iterator[DeclaredField]:
    fields = source.declared_type.__strawberry_definition__.fields  # type: ignore[attr-defined]  # Strawberry adds it
    yield from (field for field in fields if isinstance(field, DeclaredField))


def in_schema(source: Source, field: DeclaredField) -> tuple[str, GraphQLField]:
    kind = TYPES[source.name]
    assert isinstance(kind, GraphQLObjectType)
    name = field.graphql_name or to_camel_case(field.python_name)
    return name, kind.fields[name]


@dataclass(frozen=True)
class Path:
    """A way to a row that is seen with its owner, through rows of queries if need be.

    Attributes:
        start: The type that it starts from.
        steps: What is selected on the way, such as `reasons`, `... on GroupAccess`, `group`.
        target: The type that it leads to.
        told: Whether a query comes to it, every field on the way being read without arguments.
        by_foreign_key: Whether its last step follows a foreign key, and no other SQL.
    """

    start: str
    steps: tuple[str, ...]
    target: str
    told: bool = True
    by_foreign_key: bool = False

    def __str__(self) -> str:
        return f"{'.'.join((self.start, *self.steps))} -> {self.target}".replace(".... on ", ":")

    def then(self, *steps: str, told: bool = True) -> "Path":
        return Path(self.start, (*self.steps, *steps), self.target, self.told and told)

    def selection(self) -> str:
        """The GraphQL that follows it."""
        text = "__typename id"
        for step in reversed(self.steps):
            text = f"{step} {{ {text} }}"
        return text


def non_null_paths() -> list[Path]:
    """Every such way: from entities and the viewer, and from types that only answers to mutations have."""
    starts = [source for source in SOURCES.values() if source.model is not None or source.name == "Viewer"]
    reached: set[str] = set()
    found = [path for start in starts for path in _onward(Path(start.name, (), ""), start, reached)]
    rest = [each for each in SOURCES.values() if each not in starts and each.name not in reached]
    # No query comes to these.
    return found + [path for start in rest for path in _onward(Path(start.name, (), "", told=False), start, reached)]


def _onward(path: Path, source: Source, reached: set[str]) -> Iterator[Path]:
    for field in declared(source):
        name, described = in_schema(source, field)
        if isinstance(field.resolution, ToOne):
            target = target_of(field)
            if not field.resolution.is_checked(target):
                steps, by_foreign_key = (*path.steps, name), field.resolution.key is None
                yield Path(path.start, steps, target.source.name, path.told, by_foreign_key)
        elif isinstance(field.resolution, ROWS_OF_QUERIES):
            told = not any(is_required_argument(argument) for argument in described.args.values())
            pages = ("edges", "node") if is_connection(described) else ()
            yield from _members(path.then(name, *pages, told=told), field, reached)


def _members(path: Path, field: DeclaredField, reached: set[str]) -> Iterator[Path]:
    target = target_of(field)
    for member in target.members.values() or (target.source,):
        if member.model is None:
            reached.add(member.name)
            yield from _onward(path.then(f"... on {member.name}") if target.members else path, member, reached)
