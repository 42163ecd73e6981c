"""Logging of every process: JSON lines that hold ids and codes, never an address, a name or a mail."""

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
    """Makes structlog and the libraries' own logging write JSON lines.

    Args:
        stream: Where to; the standard output unless it is given.
        level: What is written at least.
    """
    out = stream or sys.stdout
    shared: list[Processor] = [
        merge_log_context,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        anatomy,
    ]
    rendered = structlog.processors.JSONRenderer(serializer=_json)
    # Ours go straight out: by way of the libraries' logging a line costs seven times as much.
    structlog.configure(
        processors=[*shared, rendered],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, rendered],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # They tell of every job and every request at this level, and their failures are told by us.
    for chatty in ("arq", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _json(event: Any, **_options: Any) -> str:
    return json_text(event, default=repr, option=orjson.OPT_NON_STR_KEYS)


def anatomy(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Puts an error's class and where it came from in place of the error, whose text may quote an address or a row."""
    given: Any = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["trace"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event
