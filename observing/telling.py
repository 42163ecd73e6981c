"""What every line of the log tells of the work that it is written in: which request, who asks, for what.

One mapping for each piece of work, which the tasks that it begins share: whoever learns something tells it once. The
variables that structlog has for this, one for each name, are copied into a task, and those outside learn nothing.
"""

from contextvars import ContextVar, Token
from typing import Any, Final

from structlog.typing import EventDict, WrappedLogger

Told = dict[str, Any]

_TOLD: Final[ContextVar[Told]] = ContextVar("told")


def begin_telling(**told: Any) -> "Token[Told]":
    """From here on lines tell this, and nothing of what was told before; gives what `end_telling` takes."""
    return _TOLD.set(told)


def end_telling(begun: "Token[Told]") -> None:
    """From here on lines tell again what they told before."""
    _TOLD.reset(begun)


def tell(**told: Any) -> None:
    """Lines tell this, too, from here on; what is None is told no longer."""
    known = _TOLD.get(None)
    if known is None:
        begin_telling(**told)
    else:
        known.update(told)


def tell_apart() -> None:
    """What is told from here on is of one piece of the work alone, which goes on beside others."""
    begin_telling(**now_told())


def now_told() -> Told:
    """What lines tell now."""
    return {name: value for name, value in _TOLD.get({}).items() if value is not None}


def with_what_is_told(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Processor of structlog: a line says more of what is told, never anything else."""
    return {**now_told(), **event}
