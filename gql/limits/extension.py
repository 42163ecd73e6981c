"""Where an operation is weighed: while it is parsed, and before it is executed."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from graphql import DocumentNode, OperationDefinitionNode, OperationType
from strawberry.extensions import SchemaExtension

from gql.context import Context
from gql.faults import Fault
from gql.limits.allowance import Allowance, allowance_of
from gql.limits.cost import cost
from gql.limits.faults import BudgetSpent, TooManyObjects
from gql.limits.shape import check_shape
from gql.limits.variables import check_variables
from gql.metrics import OPERATION_COST
from gql.operations.execution_context import operation_name, operation_of
from gql.reading.core_schema import core_schema


class SeveralOperations(Fault):
    """Which one is meant, nobody can tell."""

    message_template = "The document has several operations: say which by operationName."


def _several(document: DocumentNode) -> bool:
    return sum(isinstance(node, OperationDefinitionNode) for node in document.definitions) > 1


class OperationLimits(SchemaExtension):
    """Refuses an operation that asks for too much before any work is done for it, and tells what it costs."""

    _objects: int | None = None

    def on_parse(self) -> Iterator[None]:
        """Bounds the document's text, and then its shape.

        Raises:
            Fault: There is too much of something, or one of several operations to choose.
        """
        allowance = self._allowance
        self.execution_context.parse_options["max_tokens"] = allowance.tokens
        self.execution_context.parse_options["max_source_length"] = allowance.characters  # type: ignore[typeddict-unknown-key]  # the parser knows it
        yield
        document = self.execution_context.graphql_document
        if document is None:
            return
        operation = operation_of(self.execution_context)
        if operation is None and operation_name(self.execution_context) is None and _several(document):
            raise SeveralOperations
        if operation is not None:
            self.execution_context.context.is_mutation = operation.operation is OperationType.MUTATION
            check_shape(document, operation, allowance)
            check_variables(self.execution_context.variables, allowance)

    async def on_validate(self) -> AsyncIterator[None]:
        """Works out what a valid operation costs, and takes it from the viewer's budget.

        Raises:
            TooManyObjects: It asks for more than one operation may.
            BudgetSpent: It asks for more than is left of the minute.
        """
        yield
        execution, operation = self.execution_context, operation_of(self.execution_context)
        if execution.pre_execution_errors or execution.graphql_document is None or operation is None:
            return
        core = core_schema(execution.schema)
        self._objects = cost(core, execution.graphql_document, operation, execution.variables)
        OPERATION_COST.observe(self._objects)
        allowance = self._allowance
        if self._objects > allowance.objects:
            raise TooManyObjects(self._objects, allowance.objects)
        await take_from_budget(execution.context, self._objects, allowance)
        execution.context.cost = self._objects

    def get_results(self) -> dict[str, Any]:
        """What the response's `extensions` tell: the objects that were asked for at most, and how many may be."""
        return {} if self._objects is None else cost_extension(self._objects, self._allowance)

    @property
    def _allowance(self) -> Allowance:
        context: Context = self.execution_context.context
        return allowance_of(context.actor)


async def take_from_budget(context: Context, objects: int, allowance: Allowance) -> None:
    """Takes what an operation reads at most from what its viewer may read in a minute.

    Raises:
        BudgetSpent: Too little is left of the minute.
    """
    if context.shared is not None and objects:
        spent = await context.shared.budget.spend(context.viewer_key, objects, allowance.objects_a_minute)
        if not spent.granted:
            raise BudgetSpent(objects, allowance.objects_a_minute, spent.wait)


def cost_extension(objects: int, allowance: Allowance) -> dict[str, Any]:
    """What a response's `extensions` tell of an operation's cost, in objects."""
    return {"cost": {"asked": objects, "allowed": allowance.objects}}
