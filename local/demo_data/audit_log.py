"""The audit log of what the demo begins with: for each row the entry of the act by which such a row comes about.

The days and the people are those of the rows. The entries get their places in the organisations' chains as any do, when
they are committed.
"""

from typing import Final

from domain.models import AuditEntry
from local.demo_data.audited_access import access_entries
from local.demo_data.audited_exchange import exchange_entries
from local.demo_data.audited_groups import group_entries
from local.demo_data.audited_rights import right_entries
from local.demo_data.loaded import Loaded

_PARTS: Final = (access_entries, right_entries, group_entries, exchange_entries)


async def load_audit_log(loaded: Loaded) -> None:
    """Writes what was done, the oldest first; after everything else is loaded."""
    entries = [entry for part in _PARTS for entry in await part(loaded)]
    await AuditEntry.bulk_create(sorted(entries, key=lambda entry: entry.at))
