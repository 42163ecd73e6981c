"""A cache of an operation's cost, by the variables on which the cost depends."""

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

from gql.limits.cost import operation_cost

COST_ARGUMENTS: Final = frozenset({"first", "last", "ids", "if"})
"""The arguments, including those of directives, on which the cost of an operation depends."""
CACHE_SIZE: Final = 64
"""How many costs of one operation are cached."""


class CostCache:
    """The cost of one valid operation for any variables.

    Args:
        schema: The schema that it was validated against.
        document: The document, with its fragments.
        operation: The operation.
    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        self._operation = schema, document, operation
        self._cost_variables = _cost_variables(document)
        self._costs: dict[tuple[object, ...], int] = {}

    def cost(self, variables: Mapping[str, Any] | None) -> int:
        """How many objects the operation reads at most with these variables of the request."""
        values = variables or {}
        key = tuple(_key_part(values, name) for name in self._cost_variables)
        if key not in self._costs:
            if len(self._costs) >= CACHE_SIZE:
                self._costs.clear()
            self._costs[key] = operation_cost(*self._operation, values)
        return self._costs[key]


def _cost_variables(document: DocumentNode) -> list[str]:
    """The variables on which the cost of a document's operations may depend, sorted by name."""
    names: set[str] = set()

    class CostArgumentVisitor(Visitor):
        def enter_argument(self, node: ArgumentNode, *_rest: Any) -> None:
            if node.name.value in COST_ARGUMENTS and isinstance(node.value, VariableNode):
                names.add(node.value.name.value)

    visit(document, CostArgumentVisitor())
    return sorted(names)


def _key_part(variables: Mapping[str, Any], name: str) -> object:
    """What of a variable the cost depends on: the length of a list, otherwise the value."""
    if name not in variables:
        return ()
    value = variables[name]
    return ("items", len(value)) if isinstance(value, list) else (type(value), str(value))
