"""The parameters of `make bench-mail`."""

import pytest
import typer
from typer.testing import CliRunner

from bench.mail_throughput import main


@pytest.mark.parametrize(("name", "number"), [("MAILS", "19"), ("ROUNDS", "0"), ("PENDING", "1000")])
def test_meaningless_numbers_are_refused_by_name(name: str, number: str):
    app = typer.Typer()
    app.command()(main)
    result = CliRunner().invoke(app, [], env={name: number})
    assert result.exit_code == 2
    assert name in result.output
