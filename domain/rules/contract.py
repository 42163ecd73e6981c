"""Contracts that a contracting authority's system publishes, corrects and ends."""

from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import structlog

from domain.acting import Acting, acting
from domain.actor import Actor
from domain.enterprise_number import EnterpriseNumberError, normalised
from domain.models import Contract, ContractType, NotificationTrigger, Organisation, OrganisationKind
from domain.refusals import (
    ContractorIsAuthority,
    ContractTypeUnknown,
    EnterpriseNumberInvalid,
    Findings,
    Forbidden,
)
from domain.registers import RegisteredEnterprise
from domain.rules.asked_registers import registered_enterprise
from domain.rules.authority import (
    awarded_contract,
    checked_external_id,
    content_digest,
    delivered_before,
    require_running,
)
from domain.rules.kept import keep
from domain.rules.organisation_registration import keep_organisation
from domain.texts import required_reason, required_text
from domain.unchanged import UNCHANGED, Unchanged

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


@dataclass(frozen=True)
class CorrectedContract:
    """What is corrected of a contract; what is left out stays as it is."""

    number: str | Unchanged = UNCHANGED
    title: str | Unchanged = UNCHANGED
    type_code: str | Unchanged = UNCHANGED


async def publish_contract(*, actor: Actor, given: PublishedContract) -> Contract:
    """Makes a contract available to the organisation that carries it out, which is mailed.

    Args:
        actor: A contracting authority's machine client.
        given: What is published.

    Returns:
        The new contract, or the one that the same publication made before.

    Raises:
        Forbidden: The actor is no machine client.
        ExternalIdConflict: Something else was published under the same id before.
        EnterpriseUnknown: Neither we nor the enterprise register know who carries it out.
        EnterpriseRegisterUnavailable: We don't know them, and the register doesn't answer.
        Refusals: What is wrong with what was given, each with its field.
    """
    if actor.authority_id is None:
        raise Forbidden
    found = await _unknown_contractor(given.contractor_enterprise_number)
    async with acting(actor) as act:
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
    act: Acting, given: PublishedContract, digest: bytes, found: RegisteredEnterprise | None
) -> Contract:
    findings = Findings()
    columns = {
        "external_id": given.external_id,
        "number": required_text(findings, given.number, "number"),
        "title": required_text(findings, given.title, "title"),
        "type_id": await _type_id(act, findings, given.type_code),
        "organisation_id": await _contractor_id(act, findings, given.contractor_enterprise_number, found),
    }
    findings.settle()
    contract = await Contract.create(
        **columns,
        contracting_authority_id=act.actor.authority_id,
        content_digest=digest,
        published_at=await act.moment(),
        using_db=act.database,
    )
    await act.notify(
        trigger=NotificationTrigger.CONTRACT_AVAILABLE,
        organisation_id=contract.organisation_id,
        contract_id=contract.id,
    )
    after = {"externalId": contract.external_id, "number": contract.number, "title": contract.title}
    await act.record("CONTRACT_PUBLISHED", contract, contract.organisation_id, after=after)
    return contract


async def _type_id(act: Acting, findings: Findings, code: str) -> int | None:
    types = {kind.code: kind.id for kind in await ContractType.all().order_by("id").using_db(act.database)}
    if code not in types:
        findings.add(ContractTypeUnknown("typeCode", code=code, possible=", ".join(types)))
    return types.get(code)


async def _contractor_id(act: Acting, findings: Findings, given: str, found: RegisteredEnterprise | None) -> int | None:
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


async def correct_contract(*, actor: Actor, contract_id: int | None, change: CorrectedContract) -> Contract:
    """Corrects number, title or type; nobody is mailed.

    Args:
        actor: The machine client of the authority that awarded the contract.
        contract_id: The contract's key.
        change: What is corrected.

    Raises:
        NotFound: The actor sees no such contract.
        Forbidden: The actor isn't the authority that awarded it.
        ContractEnded: The contract is read-only.
        Refusals: What is wrong with what was given, each with its field.
    """
    async with acting(actor) as act:
        contract = await awarded_contract(act, contract_id, "id")
        require_running(contract, "id")
        findings = Findings()
        asked: dict[str, Any] = {}
        if not isinstance(change.number, Unchanged):
            asked["number"] = required_text(findings, change.number, "number")
        if not isinstance(change.title, Unchanged):
            asked["title"] = required_text(findings, change.title, "title")
        if not isinstance(change.type_code, Unchanged):
            asked["type_id"] = await _type_id(act, findings, change.type_code)
        findings.settle()
        changed = {name: value for name, value in asked.items() if value != getattr(contract, name)}
        if changed:
            before = {name: getattr(contract, name) for name in changed}
            await keep(act, contract, **changed)
            told = [await _told(act, values) for values in (before, changed)]
            await act.record("CONTRACT_CORRECTED", contract, contract.organisation_id, before=told[0], after=told[1])
    return contract


async def _told(act: Acting, values: dict[str, Any]) -> dict[str, Any]:
    """The same for people who read the audit log: a type by its code."""
    told = dict(values)
    if "type_id" in told:
        told["type"] = (await ContractType.get(id=told.pop("type_id"), using_db=act.database)).code
    return told


async def end_contract(*, actor: Actor, contract_id: int | None, reason: str) -> Contract:
    """Ends a contract: it can only be read from then on, and nobody is mailed about it. A repeat changes nothing.

    Args:
        actor: The machine client of the authority that awarded the contract.
        contract_id: The contract's key.
        reason: Why.

    Raises:
        NotFound: The actor sees no such contract.
        Forbidden: The actor isn't the authority that awarded it.
        Refusals: There is no reason.
    """
    async with acting(actor) as act:
        contract = await awarded_contract(act, contract_id, "id")
        text = required_reason(reason)
        if contract.ended_at is None:
            await keep(act, contract, ended_at=await act.moment(), end_reason=text)
            await act.record("CONTRACT_ENDED", contract, contract.organisation_id, reason=text)
    return contract
