"""Bounces and replies, as mail servers and people write them."""

from email.message import EmailMessage
from textwrap import dedent

from domain.models import Delivery


def return_path_of(delivery: Delivery, sending: int | None = None, domain: str = "terug.example") -> str:
    random = delivery.message_id.strip("<>").partition("@")[0]
    return f"bounces+{delivery.id}-{sending or delivery.attempts - delivery.failures}-{random}@{domain}"


def recipient_fields(action: str, status: str, diagnostic: str = "", recipient: str = "werf@werken.example") -> str:
    """The fields about one recipient (RFC 3464, 2.3)."""
    lines = [f"Final-Recipient: rfc822; {recipient}", f"Action: {action}", f"Status: {status}"]
    return "\n".join(lines + ([f"Diagnostic-Code: smtp; {diagnostic}"] if diagnostic else []))


def a_delivery_report(to: str, *recipients: str, returned: str = "", returned_type: str = "message/rfc822") -> bytes:
    """A delivery status notification, as Postfix sends it."""
    status = "\n\n".join(
        ["Reporting-MTA: dns; mx.ontvanger.example\nArrival-Date: Mon, 23 Nov 2026 10:00:31 +0000", *recipients]
    )
    return (
        dedent("""\
        Return-Path: <>
        Date: Mon, 23 Nov 2026 10:00:32 +0000 (UTC)
        From: MAILER-DAEMON@mx.ontvanger.example (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: {to}
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="grens"
        Message-Id: <20261123100032.1@mx.ontvanger.example>

        --grens
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not be delivered.

        --grens
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        {status}

        --grens
        Content-Description: Undelivered Message
        Content-Type: {returned_type}

        {returned}

        --grens--
        """)
        .format(to=to, status=status, returned=returned or "Subject: iets\n\n", returned_type=returned_type)
        .encode()
    )


def a_reply(to: str, text: str, **fields: str) -> bytes:
    """A reply by a person, or an automatic reply in a person's name."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "els@werken.example", to, "Antwoord"
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


QMAIL = """\
Return-Path: <>
From: MAILER-DAEMON@qmail.ontvanger.example
To: {to}
Subject: failure notice

Hi. This is the qmail-send program at qmail.ontvanger.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<werf@werken.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <{to}>
Subject: Nieuw dossierstuk

"""
