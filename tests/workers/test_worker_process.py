"""The worker as a process: woken by the doorbell, killed, stopped, and left without its queue."""

import asyncio
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from domain.models import Delivery, DeliveryStatus, Organisation
from local.servers.valkey import ValkeyServer
from tests.conftest import Environment, SmtpSink
from tests.workers.events import a_notification_to, eventually, make_due, only_delivery
from tests.workers.processes import WITHOUT_SWEEP, a_valkey, a_worker
from tests.workers.scripted_smtp_server import CONTENT, DATA, RCPT, ScriptedSmtpServer
from workers.doorbell import QueueDoorbell

RINGS = 6


async def is_sent() -> bool:
    return await Delivery.filter(status=DeliveryStatus.SENT).exists()


@pytest.mark.usefixtures("database")
async def test_the_doorbell_alone_makes_the_worker_send(valkey: str, smtp_sink: SmtpSink, tmp_path: Path) -> None:
    doorbell = QueueDoorbell(valkey)
    async with a_worker(tmp_path, WITHOUT_SWEEP):
        for count in range(1, 4):
            await ring_and_wait(doorbell, smtp_sink, count)
    await doorbell.close()


@pytest.mark.usefixtures("database", "valkey")
async def test_a_mail_whose_worker_was_killed_after_the_final_dot_is_repeated_with_the_same_message_id(
    smtp_server: ScriptedSmtpServer, environment: Environment, tmp_path: Path
) -> None:
    environment.set(MAIL_LEASE_SECONDS=3)
    smtp_server.plan(CONTENT, asyncio.Event())
    await a_notification_to()
    async with a_worker(tmp_path) as first:
        await smtp_server.reached.wait()
        await first.end(signal.SIGKILL)
    assert (await only_delivery()).status == DeliveryStatus.SENDING
    # The second worker's lease must not expire, however slow the machine is.
    environment.set(MAIL_LEASE_SECONDS=None)
    async with a_worker(tmp_path):
        # The lease of the first one expires by itself.
        await eventually(is_sent)
    delivery = await only_delivery()
    assert (delivery.attempts, delivery.failures, len(smtp_server.contents)) == (2, 0, 2)
    assert {mail["Message-ID"] for mail in smtp_server.mails} == {delivery.message_id}


@pytest.mark.usefixtures("database", "valkey")
@pytest.mark.parametrize("phase", [RCPT, DATA])
async def test_a_mail_whose_worker_was_killed_before_the_final_dot_is_received_once(
    smtp_server: ScriptedSmtpServer, tmp_path: Path, phase: str
) -> None:
    smtp_server.plan(phase, asyncio.Event())
    await a_notification_to("een@werken.example", "twee@werken.example")
    async with a_worker(tmp_path) as first:
        await smtp_server.reached.wait()
        await first.end(signal.SIGKILL)
    await make_due()
    async with a_worker(tmp_path):
        await eventually(lambda: len(smtp_server.contents) == 2)
    assert sorted(mail["To"] for mail in smtp_server.mails) == ["een@werken.example", "twee@werken.example"]


@pytest.mark.usefixtures("database", "valkey")
async def test_a_notification_whose_every_mail_is_rejected_permanently_goes_to_the_next_level(
    smtp_server: ScriptedSmtpServer, tmp_path: Path
) -> None:
    smtp_server.plan(RCPT, "550 5.1.1 unknown", "550 5.1.1 unknown")
    notification = await a_notification_to("een@werken.example", "twee@werken.example")
    await Organisation.filter(id=notification.organisation_id).update(email="firma@werken.example")
    async with a_worker(tmp_path):
        await eventually(is_sent)
    [mail] = smtp_server.mails
    assert mail["To"] == "firma@werken.example"
    body = mail.get_body(("plain",))
    assert body
    assert "op geen enkel e-mailadres van de gekoppelde groepen" in body.get_content()


@pytest.mark.usefixtures("database", "valkey")
async def test_a_stopped_worker_finishes_the_mail_being_sent_and_releases_what_it_did_not_send(
    smtp_server: ScriptedSmtpServer, tmp_path: Path
) -> None:
    resume = asyncio.Event()
    smtp_server.plan(CONTENT, resume)
    await a_notification_to("een@werken.example", "twee@werken.example")
    async with a_worker(tmp_path) as worker:
        await smtp_server.reached.wait()
        worker.running.send_signal(signal.SIGTERM)
        resume.set()
        assert await worker.end(signal.SIGTERM) == 0
        assert worker.has_logged("worker_stopped")
    first, second = await Delivery.all().order_by("id")
    assert first.status == DeliveryStatus.SENT
    # The second mail is sent as well if the server resumed before the signal reached the worker.
    assert second.status in {DeliveryStatus.SENT, DeliveryStatus.PENDING}
    assert second.leased_until is None


@pytest.mark.usefixtures("database")
async def test_mails_are_sent_while_the_queue_is_away_and_after_it_is_back(
    smtp_sink: SmtpSink, environment: Environment, tmp_path: Path
) -> None:
    for name in ("valkey", "sockets"):
        (tmp_path / name).mkdir()
    server = ValkeyServer(tmp_path / "valkey", tmp_path / "sockets")
    environment.set(REDIS_URL=server.url())
    doorbell = QueueDoorbell(server.url())
    async with a_worker(tmp_path) as worker:
        await ring_and_wait(doorbell, smtp_sink, 1)
        async with a_valkey(server):
            await eventually(lambda: worker.has_logged("queue_answers"))
            await ring_and_wait(doorbell, smtp_sink, 2)
        await ring_and_wait(doorbell, smtp_sink, 3)
        async with a_valkey(server):
            await eventually(lambda: [line["event"] for line in worker.events].count("queue_answers") == 2)
            await ring_and_wait(doorbell, smtp_sink, 4)
            assert worker.running.poll() is None
            assert [line["event"] for line in worker.events].count("queue_away") == 2
    await doorbell.close()


async def ring_and_wait(doorbell: QueueDoorbell, sink: SmtpSink, count: int) -> None:
    """Rings for another notification, and waits until this many mails have arrived."""
    notification = await a_notification_to()
    # The doorbell gives up after a timeout, which a busy machine may exceed; another ring sends no second mail.
    for _ in range(RINGS - 1):
        doorbell.ring([notification.id])
        with suppress(AssertionError):
            await eventually(lambda: len(sink.mails()) == count)
            return
    doorbell.ring([notification.id])
    await eventually(lambda: len(sink.mails()) == count)


@pytest.mark.usefixtures("database", "valkey", "smtp_sink")
async def test_the_log_contains_no_address_and_no_text_of_a_mail(tmp_path: Path) -> None:
    await a_notification_to("geheim@werken.example", "geen adres")
    async with a_worker(tmp_path) as worker:
        await eventually(
            lambda: (
                len([line for line in worker.events if line["event"] in {"delivery_settled", "deliveries_sent"}]) == 2
            )
        )
        assert "geheim" not in worker.log.read_text()
        assert "Onderhoud" not in worker.log.read_text()
