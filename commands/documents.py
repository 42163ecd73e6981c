"""The operator's commands about the documents that frontends ask with: `econtracting documents`."""

from pathlib import Path
from typing import Annotated

import typer

documents_app = typer.Typer(help="The GraphQL documents that frontends ask with.", no_args_is_help=True)


@documents_app.command("register")
def register(file: Annotated[Path, typer.Argument(help="A .graphql file, or a manifest in JSON.")]) -> None:
    """Register the documents of a file, so that clients may name them by their SHA-256."""
    from commands.operating import operate
    from domain.actor import OPERATOR
    from domain.rules.trusted_document import register_documents
    from gql.documents.manifest import ManifestError, read_manifest

    try:
        documents = read_manifest(file)
    except (ManifestError, OSError) as error:
        typer.echo(f"Nothing was registered. {error}", err=True)
        raise typer.Exit(1) from None
    new = {row.digest for row in operate(register_documents(actor=OPERATOR, documents=documents))}
    for digest in documents:
        typer.echo(f"{digest} {'registered' if digest in new else 'was registered already'}")


@documents_app.command("list")
def list_documents() -> None:
    """Tell every registered document: its SHA-256, when it was registered, and how it begins."""
    from commands.operating import operate
    from domain.days import day_of
    from domain.rules.trusted_document import registered_documents

    for row in operate(registered_documents()):
        typer.echo(f"{row.digest} {day_of(row.registered_at)} {' '.join(row.text.split())[:60]}")


@documents_app.command("forget")
def forget(digests: Annotated[list[str], typer.Argument(help="SHA-256, in hexadecimal.")]) -> None:
    """Forget registered documents; where only registered ones are answered, clients that ask with them break."""
    from commands.operating import operate
    from domain.actor import OPERATOR
    from domain.rules.trusted_document import forget_documents

    operate(forget_documents(actor=OPERATOR, digests=digests))
    typer.echo(f"Forgot {len(digests)}.")
