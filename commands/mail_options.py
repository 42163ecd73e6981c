"""The options of the commands about mails: which mails are selected, and how they are shown."""

from datetime import timedelta
from typing import Annotated

import typer

from domain.delivery_status import DeliveryStatus


def _age(text: str) -> timedelta:
    from commands.mail_output import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _number(text: str) -> str:
    from domain.enterprise_number import EnterpriseNumberError, normalised

    try:
        return normalised(text)
    except EnterpriseNumberError:
        raise typer.BadParameter(f"“{text}” is no enterprise number such as 0123.456.749.") from None


Statuses = Annotated[
    list[DeliveryStatus] | None, typer.Option("--status", help="Only mails with this status; may be repeated.")
]
Organisation = Annotated[
    str | None, typer.Option(parser=_number, help="Only mails of the organisation with this enterprise number.")
]
Newer = Annotated[timedelta | None, typer.Option(parser=_age, metavar="AGE", help="At most this old: 30m, 12h, 7d.")]
Older = Annotated[timedelta | None, typer.Option(parser=_age, metavar="AGE", help="At least this old: 30m, 12h, 7d.")]
Json = Annotated[bool, typer.Option("--json", help="Output JSON.")]
Addresses = Annotated[bool, typer.Option("--addresses", help="Show full addresses instead of masked ones.")]
