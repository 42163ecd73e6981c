"""The faces of one mail: rendered, plain, its head, its source."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal

from local.mailbox.maildir import ArrivedMail

HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Face:
    """One way to look at a mail: its Dutch name, its media type, and what it shows, None where the mail has none."""

    label: str
    media_type: str
    show: Callable[[ArrivedMail], str | bytes | None]


def _html(mail: ArrivedMail) -> str | None:
    body = _body(mail.message(), "html")
    # Without this a link would open inside the frame, where the page that it leads to refuses to be.
    return None if body is None else HEAD.sub(lambda head: f'{head[0]}<base target="_blank">', body, count=1)


def _text(mail: ArrivedMail) -> str | None:
    return _body(mail.message(), "plain")


def _body(message: EmailMessage, kind: Literal["html", "plain"]) -> str | None:
    part = message.get_body((kind,))
    return None if part is None else str(part.get_content())


def _headers(mail: ArrivedMail) -> str:
    return "\n".join(f"{name}: {value}" for name, value in mail.head().items())


FACES = {
    "html": Face("Opgemaakt", "text/html; charset=utf-8", _html),
    "text": Face("Tekst", PLAIN, _text),
    "headers": Face("Kopregels", PLAIN, _headers),
    "source": Face("Bron", PLAIN, ArrivedMail.source),
}
