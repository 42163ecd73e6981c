"""The mails of deliveries, whatever they tell: of notifications or of letters."""

from collections.abc import Sequence

from settings import Settings
from workers.writing.contents import read_contents
from workers.writing.letters import read_letters
from workers.writing.mail import Mail


async def read_mails(delivery_ids: Sequence[int], settings: Settings) -> dict[int, Mail]:
    """The mails of these deliveries, by the deliveries' keys; letters are looked for where there are any."""
    mails = await read_contents(delivery_ids, settings)
    others = [key for key in delivery_ids if key not in mails]
    return mails | (await read_letters(others, settings) if others else {})
