"""Contracts, messages and actions of a contracting authority's system: published, corrected, ended, delivered."""

import asyncio
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.actor import Actor
from domain.models import (
    Action,
    AuditEntry,
    Contract,
    FormerContractType,
    Message,
    Notification,
    NotificationTrigger,
    Organisation,
)
from domain.refusals import (
    ContractEnded,
    ContractorIsAuthority,
    ContractTypeUnknown,
    EnterpriseNumberInvalid,
    EnterpriseUnknown,
    MachineClientRequired,
    NotFound,
    Refusal,
    Required,
    TextTooLong,
)
from domain.rules.action import NewAction, open_action
from domain.rules.contract import ContractCorrection, correct_contract, end_contract
from domain.rules.contract_publication import ContractPublication, publish_contract
from domain.rules.message import DeliveredMessage, deliver_message
from tests import rows
from tests.database_roles import execute_as_owner
from tests.refusals import assert_refused
from tests.rows.registers import a_registered_enterprise, a_registered_person

pytestmark = pytest.mark.usefixtures("environment", "registers")

MESSAGE = DeliveredMessage("bericht-1", None, "Werfvergadering verplaatst", "De vergadering\nis op maandag.")
ACTION = NewAction("actie-1", None, "Dien de vorderingsstaat in")


def system_of(authority: Organisation) -> Actor:
    return Actor(authority_id=authority.id, name="Systeem van het agentschap")


def publication(contractor: Organisation) -> ContractPublication:
    number = contractor.enterprise_number
    return ContractPublication("opdracht-1", "MOW/2026/0001", "N9 Melle", "CONTRACT", number)


async def an_awarded_contract() -> tuple[Contract, Actor]:
    authority = await rows.an_authority()
    return await rows.a_contract(contracting_authority=authority), system_of(authority)


async def test_a_published_contract_is_notified_as_available():
    authority, contractor = await rows.an_authority(), await rows.an_organisation()

    contract = await publish_contract(actor=system_of(authority), publication=publication(contractor))

    assert (contract.number, contract.title, contract.version) == ("MOW/2026/0001", "N9 Melle", 1)
    assert (contract.organisation_id, contract.contracting_authority_id) == (contractor.id, authority.id)
    notification = await Notification.get()
    assert (notification.trigger, notification.contract_id) == (NotificationTrigger.CONTRACT_AVAILABLE, contract.id)
    entry = await AuditEntry.get()
    assert (entry.action, entry.actor_name) == ("CONTRACT_PUBLISHED", "Systeem van het agentschap")


async def test_a_person_may_not_publish_a_contract():
    contractor = await rows.an_organisation()
    person = await rows.a_user()

    async with assert_refused(MachineClientRequired):
        await publish_contract(actor=Actor(user_id=person.id), publication=publication(contractor))


@pytest.mark.parametrize(
    ("field", "value", "kind", "path", "facts"),
    [
        ("number", "  ", Required, "number", {}),
        ("title", "x" * 201, TextTooLong, "title", {"length": 201, "maximum": 200}),
        ("external_id", "", Required, "externalId", {}),
        (
            "type_code",
            "LEASE",
            ContractTypeUnknown,
            "typeCode",
            {"code": "LEASE", "possible": "CONTRACT, EXTENDABLE_CONTRACT"},
        ),
        ("contractor_enterprise_number", "0123456700", EnterpriseNumberInvalid, "contractorEnterpriseNumber", {}),
        ("contractor_enterprise_number", "0123.456.749", EnterpriseUnknown, "contractorEnterpriseNumber", {}),
    ],
)
async def test_an_invalid_publication_is_refused(
    field: str, value: str, kind: type[Refusal], path: str, facts: dict[str, Any]
):
    authority, contractor = await rows.an_authority(), await rows.an_organisation()
    invalid = replace(publication(contractor), **{field: value})

    async with assert_refused(kind, path, **facts):
        await publish_contract(actor=system_of(authority), publication=invalid)


async def test_an_unknown_contractor_is_registered_in_the_same_call():
    authority, enterprise = await rows.an_authority(), await a_registered_enterprise()
    new_contract = replace(publication(authority), contractor_enterprise_number=enterprise.enterprise_number)

    contracts = await asyncio.gather(
        *(publish_contract(actor=system_of(authority), publication=new_contract) for _ in range(5))
    )

    contractor = await Organisation.get(enterprise_number=enterprise.enterprise_number)
    assert (contractor.name, contractor.kind) == (enterprise.name, enterprise.kind)
    assert {contract.organisation_id for contract in contracts} == {contractor.id}
    assert await Contract.all().count() == 1


@pytest.mark.parametrize("represented", [True, False])
async def test_a_contractor_without_legal_representative_is_logged(*, represented: bool):
    people = [await a_registered_person()] if represented else []
    authority, enterprise = await rows.an_authority(), await a_registered_enterprise(*people)
    new_contract = replace(publication(authority), contractor_enterprise_number=enterprise.enterprise_number)

    with capture_logs() as logs:
        contract = await publish_contract(actor=system_of(authority), publication=new_contract)

    organisation_ids = [
        line["organisation"] for line in logs if line["event"] == "organisation_without_legal_representative"
    ]
    assert organisation_ids == ([] if represented else [contract.organisation_id])


async def test_a_refused_publication_registers_no_contractor():
    authority, enterprise = await rows.an_authority(), await a_registered_enterprise()
    invalid = replace(publication(authority), title="", contractor_enterprise_number=enterprise.enterprise_number)

    async with assert_refused(Required, "title"):
        await publish_contract(actor=system_of(authority), publication=invalid)


async def test_an_authority_cannot_be_the_contractor():
    authority, other_authority = await rows.an_authority(), await rows.an_authority()

    async with assert_refused(ContractorIsAuthority, "contractorEnterpriseNumber"):
        await publish_contract(actor=system_of(authority), publication=publication(other_authority))


async def test_a_correction_changes_the_given_fields_and_notifies_nobody():
    contract, system = await an_awarded_contract()
    number, title, version = contract.number, contract.title, contract.version

    corrected = await correct_contract(
        actor=system,
        contract_id=contract.id,
        correction=ContractCorrection(title="N9 Wetteren", type_code="EXTENDABLE_CONTRACT"),
    )

    await corrected.fetch_related("type")
    assert (corrected.title, corrected.number, corrected.type.code) == ("N9 Wetteren", number, "EXTENDABLE_CONTRACT")
    assert (corrected.version, await Notification.all().count()) == (version, 0)
    entry = await AuditEntry.get()
    assert (entry.action, entry.before, entry.after) == (
        "CONTRACT_CORRECTED",
        {"title": title, "type": "CONTRACT"},
        {"title": "N9 Wetteren", "type": "EXTENDABLE_CONTRACT"},
    )


async def test_former_types_are_kept_with_their_periods():
    contract, system = await an_awarded_contract()

    for type_code in ("EXTENDABLE_CONTRACT", "EXTENDABLE_CONTRACT", "CONTRACT"):
        correction = ContractCorrection(title=f"N9, {type_code}", type_code=type_code)
        await correct_contract(actor=system, contract_id=contract.id, correction=correction)

    first, second = await FormerContractType.all().order_by("valid_to").prefetch_related("type")
    assert [first.type.code, second.type.code] == ["CONTRACT", "EXTENDABLE_CONTRACT"]
    assert (first.contract_id, second.contract_id) == (contract.id, contract.id)
    assert (first.valid_from, second.valid_from) == (contract.published_at, first.valid_to)
    assert first.valid_to < second.valid_to <= await rows.now()


async def test_former_types_of_earlier_corrections_are_migrated_from_the_audit_log():
    contract, system = await an_awarded_contract()
    for type_code in ("EXTENDABLE_CONTRACT", "CONTRACT"):
        correction = ContractCorrection(type_code=type_code)
        await correct_contract(actor=system, contract_id=contract.id, correction=correction)
    await correct_contract(actor=system, contract_id=contract.id, correction=ContractCorrection(title="N9"))
    recorded = await FormerContractType.all().order_by("valid_to").values("contract_id", "type_id")
    await execute_as_owner("delete from former_contract_type")

    await execute_as_owner(import_module("domain.migrations.0029_former_contract_types").FROM_AUDIT_LOG)

    from_log = await FormerContractType.all().order_by("valid_to")
    assert [
        {"contract_id": former_type.contract_id, "type_id": former_type.type_id} for former_type in from_log
    ] == recorded
    first, second, _ = await AuditEntry.all().order_by("id").values_list("at", flat=True)
    assert [(former_type.valid_from, former_type.valid_to) for former_type in from_log] == [
        (contract.published_at, first),
        (first, second),
    ]


async def test_an_ended_contract_is_read_only():
    contract, system = await an_awarded_contract()
    ended = await end_contract(actor=system, contract_id=contract.id, reason="Definitief opgeleverd")
    again = await end_contract(actor=system, contract_id=contract.id, reason="Nog eens")
    assert (again.ended_at, again.end_reason) == (ended.ended_at, "Definitief opgeleverd")
    entry = await AuditEntry.get()
    assert (entry.action, entry.reason) == ("CONTRACT_ENDED", "Definitief opgeleverd")

    async with assert_refused(ContractEnded, "id"):
        await correct_contract(actor=system, contract_id=contract.id, correction=ContractCorrection(title="N9"))
    async with assert_refused(ContractEnded, "contractId"):
        await deliver_message(actor=system, contract_id=contract.id, delivered=MESSAGE)
    async with assert_refused(ContractEnded, "contractId"):
        await open_action(actor=system, contract_id=contract.id, new=ACTION)


async def test_a_delivered_message_is_notified():
    contract, system = await an_awarded_contract()

    await deliver_message(actor=system, contract_id=contract.id, delivered=MESSAGE)

    message, notification = await Message.get(), await Notification.get()
    assert (message.subject, message.body) == ("Werfvergadering verplaatst", "De vergadering\nis op maandag.")
    assert (notification.trigger, notification.message_id) == (NotificationTrigger.MESSAGE_RECEIVED, message.id)


async def test_a_message_about_a_document_of_another_contract_is_refused():
    contract, system = await an_awarded_contract()
    authority = await Organisation.get(id=contract.contracting_authority_id)
    other_document = await rows.a_document(await rows.a_contract(contracting_authority=authority))

    async with assert_refused(NotFound, "documentId"):
        await deliver_message(
            actor=system, contract_id=contract.id, delivered=replace(MESSAGE, document_id=other_document.id)
        )
    async with assert_refused(NotFound, "documentId"):
        await deliver_message(actor=system, contract_id=contract.id, delivered=replace(MESSAGE, document_id=0))


async def test_an_opened_action_is_unassigned_and_notifies_nobody():
    contract, system = await an_awarded_contract()

    await open_action(actor=system, contract_id=contract.id, new=ACTION)

    action = await Action.get()
    assert (action.title, action.status, action.assignee_id) == ("Dien de vorderingsstaat in", "OPEN", None)
    assert await Notification.all().count() == 0
