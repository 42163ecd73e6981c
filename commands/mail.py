"""The operator's commands about mails: `econtracting mail`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from commands.mail_options import Addresses, Json, Newer, Older, Organisation, Statuses

if TYPE_CHECKING:
    from domain.mail_log.mails import MailFilter, MailRow
    from domain.mail_log.notifications import UnmailedRow
    from domain.mail_log.routings import NotificationRow


mail_app = typer.Typer(help="Mails: list, show, retry, drain, bounces.", no_args_is_help=True)


@mail_app.command("list")
def list_mails(
    status: Statuses = None,
    organisation: Organisation = None,
    newer: Newer = None,
    older: Older = None,
    limit: Annotated[int, typer.Option(min=0, max=10_000, help="Maximum number shown, newest first.")] = 50,
    *,
    addresses: Addresses = False,
    as_json: Json = False,
) -> None:
    """Count notifications and mails by status, and show the newest mails.

    Notifications without mails are shown first, except when mails are selected by status.
    """
    from commands.mail_output import counts_line, mail_lines, to_json, unmailed_lines
    from commands.runtime import run_with_database
    from domain.mail_log.mails import MailFilter

    counted, unmailed, counts, found = run_with_database(
        _listed(MailFilter(tuple(status or ()), organisation, newer, older), limit)
    )
    shown = found if addresses else [mail.masked() for mail in found]
    if as_json:
        typer.echo(to_json({"notifications": counted, "unmailed": unmailed, "counts": counts, "mails": shown}))
        return
    if not status:
        for line in (counts_line(counted, "notification"), *unmailed_lines(unmailed)):
            typer.echo(line)
    for line in (counts_line(counts, "mail"), *mail_lines(shown)):
        typer.echo(line)


async def _listed(
    meant: "MailFilter", limit: int
) -> tuple[dict[str, int], list["UnmailedRow"], dict[str, int], list["MailRow"]]:
    from domain.mail_log.mails import read_mails
    from domain.mail_log.notifications import read_notifications

    counted, unmailed = await read_notifications(meant, 0 if meant.statuses else limit)
    return counted, unmailed, *await read_mails(meant, limit)


@mail_app.command("show")
def show_mail(
    key: Annotated[int, typer.Argument(metavar="ID", help="The mail's number, as shown by `list`.")],
    *,
    notification: Annotated[bool, typer.Option("--notification", help="ID is the number of a notification.")] = False,
    addresses: Addresses = False,
    as_json: Json = False,
) -> None:
    """Show the notification of a mail: its routings with reasons, and the status of each of its mails.

    A mail about access is a letter, and is shown on its own.
    """
    from commands.mail_output import notification_lines, to_json
    from commands.runtime import ExitStatus, run_with_database

    story = run_with_database(_story_of(key, notification=notification))
    if story is None:
        typer.echo(f"There is no {'notification' if notification else 'mail'} {key}.", err=True)
        raise typer.Exit(ExitStatus.REFUSED)
    shown = story if addresses else story.masked()
    if as_json:
        typer.echo(to_json(shown))
        return
    for line in notification_lines(shown):
        typer.echo(line)


async def _story_of(key: int, *, notification: bool) -> "NotificationRow | MailRow | None":
    from domain.mail_log.mails import read_letter_mail
    from domain.mail_log.routings import read_notification

    if notification:
        return await read_notification(notification_id=key)
    return await read_letter_mail(key) or await read_notification(delivery_id=key)


@mail_app.command("retry")
def retry_mails(
    keys: Annotated[list[int] | None, typer.Argument(metavar="ID", help="Numbers of mails.")] = None,
    status: Statuses = None,
    organisation: Organisation = None,
    newer: Newer = None,
    older: Older = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for confirmation before retrying many mails.")] = False,
    as_json: Json = False,
) -> None:
    """Retry mails that failed, bounced or are uncertain: the given ones, or all that match the options."""
    from commands.mail_output import to_json
    from commands.mail_retry import retried_keys, retry_all
    from commands.progress import show_progress
    from commands.runtime import ExitStatus, run_with_database
    from domain.mail_log.mails import MailFilter
    from domain.rules.delivery_retry import RETRYABLE

    meant = MailFilter(tuple(status or ()), organisation, newer, older)
    if bool(keys) == (meant != MailFilter()):
        raise typer.BadParameter("Give either mails' numbers, or options that say which mails are meant.")
    if not set(meant.statuses) <= set(RETRYABLE):
        raise typer.BadParameter(f"Only mails that are {', '.join(RETRYABLE)} can be retried.")
    found = keys or run_with_database(retried_keys(meant))
    if not keys and found and not yes:
        typer.confirm(f"Retry {len(found)} mails?", abort=True, err=True)
    with show_progress("Retrying", quiet=as_json) as progress:
        done = run_with_database(retry_all(found, progress))
    if as_json:
        typer.echo(to_json(done))
    else:
        for refusal in done.refused:
            typer.echo(f"{refusal.id}: {refusal.reason}", err=True)
        typer.echo(f"Retried {len(done.retried)} of {len(found)}.")
    if done.refused:
        raise typer.Exit(ExitStatus.REFUSED)


@mail_app.command("drain")
def drain_mails(*, as_json: Json = False) -> None:
    """Send everything that is due now, then exit. A worker may run at the same time."""
    from commands.checks.configuration import settings_or_exit
    from commands.mail_output import to_json
    from commands.progress import show_progress
    from commands.runtime import ExitStatus, run_with_database
    from workers.drain import drain

    configuration = settings_or_exit()
    with show_progress("Sending", quiet=as_json) as progress:
        done = run_with_database(drain(configuration, progress), pool=configuration.database_pool)
    typer.echo(to_json(done) if as_json else f"Handled {done.handled}; {done.left} left.")
    if done.left:
        typer.echo("The mail server accepts no mail at the moment.", err=True)
        raise typer.Exit(ExitStatus.TRY_AGAIN)


@mail_app.command("bounces")
def take_bounces(
    mailbox: Annotated[
        str, typer.Argument(metavar="MAILBOX", help="An mbox file, a Maildir, or - for standard input.")
    ] = "-",
    recipient: Annotated[str | None, typer.Option(help="The envelope recipient, if no header contains it.")] = None,
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Remove processed mails from the mailbox.")] = False,
    as_json: Json = False,
) -> None:
    """Process bounces (RFC 3464): mark the mails that they are about as bounced."""
    from commands.checks.configuration import settings_or_exit
    from commands.mail_output import bounce_line, to_json
    from commands.runtime import ExitStatus, run_with_database
    from workers.bounces.mailboxes import MailboxError
    from workers.bounces.read_bounces import read_bounces

    try:
        counts = run_with_database(
            read_bounces(mailbox, sys.stdin.buffer, settings_or_exit(), recipient, remove=remove)
        )
    except MailboxError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(ExitStatus.NO_INPUT) from None
    typer.echo(to_json(counts) if as_json else bounce_line(counts))
