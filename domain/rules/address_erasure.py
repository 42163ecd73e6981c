"""Addresses are personal: a delivery loses its own some time after it was made (domain section 8)."""

from typing import Final

from domain.database.connection import database

BATCH: Final = 1000
"""Deliveries that are erased in one statement."""

FINISHED: Final = "(status in ('SENT', 'FAILED', 'BOUNCED') or status = 'UNCERTAIN' and losses > 1)"
"""The condition on deliveries that are not sent or retried any more by themselves."""
# Word for word the condition of the index `delivery_erasable`: a mail that is still to be sent keeps its address.
_ERASABLE: Final = f"address is not null and {FINISHED}"

_ERASE: Final = f"""
with expired as materialized (
  select id from delivery where {_ERASABLE} and dated_at < now() - make_interval(days => $1)
  order by dated_at limit $2 for update skip locked)
update delivery d set address = null from expired where d.id = expired.id returning d.id"""


async def erase_addresses(days: int) -> int:
    """Erases the addresses of a bounded number of finished deliveries; their status stays.

    Args:
        days: How old a delivery must be, counted from when it was put into the outbox.

    Returns:
        How many were erased.
    """
    return len(await database().execute_query_dict(_ERASE, [days, BATCH]))
