"""What docs/operations.md and the README promise is there: commands, metrics."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from tests.commands.running import ROOT

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
OPTION = re.compile(r"`econtracting ([a-z-]+(?: [a-z-]+)?)([^`]*)`")
METRIC = re.compile(r"econtracting_[a-z_]+")
NAMED = re.compile(r'"(econtracting_[a-z_]+)"')
COUNTING = (
    "gql/metrics.py",
    "gql/metrics_collector.py",
    "workers/metrics.py",
    "workers/doorbell.py",
    "observing/http.py",
)
ENDINGS = ("", "_total", "_bucket", "_count", "_sum")


def told_commands(page: Path) -> set[str]:
    return {command for command, _ in OPTION.findall(page.read_text())}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_told_exists_with_its_options(page: Path):
    for command, rest in OPTION.findall(page.read_text()):
        shown = CliRunner().invoke(app, [*command.split(), "--help"], terminal_width=200)
        if shown.exit_code:
            # The second word is an argument.
            shown = CliRunner().invoke(app, [command.split()[0], "--help"], terminal_width=200)
        assert shown.exit_code == 0, command
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in shown.output, (command, option)


def test_there_are_commands_to_look_for():
    assert {"audit verify", "keys rotate", "mail retry", "check"} <= set().union(*map(told_commands, PAGES))


def metrics() -> set[str]:
    """Every name that a series of ours can have."""
    names = {name for path in COUNTING for name in NAMED.findall((ROOT / path).read_text())}
    return {name + ending for name in names for ending in ENDINGS}


@pytest.mark.parametrize("page", ["operations.md", "alerts.yml"])
def test_every_metric_that_is_told_exists(page: str):
    output = set(METRIC.findall((ROOT / "docs" / page).read_text()))
    assert len(output) > 10
    assert output - metrics() == set()


def test_every_metric_is_told():
    output = (ROOT / "docs" / "operations.md").read_text()
    names = {name for path in COUNTING for name in NAMED.findall((ROOT / path).read_text())}
    assert {name for name in names if name not in output} == set()
