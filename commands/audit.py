"""The operator's commands about the audit log: `econtracting audit`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from domain.audit_chain import Head

audit_app = typer.Typer(help="The hash chain of the audit log.", no_args_is_help=True)


@audit_app.command("verify")
def verify_audit(
    heads: Annotated[Path | None, typer.Option(help="A file with the output of `audit heads`, kept elsewhere.")] = None,
) -> None:
    """Find audit entries that were edited, removed or inserted. Exits with status 1 if there are any."""
    from commands.runtime import run_with_database
    from domain.audit_chain import ChainFault, Head, verify

    async def find_faults(saved_heads: list[Head]) -> list[ChainFault]:
        return [fault async for fault in verify(saved_heads)]

    faults = run_with_database(find_faults(_read_heads(heads) if heads else []))
    for fault in faults:
        typer.echo(fault.message, err=True)
    if faults:
        raise typer.Exit(1)
    typer.echo("Every entry fits its chain.")


@audit_app.command("heads")
def print_heads() -> None:
    """Print the head of each chain as JSON, one per line. Kept elsewhere, they prove that the log is intact."""
    import dataclasses

    import orjson

    from commands.runtime import run_with_database
    from domain.audit_chain import heads

    for head in run_with_database(heads()):
        typer.echo(orjson.dumps(dataclasses.asdict(head)).decode())


def _read_heads(file: Path) -> list["Head"]:
    import orjson

    from domain.audit_chain import Head

    try:
        return [Head(**orjson.loads(line)) for line in file.read_bytes().splitlines() if line.strip()]
    except (OSError, ValueError, TypeError) as error:
        typer.echo(f"{file} doesn't contain heads as `audit heads` prints them: {error}", err=True)
        raise typer.Exit(2) from None
