"""The cache of operations that were found valid, and the check of requests for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cachetools import LRUCache
from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, OperationType, get_operation_ast

from gql.context import Context
from gql.documents.extension import document_text
from gql.documents.references import document_reference
from gql.limits.allowance import Allowance, allowance_of
from gql.limits.cost_cache import CostCache
from gql.limits.extension import cost_extension
from gql.limits.variables import check_variables
from gql.operations.engine_extension import reading_response_extension
from gql.reading.engine.requests import EngineRequest

MAX_OPERATIONS: Final = 256


@dataclass(frozen=True)
class OperationRequest:
    """A request to execute an operation.

    Attributes:
        query: The document's text, if it was sent.
        operation_name: Which operation to execute, if there are several; as it was sent, which may be any JSON value.
        variables: The variables as they were sent.
        extensions: The extensions as they were sent.
        allows_mutation: Whether the operation may be a mutation.
    """

    query: str | None
    operation_name: Any
    variables: dict[str, Any] | None
    extensions: Mapping[str, Any] | None
    allows_mutation: bool = True


@dataclass(frozen=True)
class CachedOperation:
    """An operation that was found valid.

    Attributes:
        query: The document's text.
        document: The document.
        node: The operation in it.
        cost_cache: What it costs.
        allowances: The allowances within which its shape was found to be.
    """

    query: str
    document: DocumentNode
    node: OperationDefinitionNode
    cost_cache: CostCache
    allowances: set[Allowance] = field(default_factory=set)

    @property
    def is_mutation(self) -> bool:
        """Is it a mutation?"""
        return self.node.operation is OperationType.MUTATION


@dataclass(frozen=True)
class CacheHit:
    """A request for a cached operation, by somebody who may execute it with these variables.

    Attributes:
        request: The request.
        operation: The operation.
        cost: How many objects it reads at most.
        allowance: The limits of the actor.
    """

    request: OperationRequest
    operation: CachedOperation
    cost: int
    allowance: Allowance

    def response_extensions(self, fallback: str | None) -> dict[str, Any]:
        """The `extensions` of the response; `fallback` says why the executor answered, if it did."""
        reading = reading_response_extension(self.request.extensions, fallback)
        return cost_extension(self.cost, self.allowance) | reading


class OperationCache:
    """Caches operations, and looks them up.

    Args:
        schema: The schema for which they are valid.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._operations: LRUCache[tuple[str, str | None], CachedOperation] = LRUCache(MAX_OPERATIONS)

    def add(self, request: EngineRequest, context: Context) -> None:
        """Caches an operation that was found valid, and within the allowance of its actor."""
        key = (request.query, request.operation_name)
        operation = self._operations.get(key)
        if operation is None:
            node = get_operation_ast(request.document, request.operation_name)
            if node is None:  # the executor would have refused it
                return
            cost_cache = CostCache(self._schema, request.document, node)
            operation = self._operations[key] = CachedOperation(request.query, request.document, node, cost_cache)
        operation.allowances.add(allowance_of(context.actor))

    async def look_up(self, request: OperationRequest, context: Context) -> CacheHit | None:
        """The cached operation that is requested; None for a miss, and if the ordinary path must execute it.

        For a mutation, a cached session is revalidated.

        Raises:
            GraphQLError: Something is wrong with the request.
        """
        if not isinstance(request.operation_name, str | None):
            return None
        reference = document_reference(request.extensions, request.query)
        query = await document_text(request.query, reference, context)
        operation = self._operations.get((query or "", request.operation_name))
        if query is None or operation is None or (reference and reference.store and request.query):
            return None
        if operation.is_mutation:
            if not request.allows_mutation:
                return None
            await context.revalidate_actor()
        allowance = allowance_of(context.actor)
        if allowance not in operation.allowances:
            return None
        check_variables(request.variables, allowance)
        cost = operation.cost_cache.cost(request.variables)
        return CacheHit(request, operation, cost, allowance) if cost <= allowance.objects else None
