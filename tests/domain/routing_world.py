"""A random organisation, and every kind of notification about its contracts."""

from datetime import timedelta
from random import Random
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
SHARED_ADDRESSES = (
    "an@werken.example",
    "An@werken.example",
    "an@WERKEN.example",
    "bo@werken.example",
    "post@bureau.example",
)


class RandomOrganisation:
    """One organisation with random people, groups and contracts."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311  # no secret: repeatable
        # In two out of three, the levels above USER have no addresses, so that the lower levels are reached.
        self.upper_levels = (0.0, 0.0, 0.3)[seed % 3]

    def maybe(self, probability: float) -> bool:
        return self.random.random() < probability

    def address(self, probability: float) -> str | None:
        unique = f"adres-{rows.a_serial()}@werken.example"
        return self.random.choice([unique, unique, *SHARED_ADDRESSES]) if self.maybe(probability) else None

    async def populate(self) -> list[Notification]:
        self.organisation = await rows.an_organisation(email=self.address(self.upper_levels))
        self.people = [await self.person() for _ in range(self.random.choice([0, 3, 4, 5]))]
        groups = [await self.group() for _ in range(self.random.choice([0, 3, 3, 4]))]
        notifications = []
        for _ in range(2):
            contract = await self.contract()
            for group in groups:
                await self.link(contract, group)
            notifications += await self.notifications(contract)
        return notifications

    async def person(self) -> WorkRelation:
        today = await rows.today()
        language = self.random.choice([None, *Language])
        first, last = self.random.choice(
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
            # A revoked right counts for nothing, even if its roles were not closed with it.
            await AccessRightRole.filter(access_right=revoked).update(valid_to=None)
        if self.maybe(0.8):
            right = await rows.a_right(relation, *self.random.sample(list(Role), self.random.randint(1, 2)))
            if self.maybe(0.1):
                await AccessRightRole.filter(access_right=right).update(valid_to=await rows.now())
        if self.maybe(0.3):
            ended = await closed("since") if self.maybe(0.5) else {}
            kind = self.random.choice([AccessMandateKind.LEGAL_REPRESENTATIVE, AccessMandateKind.ACCESS_MANAGER])
            user = await User.get(id=relation.user_id)
            await rows.a_mandate(kind, user, self.organisation, email=self.address(0.6), **ended)
        return relation

    async def group(self) -> Group:
        group = await rows.a_group(self.organisation, active=self.maybe(0.8), email=self.address(self.upper_levels))
        for theme in THEMES:
            if self.maybe(0.3):
                await rows.a_theme_level(group, theme, DocumentLevel.SEND, **await closed("valid_from", "valid_to"))
            if self.maybe(0.8):
                await rows.a_theme_level(group, theme, self.random.choice(list(DocumentLevel)))
        for person in self.people:
            if self.maybe(0.5):
                await rows.a_membership(group, person, **await self.maybe_closed("since"))
        return group

    async def contract(self) -> Contract:
        columns = await closed("published_at") if self.maybe(0.1) else {}
        return await rows.a_contract(self.organisation, email=self.address(self.upper_levels / 3), **columns)

    async def link(self, contract: Contract, group: Group) -> GroupLink | None:
        if not self.maybe(0.9):
            return None
        ended = self.maybe(0.2)
        link = await rows.a_link(contract, group, **await closed("linked_at") if ended else {})
        for person in self.people:
            if self.maybe(0.5):
                # Unlinking ends the contract-specific memberships.
                period = await closed("since") if ended else await self.maybe_closed("since")
                await rows.a_membership(group, person, link, **period)
        return link

    async def maybe_closed(self, start: str) -> dict[str, Any]:
        return await closed(start) if self.maybe(0.2) else {}

    async def notifications(self, contract: Contract) -> list[Notification]:
        subjects: list[Any] = [None]
        for document in (None, *[await rows.a_document(contract, theme_code=theme) for theme in THEMES]):
            subjects += [document] if document else []
            subjects += [await rows.a_message(contract, document), await rows.an_action(contract, document)]
        releaser = self.random.choice(self.people).user_id if self.people else None
        return [await rows.a_notification(contract, subject, released_by_id=releaser) for subject in subjects]


async def closed(start: str, end: str = "ended_at") -> dict[str, Any]:
    """The columns of a row that began yesterday and has just ended."""
    now = await rows.now()
    return {start: now - timedelta(days=1), end: now}
