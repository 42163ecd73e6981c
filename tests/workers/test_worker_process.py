"""The worker as a process: rung, killed, stopped, and left without its queue."""

import asyncio
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from domain.models import Delivery, DeliveryStatus, Organisation
from local.servers.valkey import ValkeyServer
from tests.conftest import Environment, SmtpSink
from tests.workers.events import an_event, eventually, make_due, the_delivery
from tests.workers.hostile_smtp import CONTENT, DATA, RCPT, HostileServer
from tests.workers.processes import BELL_ALONE, a_valkey, a_worker
from workers.doorbell import QueueDoorbell

RINGS = 6


async def is_sent() -> bool:
    return await Delivery.filter(status=DeliveryStatus.SENT).exists()


@pytest.mark.usefixtures("database")
async def test_the_bell_brings_a_mail_and_not_the_sweep(valkey: str, smtp_sink: SmtpSink, tmp_path: Path) -> None:
    bell = QueueDoorbell(valkey)
    async with a_worker(tmp_path, BELL_ALONE):
        for number in range(1, 4):
            await arrives(bell, smtp_sink, number)
    await bell.close()


@pytest.mark.usefixtures("database", "valkey")
async def test_killed_after_the_final_dot_the_mail_comes_once_more_as_the_same(
    hostile: HostileServer, environment: Environment, tmp_path: Path
) -> None:
    environment.set(MAIL_LEASE_SECONDS=3)
    hostile.plan(CONTENT, asyncio.Event())
    await an_event()
    async with a_worker(tmp_path) as first:
        await hostile.reached.wait()
        await first.end(signal.SIGKILL)
    assert (await the_delivery()).status == DeliveryStatus.SENDING
    # The next one's own lease may last however long it is held up.
    environment.set(MAIL_LEASE_SECONDS=None)
    async with a_worker(tmp_path):
        # Nobody lets the time pass here: the first one's lease runs out by itself.
        await eventually(is_sent)
    delivery = await the_delivery()
    assert (delivery.attempts, delivery.failures, len(hostile.contents)) == (2, 0, 2)
    assert {mail["Message-ID"] for mail in hostile.mails} == {delivery.message_id}


@pytest.mark.usefixtures("database", "valkey")
@pytest.mark.parametrize("phase", [RCPT, DATA])
async def test_killed_before_the_final_dot_the_mail_comes_once(
    hostile: HostileServer, tmp_path: Path, phase: str
) -> None:
    hostile.plan(phase, asyncio.Event())
    await an_event("een@werken.example", "twee@werken.example")
    async with a_worker(tmp_path) as first:
        await hostile.reached.wait()
        await first.end(signal.SIGKILL)
    await make_due()
    async with a_worker(tmp_path):
        await eventually(lambda: len(hostile.contents) == 2)
    assert sorted(mail["To"] for mail in hostile.mails) == ["een@werken.example", "twee@werken.example"]


@pytest.mark.usefixtures("database", "valkey")
async def test_when_every_mail_was_rejected_permanently_the_next_level_gets_it(
    hostile: HostileServer, tmp_path: Path
) -> None:
    hostile.plan(RCPT, "550 5.1.1 unknown", "550 5.1.1 unknown")
    notification = await an_event("een@werken.example", "twee@werken.example")
    await Organisation.filter(id=notification.organisation_id).update(email="firma@werken.example")
    async with a_worker(tmp_path):
        await eventually(is_sent)
    [mail] = hostile.mails
    assert mail["To"] == "firma@werken.example"
    body = mail.get_body(("plain",))
    assert body
    assert "op geen enkel e-mailadres van de gekoppelde groepen" in body.get_content()


@pytest.mark.usefixtures("database", "valkey")
async def test_told_to_stop_it_finishes_the_mail_being_sent(hostile: HostileServer, tmp_path: Path) -> None:
    held = asyncio.Event()
    hostile.plan(CONTENT, held)
    await an_event("een@werken.example", "twee@werken.example")
    async with a_worker(tmp_path) as worker:
        await hostile.reached.wait()
        worker.running.send_signal(signal.SIGTERM)
        held.set()
        assert await worker.end(signal.SIGTERM) == 0
        assert worker.said("worker_stopped")
    assert await Delivery.filter(status=DeliveryStatus.SENT).count() + await Delivery.filter(
        status=DeliveryStatus.PENDING, leased_until=None
    ).count() == 2  # fmt: skip
    assert await Delivery.filter(status=DeliveryStatus.SENT).count() >= 1


@pytest.mark.usefixtures("database")
async def test_mails_arrive_whatever_happens_to_the_queue(
    smtp_sink: SmtpSink, environment: Environment, tmp_path: Path
) -> None:
    for name in ("valkey", "sockets"):
        (tmp_path / name).mkdir()
    server = ValkeyServer(tmp_path / "valkey", tmp_path / "sockets")
    environment.set(REDIS_URL=server.url())
    bell = QueueDoorbell(server.url())
    async with a_worker(tmp_path) as worker:
        await arrives(bell, smtp_sink, 1)
        async with a_valkey(server):
            await eventually(lambda: worker.said("queue_answers"))
            await arrives(bell, smtp_sink, 2)
        await arrives(bell, smtp_sink, 3)
        async with a_valkey(server):
            await eventually(lambda: [line["event"] for line in worker.events].count("queue_answers") == 2)
            await arrives(bell, smtp_sink, 4)
            assert worker.running.poll() is None
            assert [line["event"] for line in worker.events].count("queue_away") == 2
    await bell.close()


async def arrives(bell: QueueDoorbell, sink: SmtpSink, number: int) -> None:
    key = (await an_event()).id
    # A bell may go unheard where a machine has much to do; it is rung again, and the mail comes but once.
    for _ in range(RINGS - 1):
        bell.ring([key])
        with suppress(AssertionError):
            await eventually(lambda: len(sink.mails()) == number)
            return
    bell.ring([key])
    await eventually(lambda: len(sink.mails()) == number)


@pytest.mark.usefixtures("database", "valkey", "smtp_sink")
async def test_its_log_names_no_address_and_quotes_no_mail(tmp_path: Path) -> None:
    await an_event("geheim@werken.example", "geen adres")
    async with a_worker(tmp_path) as worker:
        await eventually(
            lambda: (
                len([line for line in worker.events if line["event"] in {"delivery_settled", "deliveries_sent"}]) == 2
            )
        )
        assert "geheim" not in worker.log.read_text()
        assert "Onderhoud" not in worker.log.read_text()
