"""The envelope sender, and what is read from it when a mail comes back."""

from dataclasses import replace

import pytest

from domain.models import DeliveryStatus
from settings import settings
from tests.conftest import Environment
from tests.workers.composing.test_compose import MAIL
from tests.workers.events import an_event, make_due, the_delivery
from tests.workers.hostile_smtp import CLOSE, CONTENT, RCPT, HostileServer
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
def test_each_sending_has_a_sender_of_its_own_and_the_head_stays_what_it_was() -> None:
    envelope = compose(replace(MAIL, message_id=f"<{RANDOM}@e-contracting.example>"), settings())
    assert envelope.sender == SENT_AS
    assert b"bounces+" not in envelope.content


@pytest.mark.usefixtures("returning")
def test_the_longest_one_fits_into_the_64_octets_of_a_local_part(environment: Environment) -> None:
    environment.set(MAIL_RETURN_ADDRESS=f"{'b' * 12}@terug.example")
    sender = return_path(settings(), 9_999_999_999, 9999, f"<{RANDOM}@e-contracting.example>")
    assert len(sender.rpartition("@")[0]) <= 64


@pytest.mark.usefixtures("returning")
@pytest.mark.parametrize("address", [SENT_AS, f"<{SENT_AS}>", SENT_AS.upper(), f"  {SENT_AS}\n"])
def test_it_is_read_however_a_server_spells_it(address: str) -> None:
    assert parse_return_path(address, settings()) == ReturnPath(7, 2, RANDOM)


@pytest.mark.usefixtures("returning")
@pytest.mark.parametrize(
    "address",
    ["", "bounces@terug.example", f"other+7-2-{RANDOM}@terug.example", f"bounces+7-2-{RANDOM}@elders.example",
     f"bounces+7-{RANDOM}@terug.example", "bounces+7-2-short@terug.example", f"bounces+-7-2-{RANDOM}@terug.example",
     f"bounces+{'9' * 40}-2-{RANDOM}@terug.example"],
)  # fmt: skip
def test_what_is_none_of_ours_tells_nothing(address: str) -> None:
    assert parse_return_path(address, settings()) is None


@pytest.mark.usefixtures("returning")
async def test_on_the_wire_it_is_another_one_once_the_mail_may_have_been_taken_and_not_before(
    hostile: HostileServer, dispatcher: Dispatcher
) -> None:
    hostile.plan(RCPT, "451 4.7.1 greylisted")
    hostile.plan(CONTENT, CLOSE)
    await dispatcher.handle([(await an_event()).id])
    for _ in range(2):
        await make_due()
        await dispatcher.sweep()
    delivery = await the_delivery()
    assert delivery.status == DeliveryStatus.SENT
    random = delivery.message_id.strip("<").partition("@")[0]
    senders = [command for command in hostile.commands if command.startswith("MAIL")]
    expected = [f"bounces+{delivery.id}-{sending}-{random}@terug.example" for sending in (1, 1, 2)]
    assert [sender.partition("<")[2].partition(">")[0] for sender in senders] == expected
