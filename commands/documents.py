"""The operator's commands about registered GraphQL documents: `econtracting documents`."""

from pathlib import Path
from typing import Annotated

import typer

documents_app = typer.Typer(help="Registered GraphQL documents.", no_args_is_help=True)


@documents_app.command("register")
def register(file: Annotated[Path, typer.Argument(help="A .graphql file, or a JSON manifest.")]) -> None:
    """Register the documents in a file, so that clients can refer to them by SHA-256."""
    from commands.runtime import run_with_database
    from domain.actor import OPERATOR
    from domain.rules.trusted_document import register_documents
    from gql.documents.manifest import ManifestError, read_manifest

    try:
        documents = read_manifest(file)
    except (ManifestError, OSError) as error:
        typer.echo(f"Nothing was registered. {error}", err=True)
        raise typer.Exit(1) from None
    new = {row.digest for row in run_with_database(register_documents(actor=OPERATOR, documents=documents))}
    for digest in documents:
        typer.echo(f"{digest} {'registered' if digest in new else 'was registered already'}")


@documents_app.command("list")
def list_documents() -> None:
    """List all registered documents: SHA-256, time of registration, beginning of the text."""
    from commands.runtime import run_with_database
    from domain.days import brussels_day
    from domain.rules.trusted_document import registered_documents

    for row in run_with_database(registered_documents()):
        typer.echo(f"{row.digest} {brussels_day(row.registered_at)} {' '.join(row.text.split())[:60]}")


@documents_app.command("forget")
def forget(digests: Annotated[list[str], typer.Argument(help="SHA-256 digests in hexadecimal.")]) -> None:
    """Remove registered documents. Clients that use them fail if only registered documents are accepted."""
    from commands.runtime import run_with_database
    from domain.actor import OPERATOR
    from domain.rules.trusted_document import forget_documents

    run_with_database(forget_documents(actor=OPERATOR, digests=digests))
    typer.echo(f"Forgot {len(digests)}.")
