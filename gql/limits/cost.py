"""The cost of an operation: the objects that it reads at most, computed from the page sizes that it asks for.

The object of a root field counts as one; so does each row of a page or list, together with single objects selected in
it. Pages multiply what is selected in them; a list without pages counts as twenty rows, a rendered preview as five
hundred objects; scalars and lists of scalars cost nothing. The cost of a fragment is computed once for each page size
that it is spread in, so that fragments that spread one another take time linear in the document's length.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    value_from_ast_untyped,
)

from gql.reading.paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE

LIST_SIZE: Final = 20
"""The assumed length of a list of objects without pages."""
FIELD_COSTS: Final = {("Contract", "notificationPreview"): 500}
"""Fields that cost more than one object."""
MAX_COST: Final = 10**9
"""The cost is cut off here, far above every limit."""
_ROOTS: Final = ("Query", "Mutation", "Subscription")


@dataclass
class _CostCalculator:
    """Computes costs for one document and its variables."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    _fragment_costs: dict[tuple[str, int], int] = field(default_factory=dict)

    def selection_set(self, parent: GraphQLNamedType, node: SelectionSetNode | None, page_size: int) -> int:
        """The cost of a selection set on one object of a type.

        Args:
            parent: The type.
            node: The selection set.
            page_size: The page size, when the type is a connection.
        """
        total = 0
        for selection in node.selections if node else ():
            if self._is_excluded(selection):
                continue
            match selection:
                case FieldNode():
                    total += self._field(parent, selection, page_size)
                case InlineFragmentNode(type_condition=condition, selection_set=inner):
                    narrowed = self.schema.type_map.get(condition.name.value) if condition else parent
                    total += self.selection_set(narrowed or parent, inner, page_size)
                case FragmentSpreadNode(name=name) if name.value in self.fragments:
                    total += self._fragment(name.value, page_size)
        return min(total, MAX_COST)

    def _fragment(self, name: str, page_size: int) -> int:
        key = (name, page_size)
        if key not in self._fragment_costs:
            self._fragment_costs[key] = 0  # found by a fragment that spreads itself, which validation refuses
            fragment = self.fragments[name]
            parent = self.schema.type_map.get(fragment.type_condition.name.value)
            if parent is not None:
                self._fragment_costs[key] = self.selection_set(parent, fragment.selection_set, page_size)
        return self._fragment_costs[key]

    def _field(self, parent: GraphQLNamedType, node: FieldNode, page_size: int) -> int:
        definition = _field_definition(self.schema, parent, node.name.value)
        type_ = get_named_type(definition.type) if definition else None
        if definition is None or type_ is None or not is_composite_type(type_):
            return 0
        name = node.name.value
        if name == "edges" and parent.name.endswith("Connection"):
            # The row of an edge is counted here, and not again at `node`.
            return page_size * (1 + self.selection_set(type_, node.selection_set, 0))
        inner = self.selection_set(type_, node.selection_set, self._page_size(node))
        if is_list_type(get_nullable_type(definition.type)):
            return self._list_length(definition, node) * (1 + inner)
        return FIELD_COSTS.get((parent.name, name), int(parent.name in _ROOTS)) + inner

    def _list_length(self, definition: GraphQLField, node: FieldNode) -> int:
        """The assumed length of a list without pages: that of the argument `ids`, if the field has one."""
        argument = next((each.value for each in node.arguments or () if each.name.value == "ids"), None)
        if argument is None or "ids" not in definition.args:
            return LIST_SIZE
        ids = self._value(argument)
        return len(ids) if isinstance(ids, list | tuple) else LIST_SIZE

    def _page_size(self, node: FieldNode) -> int:
        """The page size of a connection, within the limits: one out of range is refused later, and saves nothing."""
        arguments = (each.value for each in node.arguments or () if each.name.value in {"first", "last"})
        sizes = [size for value in arguments if (size := _integer(self._value(value))) is not None]
        return min(max(0, *sizes), MAX_PAGE_SIZE) if sizes else DEFAULT_PAGE_SIZE

    def _value(self, node: ValueNode) -> Any:
        """The value of an argument that a cost depends on; None for any other kind of value."""
        match node:
            case VariableNode(name=name):
                return self.variables.get(name.value)
            case IntValueNode(value=digits):
                return int(digits[:4])  # far above every limit, and short enough for `int`
            case ListValueNode(values=values):
                return values
        return None

    def _is_excluded(self, selection: Any) -> bool:
        """Is it excluded by `@skip` or `@include`?"""
        for directive in selection.directives or ():
            name = directive.name.value
            if name in {"skip", "include"} and directive.arguments:
                node = directive.arguments[0].value
                condition = self._value(node) if isinstance(node, VariableNode) else getattr(node, "value", None)
                if isinstance(condition, bool) and condition is (name == "skip"):
                    return True
        return False


def operation_cost(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any] | None,
) -> int:
    """How many objects a valid operation reads at most.

    Args:
        schema: The schema that it was validated against.
        document: The document, with its fragments.
        operation: The operation.
        variables: The variables of the request; the operation's defaults are added.
    """
    root = schema.get_root_type(operation.operation)
    if root is None:
        return 0
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    calculator = _CostCalculator(schema, fragments, {**_defaults(operation), **(variables or {})})
    return calculator.selection_set(root, operation.selection_set, 0)


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {
        node.variable.name.value: value_from_ast_untyped(node.default_value)
        for node in operation.variable_definitions or ()
        if node.default_value is not None
    }


def _integer(value: object) -> int | None:
    """The value as the library coerces it to Int, which accepts 100.0, too; None where it can't."""
    if isinstance(value, float):
        return int(value) if isfinite(value) else None
    return value if isinstance(value, int) else None


def _field_definition(schema: GraphQLSchema, parent: GraphQLNamedType, name: str) -> GraphQLField | None:
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        return schema.get_field(parent, name)
    return None
