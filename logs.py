"""Configures the logging of every process: JSON lines with ids and codes, never with an address, a name or a mail."""

import logging
import sys
import traceback
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from domain.json_text import json_text
from observing.log_context import merge_log_context


def configure_logging(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Makes structlog and the standard library's logging write JSON lines.

    Args:
        stream: The output; the standard output by default.
        level: The lowest level that is written.
    """
    out = stream or sys.stdout
    shared: list[Processor] = [
        merge_log_context,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        replace_exception,
    ]
    renderer = structlog.processors.JSONRenderer(serializer=_json)
    # Our own events bypass the standard library's logging, by which a line costs seven times as much.
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # They log every job and every request at this level; failures are logged by our own code.
    for chatty in ("arq", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _json(event: Any, **_options: Any) -> str:
    return json_text(event, default=repr, option=orjson.OPT_NON_STR_KEYS)


def replace_exception(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Structlog processor that replaces an exception, whose message may quote personal data, by its class and trace."""
    exc_info: Any = event.pop("exc_info", None)
    error = sys.exc_info()[1] if exc_info is True else exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["trace"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event
