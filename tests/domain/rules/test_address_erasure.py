"""A delivery loses its address after a configured time, and keeps its outcome (domain 8)."""

from datetime import timedelta
from typing import Any

import pytest

from domain.models import Delivery, DeliveryStatus
from domain.rules import address_erasure
from domain.rules.address_erasure import erase_addresses
from tests import rows
from tests.table_contents import assert_tables_unchanged

pytestmark = pytest.mark.usefixtures("database")


async def an_old_mail(status: DeliveryStatus, *, days: int = 91, **columns: Any) -> Delivery:
    return await rows.a_delivery(status=status, dated_at=await rows.now() - timedelta(days=days), **columns)


async def addresses() -> list[str | None]:
    return [delivery.address for delivery in await Delivery.all().order_by("id")]


@pytest.mark.parametrize("status", [DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.BOUNCED])
async def test_a_settled_mail_loses_its_address_and_nothing_else(status: DeliveryStatus) -> None:
    before = await an_old_mail(status)
    assert await erase_addresses(90) == 1
    after = await Delivery.get()
    assert after.address is None
    assert (after.status, after.attempts, after.message_id) == (before.status, before.attempts, before.message_id)
    async with assert_tables_unchanged():
        assert await erase_addresses(90) == 0


async def test_a_younger_mail_keeps_its_address() -> None:
    await an_old_mail(DeliveryStatus.SENT, days=89)
    async with assert_tables_unchanged():
        assert await erase_addresses(90) == 0


@pytest.mark.parametrize(
    ("status", "columns", "expected"),
    [
        (DeliveryStatus.PENDING, {}, 1),
        (DeliveryStatus.SENDING, {"attempts": 1}, 1),
        (DeliveryStatus.UNCERTAIN, {"attempts": 1, "losses": 1}, 1),
        (DeliveryStatus.UNCERTAIN, {"attempts": 2, "losses": 2}, 0),
    ],
)
async def test_a_mail_that_may_still_be_sent_keeps_its_address(
    status: DeliveryStatus, columns: dict[str, int], expected: int
) -> None:
    await an_old_mail(status, **columns)
    await erase_addresses(90)
    assert len([address for address in await addresses() if address]) == expected


async def test_addresses_are_erased_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address_erasure, "BATCH", 2)
    for _ in range(3):
        await an_old_mail(DeliveryStatus.SENT)
    assert [await erase_addresses(90) for _ in range(3)] == [2, 1, 0]
    assert await addresses() == [None, None, None]
