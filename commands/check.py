"""`econtracting check`: checks the configuration and everything that it refers to."""

import typer


def check() -> None:
    """Check the settings and the servers that they name; report all problems. Exits with status 1 if there are any."""
    import asyncio
    import logging
    import sys

    from commands.checks.all_checks import run_checks
    from logs import configure_logging

    # Findings are printed instead.
    configure_logging(sys.stderr, logging.CRITICAL)
    findings = asyncio.run(run_checks())
    for finding in findings:
        typer.echo(finding.line, err=True)
    if any(finding.is_error for finding in findings):
        raise typer.Exit(1)
    typer.echo("No problems found.")
