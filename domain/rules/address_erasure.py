"""Addresses are personal data: those of deliveries are erased after a configured time (domain section 8)."""

from typing import Final

from domain.database.connection import database

BATCH: Final = 1000
"""How many addresses are erased by one statement."""

FINISHED: Final = "(status in ('SENT', 'FAILED', 'BOUNCED') or status = 'UNCERTAIN' and losses > 1)"
"""The condition of deliveries that won't be sent or retried automatically any more."""
# Word for word the condition of the index `delivery_erasable`: a mail that is still to be sent keeps its address.
_ERASABLE: Final = f"address is not null and {FINISHED}"

_ERASE: Final = f"""
with expired as materialized (
  select id from delivery where {_ERASABLE} and dated_at < now() - make_interval(days => $1)
  order by dated_at limit $2 for update skip locked)
update delivery d set address = null from expired where d.id = expired.id returning d.id"""


async def erase_addresses(days: int) -> int:
    """Erases the addresses of finished deliveries, at most `BATCH`; their status stays.

    Args:
        days: The minimum age of a delivery, counted from when it was put into the outbox.

    Returns:
        How many addresses were erased.
    """
    return len(await database().execute_query_dict(_ERASE, [days, BATCH]))
