"""Constraints on contracts, documents, messages and actions."""

from datetime import timedelta
from typing import Any

import pytest

from domain.models import DocumentStatus
from tests import rows
from tests.domain.constraints import check_refusals, refused_by

# As the owner of the tables: the constraints apply to everyone.
pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.owner]


async def test_contracts(subtests: pytest.Subtests):
    contract = await rows.a_contract(email="werf@aannemer.example")
    await check_refusals(
        subtests,
        contract,
        [
            ("contract_number_filled", "number = ''", "number = '1'"),
            ("contract_title_filled", "title = ' '", "title = 'Brug'"),
            ("contract_external_id_filled", "external_id = ''", "external_id = '1'"),
            ("contract_email_filled", "email = ''", "email = null"),
            ("contract_version_positive", "version = 0", "version = 2"),
            ("contract_two_parties", "organisation_id = contracting_authority_id", "title = 'Brug'"),
            ("contract_ended_why", "ended_at = published_at", "ended_at = published_at, end_reason = 'Klaar'"),
            ("contract_ended_why", "end_reason = 'Klaar'", "end_reason = null"),
            ("contract_end_reason_filled", "ended_at = published_at, end_reason = ' '", "title = 'Brug'"),
            (
                "contract_in_order",
                "ended_at = published_at - interval '1 s', end_reason = 'Klaar'",
                "ended_at = published_at + interval '1 s', end_reason = 'Klaar'",
            ),
        ],
    )


async def test_the_external_id_of_a_contract_is_unique_per_authority():
    contract = await rows.a_contract(external_id="7")
    authority = await contract.contracting_authority
    async with refused_by("contract_external_id"):
        await rows.a_contract(None, authority, external_id="7")
    await rows.a_contract(None, authority, external_id="8")
    await rows.a_contract(external_id="7")


async def test_former_types(subtests: pytest.Subtests):
    contract = await rows.a_contract(published_at=await rows.now() - timedelta(hours=1))
    former = await rows.a_former_type(contract, "EXTENDABLE_CONTRACT")
    await check_refusals(
        subtests,
        former,
        [
            (
                "former_contract_type_in_order",
                "valid_to = valid_from - interval '1 s'",
                "valid_to = valid_from + interval '1 s'",
            ),
        ],
    )
    async with refused_by("former_contract_type_one_at_a_time"):
        await rows.a_former_type(contract, "CONTRACT")
    await rows.a_former_type(contract, "CONTRACT", valid_from=former.valid_to, valid_to=await rows.now())
    await rows.a_former_type(await rows.a_contract(), "CONTRACT")


async def test_documents_to_the_authority(subtests: pytest.Subtests):
    sent = "status = 'SENT', sent_at = now(), sent_position = 1"
    await check_refusals(
        subtests,
        await rows.a_document(status=DocumentStatus.DRAFT),
        [
            ("document_title_filled", "title = ''", "title = 'Factuur'"),
            ("document_version_positive", "version = 0", "version = 2"),
            ("document_status_known", "status = 'LOST'", "status = 'DRAFT'"),
            ("document_direction_known", "direction = 'SIDEWAYS'", "direction = 'TO_AUTHORITY'"),
            ("document_sent_when", "status = 'SENT', sent_position = 1", sent),
            ("document_sent_when", "sent_at = now()", "sent_at = null"),
            ("document_sent_position_given", "status = 'SENT', sent_at = now()", sent),
            ("document_sent_position_given", "sent_position = 1", "sent_position = null"),
            ("document_status_and_direction", "status = 'EXPECTED'", "deleted_at = now()"),
            ("document_external", "external_id = '1', content_digest = 'x'", "external_id = null"),
            ("document_external_content", "content_digest = 'x'", "content_digest = null"),
        ],
    )
    await check_refusals(
        subtests,
        await rows.a_document(status=DocumentStatus.SENT),
        [("document_deleted_unfinished", "deleted_at = now()", "deleted_at = null")],
    )


async def test_documents_from_the_authority(subtests: pytest.Subtests):
    received = "status = 'RECEIVED', received_at = now()"
    await check_refusals(
        subtests,
        await rows.a_document(status=DocumentStatus.EXPECTED),
        [
            ("document_received_when", "status = 'RECEIVED'", received),
            ("document_received_when", "received_at = now()", "received_at = null"),
            ("document_deleted_unfinished", f"{received}, deleted_at = now()", "deleted_at = now()"),
            ("document_status_and_direction", "status = 'DRAFT'", received),
            ("document_external_id_filled", "external_id = ' '", "external_id = '1'"),
            ("document_external", "external_id = null, content_digest = null", "external_id = '1'"),
            ("document_external_content", "content_digest = null", "content_digest = 'x'"),
        ],
    )


async def test_the_external_id_of_a_document_is_unique_per_authority_until_it_is_swept():
    contract = await rows.a_contract()
    await rows.a_document(contract, DocumentStatus.EXPECTED, external_id="7", deleted_at=await rows.now())
    await rows.a_document(contract, external_id="7")
    async with refused_by("document_external_id"):
        await rows.a_document(contract, external_id="7")
    another = await rows.a_contract(None, await contract.contracting_authority)
    async with refused_by("document_external_id"):
        await rows.a_document(another, external_id="7")
    await rows.a_document(external_id="7")


async def test_the_position_of_a_sent_document_is_unique_per_authority():
    contract = await rows.a_contract()
    await rows.a_document(contract, DocumentStatus.SENT, sent_position=7)
    async with refused_by("document_sent_position"):
        await rows.a_document(contract, DocumentStatus.SENT, sent_position=7)
    await rows.a_document(contract, DocumentStatus.SENT, sent_position=8)
    await rows.a_document(None, DocumentStatus.SENT, sent_position=7)


async def test_attachments(subtests: pytest.Subtests):
    attachment = await rows.an_attachment(storage_key="a")
    await check_refusals(
        subtests,
        attachment,
        [
            ("attachment_size_positive", "size = 0", "size = 1"),
            ("attachment_sha256_form", "sha256 = repeat('a', 63)", "sha256 = repeat('a', 64)"),
            ("attachment_sha256_form", "sha256 = repeat('A', 64)", "sha256 = repeat('0', 64)"),
        ],
    )
    async with refused_by("attachment_storage_key_key"):
        await rows.an_attachment(storage_key="a")


async def test_messages(subtests: pytest.Subtests):
    message = await rows.a_message(external_id="7")
    await check_refusals(
        subtests,
        message,
        [
            ("message_subject_filled", "subject = ''", "subject = 'Vraag'"),
            ("message_external_id_filled", "external_id = ' '", "external_id = '1'"),
        ],
    )
    contract = await message.contract
    async with refused_by("message_external_id"):
        await rows.a_message(contract, external_id="7")
    await rows.a_message(contract, external_id="8")
    await rows.a_message(external_id="7")


async def test_actions(subtests: pytest.Subtests):
    user = await rows.a_user()
    done, assigned = "status = 'DONE', done_at = now()", f"assignee_id = {user.id}, assigned_at = now()"
    action = await rows.an_action(external_id="7")
    await check_refusals(
        subtests,
        action,
        [
            ("action_title_filled", "title = ' '", "title = 'Nazien'"),
            ("action_external_id_filled", "external_id = ''", "external_id = '1'"),
            ("action_version_positive", "version = 0", "version = 2"),
            ("action_status_known", "status = 'LOST'", "status = 'OPEN'"),
            ("action_assigned", "status = 'ASSIGNED'", f"status = 'ASSIGNED', {assigned}"),
            ("action_assigned", f"status = 'ASSIGNED', assignee_id = {user.id}", f"{done}, {assigned}"),
            ("action_open", assigned, "assignee_id = null"),
            ("action_open", "assigned_at = now()", "assigned_at = null"),
            ("action_done_when", "status = 'DONE'", done),
            ("action_done_when", "done_at = now()", "done_at = null"),
        ],
    )
    contract = await action.contract
    async with refused_by("action_external_id"):
        await rows.an_action(contract, external_id="7")
    await rows.an_action(contract, external_id="8")
    await rows.an_action(external_id="7")


async def test_an_action_has_one_open_assignment(subtests: pytest.Subtests):
    action = await rows.an_action()
    assignment = await rows.an_assignment(action)
    await check_refusals(
        subtests,
        assignment,
        [("assignment_in_order", "released_at = assigned_at - interval '1 s'", "released_at = assigned_at")],
    )
    async with refused_by("assignment_open"):
        await rows.an_assignment(action)
    await rows.an_assignment(action, released_at=await rows.now())
    await rows.an_assignment()


async def test_documents_messages_and_actions_stay_on_one_contract_and_with_its_authority():
    contract, other_contract = await rows.a_contract(), await rows.a_contract()
    document = await rows.a_document(contract)
    other_authority: dict[str, Any] = {"contracting_authority_id": other_contract.contracting_authority_id}
    async with refused_by("document_contract_together"):
        await rows.a_document(contract, **other_authority)
    async with refused_by("message_contract_together"):
        await rows.a_message(contract, **other_authority)
    async with refused_by("action_contract_together"):
        await rows.an_action(contract, **other_authority)
    async with refused_by("message_document_together"):
        await rows.a_message(other_contract, document)
    async with refused_by("action_document_together"):
        await rows.an_action(other_contract, document)
    await rows.a_message(contract, document)
    await rows.an_action(contract, document)
