"""An organisation with whatever chance gives it, and everything that is mailed about its contracts."""

import random
from datetime import timedelta
from typing import Any

from domain.models import (
    AccessMandateKind,
    AccessRightRole,
    Contract,
    DocumentLevel,
    Group,
    GroupLink,
    Language,
    Notification,
    Role,
    User,
    WorkRelation,
)
from tests import rows

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
