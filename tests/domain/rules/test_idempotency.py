"""An authority's id is used once for each kind: the same content returns the first row, other content is refused."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

import pytest

from domain.actor import Actor
from domain.json_text import json_bytes
from domain.models import Action, AuditEntry, Contract, Document, Message, Notification, Theme
from domain.refusals import ExternalIdConflict, MachineClientRequired, NotFound, Refusal
from domain.rules.action import NewAction, open_action
from domain.rules.announced_file import AnnouncedFile
from domain.rules.contract import ContractCorrection, correct_contract, end_contract
from domain.rules.contract_publication import ContractPublication, publish_contract
from domain.rules.document import DeliveredDocument, deliver_document
from domain.rules.message import DeliveredMessage, deliver_message
from tests import rows
from tests.domain.rules.office import Office, an_office
from tests.refusals import assert_refused

pytestmark = pytest.mark.usefixtures("database", "environment", "registers")

CONCURRENT = 20
ID = "dossier-7"
NO_ROW = 0
"""The id of no document."""
Deliver = Callable[[Office, Actor, str], Awaitable[int]]


async def publish(office: Office, actor: Actor, text: str) -> int:
    contractor = (await office.contract.organisation).enterprise_number
    publication = ContractPublication(ID, "MOW/2026/0001", text, "CONTRACT", contractor)
    return int((await publish_contract(actor=actor, publication=publication)).id)


async def document(office: Office, actor: Actor, text: str) -> int:
    delivery = DeliveredDocument(ID, "INVOICING", text)
    return int((await deliver_document(actor=actor, contract_id=office.contract.id, delivered=delivery))[0].id)


async def message(office: Office, actor: Actor, text: str) -> int:
    delivery = DeliveredMessage(ID, None, "Werfvergadering", text)
    delivered = await deliver_message(actor=actor, contract_id=office.contract.id, delivered=delivery)
    return int(delivered.id)


async def action(office: Office, actor: Actor, text: str) -> int:
    new_action = NewAction(ID, None, text)
    opened = await open_action(actor=actor, contract_id=office.contract.id, new=new_action)
    return int(opened.id)


@dataclass(frozen=True)
class Kind:
    """A kind of row that an authority delivers under an id.

    Attributes:
        deliver: Delivers one with a text; returns its key.
        model: Its table.
        notifications: How many notifications each causes.
    """

    deliver: Deliver
    model: Any
    notifications: int


KINDS = {
    "publishContract": Kind(publish, Contract, 1),
    "deliverDocument": Kind(document, Document, 1),
    "deliverMessage": Kind(message, Message, 1),
    "openAction": Kind(action, Action, 0),
}
EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@EVERY_KIND
async def test_concurrent_calls_with_one_id_create_one_row(kind: Kind):
    office = await an_office()

    ids = await asyncio.gather(*(kind.deliver(office, office.authority, "Hetzelfde") for _ in range(CONCURRENT)))

    assert len(set(ids)) == 1
    assert await kind.model.filter(external_id=ID).count() == 1
    assert await Notification.all().count() == kind.notifications
    assert await AuditEntry.all().count() == 1


@EVERY_KIND
async def test_of_concurrent_calls_with_different_contents_the_first_is_kept(kind: Kind):
    office = await an_office()

    results = await asyncio.gather(
        *(kind.deliver(office, office.authority, f"Tekst {number}") for number in range(CONCURRENT)),
        return_exceptions=True,
    )

    refusals = [result for result in results if isinstance(result, ExternalIdConflict)]
    assert (len(refusals), {refusal.path for refusal in refusals}) == (CONCURRENT - 1, {("externalId",)})
    assert await kind.model.filter(external_id=ID).count() == 1


@EVERY_KIND
async def test_other_content_under_the_same_id_is_a_conflict(kind: Kind):
    office = await an_office()
    await kind.deliver(office, office.authority, "Het eerste")
    async with assert_refused(ExternalIdConflict, "externalId", external_id=ID):
        await kind.deliver(office, office.authority, "Het tweede")


@EVERY_KIND
async def test_surrounding_spaces_and_line_ends_do_not_change_the_content(kind: Kind):
    office = await an_office()
    first_id = await kind.deliver(office, office.authority, "Hetzelfde")

    assert await kind.deliver(office, office.authority, " Hetzelfde\r\n") == first_id
    assert await kind.deliver(office, office.authority, "\u00a0Hetzelfde\t") == first_id


async def test_a_row_with_a_digest_of_the_unnormalised_text_can_be_repeated():
    office = await an_office()
    text = " Eerste regel\r\nTweede regel\r\n"
    first_id = await message(office, office.authority, text)
    former_content = [office.contract.id, asdict(DeliveredMessage(ID, None, "Werfvergadering", text))]
    await Message.filter(id=first_id).update(content_digest=sha256(json_bytes(former_content)).digest())

    assert await message(office, office.authority, text) == first_id
    async with assert_refused(ExternalIdConflict, "externalId", external_id=ID):
        await message(office, office.authority, "Iets anders")


async def test_the_notation_of_a_file_does_not_change_the_content():
    office = await an_office()
    checksum = sha256(b"staat").hexdigest()
    announced = AnnouncedFile("Bijlage \u00e9\u00e9n.pdf", "application/pdf", 5, checksum)

    async def deliver(file: AnnouncedFile) -> int:
        delivery = DeliveredDocument(ID, "INVOICING", "Vorderingsstaat", [file])
        document, [waiting] = await deliver_document(
            actor=office.authority, contract_id=office.contract.id, delivered=delivery
        )
        assert (waiting.filename, waiting.content_type, waiting.sha256) == (
            announced.filename,
            announced.content_type,
            checksum,
        )
        return int(document.id)

    first_id = await deliver(
        AnnouncedFile("Bijlage e\u0301e\u0301n.pdf ", "Application/PDF; charset=binary", 5, f" {checksum.upper()}")
    )

    assert await deliver(announced) == first_id
    assert await deliver(replace(announced, sha256=checksum.upper())) == first_id
    async with assert_refused(ExternalIdConflict, "externalId", external_id=ID):
        await deliver(replace(announced, sha256=sha256(b"andere").hexdigest()))


async def test_the_id_of_an_unknown_document_is_other_content_than_no_id():
    office = await an_office()
    await message(office, office.authority, "Wanneer?")
    await action(office, office.authority, "Aanvullen")
    contract_id = office.contract.id
    async with assert_refused(ExternalIdConflict, "externalId", external_id=ID):
        other_message = DeliveredMessage(ID, NO_ROW, "Werfvergadering", "Wanneer?")
        await deliver_message(actor=office.authority, contract_id=contract_id, delivered=other_message)
    async with assert_refused(ExternalIdConflict, "externalId", external_id=ID):
        other_action = NewAction(ID, NO_ROW, "Aanvullen")
        await open_action(actor=office.authority, contract_id=contract_id, new=other_action)


@pytest.mark.parametrize("notation", ["{0}", "BE {0}", "be{1}.{2}.{3}", " {1} {2} {3} "])
async def test_the_notation_of_the_enterprise_number_does_not_change_the_content(notation: str):
    office = await an_office()
    number = (await office.contract.organisation).enterprise_number
    first_id = await publish(office, office.authority, "N9 Melle")
    contractor = notation.format(number, number[:4], number[4:7], number[7:])

    repeated = ContractPublication(f" {ID} ", "MOW/2026/0001 ", "N9 Melle", "CONTRACT", contractor)
    assert (await publish_contract(actor=office.authority, publication=repeated)).id == first_id
    changed = replace(repeated, contractor_enterprise_number=(await rows.an_organisation()).enterprise_number)
    async with assert_refused(ExternalIdConflict, "externalId", external_id=ID):
        await publish_contract(actor=office.authority, publication=changed)


async def test_ids_are_unique_per_authority_and_kind():
    office, other_office = await an_office(), await an_office()
    for one_office in (office, other_office):
        for kind in KINDS.values():
            await kind.deliver(one_office, one_office.authority, "Hetzelfde")
    assert [await kind.model.filter(external_id=ID).count() for kind in KINDS.values()] == [2, 2, 2, 2]


@EVERY_KIND
async def test_a_repeat_on_an_ended_contract_or_a_hidden_theme_returns_the_row(kind: Kind):
    office = await an_office()
    first_id = await kind.deliver(office, office.authority, "Hetzelfde")
    await Theme.all().update(visible=False)
    await end_contract(actor=office.authority, contract_id=office.contract.id, reason="Opgeleverd")

    assert await kind.deliver(office, office.authority, "Hetzelfde") == first_id


async def test_a_corrected_contract_is_repeated_with_its_original_content():
    office = await an_office()
    first_id = await publish(office, office.authority, "N9 Mele")
    await correct_contract(
        actor=office.authority, contract_id=first_id, correction=ContractCorrection(title="N9 Melle")
    )

    assert await publish(office, office.authority, "N9 Mele") == first_id
    assert (await Contract.get(id=first_id)).title == "N9 Melle"
    async with assert_refused(ExternalIdConflict, "externalId", external_id=ID):
        await publish(office, office.authority, "N9 Melle")


async def correct(office: Office, actor: Actor, text: str) -> int:
    change = ContractCorrection(title=text)
    return int((await correct_contract(actor=actor, contract_id=office.contract.id, correction=change)).id)


async def end(office: Office, actor: Actor, text: str) -> int:
    return int((await end_contract(actor=actor, contract_id=office.contract.id, reason=text)).id)


ON_A_CONTRACT = {
    "correctContract": (correct, "id"),
    "endContract": (end, "id"),
    "deliverDocument": (document, "contractId"),
    "deliverMessage": (message, "contractId"),
    "openAction": (action, "contractId"),
}


@pytest.mark.parametrize(("deliver", "path"), ON_A_CONTRACT.values(), ids=ON_A_CONTRACT)
async def test_only_the_awarding_authority_acts_on_a_contract(deliver: Deliver, path: str):
    office = await an_office()
    stranger = Actor(authority_id=(await rows.an_authority()).id, name="Systeem van elders")
    refusals: list[tuple[Actor, type[Refusal], tuple[str, ...]]] = [
        (stranger, NotFound, (path,)),
        (office.colleague, NotFound, (path,)),
        (office.sender, MachineClientRequired, ()),
        (office.administrator, MachineClientRequired, ()),
    ]
    for actor, kind, refusal_path in refusals:
        async with assert_refused(kind, *refusal_path):
            await deliver(office, actor, "Van een ander")


@pytest.mark.parametrize(("deliver", "audit_action"), [(correct, "CONTRACT_CORRECTED"), (end, "CONTRACT_ENDED")])
async def test_concurrent_corrections_or_ends_are_applied_once(deliver: Deliver, audit_action: str):
    office = await an_office()

    await asyncio.gather(*(deliver(office, office.authority, "Opgeleverd") for _ in range(CONCURRENT)))

    assert await AuditEntry.filter(action=audit_action).count() == 1
    assert await Notification.all().count() == 0
