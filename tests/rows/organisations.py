"""Organisations, contracting authorities and their machine clients."""

from typing import Any

from domain.models import MachineClient, Organisation, OrganisationKind
from tests.rows.unique import a_serial, an_enterprise_number


async def an_organisation(kind: OrganisationKind = OrganisationKind.ENTERPRISE, **columns: Any) -> Organisation:
    """An enterprise without an e-mail."""
    defaults = {"enterprise_number": an_enterprise_number(), "name": f"Aannemer {a_serial()}"}
    return await Organisation.create(kind=kind, **defaults | columns)


async def an_authority(**columns: Any) -> Organisation:
    """A contracting authority."""
    return await an_organisation(
        OrganisationKind.CONTRACTING_AUTHORITY, **{"name": f"Agentschap {a_serial()}"} | columns
    )


async def a_machine_client(organisation: Organisation | None = None, **columns: Any) -> MachineClient:
    """A machine client of a contracting authority."""
    number = a_serial()
    defaults = {"client_id": f"client-{number}", "name": f"Systeem {number}"}
    return await MachineClient.create(organisation=organisation or await an_authority(), **defaults | columns)
