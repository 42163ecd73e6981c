"""Contracts from their tables."""

from dataclasses import asdict
from typing import Final

from domain.enterprise_number import formatted
from domain.models import Contract, ContractType, NotificationTrigger
from domain.rules.contract_publication import ContractPublication
from domain.rules.idempotency import content_digest
from local.demo_data.loaded import Happening, Loaded
from local.demo_data.road_works import ROAD_WORKS
from local.demo_data.water_works import WATER_WORKS
from local.demo_data.works import Works

CONTRACTS: Final = (*ROAD_WORKS, *WATER_WORKS)
_MAILED: Final = ("AWV/0417", "AWV/0402", "AWV/0388", "AWV/0410", "DVW/0118", "DVW/0122")
"""Whose publication was mailed; none of them is one of the personas' without a group, which the demo starts with."""
_AUTHORITIES: Final = {"AWV": "awv", "DVW": "waterweg"}


async def load_contracts(loaded: Loaded) -> None:
    """Makes every contract, the oldest first."""
    types = {contract_type.code: contract_type for contract_type in await ContractType.all()}
    for works in sorted(CONTRACTS, key=lambda works: works.published, reverse=True):
        contract_type = types["EXTENDABLE_CONTRACT" if works.extendable else "CONTRACT"]
        contract = await _publish(loaded, works, contract_type)
        loaded.contracts[works.key] = contract
        if works.key in _MAILED:
            available = Happening(NotificationTrigger.CONTRACT_AVAILABLE, contract, contract.published_at)
            loaded.happenings.append(available)


async def _publish(loaded: Loaded, works: Works, contract_type: ContractType) -> Contract:
    published = loaded.calendar.moment(works.published, "11:00")
    organisation = loaded.organisations[works.organisation]
    number = f"MOW/{works.authority}/{published.year}/{works.serial:04}"
    external_id = f"{works.authority}-{published.year}-{works.serial:06}"
    given = ContractPublication(
        external_id, number, works.title, contract_type.code, formatted(organisation.enterprise_number)
    )
    return await Contract.create(
        number=number,
        title=works.title,
        type=contract_type,
        organisation=organisation,
        contracting_authority=loaded.organisations[_AUTHORITIES[works.authority]],
        own_reference=works.reference,
        email=works.email,
        external_id=external_id,
        content_digest=content_digest(asdict(given)),
        published_at=published,
        ended_at=loaded.calendar.moment(works.ended, "16:00") if works.ended is not None else None,
        end_reason="Definitief opgeleverd" if works.ended is not None else None,
    )
