"""The operator's commands about keys: `econtracting keys`."""

import typer

keys_app = typer.Typer(help="Encryption keys of national register numbers.", no_args_is_help=True)


@keys_app.command("rotate")
def rotate() -> None:
    """Encrypt and index all national register numbers with the current keys; the API can run meanwhile."""
    from commands.runtime import run_with_database
    from domain.actor import OPERATOR
    from domain.rules.key_rotation import rotate_keys

    renewed = run_with_database(rotate_keys(actor=OPERATOR))
    typer.echo(
        f"Renewed: {renewed.people} numbers, {renewed.personal_keys} personal keys. Everything is under the keys of the"
        " settings now; older ones are no longer needed."
    )
