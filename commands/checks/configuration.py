"""Checks the variables themselves, before anything is connected to."""

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from commands.checks.finding import Finding
from settings import Settings, settings


def read_settings() -> tuple[Settings | None, list[Finding]]:
    """The settings, or all findings about them."""
    try:
        return Settings(), []  # type: ignore[call-arg]  # the environment fills what has no default
    except ValidationError as error:
        return None, [_finding_of(details) for details in error.errors(include_url=False, include_input=False)]


def _finding_of(error: ErrorDetails) -> Finding:
    variable = str(error["loc"][0]).upper() if error["loc"] else "Settings"
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "missing":
        return Finding(variable, "It is not set.", _purpose(variable))
    if error["type"] == "string_pattern_mismatch":
        message = "It doesn't have the required form"
    return Finding(variable, message if message.endswith(".") else f"{message}.", _purpose(variable))


def _purpose(variable: str) -> str:
    """What the variable is for, if the settings describe it."""
    field = Settings.model_fields.get(variable.lower())
    return f"Purpose: {field.description}" if field and field.description else "The README describes it."


def settings_or_exit() -> Settings:
    """The settings of this process; if they are invalid, prints all findings and exits with status 1."""
    configuration, findings = read_settings()
    if configuration is None:
        for finding in findings:
            typer.echo(finding.line, err=True)
        raise typer.Exit(1)
    return settings()
