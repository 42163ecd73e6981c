"""Logging of every process: JSON lines that hold ids and codes, never an address, a name or a mail."""

import logging
import sys
import traceback
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


def configure_logging(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Makes structlog and the libraries' own logging write JSON lines.

    Args:
        stream: Where to; the standard output unless it is given.
        level: What is written at least.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        anatomy,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # They tell of every job and every request at this level, and their failures are told by us.
    for chatty in ("arq", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def anatomy(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Puts an error's class and where it came from in place of the error, whose text may quote an address or a row."""
    given: Any = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["trace"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event
