"""Letters: mails other than notifications, written in the transaction that causes them, with their deliveries."""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.actor_transaction import ActorTransaction
from domain.mail_domain import message_domain
from domain.models import Letter, LetterKind
from domain.rules.delivery_creation import OutgoingMail, create_deliveries
from domain.rules.recipients import Contact, recipients_of
from settings import settings


async def write_letter(
    act: ActorTransaction, kind: LetterKind, contacts: Iterable[Contact], *, organisation_id: int, **about: int
) -> None:
    """Writes a letter to the addresses of the contacts, each once; no letter if nobody has an address.

    Args:
        act: The transaction of the change that the letter is about.
        kind: The kind of letter.
        contacts: The contacts.
        organisation_id: The key of the organisation whose access it is about.
        about: The keys of what else it is about, by the columns of `Letter`.
    """
    reachable = tuple(contact for contact in contacts if contact.address)
    if reachable:
        columns: dict[str, Any] = {"kind": kind, "organisation_id": organisation_id, **about}
        letter = await Letter.create(written_at=await act.now(), **columns, using_db=act.database)
        await create_letter_deliveries(
            act, [{"id": letter.id, "organisation_id": organisation_id}], {letter.id: reachable}
        )


async def create_letter_deliveries(
    act: ActorTransaction, letters: Iterable[Mapping[str, int]], contacts: Mapping[int, Iterable[Contact]]
) -> None:
    """Creates the deliveries of letters, and has the doorbell rung for them after the commit.

    Args:
        act: The transaction in which the letters were written.
        letters: Their rows, with `id` and `organisation_id`.
        contacts: The contacts, by the letters' keys.
    """
    mails = [
        OutgoingMail(letter["organisation_id"], recipients_of(contacts.get(letter["id"], ())), letter_id=letter["id"])
        for letter in letters
    ]
    await create_deliveries(act.database, mails, message_domain(settings()))
    act.letter_ids.extend(mail.letter_id for mail in mails if mail.letter_id)
