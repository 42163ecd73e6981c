"""From what is told by letter to a mail in the Maildir: once each, and only while it is true."""

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
from tests.time_travel import it_is
from tests.workers.events import eventually, make_due
from tests.workers.hostile_smtp import CLOSE, CONTENT, HostileServer
from tests.workers.processes import a_worker
from workers.dispatcher import Dispatcher

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)
FIRST, LAST, FAR = date(2027, 1, 4), date(2027, 12, 31), date(2030, 1, 3)
GRANTED = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
async def organisation() -> Organisation:
    """Wegenbouw Scheldeland, where An Peeters manages access; it is 24 December 2027."""
    made = await rows.an_organisation(name="Wegenbouw Scheldeland nv")
    manager = await rows.a_user(given_name="An", family_name="Peeters")
    await rows.a_work_relation(manager, made, FIRST, FAR, email="beheer@scheldeland.example")
    await rows.a_mandate(AccessMandateKind.MAIN_ACCESS_MANAGER, manager, made)
    await it_is("2027-12-24")
    return made


async def manager_of(organisation: Organisation) -> Actor:
    mandate = await AccessMandate.get(organisation=organisation)
    return Actor(user_id=mandate.user_id)


async def an_ending_right(organisation: Organisation, name: str = "Bram Claes", last_day: date = LAST) -> AccessRight:
    given, family = name.split(" ", 1)
    person = await rows.a_user(given_name=given, family_name=family)
    address = f"{given.lower()}@scheldeland.example"
    relation = await rows.a_work_relation(person, organisation, FIRST, last_day, email=address)
    return await rows.a_right(relation, granted_at=GRANTED)


async def a_request(organisation: Organisation) -> SelfRegistration:
    """Lotte Michiels asks for the right of a user."""
    person = await rows.a_user(given_name="Lotte", family_name="Michiels")
    link = LinkParameters(APPLICATION, DOMAIN, RIGHT, "Gebruiker", organisation.enterprise_number)
    asked = SelfRegistrationRequest(link, email="lotte@elders.example")
    return await request_self_registration(actor=Actor(user_id=person.id), request=asked)


def lines(mail: EmailMessage) -> list[str]:
    """The plain text's."""
    body = mail.get_body(("plain",))
    assert body
    text: str = body.get_content()
    return text.splitlines()


async def test_who_has_the_right_is_warned(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    await an_ending_right(organisation)
    assert await write_expiry_warnings() == 1
    await dispatcher.sweep()
    [mail] = smtp_sink.mails()
    assert mail["To"] == "bram@scheldeland.example"
    assert mail["Subject"] == "Uw toegang tot e-Contracting voor Wegenbouw Scheldeland nv loopt af op 31 december 2027"
    told = ["Persoon: Bram Claes", "Organisatie: Wegenbouw Scheldeland nv", "Rol: Gebruiker"]
    assert [line for line in [*told, "Laatste dag: 31 december 2027"] if line not in lines(mail)] == []
    delivery = await Delivery.get()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.SENT, 1)
    assert mail["Message-ID"] == delivery.message_id


async def test_access_managers_read_whose_rights_end_the_soonest_first(
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


async def test_a_request_and_its_approval(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    task = await a_request(organisation)
    await dispatcher.sweep()
    given = Approval([Role.USER], valid_from=date(2028, 1, 3), valid_until=date(2028, 12, 31))
    await approve_self_registration(actor=await manager_of(organisation), task_id=task.id, approval=given)
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
    told = ["Rol: Gebruiker", "Eerste dag: 3 januari 2028", "Laatste dag: 31 december 2028", "Reden: Zelfregistratie"]
    assert [line for line in told if line not in lines(approved)] == []
    # Who decided is not the applicant's to know.
    assert not any("Peeters" in line for line in lines(approved))


async def test_a_request_and_its_rejection(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    task = await a_request(organisation)
    await dispatcher.sweep()
    reason = "U werkt niet\nbij ons."
    await reject_self_registration(actor=await manager_of(organisation), task_id=task.id, reason=reason)
    await dispatcher.sweep()
    [_, mail] = smtp_sink.mails()
    assert mail["To"] == "lotte@elders.example"
    assert mail["Subject"].endswith("voor Wegenbouw Scheldeland nv is afgewezen")
    assert "Reden: U werkt niet bij ons." in lines(mail)


async def test_the_former_address_is_not_told_the_new_one(
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
    # The standard library may begin a long subject on the next line.
    assert mail["Subject"].strip() == "Uw e-mailadres bij Wegenbouw Scheldeland nv in e-Contracting is gewijzigd"
    assert "nieuw.example" not in mail.as_string()


async def test_the_bell_brings_letters_too(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    await a_request(organisation)
    letter = await Letter.get()
    await dispatcher.handle([], [letter.id])
    await dispatcher.handle([], [letter.id])
    assert [mail["To"] for mail in smtp_sink.mails()] == ["beheer@scheldeland.example"]


async def test_in_the_persons_language(organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher) -> None:
    right = await an_ending_right(organisation)
    relation = await WorkRelation.get(id=right.work_relation_id)
    await User.filter(id=relation.user_id).update(language="FR")
    await write_expiry_warnings()
    await dispatcher.sweep()
    [mail] = smtp_sink.mails()
    assert mail["Content-Language"] == "fr"
    assert "prend fin le 31 décembre 2027" in mail["Subject"]


async def revoked(right: AccessRight) -> None:
    await AccessRight.filter(id=right.id).update(revoked_at=GRANTED + DAY, revocation_reason="Uit dienst")


async def extended(right: AccessRight) -> None:
    await WorkRelationPeriod.filter(work_relation_id=right.work_relation_id).update(valid_until=FAR)


async def over(_right: AccessRight) -> None:
    await it_is(LAST + DAY)


@pytest.mark.parametrize("averted", [revoked, extended, over])
async def test_a_warning_that_is_no_longer_true_is_not_sent(
    organisation: Organisation,
    smtp_sink: SmtpSink,
    dispatcher: Dispatcher,
    averted: Callable[[AccessRight], Awaitable[None]],
) -> None:
    right = await an_ending_right(organisation)
    assert [await write_expiry_warnings(), await write_expiry_digests()] == [1, 1]
    await averted(right)
    await dispatcher.sweep()
    assert smtp_sink.mails() == []
    assert await Delivery.all().count() == 0
    assert await Letter.exclude(withdrawn_at=None).count() == 2


async def test_yesterdays_digest_is_not_sent_today(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    await an_ending_right(organisation)
    await write_expiry_digests()
    await it_is("2027-12-25")
    await write_expiry_digests()
    await dispatcher.sweep()
    assert len(smtp_sink.mails()) == 1
    first, second = await Letter.filter(kind=LetterKind.EXPIRY_DIGEST).order_by("day")
    assert (first.withdrawn_at is None, second.withdrawn_at is None) == (False, True)


async def test_nobody_is_sent_to_a_task_that_was_decided(
    organisation: Organisation, smtp_sink: SmtpSink, dispatcher: Dispatcher
) -> None:
    task = await a_request(organisation)
    await reject_self_registration(actor=await manager_of(organisation), task_id=task.id, reason="Neen.")
    await dispatcher.sweep()
    assert [mail["To"] for mail in smtp_sink.mails()] == ["lotte@elders.example"]


async def test_what_may_have_been_taken_comes_once_more_even_when_it_is_no_longer_true(
    organisation: Organisation, hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    right = await an_ending_right(organisation)
    await write_expiry_warnings()
    hostile.plan(CONTENT, CLOSE)
    await dispatcher.sweep()
    assert (await Delivery.get()).status == DeliveryStatus.UNCERTAIN
    await revoked(right)
    await make_due()
    await dispatcher.sweep()
    assert (await Delivery.get()).status == DeliveryStatus.SENT
    assert len({mail["Message-ID"] for mail in hostile.mails}) == 1


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
    told = sorted(mail["To"] for mail in smtp_sink.mails())
    addresses = [f"{name.split()[0].lower()}@scheldeland.example" for name in names]
    assert told == sorted([*addresses, "beheer@scheldeland.example"])


@pytest.mark.usefixtures("valkey")
async def test_killed_between_writing_and_sending_the_next_worker_sends_it_once(
    organisation: Organisation, hostile: HostileServer, tmp_path: Path
) -> None:
    await hostile.stop()
    await an_ending_right(organisation)

    async def is_written() -> bool:
        return await Letter.all().count() == 2

    async with a_worker(tmp_path) as first:
        await eventually(is_written)
        await first.end(signal.SIGKILL)
    assert await Delivery.filter(attempts=0).count() == 2
    await hostile.start()
    async with a_worker(tmp_path):
        await eventually(all_sent)
    assert sorted(mail["To"] for mail in hostile.mails) == ["beheer@scheldeland.example", "bram@scheldeland.example"]
    assert await Letter.all().count() == 2
