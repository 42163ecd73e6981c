"""The variables that an operation declares, and the values that a request sends for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLError, GraphQLSchema, Undefined, VariableDefinitionNode
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values
from graphql.utilities import coerce_input_value

from gql.reading.engine.fallback import Fallback


class Variables:
    """Coerces the values as graphql-core does, which looks up the type of each variable for every request.

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
            Fallback: Something is wrong with them; the ordinary executor says what.
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
        """The coerced values where a variable is missing or wrong."""
        found = get_variable_values(self._schema, self._declared, dict(values))
        if isinstance(found, list):
            raise Fallback("variables")
        return found


def _signature(schema: GraphQLSchema, node: VariableDefinitionNode) -> GraphQLVariableSignature:
    found = get_variable_signature(schema, node)
    if isinstance(found, GraphQLError):
        raise Fallback("variables") from found
    return found
