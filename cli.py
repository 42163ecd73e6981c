"""The command `econtracting`: a table of contents of the package `commands`."""

import typer

from commands.audit import audit_app
from commands.authority import authority_app
from commands.check import check
from commands.documents import documents_app
from commands.keys import keys_app
from commands.local import local_app
from commands.mail import mail_app
from commands.organisation import organisation_app
from commands.person import person_app
from commands.processes import demo, migrate, serve, worker
from commands.theme import theme_app

app = typer.Typer(
    help="e-Contracting Access: who may do what on which public contract.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (serve, worker, migrate, check, demo):
    app.command()(command)
app.add_typer(organisation_app, name="organisation")
app.add_typer(authority_app, name="authority")
app.add_typer(person_app, name="person")
app.add_typer(keys_app, name="keys")
app.add_typer(theme_app, name="theme")
app.add_typer(documents_app, name="documents")
app.add_typer(mail_app, name="mail")
app.add_typer(audit_app, name="audit")
app.add_typer(local_app, name="local", hidden=True)
