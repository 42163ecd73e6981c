"""The pooled ordinary way: each mail written with the standard library and sent over one connection that is kept."""

import pickle
import sys
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import uvloop

from mail_templates import render
from settings import settings
from workers.composing.mail import Mail


def message(mail: Mail) -> EmailMessage:
    configuration, rendered = settings(), render(mail.facts)
    written = EmailMessage()
    written["From"] = f"{configuration.mail_from_name} <{configuration.mail_from_address}>"
    written["To"] = mail.address
    written["Reply-To"] = configuration.helpdesk_address
    written["Subject"] = rendered.subject
    written["Date"] = mail.dated_at
    written["Message-ID"] = mail.message_id
    written["Auto-Submitted"] = "auto-generated"
    written.set_content(rendered.text)
    written.add_alternative(rendered.html, subtype="html")
    return written


async def send(mails: list[Mail]) -> None:
    host, port = settings().smtp_host, settings().smtp_port
    async with aiosmtplib.SMTP(hostname=host, port=port, start_tls=False) as client:
        for mail in mails:
            await client.send_message(message(mail))


if __name__ == "__main__":
    uvloop.run(send(pickle.loads(Path(sys.argv[1]).read_bytes())[: int(sys.argv[2])]))  # noqa: S301  # our own file
