"""What an operation would read at most, in objects, worked out from the page sizes that it asks for.

What a root field answers counts one; so does each row of a page or a list, with all that is read of it and of the one
row that it points at here or there. Pages multiply what is asked for in them; a list without pages counts as twenty, a
rendered preview as five hundred; scalars, and lists of them, cost nothing. A fragment is worked out once for each page
that it stands in, so that fragments that spread one another take no more time than they have text.
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

LIST: Final = 20
"""What a list of objects without pages counts as."""
PRICES: Final = {("Contract", "notificationPreview"): 500}
"""Fields that are more work than an object is."""
MOST: Final = 10**9
"""Where counting ends: nobody needs to know how far above every limit something is."""
_ROOTS: Final = ("Query", "Mutation", "Subscription")


@dataclass
class _Reckoning:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    _known: dict[tuple[str, int], int] = field(default_factory=dict)

    def selections(self, parent: GraphQLNamedType, selected: SelectionSetNode | None, page: int) -> int:
        """The objects below one object of a type.

        Args:
            parent: The type.
            selected: What is asked of it.
            page: How many edges it has, when it is a connection.
        """
        total = 0
        for selection in selected.selections if selected else ():
            if self._left_out(selection):
                continue
            match selection:
                case FieldNode():
                    total += self._field(parent, selection, page)
                case InlineFragmentNode(type_condition=condition, selection_set=inner):
                    narrowed = self.schema.type_map.get(condition.name.value) if condition else parent
                    total += self.selections(narrowed or parent, inner, page)
                case FragmentSpreadNode(name=name) if name.value in self.fragments:
                    total += self._fragment(name.value, page)
        return min(total, MOST)

    def _fragment(self, name: str, page: int) -> int:
        if (name, page) not in self._known:
            self._known[name, page] = 0
            fragment = self.fragments[name]
            parent = self.schema.type_map.get(fragment.type_condition.name.value)
            if parent is not None:
                self._known[name, page] = self.selections(parent, fragment.selection_set, page)
        return self._known[name, page]

    def _field(self, parent: GraphQLNamedType, node: FieldNode, page: int) -> int:
        declared = _declared(self.schema, parent, node.name.value)
        kind = get_named_type(declared.type) if declared else None
        if declared is None or kind is None or not is_composite_type(kind):
            return 0
        name = node.name.value
        if name == "edges" and parent.name.endswith("Connection"):
            # The row of an edge is counted here; `node` is another name for it.
            return page * (1 + self.selections(kind, node.selection_set, 0))
        inner = self.selections(kind, node.selection_set, self._page(node))
        if is_list_type(get_nullable_type(declared.type)):
            return self._items(declared, node) * (1 + inner)
        return PRICES.get((parent.name, name), int(parent.name in _ROOTS)) + inner

    def _items(self, declared: GraphQLField, node: FieldNode) -> int:
        """How long a list without pages is taken to be: as long as the list of ids that it answers, if it does."""
        given = next((each.value for each in node.arguments or () if each.name.value == "ids"), None)
        if given is None or "ids" not in declared.args:
            return LIST
        ids = self._value(given)
        return len(ids) if isinstance(ids, list | tuple) else LIST

    def _page(self, node: FieldNode) -> int:
        """The page size that a connection is asked for; what is out of range is refused, and saves nothing."""
        given = (each.value for each in node.arguments or () if each.name.value in {"first", "last"})
        sizes = [size for value in given if (size := _whole(self._value(value))) is not None]
        return min(max(0, *sizes), MAX_PAGE_SIZE) if sizes else DEFAULT_PAGE_SIZE

    def _value(self, node: ValueNode) -> Any:
        match node:
            case VariableNode(name=name):
                return self.variables.get(name.value)
            case IntValueNode(value=digits):
                return int(digits[:4])
            case ListValueNode(values=values):
                return values
        return None

    def _left_out(self, selection: Any) -> bool:
        """Is it skipped, or not included, by these variables?"""
        for directive in selection.directives or ():
            name = directive.name.value
            if name in {"skip", "include"} and directive.arguments:
                node = directive.arguments[0].value
                condition = self._value(node) if isinstance(node, VariableNode) else getattr(node, "value", None)
                if isinstance(condition, bool) and condition is (name == "skip"):
                    return True
        return False


def cost(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any] | None,
) -> int:
    """How many objects a valid operation reads at most.

    Args:
        schema: The schema that it was found valid for.
        document: The document, with its fragments.
        operation: The operation.
        variables: As the client gave them; defaults of the operation fill in what is missing.
    """
    root = schema.get_root_type(operation.operation)
    if root is None:
        return 0
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    reckoning = _Reckoning(schema, fragments, {**_defaults(operation), **(variables or {})})
    return reckoning.selections(root, operation.selection_set, 0)


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {
        node.variable.name.value: value_from_ast_untyped(node.default_value)
        for node in operation.variable_definitions or ()
        if node.default_value is not None
    }


def _whole(value: object) -> int | None:
    """The whole number that the library takes a value for, which 100.0 is, too; None where it is none."""
    if isinstance(value, float):
        return int(value) if isfinite(value) else None
    return value if isinstance(value, int) else None


def _declared(schema: GraphQLSchema, parent: GraphQLNamedType, name: str) -> GraphQLField | None:
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        return schema.get_field(parent, name)
    return None
