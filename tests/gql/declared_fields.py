"""The declared fields of types, and the paths to rows that are visible with their owner."""

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
"""Relations to rows of a query, which have no visibility condition of their own: they are visible with their owner."""


def declared_fields(source: Source) -> Iterator[DeclaredField]:
    fields = source.declared_type.__strawberry_definition__.fields  # type: ignore[attr-defined]  # Strawberry adds it
    yield from (field for field in fields if isinstance(field, DeclaredField))


def schema_field(source: Source, field: DeclaredField) -> tuple[str, GraphQLField]:
    kind = TYPES[source.name]
    assert isinstance(kind, GraphQLObjectType)
    name = field.graphql_name or to_camel_case(field.python_name)
    return name, kind.fields[name]


@dataclass(frozen=True)
class NonNullPath:
    """A path of fields to a row that is visible with its owner, possibly through rows of queries.

    Attributes:
        start: The type that it starts from.
        steps: The fields and fragments along it, such as `reasons`, `... on GroupAccess`, `group`.
        target: The type of the row.
        is_queryable: Whether a query without arguments on its fields can reach it.
        by_foreign_key: Whether its last step follows a foreign key, and no other SQL.
    """

    start: str
    steps: tuple[str, ...]
    target: str
    is_queryable: bool = True
    by_foreign_key: bool = False

    def __str__(self) -> str:
        return f"{'.'.join((self.start, *self.steps))} -> {self.target}".replace(".... on ", ":")

    def extended(self, *steps: str, is_queryable: bool = True) -> "NonNullPath":
        return NonNullPath(self.start, (*self.steps, *steps), self.target, self.is_queryable and is_queryable)

    def selection(self) -> str:
        """The selection set that follows the path."""
        text = "__typename id"
        for step in reversed(self.steps):
            text = f"{step} {{ {text} }}"
        return text


def non_null_paths() -> list[NonNullPath]:
    """All paths: from entities and the viewer, and from types that only mutation payloads contain."""
    starts = [source for source in SOURCES.values() if source.model is not None or source.name == "Viewer"]
    reached: set[str] = set()
    found = [path for start in starts for path in _paths_from(NonNullPath(start.name, (), ""), start, reached)]
    rest = [each for each in SOURCES.values() if each not in starts and each.name not in reached]
    # No query reaches these.
    return found + [
        path
        for start in rest
        for path in _paths_from(NonNullPath(start.name, (), "", is_queryable=False), start, reached)
    ]


def _paths_from(path: NonNullPath, source: Source, reached: set[str]) -> Iterator[NonNullPath]:
    for field in declared_fields(source):
        name, described = schema_field(source, field)
        if isinstance(field.resolution, ToOne):
            target = target_of(field)
            if not field.resolution.is_checked(target):
                steps, by_foreign_key = (*path.steps, name), field.resolution.key is None
                yield NonNullPath(path.start, steps, target.source.name, path.is_queryable, by_foreign_key)
        elif isinstance(field.resolution, ROWS_OF_QUERIES):
            is_queryable = not any(is_required_argument(argument) for argument in described.args.values())
            pages = ("edges", "node") if is_connection(described) else ()
            yield from _paths_through_rows(path.extended(name, *pages, is_queryable=is_queryable), field, reached)


def _paths_through_rows(path: NonNullPath, field: DeclaredField, reached: set[str]) -> Iterator[NonNullPath]:
    target = target_of(field)
    for member in target.members.values() or (target.source,):
        if member.model is None:
            reached.add(member.name)
            yield from _paths_from(path.extended(f"... on {member.name}") if target.members else path, member, reached)
