"""Counts, times and traces operations, and names them in the log."""

import time
from collections.abc import AsyncIterator, Iterator, Sized
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from graphql import OperationDefinitionNode, OperationType
from strawberry.extensions import SchemaExtension

from gql.metrics import operation_counter, operation_timer
from gql.operations.execution_context import operation_of
from gql.operations.names import OPERATION_NAMES, UNNAMED
from observing.log_context import add_to_log_context
from observing.tracing import span

if TYPE_CHECKING:
    from opentelemetry.trace import Span

UNKNOWN_KIND: Final = "none"
"""The kind of a request without a valid operation."""
ANSWERED, REFUSED, STOPPED = "answered", "refused", "stopped"
"""The outcomes of an operation: a result; a top-level error; cancelled, by a timeout or its client."""


class Observation:
    """The observation of one operation, whose name may become known later.

    Attributes:
        outcome: The operation's outcome.
    """

    def __init__(self) -> None:
        self.outcome = STOPPED
        self._began = time.perf_counter()
        self._name = UNNAMED
        self._kind = UNKNOWN_KIND

    def identify(self, operation: OperationDefinitionNode) -> None:
        """Sets the operation; from here on every log line has its name."""
        self._name, self._kind = OPERATION_NAMES.label_of(operation), operation.operation.value
        add_to_log_context(operation=self._name)

    def finish(self, errors: Sized | None) -> None:
        """Sets the outcome of an operation by its top-level errors."""
        self.outcome = REFUSED if errors else ANSWERED

    def record(self, opened_span: "Span | None") -> None:
        """Records the observation in the metrics and in the operation's span."""
        operation_counter(self._name, self._kind, self.outcome).inc()
        if self._kind != OperationType.SUBSCRIPTION.value:
            operation_timer(self._name).observe(time.perf_counter() - self._began)
        if opened_span is not None:
            opened_span.update_name(f"{self._kind} {self._name}")
            opened_span.set_attribute("graphql.operation.name", self._name)
            opened_span.set_attribute("graphql.operation.type", self._kind)


class ObservationExtension(SchemaExtension):
    """Observes an operation on the ordinary path."""

    async def on_operation(self) -> AsyncIterator[None]:
        """Observes it from beginning to end."""
        self._observation = Observation()
        with span("GraphQL") as opened_span:
            try:
                yield
                self._observation.finish(getattr(self.execution_context.result, "errors", None))
            finally:
                self._observation.record(opened_span)

    def on_parse(self) -> Iterator[None]:
        """Identifies it, once it is parsed."""
        yield
        operation = operation_of(self.execution_context)
        if operation is not None:
            self._observation.identify(operation)


@contextmanager
def observe(operation: OperationDefinitionNode) -> Iterator[Observation]:
    """Observes an operation on the fast path, while the block lasts."""
    observation = Observation()
    observation.identify(operation)
    with span("GraphQL") as opened_span:
        try:
            yield observation
        finally:
            observation.record(opened_span)
