"""The HTML pages of the mailbox, in Dutch."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.days import BRUSSELS
from local.mailbox.maildir import ArrivedMail
from local.mailbox.views import VIEWS

FOLDER = Path(__file__).parent
STYLE = FOLDER / "style.css"
PAGE_SIZE = 50


def _moment(moment: datetime) -> str:
    return format_datetime(moment, "EEE d MMM y, HH:mm:ss", tzinfo=BRUSSELS, locale="nl_BE")


def _sender(headers: EmailMessage) -> str:
    name, address = parseaddr(str(headers["From"] or ""))
    return name or address


TEMPLATES = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
TEMPLATES.filters |= {"moment": _moment, "sender": _sender}


def list_page(mails: Sequence[ArrivedMail], number: int) -> str:
    """The list of mails.

    Args:
        mails: All that arrived, newest first.
        number: The number of the page, from 1; a page beyond the last one is empty.
    """
    end = max(number, 1) * PAGE_SIZE
    return TEMPLATES.get_template("list.html").render(
        mails=mails[end - PAGE_SIZE : end], total=len(mails), number=max(number, 1), has_more=len(mails) > end
    )


def mail_page(mail: ArrivedMail, view: str) -> str:
    """One mail, in the view of that name, or else in the first view that it has."""
    views = {name: each for name, each in VIEWS.items() if each.render(mail) is not None}
    current = view if view in views else next(iter(views))
    return TEMPLATES.get_template("mail.html").render(mail=mail, headers=mail.headers(), views=views, current=current)


def not_found_page() -> str:
    """The page for a mail that doesn't exist."""
    return TEMPLATES.get_template("not_found.html").render()
