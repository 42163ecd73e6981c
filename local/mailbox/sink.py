"""The SMTP sink: takes every mail as strictly as the standard allows and keeps it in a Maildir."""

import asyncio
from functools import partial
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from local.mailbox.maildir import keep_mail, make_maildir
from local.mailbox.rules import OfferedMail, refusal

LARGEST_MAIL = 32 * 1024 * 1024


class Taker:
    """What aiosmtpd asks when a mail's last dot has come."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        """Answers 250 when the mail is on disk, once for each recipient, or 554 and why it is refused."""
        mail = _offered(envelope)
        refused = refusal(mail)
        if refused is not None:
            return f"554 5.6.0 {refused}"
        for recipient in mail.recipients:
            await asyncio.to_thread(keep_mail, self.folder, mail.content, mail.sender, recipient)
        return "250 2.0.0 OK"


def _offered(envelope: Envelope) -> OfferedMail:
    return OfferedMail(
        content=envelope.original_content or b"",
        sender=envelope.mail_from or "",
        recipients=tuple(envelope.rcpt_tos),
        smtputf8=envelope.smtp_utf8,
        eight_bit="BODY=8BITMIME" in envelope.mail_options,
    )


async def start_sink(host: str, port: int, folder: Path) -> asyncio.Server:
    """Listens for mail in the running loop.

    Args:
        host: The address to listen on.
        port: The port, or 0 for any that is free; `server.sockets` tells which.
        folder: The Maildir, made where it is missing.

    Raises:
        OSError: The port is taken, or the folder cannot be made.
    """
    make_maildir(folder)
    loop = asyncio.get_running_loop()
    protocol = partial(
        SMTP, Taker(folder), data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True, hostname="localhost", loop=loop
    )
    return await loop.create_server(protocol, host, port)


async def serve_sink(host: str, port: int, folder: Path) -> None:
    """Listens for mail until the process is ended; what it has answered 250 to is on disk."""
    server = await start_sink(host, port, folder)
    await server.serve_forever()
