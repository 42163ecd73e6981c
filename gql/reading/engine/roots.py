"""How the fields of Query find their rows, for the engine; each stands beside the function that answers otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gql.reading.engine.arguments import Bound
from gql.reading.nodes import at_most_a_page, named_node


@dataclass(frozen=True)
class ById:
    """The row of any entity with the global id in the argument `id`, if the viewer may see it."""

    def bind(self, arguments: Mapping[str, Any]) -> Bound:
        """The type's name, or None for no id of ours; and the key."""
        source, key = named_node(arguments["id"])
        return Bound(source and source.name, [key])


@dataclass(frozen=True)
class ByIds:
    """The rows with the global ids in the argument `ids`, in that order."""

    def bind(self, arguments: Mapping[str, Any]) -> Bound:
        """The types' names; the keys of each, and then what is asked for, one after the other.

        Raises:
            BadArgument: More are asked for than a page holds.
        """
        asked = [named_node(given) for given in at_most_a_page(arguments["ids"])]
        named = [(source.name if source else None, key) for source, key in asked]
        names = tuple(sorted({name for name, _ in named if name}))
        return Bound(names, [*([key for of, key in named if of == name] for name in names), named])


@dataclass(frozen=True)
class ByValue:
    """The row of one entity with a value in a column, if the viewer may see it.

    Attributes:
        source: The entity's name.
        column: The column; a text.
        argument: The argument that gives the value.
        read: Reads what was given; raises BadArgument when it can't be.
    """

    source: str
    column: str
    argument: str
    read: Callable[[str], str]

    def bind(self, arguments: Mapping[str, Any]) -> Bound:
        """The value.

        Raises:
            BadArgument: It can't be read.
        """
        return Bound(None, [self.read(arguments[self.argument])])


@dataclass(frozen=True)
class Every:
    """All rows of an entity that anyone may see, by key.

    Attributes:
        source: The entity's name.
        where: A condition over `{row}`.
    """

    source: str
    where: str = "true"


@dataclass(frozen=True)
class Oneself:
    """One row about the viewer.

    Attributes:
        source: The facet's name.
        columns: What its fields start from: SQL over the viewer's facts.
    """

    source: str
    columns: str


RootRows = ById | ByIds | ByValue | Every | Oneself
"""One of these ways."""
