"""Which fields an operation asks of an object: fragments, interfaces, `@skip` and `@include` worked out."""

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

from gql.reading.engine.fallback import NotCompiled

KNOWN_DIRECTIVES: Final = frozenset({GraphQLSkipDirective.name, GraphQLIncludeDirective.name})
MOST_FIELDS: Final = 2_000
"""How many fields are compiled at most; a document that asks for more is rare and costs the time in any case."""

Selecting = FieldNode | FragmentDefinitionNode | InlineFragmentNode | OperationDefinitionNode
Fields = dict[str, list[FieldNode]]
"""The fields by the names that the answer gives them, each with all of its nodes, in the order of the answer."""


@dataclass
class Selection:
    """One operation, asked with certain values.

    Attributes:
        schema: The schema.
        fragments: The document's fragments by name.
        variables: The values of the variables.
        decided: The values of the variables that directives looked at: with others, other fields are asked for.
    """

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues
    decided: dict[str, object] = field(default_factory=dict)
    _collected: int = 0

    def fields(self, kind: GraphQLObjectType, nodes: Sequence[Selecting]) -> Fields:
        """What is asked of an object of that type by nodes that were merged into one.

        Raises:
            NotCompiled: A directive is none that the engine knows, or too much is asked for.
        """
        found: Fields = {}
        visited: set[str] = set()
        for node in nodes:
            if node.selection_set:
                self._collect(kind, node.selection_set.selections, found, visited)
        self._collected += len(found)
        if self._collected > MOST_FIELDS:
            raise NotCompiled("too many fields")
        return found

    def _collect(
        self, kind: GraphQLObjectType, selections: Sequence[SelectionNode], found: Fields, visited: set[str]
    ) -> None:
        for node in selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                found.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, FragmentSpreadNode):
                if node.name.value not in visited:
                    visited.add(node.name.value)
                    self._enter(kind, self.fragments[node.name.value], found, visited)
            elif isinstance(node, InlineFragmentNode):
                self._enter(kind, node, found, visited)

    def _enter(
        self,
        kind: GraphQLObjectType,
        fragment: FragmentDefinitionNode | InlineFragmentNode,
        found: Fields,
        visited: set[str],
    ) -> None:
        if fragment.type_condition:
            condition = self.schema.get_type(fragment.type_condition.name.value)
            if condition is not kind and not (is_abstract_type(condition) and self.schema.is_sub_type(condition, kind)):
                return
        self._collect(kind, fragment.selection_set.selections, found, visited)

    def _included(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            if directive.name.value not in KNOWN_DIRECTIVES:
                raise NotCompiled(f"@{directive.name.value}")
            for argument in directive.arguments or ():
                if isinstance(argument.value, VariableNode):
                    name = argument.value.name.value
                    self.decided[name] = self.variables.coerced.get(name)
        return not self._says(GraphQLSkipDirective, node, otherwise=False) and self._says(
            GraphQLIncludeDirective, node, otherwise=True
        )

    def _says(self, directive: GraphQLDirective, node: SelectionNode, *, otherwise: bool) -> bool:
        values = get_directive_values(directive, node, self.variables)
        return otherwise if values is None else bool(values["if"])
