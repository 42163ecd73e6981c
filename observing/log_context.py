"""The context that is added to every log event: the request, its actor and its operation.

There is one mapping per unit of work, shared by the tasks that it starts, so that a value bound in a task appears in
the events outside it, too. structlog's own context variables, one per name, are copied into each task instead.
"""

from contextvars import ContextVar, Token
from typing import Any, Final

from structlog.typing import EventDict, WrappedLogger

LogContext = dict[str, Any]

_CONTEXT: Final[ContextVar[LogContext]] = ContextVar("log_context")


def begin_log_context(**values: Any) -> "Token[LogContext]":
    """Replaces the context with these values; returns the token for `end_log_context`."""
    return _CONTEXT.set(values)


def end_log_context(token: "Token[LogContext]") -> None:
    """Restores the context that was replaced."""
    _CONTEXT.reset(token)


def add_to_log_context(**values: Any) -> None:
    """Adds values to the context; those that are None are removed."""
    context = _CONTEXT.get(None)
    if context is None:
        begin_log_context(**values)
    else:
        context.update(values)


def fork_log_context() -> None:
    """Copies the context, so that values added from now on apply to one concurrent part of the work only."""
    begin_log_context(**log_context())


def log_context() -> LogContext:
    """The current context."""
    return {name: value for name, value in _CONTEXT.get({}).items() if value is not None}


def merge_log_context(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Structlog processor that adds the context to an event; the event's own values take precedence."""
    return {**log_context(), **event}
