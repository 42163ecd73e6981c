"""An authority's id counts once for each kind of thing: the same again gives what was made, other content a refusal."""

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

AT_ONCE = 20
ID = "dossier-7"
NO_ROW = 0
"""The key of no document."""
Deliver = Callable[[Office, Actor, str], Awaitable[int]]


async def publish(office: Office, actor: Actor, text: str) -> int:
    contractor = (await office.contract.organisation).enterprise_number
    given = ContractPublication(ID, "MOW/2026/0001", text, "CONTRACT", contractor)
    return int((await publish_contract(actor=actor, publication=given)).id)


async def document(office: Office, actor: Actor, text: str) -> int:
    given = DeliveredDocument(ID, "INVOICING", text)
    return int((await deliver_document(actor=actor, contract_id=office.contract.id, delivered=given))[0].id)


async def message(office: Office, actor: Actor, text: str) -> int:
    given = DeliveredMessage(ID, None, "Werfvergadering", text)
    made = await deliver_message(actor=actor, contract_id=office.contract.id, delivered=given)
    return int(made.id)


async def action(office: Office, actor: Actor, text: str) -> int:
    given = NewAction(ID, None, text)
    made = await open_action(actor=actor, contract_id=office.contract.id, new=given)
    return int(made.id)


@dataclass(frozen=True)
class Kind:
    """What an authority delivers under an id, and how many mails' worth of events each makes."""

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
async def test_twenty_of_one_id_at_once_make_one(kind: Kind):
    office = await an_office()

    made = await asyncio.gather(*(kind.deliver(office, office.authority, "Hetzelfde") for _ in range(AT_ONCE)))

    assert len(set(made)) == 1
    assert await kind.model.filter(external_id=ID).count() == 1
    assert await Notification.all().count() == kind.notifications
    assert await AuditEntry.all().count() == 1


@EVERY_KIND
async def test_twenty_contents_under_one_id_at_once_leave_the_first(kind: Kind):
    office = await an_office()

    results = await asyncio.gather(
        *(kind.deliver(office, office.authority, f"Tekst {number}") for number in range(AT_ONCE)),
        return_exceptions=True,
    )

    refusals = [result for result in results if isinstance(result, ExternalIdConflict)]
    assert (len(refusals), {refusal.path for refusal in refusals}) == (AT_ONCE - 1, {("externalId",)})
    assert await kind.model.filter(external_id=ID).count() == 1


@EVERY_KIND
async def test_something_else_under_the_same_id_is_a_conflict(kind: Kind):
    office = await an_office()
    await kind.deliver(office, office.authority, "Het eerste")
    async with assert_refused(ExternalIdConflict, "externalId", external_id=ID):
        await kind.deliver(office, office.authority, "Het tweede")


@EVERY_KIND
async def test_space_around_a_text_and_ends_of_lines_make_no_other_content(kind: Kind):
    office = await an_office()
    made = await kind.deliver(office, office.authority, "Hetzelfde")

    assert await kind.deliver(office, office.authority, " Hetzelfde\r\n") == made
    assert await kind.deliver(office, office.authority, "\u00a0Hetzelfde\t") == made


async def test_what_was_kept_with_a_digest_of_every_letter_is_still_repeated():
    office = await an_office()
    letters = " Eerste regel\r\nTweede regel\r\n"
    made = await message(office, office.authority, letters)
    content = [office.contract.id, asdict(DeliveredMessage(ID, None, "Werfvergadering", letters))]
    await Message.filter(id=made).update(content_digest=sha256(json_bytes(content)).digest())

    assert await message(office, office.authority, letters) == made
    async with assert_refused(ExternalIdConflict, "externalId", external_id=ID):
        await message(office, office.authority, "Iets anders")


async def test_a_file_is_the_same_in_any_notation():
    office = await an_office()
    checksum = sha256(b"staat").hexdigest()
    announced = AnnouncedFile("Bijlage \u00e9\u00e9n.pdf", "application/pdf", 5, checksum)

    async def deliver(file: AnnouncedFile) -> int:
        given = DeliveredDocument(ID, "INVOICING", "Vorderingsstaat", [file])
        document, [waiting] = await deliver_document(
            actor=office.authority, contract_id=office.contract.id, delivered=given
        )
        assert (waiting.filename, waiting.content_type, waiting.sha256) == (
            announced.filename,
            announced.content_type,
            checksum,
        )
        return int(document.id)

    made = await deliver(
        AnnouncedFile("Bijlage e\u0301e\u0301n.pdf ", "Application/PDF; charset=binary", 5, f" {checksum.upper()}")
    )

    assert await deliver(announced) == made
    assert await deliver(replace(announced, sha256=checksum.upper())) == made
    async with assert_refused(ExternalIdConflict, "externalId", external_id=ID):
        await deliver(replace(announced, sha256=sha256(b"andere").hexdigest()))


async def test_what_names_a_document_that_there_is_not_is_no_repeat_of_what_names_none():
    office = await an_office()
    await message(office, office.authority, "Wanneer?")
    await action(office, office.authority, "Aanvullen")
    contract_id = office.contract.id
    async with assert_refused(ExternalIdConflict, "externalId", external_id=ID):
        said = DeliveredMessage(ID, NO_ROW, "Werfvergadering", "Wanneer?")
        await deliver_message(actor=office.authority, contract_id=contract_id, delivered=said)
    async with assert_refused(ExternalIdConflict, "externalId", external_id=ID):
        opened = NewAction(ID, NO_ROW, "Aanvullen")
        await open_action(actor=office.authority, contract_id=contract_id, new=opened)


@pytest.mark.parametrize("notation", ["{0}", "BE {0}", "be{1}.{2}.{3}", " {1} {2} {3} "])
async def test_a_contractor_is_the_same_in_any_notation(notation: str):
    office = await an_office()
    number = (await office.contract.organisation).enterprise_number
    made = await publish(office, office.authority, "N9 Melle")
    contractor = notation.format(number, number[:4], number[4:7], number[7:])

    again = ContractPublication(f" {ID} ", "MOW/2026/0001 ", "N9 Melle", "CONTRACT", contractor)
    assert (await publish_contract(actor=office.authority, publication=again)).id == made
    other = replace(again, contractor_enterprise_number=(await rows.an_organisation()).enterprise_number)
    async with assert_refused(ExternalIdConflict, "externalId", external_id=ID):
        await publish_contract(actor=office.authority, publication=other)


async def test_each_kind_and_each_authority_has_ids_of_its_own():
    office, elsewhere = await an_office(), await an_office()
    for each in (office, elsewhere):
        for kind in KINDS.values():
            await kind.deliver(each, each.authority, "Hetzelfde")
    assert [await kind.model.filter(external_id=ID).count() for kind in KINDS.values()] == [2, 2, 2, 2]


@EVERY_KIND
async def test_a_repeat_after_an_end_or_on_a_hidden_theme_still_gives_what_was_made(kind: Kind):
    office = await an_office()
    made = await kind.deliver(office, office.authority, "Hetzelfde")
    await Theme.all().update(visible=False)
    await end_contract(actor=office.authority, contract_id=office.contract.id, reason="Opgeleverd")

    assert await kind.deliver(office, office.authority, "Hetzelfde") == made


async def test_a_publication_is_repeated_as_it_was_made_though_it_was_corrected_since():
    office = await an_office()
    made = await publish(office, office.authority, "N9 Mele")
    await correct_contract(actor=office.authority, contract_id=made, correction=ContractCorrection(title="N9 Melle"))

    assert await publish(office, office.authority, "N9 Mele") == made
    assert (await Contract.get(id=made)).title == "N9 Melle"
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
async def test_only_the_authority_that_awarded_a_contract_acts_on_it(deliver: Deliver, path: str):
    office = await an_office()
    stranger = Actor(authority_id=(await rows.an_authority()).id, name="Systeem van elders")
    refusals: list[tuple[Actor, type[Refusal], tuple[str, ...]]] = [
        (stranger, NotFound, (path,)),
        (office.colleague, NotFound, (path,)),
        (office.sender, MachineClientRequired, ()),
        (office.administrator, MachineClientRequired, ()),
    ]
    for actor, kind, where in refusals:
        async with assert_refused(kind, *where):
            await deliver(office, actor, "Van een ander")


@pytest.mark.parametrize(("deliver", "audited"), [(correct, "CONTRACT_CORRECTED"), (end, "CONTRACT_ENDED")])
async def test_twenty_corrections_or_ends_at_once_are_one(deliver: Deliver, audited: str):
    office = await an_office()

    await asyncio.gather(*(deliver(office, office.authority, "Opgeleverd") for _ in range(AT_ONCE)))

    assert await AuditEntry.filter(action=audited).count() == 1
    assert await Notification.all().count() == 0
