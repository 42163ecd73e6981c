"""Operations that were asked before and found good, and what was worked out about them then."""

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
from gql.operations.reading import reading_extension
from gql.reading.engine.requests import EngineRequest

MOST: Final = 256
"""How many operations are kept."""


@dataclass(frozen=True)
class OperationRequest:
    """What a client asks.

    Attributes:
        text: The document, if its text came along.
        operation: The name of the operation meant, where there are several; as it came, which may be anything.
        variables: The variables as they came.
        extensions: What else came along.
        may_act: Whether it may ask for a mutation.
    """

    text: str | None
    operation: Any
    variables: dict[str, Any] | None
    extensions: Mapping[str, Any] | None
    may_act: bool = True


@dataclass(frozen=True)
class KnownOperation:
    """An operation that was found valid.

    Attributes:
        text: The document's text.
        document: The document.
        node: The operation in it.
        cost_cache: What it costs.
        good_for: Who was seen to be allowed an operation of its shape.
    """

    text: str
    document: DocumentNode
    node: OperationDefinitionNode
    cost_cache: CostCache
    good_for: set[Allowance] = field(default_factory=set)

    @property
    def acts(self) -> bool:
        """Is it a mutation?"""
        return self.node.operation is OperationType.MUTATION


@dataclass(frozen=True)
class Recognised:
    """A request for a known operation, by somebody who may ask it with these variables.

    Attributes:
        request: The request.
        known: The operation.
        objects: What it reads at most.
        allowance: What whoever asks may ask for.
    """

    request: OperationRequest
    known: KnownOperation
    objects: int
    allowance: Allowance

    def extensions(self, fallback: str | None) -> dict[str, Any]:
        """The `extensions` of the response; `fallback` says why the executor answered, if it did."""
        return cost_extension(self.objects, self.allowance) | reading_extension(self.request.extensions, fallback)


class KnownOperations:
    """Keeps operations, and recognises them.

    Args:
        schema: The schema that they are valid for.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: LRUCache[tuple[str, str | None], KnownOperation] = LRUCache(MOST)

    def remember(self, asked: EngineRequest, context: Context) -> None:
        """Keeps an operation that was found valid, and of a shape that is allowed to whoever asked it."""
        key = (asked.query, asked.operation_name)
        known = self._known.get(key)
        if known is None:
            operation = get_operation_ast(asked.document, asked.operation_name)
            if operation is None:  # the executor would have refused it
                return
            cost_cache = CostCache(self._schema, asked.document, operation)
            known = self._known[key] = KnownOperation(asked.query, asked.document, operation, cost_cache)
        known.good_for.add(allowance_of(context.actor))

    async def recognised(self, request: OperationRequest, context: Context) -> Recognised | None:
        """What is known of the operation that a request means; None when it is unknown, or not to be answered so.

        Whoever acts is known for certain from here on, where that was presumed.

        Raises:
            GraphQLError: Something is wrong with the request.
        """
        if not isinstance(request.operation, str | None):
            return None
        name = document_reference(request.extensions, request.text)
        text = await document_text(request.text, name, context)
        known = self._known.get((text or "", request.operation))
        if text is None or known is None or (name and name.store and request.text):
            return None
        if known.acts:
            if not request.may_act:
                return None
            await context.revalidate_actor()
        allowance = allowance_of(context.actor)
        if allowance not in known.good_for:
            return None
        check_variables(request.variables, allowance)
        objects = known.cost_cache.cost(request.variables)
        return Recognised(request, known, objects, allowance) if objects <= allowance.objects else None
