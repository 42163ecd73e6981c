"""The SMTP sink: accepts mails as strictly as the standards allow, and stores them in a Maildir."""

import asyncio
from functools import partial
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from local.mailbox.conformance import IncomingMail, find_violation
from local.mailbox.maildir import create_maildir, store_mail

MAX_MESSAGE_SIZE = 32 * 1024 * 1024


class MaildirHandler:
    """The handler that aiosmtpd calls at the end of a mail's data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        """Stores the mail once for each recipient, and replies.

        Returns:
            250 when it is on disk, 451 when it can't be stored now, or 554 with the reason why it is refused.
        """
        mail = _incoming_mail(envelope)
        violation = find_violation(mail)
        if violation is not None:
            return f"554 5.6.0 {violation}"
        try:
            for recipient in mail.recipients:
                await asyncio.to_thread(store_mail, self.folder, mail.content, mail.sender, recipient)
        except OSError as error:
            # For an exception aiosmtpd replies 500, after which the client gives the mail up.
            return f"451 4.3.0 The mail cannot be stored: {error.strerror}."
        return "250 2.0.0 OK"


def _incoming_mail(envelope: Envelope) -> IncomingMail:
    return IncomingMail(
        content=envelope.original_content or b"",
        sender=envelope.mail_from or "",
        recipients=tuple(envelope.rcpt_tos),
        smtputf8=envelope.smtp_utf8,
        eight_bit_mime="BODY=8BITMIME" in envelope.mail_options,
    )


async def start_sink(host: str, port: int, folder: Path) -> asyncio.Server:
    """Listens for mail in the running loop.

    Args:
        host: The address to listen on.
        port: The port, or 0 for any that is free; `server.sockets` tells which.
        folder: The Maildir, created if it is missing.

    Raises:
        OSError: The port is taken, or the folder cannot be created.
    """
    create_maildir(folder)
    loop = asyncio.get_running_loop()
    protocol = partial(
        SMTP,
        MaildirHandler(folder),
        data_size_limit=MAX_MESSAGE_SIZE,
        enable_SMTPUTF8=True,
        hostname="localhost",
        loop=loop,
    )
    return await loop.create_server(protocol, host, port)


async def serve_sink(host: str, port: int, folder: Path) -> None:
    """Listens for mail until the process ends; every mail that it has replied 250 to is on disk."""
    server = await start_sink(host, port, folder)
    await server.serve_forever()
