"""The command `econtracting`: the API, the worker, the migrations, the demo."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from local.commands import local_app
from workers.commands import mail_app

if TYPE_CHECKING:
    from domain.audit_chain import Head

Port = Annotated[int, typer.Option(envvar="PORT", min=1, max=65533, help="The API's; the next two are used too.")]
DataDir = Annotated[Path, typer.Option(envvar="DATA_DIR", help="Where everything is written.")]
DatabaseUrl = Annotated[str, typer.Option(envvar="DATABASE_URL", help="Another PostgreSQL than our own.")]
Reason = Annotated[str, typer.Option(help="Why, for the audit log.")]
RedisUrl = Annotated[str, typer.Option(envvar="REDIS_URL", help="Another Valkey or Redis than our own.")]

app = typer.Typer(
    help="e-Contracting Access: who may do what on which public contract.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(local_app, name="local", hidden=True)
app.add_typer(mail_app, name="mail")
organisation_app = typer.Typer(help="Organisations, as the enterprise register names them.", no_args_is_help=True)
app.add_typer(organisation_app, name="organisation")
person_app = typer.Typer(help="Whose national register number is whose.", no_args_is_help=True)
app.add_typer(person_app, name="person")
keys_app = typer.Typer(help="The keys of national register numbers.", no_args_is_help=True)
app.add_typer(keys_app, name="keys")
theme_app = typer.Typer(help="The themes that groups can give rights on.", no_args_is_help=True)
app.add_typer(theme_app, name="theme")
documents_app = typer.Typer(help="The GraphQL documents that frontends ask with.", no_args_is_help=True)
app.add_typer(documents_app, name="documents")
audit_app = typer.Typer(help="The chain through the audit log.", no_args_is_help=True)
app.add_typer(audit_app, name="audit")
ThemeCode = Annotated[str, typer.Argument(help="The theme's code, such as EXECUTION.")]


@app.command()
def serve() -> None:
    """Answer the API and its pages."""
    from gql.app import create_app
    from gql.serving import serve_until_told
    from gql.shared import Shared
    from logs import configure_logging
    from settings import settings
    from workers.doorbell import QueueDoorbell

    configure_logging()
    given = settings()
    extra_routes = []
    if given.environment == "demo":
        from local.mailbox import mailbox_routes

        extra_routes = mailbox_routes(given.data_dir / "mail")
    serve_until_told(
        create_app(extra_routes, QueueDoorbell(str(given.redis_url)), Shared(str(given.redis_url))),
        given.host,
        given.port,
    )


@app.command()
def worker() -> None:
    """Send the notifications that are due."""
    from workers.run import run_worker

    run_worker()


@app.command()
def migrate() -> None:
    """Bring the database to its newest form."""
    import asyncio

    from domain.database import migrate as migrate_database
    from settings import settings

    asyncio.run(migrate_database(str(settings().database_url)))


@app.command()
def demo(
    port: Port = 8000,
    data_dir: DataDir = Path(".local"),
    database_url: DatabaseUrl = "",
    redis_url: RedisUrl = "",
) -> None:
    """Run the whole stack on this machine, with demo people and data."""
    from local.console import told
    from local.demo import run_demo

    with told():
        run_demo(port, data_dir, database_url or None, redis_url or None)


@organisation_app.command("add")
def add_organisation(number: Annotated[str, typer.Argument(help="The enterprise number: 0123.456.749.")]) -> None:
    """Register an organisation, or bring it up to date with the enterprise register."""
    from domain.actor import OPERATOR
    from domain.enterprise_number import shown
    from domain.rules.organisation_registration import register_organisation
    from operating import operate

    done = operate(register_organisation(actor=OPERATOR, enterprise_number=number))
    organisation = done.organisation
    typer.echo(
        f"{'Registered' if done.made else 'Up to date'}: {organisation.name}, {shown(organisation.enterprise_number)},"
        f" {organisation.kind}. Legal representatives: {done.represented_by} ({done.came} came, {done.left} left)."
    )
    if not done.represented_by:
        typer.echo(
            "Warning: the register names no legal representative, so nobody can appoint a main access manager.",
            err=True,
        )


@person_app.command("renumber")
def renumber(reason: Reason) -> None:
    """Give a person another number. Both are asked for, or read from the input, one a line: the old, the new."""
    from domain.actor import OPERATOR
    from domain.rules.person_correction import renumber_person
    from operating import hidden, operate

    old, new = hidden("Old number"), hidden("New number")
    done = operate(renumber_person(actor=OPERATOR, old_number=old, new_number=new, reason=reason))
    typer.echo(f"Renumbered: {done.full_name}.")


@person_app.command("merge")
def merge(reason: Reason) -> None:
    """Make one person of two. Both numbers are asked for, or read from the input: who goes, who stays."""
    from domain.actor import OPERATOR
    from domain.rules.person_correction import merge_people
    from operating import hidden, operate

    old, new = hidden("Number of who goes"), hidden("Number of who stays")
    done = operate(merge_people(actor=OPERATOR, old_number=old, new_number=new, reason=reason))
    typer.echo(f"Merged: {done.full_name}.")


@keys_app.command("rotate")
def rotate() -> None:
    """Seal and index every national register number with the keys of the settings, while the API serves."""
    from domain.actor import OPERATOR
    from domain.rules.key_rotation import rotate_keys
    from operating import operate

    done = operate(rotate_keys(actor=OPERATOR))
    typer.echo(
        f"Renewed {done.people} numbers and {done.personal_keys} personal keys. Everything is under the keys of the"
        " settings now; older ones are no longer needed."
    )


@theme_app.command("list")
def list_themes() -> None:
    """Tell every theme: its code, whether it is in use, and its name in Dutch, French, English and German."""
    from domain.rules.theme import themes
    from operating import operate

    for theme in operate(themes()):
        names = f"{theme.name_nl} | {theme.name_fr} | {theme.name_en} | {theme.name_de}"
        typer.echo(f"{theme.code:<12} {'visible' if theme.visible else 'hidden':<8} {names}")


@theme_app.command("show")
def show_theme(code: ThemeCode) -> None:
    """Let a theme be granted and used."""
    _set_visibility(code, visible=True)


@theme_app.command("hide")
def hide_theme(code: ThemeCode) -> None:
    """Let nothing new be granted or exchanged on a theme; what there is stays."""
    _set_visibility(code, visible=False)


def _set_visibility(code: str, *, visible: bool) -> None:
    from domain.actor import OPERATOR
    from domain.rules.theme import set_theme_visibility
    from operating import operate

    theme = operate(set_theme_visibility(actor=OPERATOR, code=code, visible=visible))
    typer.echo(f"{theme.code} is {'visible' if theme.visible else 'hidden'}.")


@documents_app.command("register")
def register(file: Annotated[Path, typer.Argument(help="A .graphql file, or a manifest in JSON.")]) -> None:
    """Register the documents of a file, so that clients may name them by their SHA-256."""
    from domain.actor import OPERATOR
    from domain.rules.trusted_document import register_documents
    from gql.documents.manifest import ManifestError, read_manifest
    from operating import operate

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
    from domain.rules.trusted_document import registered_documents
    from operating import operate

    for row in operate(registered_documents()):
        typer.echo(f"{row.digest} {row.registered_at:%Y-%m-%d} {' '.join(row.text.split())[:60]}")


@documents_app.command("forget")
def forget(digests: Annotated[list[str], typer.Argument(help="SHA-256, in hexadecimal.")]) -> None:
    """Forget registered documents; where only registered ones are answered, clients that ask with them break."""
    from domain.actor import OPERATOR
    from domain.rules.trusted_document import forget_documents
    from operating import operate

    operate(forget_documents(actor=OPERATOR, digests=digests))
    typer.echo(f"Forgot {len(digests)}.")


@audit_app.command("verify")
def verify_audit(
    heads: Annotated[Path | None, typer.Option(help="A file that `audit heads` wrote, kept elsewhere.")] = None,
) -> None:
    """Find audit entries that were edited, removed or inserted. Status 1 when there are any."""
    from domain.audit_chain import Finding, Head, verify
    from operating import operate

    async def found(known: list[Head]) -> list[Finding]:
        return [finding async for finding in verify(known)]

    findings = operate(found(_read_heads(heads) if heads else []))
    for finding in findings:
        typer.echo(finding.told, err=True)
    if findings:
        raise typer.Exit(1)
    typer.echo("Every entry fits its chain.")


@audit_app.command("heads")
def tell_heads() -> None:
    """Tell the newest link of each chain as JSON, one a line: kept elsewhere, they vouch for everything before them."""
    import dataclasses

    import orjson

    from domain.audit_chain import heads
    from operating import operate

    for head in operate(heads()):
        typer.echo(orjson.dumps(dataclasses.asdict(head)).decode())


def _read_heads(file: Path) -> list["Head"]:
    import orjson

    from domain.audit_chain import Head

    try:
        return [Head(**orjson.loads(line)) for line in file.read_bytes().splitlines() if line.strip()]
    except (OSError, ValueError, TypeError) as error:
        typer.echo(f"{file} holds no heads as `audit heads` tells them: {error}", err=True)
        raise typer.Exit(2) from None
