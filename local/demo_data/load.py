"""Filling an empty database with everything that the demo shows."""

from typing import Final

from tortoise.transactions import in_transaction

from domain.clock import brussels_today
from domain.models import MachineClient
from local.demo_data.audit_log import load_audit_log
from local.demo_data.contracts import load_contracts
from local.demo_data.exchange import load_exchange
from local.demo_data.groups import load_groups
from local.demo_data.links import load_links
from local.demo_data.loaded import Calendar, Loaded
from local.demo_data.mandates import load_mandates
from local.demo_data.notifications import load_notifications
from local.demo_data.organisations import AUTHORITY_CLIENT, load_organisations
from local.demo_data.people import load_people
from local.demo_data.registers import load_registers
from local.demo_data.tasks import load_tasks
from local.demo_data.work_relations import load_work_relations

# Any number will do that nothing else locks: two demos that start at once on one database must not both load.
_LOCK: Final = 307_309
_PARTS: Final = (
    load_organisations,
    load_people,
    load_work_relations,
    load_mandates,
    load_registers,
    load_tasks,
    load_groups,
    load_contracts,
    load_links,
    load_exchange,
    load_notifications,
    load_audit_log,
)


async def load_demo_data() -> bool:
    """Loads the demo data into the open database, all of it or, when it is there already, nothing.

    Returns:
        Whether anything was loaded.
    """
    async with in_transaction() as transaction:
        await transaction.execute_query("select pg_advisory_xact_lock($1)", [_LOCK])
        if await MachineClient.exists(client_id=AUTHORITY_CLIENT):
            return False
        loaded = Loaded(Calendar(await brussels_today(transaction)))
        for load in _PARTS:
            await load(loaded)
    return True
