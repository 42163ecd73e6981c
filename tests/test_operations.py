"""The commands and metrics in the documentation exist."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from tests.commands.running import ROOT

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
COMMAND = re.compile(r"`econtracting ([a-z-]+(?: [a-z-]+)?)([^`]*)`")
METRIC = re.compile(r"econtracting_[a-z_]+")
METRIC_NAME = re.compile(r'"(econtracting_[a-z_]+)"')
METRIC_FILES = (
    "gql/metrics.py",
    "gql/metrics_collector.py",
    "workers/metrics.py",
    "workers/doorbell.py",
    "observing/http.py",
)
SUFFIXES = ("", "_total", "_bucket", "_count", "_sum")


def documented_commands(page: Path) -> set[str]:
    return {command for command, _ in COMMAND.findall(page.read_text())}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_documented_commands_and_options_exist(page: Path):
    for command, rest in COMMAND.findall(page.read_text()):
        result = CliRunner().invoke(app, [*command.split(), "--help"], terminal_width=200)
        if result.exit_code:
            # The second word is an argument.
            result = CliRunner().invoke(app, [command.split()[0], "--help"], terminal_width=200)
        assert result.exit_code == 0, command
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in result.output, (command, option)


def test_documented_commands_are_found():
    assert {"audit verify", "keys rotate", "mail retry", "check"} <= set().union(*map(documented_commands, PAGES))


def metrics() -> set[str]:
    """All names of our time series."""
    names = {name for path in METRIC_FILES for name in METRIC_NAME.findall((ROOT / path).read_text())}
    return {name + suffix for name in names for suffix in SUFFIXES}


@pytest.mark.parametrize("page", ["operations.md", "alerts.yml"])
def test_documented_metrics_exist(page: str):
    documented = set(METRIC.findall((ROOT / "docs" / page).read_text()))
    assert len(documented) > 10
    assert documented - metrics() == set()


def test_every_metric_is_documented():
    documented = (ROOT / "docs" / "operations.md").read_text()
    names = {name for path in METRIC_FILES for name in METRIC_NAME.findall((ROOT / path).read_text())}
    assert {name for name in names if name not in documented} == set()
