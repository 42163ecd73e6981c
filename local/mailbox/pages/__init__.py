"""The mailbox's pages in HTML, in Dutch."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.days import BRUSSELS
from local.mailbox.faces import FACES
from local.mailbox.maildir import ArrivedMail

FOLDER = Path(__file__).parent
STYLE = FOLDER / "style.css"
PAGE_SIZE = 50


def _moment(moment: datetime) -> str:
    return format_datetime(moment, "EEE d MMM y, HH:mm:ss", tzinfo=BRUSSELS, locale="nl_BE")


def _sender(head: EmailMessage) -> str:
    name, address = parseaddr(str(head["From"] or ""))
    return name or address


PAGES = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
PAGES.filters |= {"moment": _moment, "sender": _sender}


def list_page(mails: Sequence[ArrivedMail], number: int) -> str:
    """The list of mails.

    Args:
        mails: All that arrived, newest first.
        number: Which page of them to show, from 1; beyond the last there is an empty one.
    """
    end = max(number, 1) * PAGE_SIZE
    return PAGES.get_template("list.html").render(
        mails=mails[end - PAGE_SIZE : end], total=len(mails), number=max(number, 1), more=len(mails) > end
    )


def mail_page(mail: ArrivedMail, asked: str) -> str:
    """One mail, seen by the face asked for, or else by the first that it has."""
    faces = {name: face for name, face in FACES.items() if face.show(mail) is not None}
    chosen = asked if asked in faces else next(iter(faces))
    return PAGES.get_template("mail.html").render(mail=mail, head=mail.head(), faces=faces, chosen=chosen)


def missing_page() -> str:
    """What stands where there is no such mail."""
    return PAGES.get_template("missing.html").render()
