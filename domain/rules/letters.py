"""Letters: mails that are no notification's, written with what caused them, their addresses frozen as deliveries."""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.acting import Acting
from domain.mail_domain import message_domain
from domain.models import Letter, LetterKind
from domain.rules.address_freeze import OutgoingMail, freeze_addresses
from domain.rules.routing_ways import Way, by_address
from settings import settings


async def write_letter(
    act: Acting, kind: LetterKind, ways: Iterable[Way], *, organisation_id: int, **about: int
) -> None:
    """Writes a letter to the addresses that the ways lead to, each once; none where nobody has an address.

    Args:
        act: The transaction in which what it tells is done.
        kind: What it tells.
        ways: Who is told.
        organisation_id: The key of the organisation whose access it is about.
        about: The keys of what else it is about, by the letter's columns.
    """
    given = tuple(way for way in ways if way.address)
    if given:
        columns: dict[str, Any] = {"kind": kind, "organisation_id": organisation_id, **about}
        letter = await Letter.create(written_at=await act.moment(), **columns, using_db=act.database)
        await address_letters(act, [{"id": letter.id, "organisation_id": organisation_id}], {letter.id: given})


async def address_letters(act: Acting, letters: Iterable[Mapping[str, int]], ways: Mapping[int, Iterable[Way]]) -> None:
    """Freezes the addresses of letters, and announces them after the commit.

    Args:
        act: The transaction in which the letters were written.
        letters: Their rows, with `id` and `organisation_id`.
        ways: Who is told, by the letters' keys.
    """
    mails = [
        OutgoingMail(letter["organisation_id"], by_address(ways.get(letter["id"], ())), letter_id=letter["id"])
        for letter in letters
    ]
    await freeze_addresses(act.database, mails, message_domain(settings()))
    act.lettered.extend(mail.letter_id for mail in mails if mail.letter_id)
