"""The variables that an operation declares, and the values that a request sends for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLError, GraphQLSchema, Undefined, VariableDefinitionNode
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values
from graphql.utilities import coerce_input_value

from gql.reading.engine.fallback import Fallback


class Variables:
    """Coerces values as graphql-core does, except that it looks up the type of each variable only once.

    Args:
        schema: The schema.
        declared: The variables of an operation that was found valid.
    """

    def __init__(self, schema: GraphQLSchema, declared: Sequence[VariableDefinitionNode]) -> None:
        self._schema = schema
        self._declared = declared
        self._signatures = [_signature(schema, node) for node in declared]

    def coerce(self, values: Mapping[str, Any]) -> VariableValues:
        """The coerced values, of those that the client sent.

        Raises:
            Fallback: A value is invalid; the ordinary executor reports it.
        """
        sources, coerced = dict[str, VariableValueSource](), dict[str, Any]()
        for signature in self._signatures:
            name = signature.name
            value = values.get(name, Undefined)
            coerced_value = value if value is Undefined else coerce_input_value(value, signature.type)
            if coerced_value is Undefined:
                return self._coerce_by_graphql_core(values)
            sources[name], coerced[name] = VariableValueSource(signature, value), coerced_value
        return VariableValues(sources, coerced)

    def _coerce_by_graphql_core(self, values: Mapping[str, Any]) -> VariableValues:
        """The coerced values if a variable is missing or wrong."""
        coerced = get_variable_values(self._schema, self._declared, dict(values))
        if isinstance(coerced, list):
            raise Fallback("variables")
        return coerced


def _signature(schema: GraphQLSchema, node: VariableDefinitionNode) -> GraphQLVariableSignature:
    signature = get_variable_signature(schema, node)
    if isinstance(signature, GraphQLError):
        raise Fallback("variables") from signature
    return signature
