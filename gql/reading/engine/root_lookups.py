"""How the engine finds the rows of Query's fields; the ordinary path calls the field's function instead."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gql.reading.engine.arguments import BoundArguments
from gql.reading.nodes import check_id_count, parse_node_id


@dataclass(frozen=True)
class ById:
    """The row of any entity with the global id in the argument `id`, if the viewer may see it."""

    def bind(self, arguments: Mapping[str, Any]) -> BoundArguments:
        """The type's name as the shape, None for an invalid id; the key as the value."""
        source, key = parse_node_id(arguments["id"])
        return BoundArguments(source and source.name, [key])


@dataclass(frozen=True)
class ByIds:
    """The rows with the global ids in the argument `ids`, in that order."""

    def bind(self, arguments: Mapping[str, Any]) -> BoundArguments:
        """The types' names as the shape; the keys of each type, then every (type name, key) in the order of the ids.

        Raises:
            BadArgument: There are more ids than a page has rows.
        """
        parsed = [parse_node_id(node_id) for node_id in check_id_count(arguments["ids"])]
        nodes = [(source.name if source else None, key) for source, key in parsed]
        names = tuple(sorted({name for name, _ in nodes if name}))
        keys_by_type = ([key for type_name, key in nodes if type_name == name] for name in names)
        return BoundArguments(names, [*keys_by_type, nodes])


@dataclass(frozen=True)
class ByColumn:
    """The row of one entity with a value in a column, if the viewer may see it.

    Attributes:
        source: The entity's name.
        column: The column; a text.
        argument: The argument that gives the value.
        parse: Parses the argument; raises BadArgument when it can't.
    """

    source: str
    column: str
    argument: str
    parse: Callable[[str], str]

    def bind(self, arguments: Mapping[str, Any]) -> BoundArguments:
        """The value.

        Raises:
            BadArgument: It can't be parsed.
        """
        return BoundArguments(None, [self.parse(arguments[self.argument])])


@dataclass(frozen=True)
class AllRows:
    """All rows of an entity that anyone may see, by key.

    Attributes:
        source: The entity's name.
        where: A condition over `{row}`.
    """

    source: str
    where: str = "true"


@dataclass(frozen=True)
class ViewerRow:
    """One row about the viewer.

    Attributes:
        source: The facet's name.
        columns: What its fields start from: SQL over the viewer's facts.
    """

    source: str
    columns: str


RootLookup = ById | ByIds | ByColumn | AllRows | ViewerRow
"""How the rows of one of Query's fields are found."""
