"""Deliveries, one for each address that is mailed: later changes of addresses don't touch them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from tortoise.backends.base.client import BaseDBAsyncClient

from domain.rules.recipients import Recipient

_INSERT_DELIVERIES: Final = """
insert into delivery (routing_id, letter_id, organisation_id, user_id, address, language, message_id)
select routing_id, letter_id, organisation_id, user_id, address, language, message_id
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[])
  with ordinality as given (routing_id, letter_id, organisation_id, user_id, address, language, message_id, position)
order by position"""


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A routing or a letter, and who is to get its mail: exactly one of the two keys is filled in."""

    organisation_id: int
    recipients: Sequence[Recipient]
    routing_id: int | None = None
    letter_id: int | None = None


async def create_deliveries(database: BaseDBAsyncClient, mails: Iterable[OutgoingMail], message_domain: str) -> None:
    """Writes a delivery for each recipient, in the order given, in one statement.

    Args:
        database: The transaction in which the routings or letters were written.
        mails: The routings or letters.
        message_domain: What stands to the right of the @ in the Message-IDs.
    """
    rows = [
        (
            mail.routing_id,
            mail.letter_id,
            mail.organisation_id,
            recipient.user_id,
            recipient.address,
            recipient.language,
            # Random, so that an identifier never tells whom it was made for.
            f"<{uuid4().hex}@{message_domain}>",
        )
        for mail in mails
        for recipient in mail.recipients
    ]
    if rows:
        await database.execute_query(_INSERT_DELIVERIES, [list(column) for column in zip(*rows, strict=True)])
