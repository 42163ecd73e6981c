"""Contracts that a contracting authority's system publishes."""

from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Final

import structlog

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.enterprise_number import EnterpriseNumberError, normalised
from domain.models import AuditAction, Contract, NotificationTrigger, Organisation, OrganisationKind
from domain.refusals import ContractorIsAuthority, EnterpriseNumberInvalid, Findings, MachineClientRequired
from domain.registers import RegisteredEnterprise
from domain.rules.contract_type import find_contract_type_id
from domain.rules.idempotency import checked_external_id, content_digest, find_earlier_delivery
from domain.rules.organisation_registration import upsert_organisation
from domain.rules.register_lookup import registered_enterprise
from domain.text_fields import required_text

log = structlog.get_logger()
CONTRACTOR: Final = "contractorEnterpriseNumber"
"""The input field of the contractor."""


@dataclass(frozen=True)
class ContractPublication:
    """A contract that an authority publishes.

    Attributes:
        external_id: The authority's own id; a repeat with the same content returns the same contract.
        number: The authority's number.
        title: The title.
        type_code: The code of a type of contract.
        contractor_enterprise_number: The enterprise number of the organisation that carries it out, in any notation.
    """

    external_id: str
    number: str
    title: str
    type_code: str
    contractor_enterprise_number: str


async def publish_contract(*, actor: Actor, publication: ContractPublication) -> Contract:
    """Makes a contract available to the organisation that carries it out, which is mailed.

    Args:
        actor: A contracting authority's machine client.
        publication: The contract.

    Returns:
        The new contract, or the one that an earlier publication with the same id and content created.

    Raises:
        MachineClientRequired: The actor is a person.
        ExternalIdConflict: Something else was published with the same id before.
        EnterpriseUnknown: The contractor is unknown here and to the enterprise register.
        EnterpriseRegisterUnavailable: The contractor is unknown here, and the register doesn't answer.
        Refusals: One for each field that is wrong.
    """
    if actor.authority_id is None:
        raise MachineClientRequired
    enterprise = await _find_unknown_contractor(publication.contractor_enterprise_number)
    async with actor_transaction(actor) as act:
        content = asdict(publication)
        digest = content_digest(content | {"contractor_enterprise_number": _normalised_number(publication)})
        publication = replace(publication, external_id=checked_external_id(publication.external_id))
        earlier = await find_earlier_delivery(act, Contract, publication.external_id, digest, content)
        return earlier or await _publish(act, publication, digest, enterprise)


def _normalised_number(publication: ContractPublication) -> str:
    """The contractor's number as it is stored; an invalid one as it was sent, to be refused later."""
    with suppress(EnterpriseNumberError):
        return normalised(publication.contractor_enterprise_number)
    return publication.contractor_enterprise_number


async def _find_unknown_contractor(enterprise_number: str) -> RegisteredEnterprise | None:
    """The contractor from the enterprise register; None if the contractor is known here, or the number is invalid.

    The register is queried before the transaction, which must not wait for it.
    """
    try:
        number = normalised(enterprise_number)
    except EnterpriseNumberError:
        return None
    if await Organisation.filter(enterprise_number=number).exists():
        return None
    return await registered_enterprise(number, CONTRACTOR)


async def _publish(
    act: ActorTransaction, publication: ContractPublication, digest: bytes, enterprise: RegisteredEnterprise | None
) -> Contract:
    findings = Findings()
    columns = {
        "external_id": publication.external_id,
        "number": required_text(findings, publication.number, "number"),
        "title": required_text(findings, publication.title, "title"),
        "type_id": await find_contract_type_id(act, findings, publication.type_code, "typeCode"),
        "organisation_id": await _contractor_id(act, findings, publication.contractor_enterprise_number, enterprise),
    }
    findings.raise_if_any()
    contract = await Contract.create(
        **columns,
        contracting_authority_id=act.actor.authority_id,
        content_digest=digest,
        published_at=await act.now(),
        using_db=act.database,
    )
    await act.notify(
        trigger=NotificationTrigger.CONTRACT_AVAILABLE,
        organisation_id=contract.organisation_id,
        contract_id=contract.id,
    )
    after = {"externalId": contract.external_id, "number": contract.number, "title": contract.title}
    await act.record(AuditAction.CONTRACT_PUBLISHED, contract, contract.organisation_id, after=after)
    return contract


async def _contractor_id(
    act: ActorTransaction, findings: Findings, enterprise_number: str, enterprise: RegisteredEnterprise | None
) -> int | None:
    try:
        number = normalised(enterprise_number)
    except EnterpriseNumberError:
        findings.add(EnterpriseNumberInvalid(CONTRACTOR))
        return None
    if enterprise:
        registration = await upsert_organisation(act, enterprise)
        contractor = registration.organisation
        if not registration.representatives:
            # Nobody can read this organisation's health warnings: it has no administrator.
            log.warning("organisation_without_legal_representative", organisation=contractor.id)
    else:
        contractor = await Organisation.get(enterprise_number=number, using_db=act.database)
    if contractor.kind is OrganisationKind.CONTRACTING_AUTHORITY:
        findings.add(ContractorIsAuthority(CONTRACTOR))
    return int(contractor.id)
