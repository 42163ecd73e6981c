"""Enforcement of the limits: while a document is parsed, and before it is executed."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from graphql import DocumentNode, OperationDefinitionNode, OperationType
from strawberry.extensions import SchemaExtension

from gql.context import Context
from gql.faults import Fault
from gql.limits.allowance import Allowance, allowance_of
from gql.limits.cost import operation_cost
from gql.limits.faults import BudgetExhausted, TooManyObjects
from gql.limits.shape import check_shape
from gql.limits.variables import check_variables
from gql.metrics import OPERATION_COST
from gql.operations.execution_context import operation_name, operation_of
from gql.reading.core_schema import core_schema


class AmbiguousOperation(Fault):
    """The document has several operations, and `operationName` is missing."""

    message_template = "The document has several operations: say which by operationName."


def _has_several_operations(document: DocumentNode) -> bool:
    return sum(isinstance(node, OperationDefinitionNode) for node in document.definitions) > 1


class OperationLimits(SchemaExtension):
    """Refuses an operation that exceeds a limit before it is executed, and reports its cost."""

    _cost: int | None = None

    def on_parse(self) -> Iterator[None]:
        """Checks the length of the document, then its shape and the variables.

        Raises:
            Fault: A limit is exceeded, or one of several operations must be named.
        """
        allowance = self._allowance
        self.execution_context.parse_options["max_tokens"] = allowance.tokens
        self.execution_context.parse_options["max_source_length"] = allowance.characters  # type: ignore[typeddict-unknown-key]  # the parser knows it
        yield
        document = self.execution_context.graphql_document
        if document is None:
            return
        operation = operation_of(self.execution_context)
        if operation is None and operation_name(self.execution_context) is None and _has_several_operations(document):
            raise AmbiguousOperation
        if operation is not None:
            self.execution_context.context.is_mutation = operation.operation is OperationType.MUTATION
            check_shape(document, operation, allowance)
            check_variables(self.execution_context.variables, allowance)

    async def on_validate(self) -> AsyncIterator[None]:
        """Computes the cost of a valid operation, and takes it from the viewer's budget.

        Raises:
            TooManyObjects: The cost exceeds the limit on one operation.
            BudgetExhausted: The cost exceeds what is left of the minute.
        """
        yield
        execution, operation = self.execution_context, operation_of(self.execution_context)
        if execution.pre_execution_errors or execution.graphql_document is None or operation is None:
            return
        core = core_schema(execution.schema)
        self._cost = operation_cost(core, execution.graphql_document, operation, execution.variables)
        OPERATION_COST.observe(self._cost)
        allowance = self._allowance
        if self._cost > allowance.objects:
            raise TooManyObjects(self._cost, allowance.objects)
        await spend_budget(execution.context, self._cost, allowance)
        execution.context.cost = self._cost

    def get_results(self) -> dict[str, Any]:
        """The `extensions` of the response: the cost and its limit."""
        return {} if self._cost is None else cost_extension(self._cost, self._allowance)

    @property
    def _allowance(self) -> Allowance:
        context: Context = self.execution_context.context
        return allowance_of(context.actor)


async def spend_budget(context: Context, objects: int, allowance: Allowance) -> None:
    """Takes the cost of an operation from its viewer's budget of the minute.

    Raises:
        BudgetExhausted: Too little is left of the minute.
    """
    if context.shared is not None and objects:
        result = await context.shared.budget.spend(context.viewer_key, objects, allowance.objects_per_minute)
        if not result.granted:
            raise BudgetExhausted(objects, allowance.objects_per_minute, result.retry_after)


def cost_extension(objects: int, allowance: Allowance) -> dict[str, Any]:
    """The `extensions` of a response that report the operation's cost, in objects."""
    return {"cost": {"asked": objects, "allowed": allowance.objects}}
