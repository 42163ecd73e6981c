"""From a letter in the outbox to a mail in the Maildir: once each, and only while it is true."""

import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from domain.actor import Actor
from domain.models import (
    AccessMandate,
    AccessMandateKind,
    AccessRight,
    Delivery,
    DeliveryStatus,
    Letter,
    LetterKind,
    Organisation,
    Role,
    SelfRegistration,
    User,
    WorkRelation,
    WorkRelationPeriod,
)
from domain.rules.expiry_letters import write_expiry_digests, write_expiry_warnings
from domain.rules.self_registration import SelfRegistrationRequest, request_self_registration
from domain.rules.self_registration_approval import Approval, approve_self_registration
from domain.rules.self_registration_decision import reject_self_registration
from domain.rules.work_relation_change import WorkRelationUpdate, update_work_relation
from domain.self_registration_link import APPLICATION, DOMAIN, RIGHT, LinkParameters
from tests import rows
from tests.conftest import SmtpSink
from tests.time_travel import travel_to
from tests.workers.events import eventually, make_due
from tests.workers.processes import a_worker
from tests.workers.scripted_smtp_server import CLOSE, CONTENT, ScriptedSmtpServer
from workers.dispatcher import Dispatcher

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)
FIRST, LAST, FAR = date(2027, 1, 4), date(2027, 12, 31), date(2030, 1, 3)
GRANTED = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
async def organisation() -> Organisation:
    """Wegenbouw Scheldeland, where An Peeters manages access; it is 24 December 2027."""
    organisation = await rows.an_organisation(name="Wegenbouw Scheldeland nv")
    manager = await rows.a_user(given_name="An", family_name="Peeters")
    await rows.a_work_relation(manager, organisation, FIRST, FAR, email="beheer@scheldeland.example")
    await rows.a_mandate(AccessMandateKind.MAIN_ACCESS_MANAGER, manager, organisation)
    await travel_to("2027-12-24")
    return organisation


async def manager_of(organisation: Organisation) -> Actor:
    mandate = await AccessMandate.get(organisation=organisation)
    return Actor(user_id=mandate.user_id)


async def an_ending_right(organisation: Organisation, name: str = "Bram Claes", last_day: date = LAST) -> AccessRight:
    given_name, family_name = name.split(" ", 1)
    person = await rows.a_user(given_name=given_name, family_name=family_name)
    address = f"{given_name.lower()}@scheldeland.example"
    relation = await rows.a_work_relation(person, organisation, FIRST, last_day, email=address)
    return await rows.a_right(relation, granted_at=GRANTED)


async def a_self_registration(organisation: Organisation) -> SelfRegistration:
    """Lotte Michiels asks for the right of a user."""
    person = await rows.a_user(given_name="Lotte", family_name="Michiels")
    link = LinkParameters(APPLICATION, DOMAIN, RIGHT, "Gebruiker", organisation.enterprise_number)
    request = SelfRegistrationRequest(link, email="lotte@elders.example")
    return await request_self_registration(actor=Actor(user_id=person.id), request=request)


def lines(mail: EmailMessage) -> list[str]:
    """The lines of the plain text body."""
    body = mail.get_body(("plain",))
    assert body
    text: str = body.get_content()
    return text.splitlines()


async def test_a_user_whose_right_ends_is_warned(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    await an_ending_right(organisation)
    assert await write_expiry_warnings() == 1
    await dispatcher.sweep()
    [mail] = smtp_sink.mails()
    assert mail["To"] == "bram@scheldeland.example"
    assert mail["Subject"] == "Uw toegang tot e-Contracting voor Wegenbouw Scheldeland nv loopt af op 31 december 2027"
    expected = [
        "Persoon: Bram Claes",
        "Organisatie: Wegenbouw Scheldeland nv",
        "Rol: Gebruiker",
        "Laatste dag: 31 december 2027",
    ]
    assert [line for line in expected if line not in lines(mail)] == []
    delivery = await Delivery.get()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.SENT, 1)
    assert mail["Message-ID"] == delivery.message_id


async def test_a_digest_lists_the_rights_that_end_first_at_the_top(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    await an_ending_right(organisation, "Sofie De Smet", date(2028, 1, 23))
    await an_ending_right(organisation, "Bram Claes")
    await an_ending_right(organisation, "Els Aerts")
    await an_ending_right(organisation, "Jan Later", date(2028, 1, 24))
    await an_ending_right(await rows.an_organisation(), "Piet Elders")
    assert await write_expiry_digests() == 1
    await dispatcher.sweep()
    [mail] = smtp_sink.mails()
    assert mail["To"] == "beheer@scheldeland.example"
    assert mail["Subject"].startswith("3 gebruikersrechten voor e-Contracting bij Wegenbouw Scheldeland nv lopen ")
    assert [line for line in lines(mail) if line.endswith((" 2027", " 2028"))] == [
        "Els Aerts: 31 december 2027",
        "Bram Claes: 31 december 2027",
        "Sofie De Smet: 23 januari 2028",
    ]


async def test_a_digest_lists_fifty_and_counts_the_rest(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    for number in range(52):
        await an_ending_right(organisation, f"Els Nummer-{number:02}")
    await write_expiry_digests()
    await dispatcher.sweep()
    [mail] = smtp_sink.mails()
    assert mail["Subject"].startswith("52 gebruikersrechten ")
    assert sum(line.startswith("Els Nummer-") for line in lines(mail)) == 50
    assert "Alleen de eerste 50 staan vermeld." in "\n".join(lines(mail))


async def test_a_self_registration_and_its_approval_are_mailed(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    task = await a_self_registration(organisation)
    await dispatcher.sweep()
    approval = Approval([Role.USER], valid_from=date(2028, 1, 3), valid_until=date(2028, 12, 31))
    await approve_self_registration(actor=await manager_of(organisation), task_id=task.id, approval=approval)
    await dispatcher.sweep()

    opened, approved = smtp_sink.mails()
    assert opened["To"] == "beheer@scheldeland.example"
    assert opened["Subject"] == (
        "Nieuwe taak: Lotte Michiels vraagt toegang tot e-Contracting voor Wegenbouw Scheldeland nv"
    )
    assert "Rol: Gebruiker" in lines(opened)
    assert not any("lotte@" in line for line in lines(opened))
    assert approved["To"] == "lotte@elders.example"
    assert approved["Subject"].endswith("voor Wegenbouw Scheldeland nv is goedgekeurd")
    expected = [
        "Rol: Gebruiker",
        "Eerste dag: 3 januari 2028",
        "Laatste dag: 31 december 2028",
        "Reden: Zelfregistratie",
    ]
    assert [line for line in expected if line not in lines(approved)] == []
    # The applicant may not know who decided.
    assert not any("Peeters" in line for line in lines(approved))


async def test_a_rejection_of_a_self_registration_is_mailed_with_its_reason(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    task = await a_self_registration(organisation)
    await dispatcher.sweep()
    reason = "U werkt niet\nbij ons."
    await reject_self_registration(actor=await manager_of(organisation), task_id=task.id, reason=reason)
    await dispatcher.sweep()
    [_, mail] = smtp_sink.mails()
    assert mail["To"] == "lotte@elders.example"
    assert mail["Subject"].endswith("voor Wegenbouw Scheldeland nv is afgewezen")
    assert "Reden: U werkt niet bij ons." in lines(mail)


async def test_the_mail_to_a_former_address_does_not_contain_the_new_one(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    right = await an_ending_right(organisation, last_day=FAR)
    await update_work_relation(
        actor=await manager_of(organisation),
        work_relation_id=right.work_relation_id,
        version=1,
        update=WorkRelationUpdate(email="bram.claes@nieuw.example"),
    )
    await dispatcher.sweep()
    [mail] = smtp_sink.mails()
    assert mail["To"] == "bram@scheldeland.example"
    # The standard library may fold a long subject before its first word.
    assert mail["Subject"].strip() == "Uw e-mailadres bij Wegenbouw Scheldeland nv in e-Contracting is gewijzigd"
    assert "nieuw.example" not in mail.as_string()


async def test_a_letter_handled_by_its_id_is_sent_once(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    await a_self_registration(organisation)
    letter = await Letter.get()
    await dispatcher.handle([], [letter.id])
    await dispatcher.handle([], [letter.id])
    assert [mail["To"] for mail in smtp_sink.mails()] == ["beheer@scheldeland.example"]


async def test_a_letter_is_in_the_language_of_the_person(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    right = await an_ending_right(organisation)
    relation = await WorkRelation.get(id=right.work_relation_id)
    await User.filter(id=relation.user_id).update(language="FR")
    await write_expiry_warnings()
    await dispatcher.sweep()
    [mail] = smtp_sink.mails()
    assert mail["Content-Language"] == "fr"
    assert "prend fin le 31 décembre 2027" in mail["Subject"]


async def revoke(right: AccessRight) -> None:
    await AccessRight.filter(id=right.id).update(revoked_at=GRANTED + DAY, revocation_reason="Uit dienst")


async def extend(right: AccessRight) -> None:
    await WorkRelationPeriod.filter(work_relation_id=right.work_relation_id).update(valid_until=FAR)


async def let_it_expire(_right: AccessRight) -> None:
    await travel_to(LAST + DAY)


@pytest.mark.parametrize("change", [revoke, extend, let_it_expire])
async def test_a_warning_that_is_no_longer_true_is_not_sent(
    organisation: Organisation,
    smtp_sink: SmtpSink,
    dispatcher: Dispatcher,
    change: Callable[[AccessRight], Awaitable[None]],
) -> None:
    right = await an_ending_right(organisation)
    assert [await write_expiry_warnings(), await write_expiry_digests()] == [1, 1]
    await change(right)
    await dispatcher.sweep()
    assert smtp_sink.mails() == []
    assert await Delivery.all().count() == 0
    assert await Letter.exclude(withdrawn_at=None).count() == 2


async def test_the_digest_of_the_day_before_is_withdrawn(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    await an_ending_right(organisation)
    await write_expiry_digests()
    await travel_to("2027-12-25")
    await write_expiry_digests()
    await dispatcher.sweep()
    assert len(smtp_sink.mails()) == 1
    first, second = await Letter.filter(kind=LetterKind.EXPIRY_DIGEST).order_by("day")
    assert (first.withdrawn_at is None, second.withdrawn_at is None) == (False, True)


async def test_access_managers_are_not_mailed_about_a_decided_task(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    task = await a_self_registration(organisation)
    await reject_self_registration(actor=await manager_of(organisation), task_id=task.id, reason="Neen.")
    await dispatcher.sweep()
    assert [mail["To"] for mail in smtp_sink.mails()] == ["lotte@elders.example"]


async def test_a_warning_of_uncertain_outcome_is_repeated_even_when_it_is_no_longer_true(
    organisation: Organisation, smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    right = await an_ending_right(organisation)
    await write_expiry_warnings()
    smtp_server.plan(CONTENT, CLOSE)
    await dispatcher.sweep()
    assert (await Delivery.get()).status == DeliveryStatus.UNCERTAIN
    await revoke(right)
    await make_due()
    await dispatcher.sweep()
    assert (await Delivery.get()).status == DeliveryStatus.SENT
    assert len({mail["Message-ID"] for mail in smtp_server.mails}) == 1


async def all_sent() -> bool:
    letters = await Letter.all().count()
    return letters > 0 and await Delivery.filter(status=DeliveryStatus.SENT).count() == letters


@pytest.mark.usefixtures("valkey")
async def test_two_workers_write_and_send_each_letter_once(
    organisation: Organisation, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    names = ["Bram Claes", "Els Aerts", "Jan Maes"]
    for name in names:
        await an_ending_right(organisation, name)
    async with a_worker(tmp_path), a_worker(tmp_path):
        await eventually(all_sent)
    recipients = sorted(mail["To"] for mail in smtp_sink.mails())
    addresses = [f"{name.split()[0].lower()}@scheldeland.example" for name in names]
    assert recipients == sorted([*addresses, "beheer@scheldeland.example"])


@pytest.mark.usefixtures("valkey")
async def test_letters_whose_worker_was_killed_before_sending_are_sent_once_by_the_next_worker(
    organisation: Organisation, smtp_server: ScriptedSmtpServer, tmp_path: Path
) -> None:
    await smtp_server.stop()
    await an_ending_right(organisation)

    async def is_written() -> bool:
        return await Letter.all().count() == 2

    async with a_worker(tmp_path) as first:
        await eventually(is_written)
        await first.end(signal.SIGKILL)
    assert await Delivery.filter(attempts=0).count() == 2
    await smtp_server.start()
    async with a_worker(tmp_path):
        await eventually(all_sent)
    assert sorted(mail["To"] for mail in smtp_server.mails) == [
        "beheer@scheldeland.example",
        "bram@scheldeland.example",
    ]
    assert await Letter.all().count() == 2
