"""The views of one mail: its HTML, its plain text, its headers, its source."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal

from local.mailbox.maildir import ArrivedMail

HEAD_TAG = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
PLAIN_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class View:
    """One view of a mail.

    Attributes:
        label: Its Dutch name.
        media_type: Its media type.
        render: Its content; None where the mail has no such part.
    """

    label: str
    media_type: str
    render: Callable[[ArrivedMail], str | bytes | None]


def _html(mail: ArrivedMail) -> str | None:
    body = _body(mail.message(), "html")
    # Without it a link would open inside the frame, which the page that it leads to refuses.
    return None if body is None else HEAD_TAG.sub(lambda tag: f'{tag[0]}<base target="_blank">', body, count=1)


def _text(mail: ArrivedMail) -> str | None:
    return _body(mail.message(), "plain")


def _body(message: EmailMessage, kind: Literal["html", "plain"]) -> str | None:
    part = message.get_body((kind,))
    return None if part is None else str(part.get_content())


def _headers(mail: ArrivedMail) -> str:
    return "\n".join(f"{name}: {value}" for name, value in mail.headers().items())


VIEWS = {
    "html": View("Opgemaakt", "text/html; charset=utf-8", _html),
    "text": View("Tekst", PLAIN_TEXT, _text),
    "headers": View("Kopregels", PLAIN_TEXT, _headers),
    "source": View("Bron", PLAIN_TEXT, ArrivedMail.source),
}
