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

    notification_counts, unmailed, mail_counts, mails = run_with_database(
        _read_list(MailFilter(tuple(status or ()), organisation, newer, older), limit)
    )
    shown = mails if addresses else [mail.masked() for mail in mails]
    if as_json:
        facts = {"notifications": notification_counts, "unmailed": unmailed, "counts": mail_counts, "mails": shown}
        typer.echo(to_json(facts))
        return
    if not status:
        for line in (counts_line(notification_counts, "notification"), *unmailed_lines(unmailed)):
            typer.echo(line)
    for line in (counts_line(mail_counts, "mail"), *mail_lines(shown)):
        typer.echo(line)


async def _read_list(
    mail_filter: "MailFilter", limit: int
) -> tuple[dict[str, int], list["UnmailedRow"], dict[str, int], list["MailRow"]]:
    from domain.mail_log.mails import read_mails
    from domain.mail_log.notifications import read_notifications

    counts, unmailed = await read_notifications(mail_filter, 0 if mail_filter.statuses else limit)
    return counts, unmailed, *await read_mails(mail_filter, limit)


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

    row = run_with_database(_read_row(key, notification=notification))
    if row is None:
        typer.echo(f"There is no {'notification' if notification else 'mail'} {key}.", err=True)
        raise typer.Exit(ExitStatus.REFUSED)
    shown = row if addresses else row.masked()
    if as_json:
        typer.echo(to_json(shown))
        return
    for line in notification_lines(shown):
        typer.echo(line)


async def _read_row(key: int, *, notification: bool) -> "NotificationRow | MailRow | None":
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
    from commands.mail_retry import retry_all, retryable_keys
    from commands.progress import show_progress
    from commands.runtime import ExitStatus, run_with_database
    from domain.mail_log.mails import MailFilter
    from domain.rules.delivery_retry import RETRYABLE

    mail_filter = MailFilter(tuple(status or ()), organisation, newer, older)
    if bool(keys) == (mail_filter != MailFilter()):
        raise typer.BadParameter("Give either mails' numbers, or options that say which mails are meant.")
    if not set(mail_filter.statuses) <= set(RETRYABLE):
        raise typer.BadParameter(f"Only mails that are {', '.join(RETRYABLE)} can be retried.")
    delivery_keys = keys or run_with_database(retryable_keys(mail_filter))
    if not keys and delivery_keys and not yes:
        typer.confirm(f"Retry {len(delivery_keys)} mails?", abort=True, err=True)
    with show_progress("Retrying", quiet=as_json) as progress:
        result = run_with_database(retry_all(delivery_keys, progress))
    if as_json:
        typer.echo(to_json(result))
    else:
        for refusal in result.refused:
            typer.echo(f"{refusal.id}: {refusal.reason}", err=True)
        typer.echo(f"Retried {len(result.retried)} of {len(delivery_keys)}.")
    if result.refused:
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
        result = run_with_database(drain(configuration, progress), pool=configuration.database_pool)
    typer.echo(to_json(result) if as_json else f"Handled {result.handled}; {result.left} left.")
    if result.left:
        typer.echo("The mail server accepts no mail at the moment.", err=True)
        raise typer.Exit(ExitStatus.TRY_AGAIN)


@mail_app.command("bounces")
def process_bounces(
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
