"""What `make bench-mail` can be asked for."""

import pytest
import typer
from typer.testing import CliRunner

from bench.mail_throughput import main


@pytest.mark.parametrize(("name", "number"), [("MAILS", "19"), ("ROUNDS", "0"), ("PENDING", "1000")])
def test_numbers_that_would_tell_nothing_are_refused_by_name(name: str, number: str):
    asked = typer.Typer()
    asked.command()(main)
    answered = CliRunner().invoke(asked, [], env={name: number})
    assert answered.exit_code == 2
    assert name in answered.output
