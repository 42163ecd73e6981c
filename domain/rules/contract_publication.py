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
from domain.rules.authority import checked_external_id, content_digest, delivered_before
from domain.rules.contract_types import contract_type_id
from domain.rules.organisation_registration import keep_organisation
from domain.rules.register_lookup import registered_enterprise
from domain.text_fields import required_text

log = structlog.get_logger()
CONTRACTOR: Final = "contractorEnterpriseNumber"
"""The input field that says who carries it out."""


@dataclass(frozen=True)
class PublishedContract:
    """What an authority publishes.

    Attributes:
        external_id: The authority's own id; a repeat with the same content gives the same contract.
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


async def publish_contract(*, actor: Actor, given: PublishedContract) -> Contract:
    """Makes a contract available to the organisation that carries it out, which is mailed.

    Args:
        actor: A contracting authority's machine client.
        given: What is published.

    Returns:
        The new contract, or the one that the same publication made before.

    Raises:
        MachineClientRequired: The actor is a person.
        ExternalIdConflict: Something else was published under the same id before.
        EnterpriseUnknown: Neither we nor the enterprise register know who carries it out.
        EnterpriseRegisterUnavailable: We don't know them, and the register doesn't answer.
        Refusals: What is wrong with what was given, each with its field.
    """
    if actor.authority_id is None:
        raise MachineClientRequired
    found = await _unknown_contractor(given.contractor_enterprise_number)
    async with actor_transaction(actor) as act:
        content = asdict(given)
        digest = content_digest(content | {"contractor_enterprise_number": _one_notation(given)})
        given = replace(given, external_id=checked_external_id(given.external_id))
        before = await delivered_before(act, Contract, given.external_id, digest, content)
        return before or await _publish(act, given, digest, found)


def _one_notation(given: PublishedContract) -> str:
    """The contractor's number as it is stored; as it was given when it is none, which is refused later."""
    with suppress(EnterpriseNumberError):
        return normalised(given.contractor_enterprise_number)
    return given.contractor_enterprise_number


async def _unknown_contractor(given: str) -> RegisteredEnterprise | None:
    """What the register says of a contractor whom we don't know; asked before the transaction, which is not to wait."""
    try:
        number = normalised(given)
    except EnterpriseNumberError:
        return None
    if await Organisation.filter(enterprise_number=number).exists():
        return None
    return await registered_enterprise(number, CONTRACTOR)


async def _publish(
    act: ActorTransaction, given: PublishedContract, digest: bytes, found: RegisteredEnterprise | None
) -> Contract:
    findings = Findings()
    columns = {
        "external_id": given.external_id,
        "number": required_text(findings, given.number, "number"),
        "title": required_text(findings, given.title, "title"),
        "type_id": await contract_type_id(act, findings, given.type_code, "typeCode"),
        "organisation_id": await _contractor_id(act, findings, given.contractor_enterprise_number, found),
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
    act: ActorTransaction, findings: Findings, given: str, found: RegisteredEnterprise | None
) -> int | None:
    try:
        number = normalised(given)
    except EnterpriseNumberError:
        findings.add(EnterpriseNumberInvalid(CONTRACTOR))
        return None
    if found:
        registration = await keep_organisation(act, found)
        contractor = registration.organisation
        if not registration.represented_by:
            # Nobody reads this organisation's health yet, since nobody is its administrator.
            log.warning("organisation_without_legal_representative", organisation=contractor.id)
    else:
        contractor = await Organisation.get(enterprise_number=number, using_db=act.database)
    if contractor.kind is OrganisationKind.CONTRACTING_AUTHORITY:
        findings.add(ContractorIsAuthority(CONTRACTOR))
    return int(contractor.id)
