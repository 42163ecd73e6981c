"""Logs contain ids and no text of errors."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from logs import configure_logging
from observing.log_context import begin_log_context, end_log_context


@pytest.fixture(autouse=True)
def _restore_logging() -> Iterator[None]:
    before = logging.root.handlers[:], logging.root.level, logging.getLogger("arq").level
    yield
    structlog.reset_defaults()
    logging.root.handlers, level, arq_level = before
    logging.root.setLevel(level)
    logging.getLogger("arq").setLevel(arq_level)


def raise_with_address() -> None:
    raise ValueError("geheim@werken.example")


def test_an_error_is_logged_with_its_class_and_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    try:
        raise_with_address()
    except ValueError:
        structlog.get_logger().exception("routing_failed", notification_id=7)
        logging.getLogger("arq.worker").exception("job failed")
    output = capsys.readouterr().out
    ours, theirs = [json.loads(line) for line in output.splitlines()]
    assert (ours["event"], ours["notification_id"], ours["level"], ours["error"]) == (
        "routing_failed",
        7,
        "error",
        "ValueError",
    )
    assert "test_an_error_is_logged_with_its_class_and_traceback" in ours["trace"][0]
    assert theirs["error"] == "ValueError"
    assert "geheim" not in output


def test_arq_logs_only_warnings_and_errors(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    logging.getLogger("arq.worker").info("0.01s → deliver_notification([1])")
    assert capsys.readouterr().out == ""


def test_invalid_text_long_numbers_and_objects_are_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    structlog.get_logger().info("odd", half="\ud800", long=2**70, other=set)
    line = json.loads(capsys.readouterr().out)
    assert (line["half"], line["long"], line["other"]) == ("\ud800", 2**70, "<class 'set'>")


def test_events_below_the_level_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(level=logging.WARNING)
    structlog.get_logger().info("usual")
    structlog.get_logger().warning("unusual", request_id="1")
    assert [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()] == ["unusual"]


def test_an_events_own_fields_override_the_context(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    token = begin_log_context(request_id="a1", actor="person:7")
    structlog.get_logger().info("asked", actor="person:8")
    end_log_context(token)

    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["request_id"], line["actor"]) == ("asked", "a1", "person:8")
