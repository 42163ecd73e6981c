"""Limits on the sessions and mails per minute to one recipient domain."""

import asyncio
from collections import Counter

import pytest

from domain.models import Delivery, DeliveryStatus
from settings import settings
from tests import rows
from tests.conftest import Environment
from tests.workers.events import a_notification_to, eventually
from tests.workers.scripted_smtp_server import RCPT, ScriptedSmtpServer
from workers.dispatcher import Dispatcher
from workers.domain_limits import DomainLimits
from workers.outbox.delivery_claims import DeliveryClaim


def claims_for(*domains: str) -> list[DeliveryClaim]:
    return [
        DeliveryClaim(id=number, attempt=1, failures=0, losses=0, domain=domain)
        for number, domain in enumerate(domains)
    ]


def test_a_domain_is_exhausted_while_its_sessions_are_occupied() -> None:
    limits = DomainLimits(max_sessions=2, mails_a_minute=None)
    first, _ = limits.admit(claims_for("vol.example", "vol.example", "werken.example"))
    assert limits.exhausted() == []
    second, _ = limits.admit(claims_for("vol.example"))
    assert limits.exhausted() == ["vol.example"]
    limits.vacate(first)
    assert limits.exhausted() == []
    limits.vacate(second)
    assert limits.exhausted() == []


def test_a_domain_that_got_its_share_is_exhausted_until_the_next_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr("workers.domain_limits.time.monotonic", lambda: now)
    limits = DomainLimits(max_sessions=2, mails_a_minute=30)
    admitted, excess = limits.admit(claims_for(*["vol.example"] * 5, "werken.example"))
    assert Counter(claim.domain for claim in admitted) == {"vol.example": 3, "werken.example": 1}
    assert [claim.domain for claim in excess] == ["vol.example"] * 2
    assert limits.exhausted() == ["vol.example"]
    now = 5.9
    assert limits.exhausted() == ["vol.example"]
    now = 6.0
    assert limits.exhausted() == []
    assert len(limits.admit(claims_for(*["vol.example"] * 5))[0]) == 3


def test_a_limit_below_one_mail_per_window_lengthens_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("workers.domain_limits.time.monotonic", lambda: now)
    limits = DomainLimits(max_sessions=1, mails_a_minute=2)
    assert len(limits.admit(claims_for("vol.example", "vol.example"))[0]) == 1
    now = 29.9
    assert limits.exhausted() == ["vol.example"]
    now = 30.0
    assert len(limits.admit(claims_for("vol.example", "vol.example"))[0]) == 1


@pytest.mark.usefixtures("database")
async def test_mails_in_excess_of_the_limit_are_released_untouched(
    smtp_server: ScriptedSmtpServer, environment: Environment
) -> None:
    # One mail each half a minute.
    environment.set(MAIL_DOMAIN_RATE=2)
    for _ in range(5):
        await rows.a_delivery(address=f"{rows.a_serial()}@vol.example")
        await rows.a_delivery(address=f"{rows.a_serial()}@werken.example")
    dispatcher = Dispatcher(settings())
    await dispatcher.sweep()
    await dispatcher.close()
    sent = Counter(mail["To"].addresses[0].domain for mail in smtp_server.mails)
    assert sent == {"vol.example": 1, "werken.example": 1}
    waiting = await Delivery.filter(status=DeliveryStatus.PENDING)
    assert [(delivery.leased_until, delivery.failures) for delivery in waiting] == [(None, 0)] * 8


async def test_a_slow_domain_does_not_hold_up_the_others(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    resume = asyncio.Event()
    smtp_server.plan(RCPT, resume)
    slow = await rows.a_delivery(address="traag@vol.example")
    sweeping = asyncio.create_task(dispatcher.sweep())
    await smtp_server.reached.wait()
    await rows.a_delivery(address="vlug@werken.example")
    other = asyncio.create_task(dispatcher.sweep())
    await eventually(lambda: [mail["To"] for mail in smtp_server.mails] == ["vlug@werken.example"])
    resume.set()
    await asyncio.gather(sweeping, other)
    await slow.refresh_from_db()
    assert slow.status == DeliveryStatus.SENT


async def test_a_domain_that_defers_does_not_hold_up_the_others(
    smtp_server: ScriptedSmtpServer, dispatcher: Dispatcher
) -> None:
    smtp_server.extensions = ("PIPELINING",)
    smtp_server.plan(RCPT, *["450 4.2.0 greylisted"] * 3)
    for number in range(3):
        await rows.a_delivery(address=f"{number}@grijs.example")
    await rows.a_delivery(address="werf@werken.example")
    await dispatcher.sweep()
    assert [mail["To"] for mail in smtp_server.mails] == ["werf@werken.example"]
    assert await Delivery.filter(status=DeliveryStatus.PENDING, failures=1).count() == 3


async def test_mails_to_a_domain_whose_sessions_are_occupied_are_sent_once_one_is_free(
    smtp_server: ScriptedSmtpServer, environment: Environment, database: str
) -> None:
    assert database
    environment.set(MAIL_DOMAIN_LINES=1)
    resume = asyncio.Event()
    smtp_server.plan(RCPT, resume)
    dispatcher = Dispatcher(settings())
    first = asyncio.create_task(dispatcher.handle([(await a_notification_to("een@vol.example")).id]))
    await smtp_server.reached.wait()
    await dispatcher.handle([(await a_notification_to("twee@vol.example")).id])
    assert smtp_server.contents == []
    resume.set()
    await first
    assert [mail["To"] for mail in smtp_server.mails] == ["een@vol.example", "twee@vol.example"]
    await dispatcher.close()
