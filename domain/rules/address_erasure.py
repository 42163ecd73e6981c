"""Addresses are personal: a delivery loses its own some time after it was made (domain section 8)."""

from typing import Final

from domain.database.connection import database

BATCH: Final = 1000
"""Deliveries that are erased in one statement."""

OVER: Final = "(status in ('SENT', 'FAILED', 'BOUNCED') or status = 'UNCERTAIN' and losses > 1)"
"""The condition on deliveries of which nothing is sent any more by itself."""
# Word for word the condition of the index `delivery_erasable`: a mail that is still owed keeps its address.
_ERASABLE: Final = f"address is not null and {OVER}"

_ERASE: Final = f"""
with old as materialized (
  select id from delivery where {_ERASABLE} and dated_at < now() - make_interval(days => $1)
  order by dated_at limit $2 for update skip locked)
update delivery d set address = null from old where d.id = old.id returning d.id"""


async def erase_addresses(days: int) -> int:
    """Erases the addresses of a bounded number of deliveries that are over; what became of each stays.

    Args:
        days: How old a delivery must be, counted from when it was put into the outbox.

    Returns:
        How many were erased.
    """
    return len(await database().execute_query_dict(_ERASE, [days, BATCH]))
