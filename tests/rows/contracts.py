"""Contracts and the groups linked to them."""

from datetime import timedelta
from typing import Any

from domain.models import Contract, ContractType, FormerContractType, Group, GroupLink, Organisation
from tests.rows.groups import a_group
from tests.rows.organisations import an_authority, an_organisation
from tests.rows.unique import a_digest, a_serial, default_opening


async def a_contract(
    organisation: Organisation | None = None,
    contracting_authority: Organisation | None = None,
    *,
    type_code: str = "CONTRACT",
    **columns: Any,
) -> Contract:
    """A contract that is running, without groups, reference or e-mail; with `ended_at` it is ended, with a reason."""
    number = a_serial()
    defaults: dict[str, Any] = {
        "number": f"MOW/2026/{number:04}",
        "title": f"Onderhoud van wegvak {number}",
        "external_id": f"contract-{number}",
        "content_digest": a_digest(),
        "end_reason": "Definitief opgeleverd" if columns.get("ended_at") else None,
    } | default_opening(columns, "published_at", "ended_at")
    return await Contract.create(
        organisation=organisation or await an_organisation(),
        contracting_authority=contracting_authority or await an_authority(),
        type=await ContractType.get(code=type_code),
        **defaults | columns,
    )


async def a_former_type(contract: Contract, type_code: str, **columns: Any) -> FormerContractType:
    """A type that the contract had from its publication until a minute later."""
    period = {"valid_from": contract.published_at, "valid_to": contract.published_at + timedelta(minutes=1)}
    former_type = await ContractType.get(code=type_code)
    return await FormerContractType.create(contract=contract, type=former_type, **period | columns)


async def a_link(contract: Contract | None = None, group: Group | None = None, **columns: Any) -> GroupLink:
    """An active link; a missing contract or group is created in the organisation of the other."""
    if contract is None:
        organisation = await Organisation.get(id=group.organisation_id) if group else None
        contract = await a_contract(organisation)
    if group is None:
        group = await a_group(await Organisation.get(id=contract.organisation_id))
    defaults: dict[str, Any] = {"organisation_id": contract.organisation_id} | default_opening(
        columns, "linked_at", "ended_at"
    )
    return await GroupLink.create(contract=contract, group=group, **defaults | columns)
