"""The pooled ordinary way: each mail written with the standard library and sent over one connection that is kept."""

import pickle
import sys
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import uvloop

from mail_templates import render
from settings import settings
from workers.writing.mail import Mail


def message(told: Mail) -> EmailMessage:
    given, rendered = settings(), render(told.facts)
    mail = EmailMessage()
    mail["From"] = f"{given.mail_from_name} <{given.mail_from_address}>"
    mail["To"] = told.address
    mail["Reply-To"] = given.helpdesk_address
    mail["Subject"] = rendered.subject
    mail["Date"] = told.dated_at
    mail["Message-ID"] = told.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(rendered.text)
    mail.add_alternative(rendered.html, subtype="html")
    return mail


async def send(mails: list[Mail]) -> None:
    host, port = settings().smtp_host, settings().smtp_port
    async with aiosmtplib.SMTP(hostname=host, port=port, start_tls=False) as client:
        for told in mails:
            await client.send_message(message(told))


if __name__ == "__main__":
    uvloop.run(send(pickle.loads(Path(sys.argv[1]).read_bytes())[: int(sys.argv[2])]))  # noqa: S301  # our own file
