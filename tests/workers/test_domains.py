"""How much a domain is sent at a time."""

import asyncio
from collections import Counter

import pytest

from domain.models import Delivery, DeliveryStatus
from settings import settings
from tests import rows
from tests.conftest import Environment
from tests.workers.events import an_event, eventually
from tests.workers.hostile_smtp import RCPT, HostileServer
from workers.domains import Domains
from workers.mailroom import Mailroom
from workers.outbox.claims import Claim


def claims_for(*domains: str) -> list[Claim]:
    return [Claim(id=number, attempt=1, failures=0, losses=0, domain=domain) for number, domain in enumerate(domains)]


def test_as_many_lines_as_are_allowed_carry_one_domain() -> None:
    domains = Domains(lines=2, mails_a_minute=None)
    first, _ = domains.take_up(claims_for("vol.example", "vol.example", "werken.example"))
    assert domains.passed_over() == []
    second, _ = domains.take_up(claims_for("vol.example"))
    assert domains.passed_over() == ["vol.example"]
    domains.put_down(first)
    assert domains.passed_over() == []
    domains.put_down(second)
    assert domains.passed_over() == []


def test_a_domain_gets_its_share_and_no_more_for_that_part_of_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("workers.domains.time.monotonic", lambda: now)
    domains = Domains(lines=2, mails_a_minute=30)
    admitted, excess = domains.take_up(claims_for(*["vol.example"] * 5, "werken.example"))
    assert Counter(claim.domain for claim in admitted) == {"vol.example": 3, "werken.example": 1}
    assert [claim.domain for claim in excess] == ["vol.example"] * 2
    assert domains.passed_over() == ["vol.example"]
    now = 5.9
    assert domains.passed_over() == ["vol.example"]
    now = 6.0
    assert domains.passed_over() == []
    assert len(domains.take_up(claims_for(*["vol.example"] * 5))[0]) == 3


def test_a_small_limit_is_one_mail_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("workers.domains.time.monotonic", lambda: now)
    domains = Domains(lines=1, mails_a_minute=2)
    assert len(domains.take_up(claims_for("vol.example", "vol.example"))[0]) == 1
    now = 29.9
    assert domains.passed_over() == ["vol.example"]
    now = 30.0
    assert len(domains.take_up(claims_for("vol.example", "vol.example"))[0]) == 1


@pytest.mark.usefixtures("database")
async def test_what_is_too_much_for_now_is_given_back_untouched(
    hostile: HostileServer, environment: Environment
) -> None:
    # One mail each half a minute.
    environment.set(MAIL_DOMAIN_RATE=2)
    for _ in range(5):
        await rows.a_delivery(address=f"{rows.a_serial()}@vol.example")
        await rows.a_delivery(address=f"{rows.a_serial()}@werken.example")
    room = Mailroom(settings())
    await room.sweep()
    await room.close()
    sent = Counter(mail["To"].addresses[0].domain for mail in hostile.mails)
    assert sent == {"vol.example": 1, "werken.example": 1}
    waiting = await Delivery.filter(status=DeliveryStatus.PENDING)
    assert [(each.leased_until, each.failures) for each in waiting] == [(None, 0)] * 8


async def test_a_slow_domain_does_not_hold_up_the_others(hostile: HostileServer, mailroom: Mailroom) -> None:
    held = asyncio.Event()
    hostile.plan(RCPT, held)
    slow = await rows.a_delivery(address="traag@vol.example")
    sweeping = asyncio.create_task(mailroom.sweep())
    await hostile.reached.wait()
    await rows.a_delivery(address="vlug@werken.example")
    other = asyncio.create_task(mailroom.sweep())
    await eventually(lambda: [mail["To"] for mail in hostile.mails] == ["vlug@werken.example"])
    held.set()
    await asyncio.gather(sweeping, other)
    await slow.refresh_from_db()
    assert slow.status == DeliveryStatus.SENT


async def test_a_domain_that_defers_does_not_hold_up_the_others(hostile: HostileServer, mailroom: Mailroom) -> None:
    hostile.extensions = ("PIPELINING",)
    hostile.plan(RCPT, *["450 4.2.0 greylisted"] * 3)
    for number in range(3):
        await rows.a_delivery(address=f"{number}@grijs.example")
    await rows.a_delivery(address="werf@werken.example")
    await mailroom.sweep()
    assert [mail["To"] for mail in hostile.mails] == ["werf@werken.example"]
    assert await Delivery.filter(status=DeliveryStatus.PENDING, failures=1).count() == 3


async def test_who_found_every_line_of_a_domain_taken_is_served_when_one_comes_free(
    hostile: HostileServer, environment: Environment, database: str
) -> None:
    assert database
    environment.set(MAIL_DOMAIN_LINES=1)
    held = asyncio.Event()
    hostile.plan(RCPT, held)
    room = Mailroom(settings())
    first = asyncio.create_task(room.handle([(await an_event("een@vol.example")).id]))
    await hostile.reached.wait()
    await room.handle([(await an_event("twee@vol.example")).id])
    assert hostile.contents == []
    held.set()
    await first
    assert [mail["To"] for mail in hostile.mails] == ["een@vol.example", "twee@vol.example"]
    await room.close()
