"""Loads the audit log, after everything else."""

from typing import Final

from domain.models import AuditEntry
from local.demo_data.audit_log.access import access_entries
from local.demo_data.audit_log.exchange import exchange_entries
from local.demo_data.audit_log.groups import group_entries
from local.demo_data.audit_log.rights import right_entries
from local.demo_data.demo_rows import DemoRows

_SECTIONS: Final = (access_entries, right_entries, group_entries, exchange_entries)


async def load_audit_log(demo: DemoRows) -> None:
    """Creates the entries for all rows that are loaded, the oldest first."""
    entries = [entry for section in _SECTIONS for entry in await section(demo)]
    await AuditEntry.bulk_create(sorted(entries, key=lambda entry: entry.at))
