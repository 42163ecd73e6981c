"""Where operations are counted, timed and traced, and told to the log by name."""

import time
from collections.abc import AsyncIterator, Iterator, Sized
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from graphql import OperationDefinitionNode, OperationType
from strawberry.extensions import SchemaExtension

from gql.metrics import operation_counter, operation_timer
from gql.operations.execution_context import operation_of
from gql.operations.names import NAMES, UNNAMED
from observing.log_context import add_to_log_context
from observing.tracing import span

if TYPE_CHECKING:
    from opentelemetry.trace import Span

UNKNOWN: Final = "none"
"""The kind of what is no operation."""
ANSWERED, REFUSED, STOPPED = "answered", "refused", "stopped"
"""What can come of an operation: an answer; an error that is no payload's; it took too long, or its client left."""


class Observation:
    """One operation from its beginning on; what it is called may turn out later.

    Attributes:
        outcome: What comes of it.
    """

    def __init__(self) -> None:
        self.outcome = STOPPED
        self._began = time.perf_counter()
        self._name = UNNAMED
        self._kind = UNKNOWN

    def know(self, operation: OperationDefinitionNode) -> None:
        """It turns out to be this operation; from here on the log tells its name."""
        self._name, self._kind = NAMES.label_of(operation), operation.operation.value
        add_to_log_context(operation=self._name)

    def done(self, errors: Sized | None) -> None:
        """It was carried out, with such errors that are no payload's."""
        self.outcome = REFUSED if errors else ANSWERED

    def record(self, opened_span: "Span | None") -> None:
        """It is over: counts it, and describes its span."""
        operation_counter(self._name, self._kind, self.outcome).inc()
        if self._kind != OperationType.SUBSCRIPTION.value:
            operation_timer(self._name).observe(time.perf_counter() - self._began)
        if opened_span is not None:
            opened_span.update_name(f"{self._kind} {self._name}")
            opened_span.set_attribute("graphql.operation.name", self._name)
            opened_span.set_attribute("graphql.operation.type", self._kind)


class Observed(SchemaExtension):
    """Observes an operation that goes the ordinary way through the schema."""

    async def on_operation(self) -> AsyncIterator[None]:
        """From beginning to end."""
        self._observation = Observation()
        with span("GraphQL") as opened_span:
            try:
                yield
                self._observation.done(getattr(self.execution_context.result, "errors", None))
            finally:
                self._observation.record(opened_span)

    def on_parse(self) -> Iterator[None]:
        """Finds out what it is called."""
        yield
        operation = operation_of(self.execution_context)
        if operation is not None:
            self._observation.know(operation)


@contextmanager
def observed(operation: OperationDefinitionNode) -> Iterator[Observation]:
    """Observes one that is answered without the schema."""
    observation = Observation()
    observation.know(operation)
    with span("GraphQL") as opened_span:
        try:
            yield observation
        finally:
            observation.record(opened_span)
