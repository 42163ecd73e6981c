"""The routing against the naive reading beside this file, on random organisations in a real database."""

import random
from datetime import timedelta
from typing import Any

import pytest

from domain.models import (
    AccessMandateKind,
    AccessRightRole,
    Contract,
    Delivery,
    DeliveryStatus,
    DocumentLevel,
    Group,
    GroupLink,
    Language,
    Notification,
    NotificationLevel,
    Role,
    Routing,
    User,
    WorkRelation,
)
from domain.rules.routing_freeze import route_notification
from domain.rules.second_routing import route_undelivered
from tests import rows
from tests.domain.routing_oracle import Answer, naive_routing, spelled

pytestmark = pytest.mark.usefixtures("database")

THEMES = ("INVOICING", "EXECUTION")
ADDRESSES = ("an@werken.example", "An@werken.example", "an@WERKEN.example", "bo@werken.example", "post@bureau.example")


class World:
    """One organisation with whatever chance gives it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # repeatable worlds, no secrets
        # Where the upper levels have addresses, the lower ones are never looked at.
        self.above = (0.0, 0.0, 0.3)[seed % 3]

    def maybe(self, likelihood: float) -> bool:
        return self.chance.random() < likelihood

    def address(self, likelihood: float) -> str | None:
        own = f"adres-{rows.a_serial()}@werken.example"
        return self.chance.choice([own, own, *ADDRESSES]) if self.maybe(likelihood) else None

    async def populate(self) -> list[Notification]:
        self.organisation = await rows.an_organisation(email=self.address(self.above))
        self.people = [await self.person() for _ in range(self.chance.choice([0, 3, 4, 5]))]
        groups = [await self.group() for _ in range(self.chance.choice([0, 3, 3, 4]))]
        notifications = []
        for _ in range(2):
            contract = await self.contract()
            for group in groups:
                await self.link(contract, group)
            notifications += await self.events(contract)
        return notifications

    async def person(self) -> WorkRelation:
        today = await rows.today()
        language = self.chance.choice([None, *Language])
        first, last = self.chance.choice(
            [(-9, 9), (-9, 9), (-9, 9), (-9, 9), (-9, 9), (-9, 0), (0, 9), (-9, -1), (1, 9)]
        )
        relation = await rows.a_work_relation(
            await rows.a_user(language=language),
            self.organisation,
            today + timedelta(days=first),
            today + timedelta(days=last),
            email=self.address(0.8),
        )
        if self.maybe(0.4):
            revoked = await rows.a_right(relation, *Role, **await closed("granted_at", "revoked_at"))
            # Whether its roles were closed with it must make no difference.
            await AccessRightRole.filter(access_right=revoked).update(valid_to=None)
        if self.maybe(0.8):
            right = await rows.a_right(relation, *self.chance.sample(list(Role), self.chance.randint(1, 2)))
            if self.maybe(0.1):
                await AccessRightRole.filter(access_right=right).update(valid_to=await rows.now())
        if self.maybe(0.3):
            ended = await closed("since") if self.maybe(0.5) else {}
            kind = self.chance.choice([AccessMandateKind.LEGAL_REPRESENTATIVE, AccessMandateKind.ACCESS_MANAGER])
            user = await User.get(id=relation.user_id)
            await rows.a_mandate(kind, user, self.organisation, email=self.address(0.6), **ended)
        return relation

    async def group(self) -> Group:
        group = await rows.a_group(self.organisation, active=self.maybe(0.8), email=self.address(self.above))
        for theme in THEMES:
            if self.maybe(0.3):
                await rows.a_theme_level(group, theme, DocumentLevel.SEND, **await closed("valid_from", "valid_to"))
            if self.maybe(0.8):
                await rows.a_theme_level(group, theme, self.chance.choice(list(DocumentLevel)))
        for person in self.people:
            if self.maybe(0.5):
                await rows.a_membership(group, person, **await self.perhaps_closed("since"))
        return group

    async def contract(self) -> Contract:
        columns = await closed("published_at") if self.maybe(0.1) else {}
        return await rows.a_contract(self.organisation, email=self.address(self.above / 3), **columns)

    async def link(self, contract: Contract, group: Group) -> GroupLink | None:
        if not self.maybe(0.9):
            return None
        ended = self.maybe(0.2)
        link = await rows.a_link(contract, group, **await closed("linked_at") if ended else {})
        for person in self.people:
            if self.maybe(0.5):
                # Unlinking ends the contract-specific memberships.
                over = await closed("since") if ended else await self.perhaps_closed("since")
                await rows.a_membership(group, person, link, **over)
        return link

    async def perhaps_closed(self, start: str) -> dict[str, Any]:
        return await closed(start) if self.maybe(0.2) else {}

    async def events(self, contract: Contract) -> list[Notification]:
        about: list[Any] = [None]
        for document in (None, *[await rows.a_document(contract, theme_code=theme) for theme in THEMES]):
            about += [document] if document else []
            about += [await rows.a_message(contract, document), await rows.an_action(contract, document)]
        someone = self.chance.choice(self.people).user_id if self.people else None
        return [await rows.a_notification(contract, each, released_by_id=someone) for each in about]


async def closed(start: str, end: str = "ended_at") -> dict[str, Any]:
    """The columns of a row that stood from yesterday until now."""
    now = await rows.now()
    return {start: now - timedelta(days=1), end: now}


async def frozen(notification: Notification, position: int = 1) -> Answer:
    routing = await Routing.get(notification=notification, position=position)
    deliveries = await Delivery.filter(routing=routing)
    addresses = {spelled(each.address or ""): (each.user_id, str(each.language)) for each in deliveries}
    assert len(addresses) == len(deliveries)
    return Answer(routing.level, addresses)


async def test_every_routing_is_what_the_manual_says() -> None:
    levels: set[str | None] = set()
    for seed in range(36):
        for notification in await World(seed).populate():
            expected = await naive_routing(notification)
            await route_notification(notification.id, attempt=0, message_domain="mail.example")
            assert await frozen(notification) == expected, (seed, notification.trigger)
            levels.add(expected.level)
    assert levels == {*NotificationLevel, None}


async def test_every_second_routing_is_what_the_manual_says_below_the_level_that_failed() -> None:
    ways: set[tuple[str, str | None]] = set()
    for seed in range(36):
        notifications = await World(seed).populate()
        for notification in notifications:
            await route_notification(notification.id, attempt=0, message_domain="mail.example")
        await Delivery.all().update(status=DeliveryStatus.FAILED)
        await route_undelivered("mail.example")
        for notification in notifications:
            first = await frozen(notification)
            if first.level in (None, "CONTRACT"):
                assert await Routing.filter(notification=notification).count() == 1
                continue
            expected = await naive_routing(notification, first)
            assert await frozen(notification, 2) == expected, (seed, notification.trigger)
            ways.add((str(first.level), expected.level))
    assert {
        ("GROUP", "ORGANISATION"),
        ("ORGANISATION", "USER"),
        ("USER", "ADMINISTRATOR"),
        ("ADMINISTRATOR", None),
    } <= ways


async def test_a_work_relation_counts_by_its_organisation_only() -> None:
    consortium = await rows.an_organisation()
    member = await rows.an_organisation()
    await rows.a_person_with_right(member, Role.ADMINISTRATOR, email="lid@combinatie.example")
    notification = await rows.a_notification(await rows.a_contract(consortium))
    await route_notification(notification.id, attempt=0, message_domain="mail.example")
    assert await frozen(notification) == Answer(None, {})
