"""The return path: the envelope sender of each sending, and what a bounce to it identifies."""

from dataclasses import replace

import pytest

from domain.models import DeliveryStatus
from settings import settings
from tests.conftest import Environment
from tests.workers.composing.test_compose import MAIL
from tests.workers.events import a_notification_to, make_due, only_delivery
from tests.workers.scripted_smtp_server import CLOSE, CONTENT, RCPT, ScriptedSmtpServer
from workers.bounces.return_path import ReturnPath, parse_return_path, return_path
from workers.composing.compose import compose
from workers.dispatcher import Dispatcher

pytestmark = pytest.mark.usefixtures("environment")

RANDOM = "0123456789abcdef0123456789abcdef"
SENT_AS = f"bounces+7-2-{RANDOM}@terug.example"


@pytest.fixture
def returning(environment: Environment) -> None:
    environment.set(MAIL_RETURN_ADDRESS="bounces@terug.example")


def test_without_an_address_for_bounces_every_mail_has_the_same_sender() -> None:
    assert compose(MAIL, settings()).sender == "no-reply@e-contracting.vlaanderen.be"
    assert parse_return_path(SENT_AS, settings()) is None


@pytest.mark.usefixtures("returning")
def test_each_sending_has_an_envelope_sender_of_its_own_that_no_header_shows() -> None:
    envelope = compose(replace(MAIL, message_id=f"<{RANDOM}@e-contracting.example>"), settings())
    assert envelope.sender == SENT_AS
    assert b"bounces+" not in envelope.content


@pytest.mark.usefixtures("returning")
def test_the_longest_return_path_fits_into_the_64_octets_of_a_local_part(environment: Environment) -> None:
    environment.set(MAIL_RETURN_ADDRESS=f"{'b' * 12}@terug.example")
    sender = return_path(settings(), 9_999_999_999, 9999, f"<{RANDOM}@e-contracting.example>")
    assert len(sender.rpartition("@")[0]) <= 64


@pytest.mark.usefixtures("returning")
@pytest.mark.parametrize("address", [SENT_AS, f"<{SENT_AS}>", SENT_AS.upper(), f"  {SENT_AS}\n"])
def test_a_return_path_is_parsed_however_a_server_spells_it(address: str) -> None:
    assert parse_return_path(address, settings()) == ReturnPath(7, 2, RANDOM)


@pytest.mark.usefixtures("returning")
@pytest.mark.parametrize(
    "address",
    ["", "bounces@terug.example", f"other+7-2-{RANDOM}@terug.example", f"bounces+7-2-{RANDOM}@elders.example",
     f"bounces+7-{RANDOM}@terug.example", "bounces+7-2-short@terug.example", f"bounces+-7-2-{RANDOM}@terug.example",
     f"bounces+{'9' * 40}-2-{RANDOM}@terug.example"],
)  # fmt: skip
def test_other_addresses_are_no_return_path(address: str) -> None:
    assert parse_return_path(address, settings()) is None


@pytest.mark.usefixtures("returning")
async def test_a_retry_has_another_return_path_once_the_mail_may_have_been_accepted(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.plan(RCPT, "451 4.7.1 greylisted")
    smtp_server.plan(CONTENT, CLOSE)
    await dispatcher.handle([(await a_notification_to()).id])
    for _ in range(2):
        await make_due()
        await dispatcher.sweep()
    delivery = await only_delivery()
    assert delivery.status == DeliveryStatus.SENT
    random = delivery.message_id.strip("<").partition("@")[0]
    commands = [command for command in smtp_server.commands if command.startswith("MAIL")]
    expected = [f"bounces+{delivery.id}-{sending}-{random}@terug.example" for sending in (1, 1, 2)]
    assert [command.partition("<")[2].partition(">")[0] for command in commands] == expected
