"""Collects the fields that an operation selects on an object: fragments, interfaces, `@skip` and `@include` applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLDirective,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    VariableNode,
    is_abstract_type,
)
from graphql.execution.values import VariableValues, get_directive_values

from gql.reading.engine.fallback import Fallback

KNOWN_DIRECTIVES: Final = frozenset({GraphQLSkipDirective.name, GraphQLIncludeDirective.name})
MAX_FIELDS: Final = 2_000
"""How many fields are compiled at most; a document that selects more is rare, and slow in any case."""

SelectionParent = FieldNode | FragmentDefinitionNode | InlineFragmentNode | OperationDefinitionNode
"""A node with a selection set."""
Fields = dict[str, list[FieldNode]]
"""The field nodes by response key, in the order of the response."""


@dataclass
class Selection:
    """The selections of one operation with given values of its variables.

    Attributes:
        schema: The schema.
        fragments: The document's fragments by name.
        variables: The values of the variables.
        directive_variables: The values of the variables in directives: other values select other fields.
    """

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues
    directive_variables: dict[str, object] = field(default_factory=dict)
    _collected: int = 0

    def fields(self, object_type: GraphQLObjectType, nodes: Sequence[SelectionParent]) -> Fields:
        """The fields that nodes, merged into one, select on an object of that type.

        Raises:
            Fallback: The engine doesn't know a directive, or too many fields are selected.
        """
        fields: Fields = {}
        visited: set[str] = set()
        for node in nodes:
            if node.selection_set:
                self._collect(object_type, node.selection_set.selections, fields, visited)
        self._collected += len(fields)
        if self._collected > MAX_FIELDS:
            raise Fallback("too many fields")
        return fields

    def _collect(
        self, object_type: GraphQLObjectType, selections: Sequence[SelectionNode], fields: Fields, visited: set[str]
    ) -> None:
        for node in selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                fields.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, FragmentSpreadNode):
                if node.name.value not in visited:
                    visited.add(node.name.value)
                    self._collect_fragment(object_type, self.fragments[node.name.value], fields, visited)
            elif isinstance(node, InlineFragmentNode):
                self._collect_fragment(object_type, node, fields, visited)

    def _collect_fragment(
        self,
        object_type: GraphQLObjectType,
        fragment: FragmentDefinitionNode | InlineFragmentNode,
        fields: Fields,
        visited: set[str],
    ) -> None:
        if fragment.type_condition:
            condition = self.schema.get_type(fragment.type_condition.name.value)
            is_implemented = is_abstract_type(condition) and self.schema.is_sub_type(condition, object_type)
            if condition is not object_type and not is_implemented:
                return
        self._collect(object_type, fragment.selection_set.selections, fields, visited)

    def _included(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            if directive.name.value not in KNOWN_DIRECTIVES:
                raise Fallback(f"@{directive.name.value}")
            for argument in directive.arguments or ():
                if isinstance(argument.value, VariableNode):
                    name = argument.value.name.value
                    self.directive_variables[name] = self.variables.coerced.get(name)
        return not self._directive_condition(GraphQLSkipDirective, node, otherwise=False) and self._directive_condition(
            GraphQLIncludeDirective, node, otherwise=True
        )

    def _directive_condition(self, directive: GraphQLDirective, node: SelectionNode, *, otherwise: bool) -> bool:
        values = get_directive_values(directive, node, self.variables)
        return otherwise if values is None else bool(values["if"])
