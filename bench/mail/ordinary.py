"""Builds each mail with the standard library and sends it over one persistent aiosmtplib connection."""

import pickle
import sys
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import uvloop

from mail_templates import render
from settings import settings
from workers.composing.mail import Mail


def build_message(mail: Mail) -> EmailMessage:
    configuration, rendered = settings(), render(mail.facts)
    message = EmailMessage()
    message["From"] = f"{configuration.mail_from_name} <{configuration.mail_from_address}>"
    message["To"] = mail.address
    message["Reply-To"] = configuration.helpdesk_address
    message["Subject"] = rendered.subject
    message["Date"] = mail.dated_at
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(rendered.text)
    message.add_alternative(rendered.html, subtype="html")
    return message


async def send(mails: list[Mail]) -> None:
    host, port = settings().smtp_host, settings().smtp_port
    async with aiosmtplib.SMTP(hostname=host, port=port, start_tls=False) as client:
        for mail in mails:
            await client.send_message(build_message(mail))


if __name__ == "__main__":
    uvloop.run(send(pickle.loads(Path(sys.argv[1]).read_bytes())[: int(sys.argv[2])]))  # noqa: S301  # our own file
