"""Loads the demo data into an empty database."""

from typing import Final

from tortoise.transactions import in_transaction

from domain.clock import brussels_today
from domain.models import MachineClient
from local.demo_data.audit_log.load import load_audit_log
from local.demo_data.contracts import load_contracts
from local.demo_data.demo_rows import Calendar, DemoRows
from local.demo_data.exchange import load_exchange
from local.demo_data.groups import load_groups
from local.demo_data.links import load_links
from local.demo_data.mandates import load_mandates
from local.demo_data.notifications import load_notifications
from local.demo_data.organisations import AUTHORITY_CLIENT, load_organisations
from local.demo_data.people import load_people
from local.demo_data.registers import load_registers
from local.demo_data.tasks import load_tasks
from local.demo_data.work_relations import load_work_relations

# Any number that nothing else locks. Of two demos that start at once on one database, only one loads.
_ADVISORY_LOCK: Final = 307_309
_STEPS: Final = (
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
    """Loads all of the demo data into the open database, or nothing if it is loaded already.

    Returns:
        Whether anything was demo.
    """
    async with in_transaction() as transaction:
        await transaction.execute_query("select pg_advisory_xact_lock($1)", [_ADVISORY_LOCK])
        if await MachineClient.exists(client_id=AUTHORITY_CLIENT):
            return False
        demo = DemoRows(Calendar(await brussels_today(transaction)))
        for load in _STEPS:
            await load(demo)
    return True
