"""What every line of the log tells of the work that it is written in: which request, who asks, for what.

One mapping for each piece of work, which the tasks that it begins share: whoever learns something tells it once. The
variables that structlog has for this, one for each name, are copied into a task, and those outside learn nothing.
"""

from contextvars import ContextVar, Token
from typing import Any, Final

from structlog.typing import EventDict, WrappedLogger

LogContext = dict[str, Any]

_CONTEXT: Final[ContextVar[LogContext]] = ContextVar("log_context")


def begin_log_context(**values: Any) -> "Token[LogContext]":
    """From here on lines tell this, and nothing of what was told before; gives what `end_log_context` takes."""
    return _CONTEXT.set(values)


def end_log_context(token: "Token[LogContext]") -> None:
    """From here on lines tell again what they told before."""
    _CONTEXT.reset(token)


def add_to_log_context(**values: Any) -> None:
    """Lines tell this, too, from here on; what is None is told no longer."""
    known = _CONTEXT.get(None)
    if known is None:
        begin_log_context(**values)
    else:
        known.update(values)


def fork_log_context() -> None:
    """What is told from here on is of one piece of the work alone, which goes on beside others."""
    begin_log_context(**log_context())


def log_context() -> LogContext:
    """What lines tell now."""
    return {name: value for name, value in _CONTEXT.get({}).items() if value is not None}


def merge_log_context(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Processor of structlog: a line says more of what is told, never anything else."""
    return {**log_context(), **event}
