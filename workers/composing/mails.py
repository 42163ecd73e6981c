"""Reads the mails of deliveries, which belong to notifications or to letters."""

from collections.abc import Sequence

from settings import Settings
from workers.composing.letter_mails import read_letter_mails
from workers.composing.mail import Mail
from workers.composing.notification_mails import read_notification_mails


async def read_mails(delivery_ids: Sequence[int], settings: Settings) -> dict[int, Mail]:
    """The mails of these deliveries, by delivery id; one query, and one more if there are letters among them."""
    mails = await read_notification_mails(delivery_ids, settings)
    letter_delivery_ids = [delivery_id for delivery_id in delivery_ids if delivery_id not in mails]
    return mails | (await read_letter_mails(letter_delivery_ids, settings) if letter_delivery_ids else {})
