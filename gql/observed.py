"""Where operations are counted and timed, and told to log and traces by name."""

import time
from collections.abc import AsyncIterator, Iterator
from typing import Final

from graphql import OperationType
from strawberry.extensions import SchemaExtension
from structlog.contextvars import bind_contextvars

from gql.asked_operation import operation_of
from gql.metrics import OPERATION_SECONDS, OPERATIONS
from gql.operation_names import NAMES, UNNAMED
from observing.tracing import span

UNKNOWN: Final = "none"
"""The kind of what is no operation."""


class Observed(SchemaExtension):
    """Counts an operation and what came of it: answered, refused (with an error of no payload's), or stopped."""

    _name = UNNAMED
    _kind = UNKNOWN

    async def on_operation(self) -> AsyncIterator[None]:
        """Times it from beginning to end."""
        began, outcome = time.perf_counter(), "stopped"
        with span("GraphQL") as opened:
            try:
                yield
                result = self.execution_context.result
                outcome = "refused" if getattr(result, "errors", None) else "answered"
            finally:
                self._tell(outcome, time.perf_counter() - began)
                if opened is not None:
                    opened.update_name(f"{self._kind} {self._name}")
                    opened.set_attribute("graphql.operation.name", self._name)
                    opened.set_attribute("graphql.operation.type", self._kind)

    def _tell(self, outcome: str, seconds: float) -> None:
        OPERATIONS.labels(self._name, self._kind, outcome).inc()
        if self._kind != OperationType.SUBSCRIPTION.value:
            OPERATION_SECONDS.labels(self._name).observe(seconds)

    def on_parse(self) -> Iterator[None]:
        """Finds out what it is called."""
        yield
        operation = operation_of(self.execution_context)
        if operation is not None:
            self._name, self._kind = NAMES.told(operation), operation.operation.value
            self.execution_context.context.noted["operation"] = self._name
            bind_contextvars(operation=self._name)
