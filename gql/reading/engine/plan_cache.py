"""The plans of recently used operations; a document is compiled when it is requested for the second time."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from cachetools import LRUCache
from graphql import DocumentNode, FragmentDefinitionNode, GraphQLSchema, OperationType, get_operation_ast
from graphql.execution.values import VariableValues
from strawberry import Schema

from domain.standing import Standing
from gql.reading.core_schema import core_schema
from gql.reading.engine.arguments import ArgumentReader
from gql.reading.engine.cache_entries import OperationEntry, PlanEntry
from gql.reading.engine.compiler import Compiler
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.planner import plan_operation, plan_row
from gql.reading.engine.requests import CacheKey, RowRequest
from gql.reading.engine.selection import Selection
from gql.reading.engine.variables import Variables
from gql.reading.sources import SOURCES

MAX_OPERATIONS: Final = 256
"""How many operations have plans at most."""
MAX_SEEN: Final = 4_096
"""How many documents that were requested once are remembered."""
MAX_DOCUMENT_LENGTH: Final = 20_000
"""The length of the longest document that is compiled, in characters."""


class PlanCache:
    """Finds the plan for an operation and its variables; compiles it if there is none yet.

    Args:
        schema: The schema.

    Attributes:
        core: The schema, as graphql-core knows it.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self.core = core_schema(schema)
        self._reader = ArgumentReader(schema)
        self._operations: LRUCache[CacheKey, OperationEntry] = LRUCache(MAX_OPERATIONS)
        self._seen: LRUCache[int, None] = LRUCache(MAX_SEEN)

    def find(
        self, key: CacheKey, document: DocumentNode, variables: Mapping[str, Any] | None, standing: Standing
    ) -> tuple[PlanEntry, list[Any]]:
        """The plan of an operation, and the values of its arguments.

        Args:
            key: The key of the cache.
            document: The document, found valid.
            variables: As the client sent them.
            standing: The facts about the viewer.

        Raises:
            Fallback: There is no plan.
            BadArgument: An argument is wrong; the ordinary executor reports it.
        """
        operation = self._operation(key, lambda: _operation_entry(self.core, document, key[1]))
        return self._find_or_compile(operation, operation.variables.coerce(variables or {}), key[2], standing)

    def find_row(
        self, request: RowRequest, variables: VariableValues, standing: Standing
    ) -> tuple[PlanEntry, list[Any]]:
        """The plan of a selection on one row, and the values of the row's keys and of the arguments.

        Args:
            request: The selection.
            variables: The operation's variables.
            standing: The facts about the viewer.

        Raises:
            Fallback: There is no plan.
            BadArgument: An argument is wrong; the ordinary executor reports it.
        """

        def new_entry() -> OperationEntry:
            return OperationEntry(
                lambda compiler: plan_row(compiler, request.source, request.nodes),
                request.fragments,
                Variables(self.core, ()),
                len(request.keys),
            )

        # A row of a query may hold thousands of rows, so that compiling pays off at the first request.
        at_first_request = SOURCES[request.source].model is None
        operation = self._operation(request.cache_key, new_entry, at_first_request=at_first_request)
        entry, values = self._find_or_compile(operation, variables, request.language, standing)
        return entry, [*request.keys, *values]

    def _find_or_compile(
        self, operation: OperationEntry, variables: VariableValues, language: str, standing: Standing
    ) -> tuple[PlanEntry, list[Any]]:
        cached = operation.find(self._reader, variables, standing)
        return cached or self._compile(operation, variables, language, standing)

    def _compile(
        self, operation: OperationEntry, variables: VariableValues, language: str, standing: Standing
    ) -> tuple[PlanEntry, list[Any]]:
        selection = Selection(self.core, operation.fragments, variables)
        try:
            plan = operation.compile(Compiler(self._schema, selection, language, standing, operation.first_slot))
        except Fallback as fallback:
            operation.reject(selection.directive_variables, fallback.reason)
            raise
        entry = operation.add(plan)
        values = plan.argument_values(self._reader, variables)
        if values is None:
            raise Fallback("values that change")
        return entry, values

    def _operation(
        self, key: CacheKey, new_entry: Callable[[], OperationEntry], *, at_first_request: bool = False
    ) -> OperationEntry:
        cached = self._operations.get(key)
        if cached is not None:
            return cached
        if len(key[0]) > MAX_DOCUMENT_LENGTH:
            raise Fallback("long document")
        if not at_first_request:
            self._require_second_request(key)
        operation = self._operations[key] = new_entry()
        return operation

    def _require_second_request(self, key: CacheKey) -> None:
        digest = hash(key)
        if digest not in self._seen:
            self._seen[digest] = None
            raise Fallback("first sight")


def _operation_entry(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> OperationEntry:
    operation = get_operation_ast(document, name)
    if operation is None:
        raise Fallback("which operation")
    if operation.operation is not OperationType.QUERY:
        raise Fallback(operation.operation.value)
    if operation.directives or any(declared.directives for declared in operation.variable_definitions or ()):
        raise Fallback("directives")
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    variables = Variables(schema, operation.variable_definitions or ())
    return OperationEntry(lambda compiler: plan_operation(compiler, operation), fragments, variables)
