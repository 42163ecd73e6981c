"""Loads the contracts from their tables."""

from dataclasses import asdict
from typing import Final

from domain.enterprise_number import formatted
from domain.models import Contract, ContractType, NotificationTrigger
from domain.rules.contract_publication import ContractPublication
from domain.rules.idempotency import content_digest
from local.demo_data.contract_row import ContractRow
from local.demo_data.demo_rows import DemoRows, MailedEvent
from local.demo_data.road_contracts import ROAD_CONTRACTS
from local.demo_data.water_contracts import WATER_CONTRACTS

CONTRACTS: Final = (*ROAD_CONTRACTS, *WATER_CONTRACTS)
_MAILED: Final = ("AWV/0417", "AWV/0402", "AWV/0388", "AWV/0410", "DVW/0118", "DVW/0122")
"""Whose publication was mailed. None is a contract of the personas without a group, with which the demo starts."""
_AUTHORITIES: Final = {"AWV": "awv", "DVW": "waterweg"}


async def load_contracts(demo: DemoRows) -> None:
    """Creates every contract, the oldest first."""
    types = {contract_type.code: contract_type for contract_type in await ContractType.all()}
    for row in sorted(CONTRACTS, key=lambda row: row.published, reverse=True):
        contract_type = types["EXTENDABLE_CONTRACT" if row.extendable else "CONTRACT"]
        contract = await _create_contract(demo, row, contract_type)
        demo.contracts[row.key] = contract
        if row.key in _MAILED:
            event = MailedEvent(NotificationTrigger.CONTRACT_AVAILABLE, contract, contract.published_at)
            demo.mailed_events.append(event)


async def _create_contract(demo: DemoRows, row: ContractRow, contract_type: ContractType) -> Contract:
    published_at = demo.calendar.moment(row.published, "11:00")
    organisation = demo.organisations[row.organisation]
    publication = ContractPublication(
        external_id=f"{row.authority}-{published_at.year}-{row.serial:06}",
        number=f"MOW/{row.authority}/{published_at.year}/{row.serial:04}",
        title=row.title,
        type_code=contract_type.code,
        contractor_enterprise_number=formatted(organisation.enterprise_number),
    )
    return await Contract.create(
        number=publication.number,
        title=publication.title,
        type=contract_type,
        organisation=organisation,
        contracting_authority=demo.organisations[_AUTHORITIES[row.authority]],
        own_reference=row.reference,
        email=row.email,
        external_id=publication.external_id,
        content_digest=content_digest(asdict(publication)),
        published_at=published_at,
        ended_at=demo.calendar.optional_moment(row.ended, "16:00"),
        end_reason="Definitief opgeleverd" if row.ended is not None else None,
    )
