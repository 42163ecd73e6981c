"""What an operation costs that comes again: worked out anew only for variables by which it may cost something else."""

from collections.abc import Mapping
from typing import Any, Final

from graphql import (
    ArgumentNode,
    DocumentNode,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)

from gql.limits.cost import cost

DECISIVE: Final = frozenset({"first", "last", "ids", "if"})
"""The arguments, those of directives included, by which an operation asks for more or less."""
KEPT: Final = 64
"""For how many sets of such variables an operation's cost is kept."""


class Price:
    """What one valid operation costs, worked out once for all variables between which its cost makes no difference.

    Args:
        schema: The schema that it was found valid for.
        document: The document, with its fragments.
        operation: The operation.
    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        self._asked = schema, document, operation
        self._decisive = _decisive(document)
        self._known: dict[tuple[object, ...], int] = {}

    def with_variables(self, variables: Mapping[str, Any] | None) -> int:
        """How many objects it reads at most, with variables as the client gave them."""
        given = variables or {}
        key = tuple(_weighty(given, name) for name in self._decisive)
        if key not in self._known:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[key] = cost(*self._asked, given)
        return self._known[key]


def _decisive(document: DocumentNode) -> list[str]:
    """The variables on which the cost of a document's operations may depend, in the order of their names."""
    found: set[str] = set()

    class Looking(Visitor):
        def enter_argument(self, node: ArgumentNode, *_rest: Any) -> None:
            if node.name.value in DECISIVE and isinstance(node.value, VariableNode):
                found.add(node.value.name.value)

    visit(document, Looking())
    return sorted(found)


def _weighty(variables: Mapping[str, Any], name: str) -> object:
    """What counts of a variable: the length of a list, and otherwise the value."""
    if name not in variables:
        return ()
    value = variables[name]
    return ("items", len(value)) if isinstance(value, list) else (type(value), str(value))
