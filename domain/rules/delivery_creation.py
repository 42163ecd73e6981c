"""Creation of deliveries, one for each address that is mailed; later changes of addresses don't affect them."""

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
  with ordinality as mail (routing_id, letter_id, organisation_id, user_id, address, language, message_id, position)
order by position"""


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A routing or a letter, with the recipients of its mail; exactly one of `routing_id` and `letter_id` is set."""

    organisation_id: int
    recipients: Sequence[Recipient]
    routing_id: int | None = None
    letter_id: int | None = None


async def create_deliveries(database: BaseDBAsyncClient, mails: Iterable[OutgoingMail], message_domain: str) -> None:
    """Inserts a delivery for each recipient, in order, with one statement.

    Args:
        database: The transaction in which the routings or letters were inserted.
        mails: The routings or letters.
        message_domain: The part of the Message-IDs after the @.
    """
    rows = [
        (
            mail.routing_id,
            mail.letter_id,
            mail.organisation_id,
            recipient.user_id,
            recipient.address,
            recipient.language,
            # Random, so that the Message-ID discloses nothing about the recipient.
            f"<{uuid4().hex}@{message_domain}>",
        )
        for mail in mails
        for recipient in mail.recipients
    ]
    if rows:
        await database.execute_query(_INSERT_DELIVERIES, [list(column) for column in zip(*rows, strict=True)])
