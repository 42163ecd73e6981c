"""`econtracting check`: what is wrong with a configuration, before anything serves with it."""

import typer


def check() -> None:
    """Check the settings and the servers that they name; report all problems. Exits with status 1 if there are any."""
    import asyncio
    import logging
    import sys

    from commands.checks.everything import found
    from logs import configure_logging

    # What is wrong is told in words of its own.
    configure_logging(sys.stderr, logging.CRITICAL)
    findings = asyncio.run(found())
    for finding in findings:
        typer.echo(finding.line, err=True)
    if any(finding.serious for finding in findings):
        raise typer.Exit(1)
    typer.echo("Nothing stands in the way of serving.")
