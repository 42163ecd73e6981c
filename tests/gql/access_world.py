"""A random organisation whose rows begin and end within three days, and a naive reading of who had access when."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from domain.days import BRUSSELS
from domain.models import (
    AccessRight,
    AccessRightRole,
    Contract,
    DocumentLevel,
    Group,
    Organisation,
    Role,
    User,
    WorkRelation,
)
from tests import rows

STEP = timedelta(hours=6)


@dataclass(frozen=True)
class Span:
    """From one moment until before another; None is still open."""

    begin: datetime
    end: datetime | None

    def holds(self, moment: datetime | None) -> bool:
        """At a moment, or now."""
        return self.end is None if moment is None else self.begin <= moment and (self.end is None or moment < self.end)


@dataclass
class AccessWorld:
    """The rows of the organisation, each with its spans.

    Attributes:
        day: The middle one of the three days.
        roles: For each user the spans of each role, with the right that has it.
        members: Group, link or None, user, membership's key and span.
        links: Group, contract, link's key and span.
        levels: For each group the levels on INVOICING.
    """

    day: date
    organisation: Organisation
    viewer: User
    contracts: list[Contract] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    roles: dict[int, list[tuple[Role, int, Span]]] = field(default_factory=dict)
    last_days: dict[int, date] = field(default_factory=dict)
    mandates: list[tuple[int, int, Span]] = field(default_factory=list)
    members: list[tuple[int, int | None, int, int, Span]] = field(default_factory=list)
    links: list[tuple[int, int, int, Span]] = field(default_factory=list)
    levels: dict[int, list[tuple[DocumentLevel, Span]]] = field(default_factory=dict)

    def moments(self, day: date | None) -> list[datetime | None]:
        """The moments of a day at which anything can have begun; now for none."""
        if day is None:
            return [None]
        start = datetime.combine(day, time(), BRUSSELS)
        return [start + STEP * place for place in range(4)]

    def reasons(self, user_id: int, contract: Contract, moment: datetime | None, day: date) -> set[tuple[str, int]]:
        """The kind and key of each reason, and the group's level with it."""
        at_work = self.last_days.get(user_id, date.min) >= day
        if moment is not None and moment < contract.published_at:
            return set()
        roles = {(role, right) for role, right, span in self.roles.get(user_id, []) if at_work and span.holds(moment)}
        reasons = {("right", right) for role, right in roles if role is Role.ADMINISTRATOR}
        reasons |= {("mandate", key) for user, key, span in self.mandates if user == user_id and span.holds(moment)}
        if any(role is Role.USER for role, _ in roles):
            for group, link_contract, link, link_span in self.links:
                reasons |= {
                    ("membership", key)
                    for in_group, on_link, user, key, span in self.members
                    if (in_group, user) == (group, user_id)
                    and on_link in (None, link)
                    and link_contract == contract.id
                    and link_span.holds(moment)
                    and span.holds(moment)
                }
        return reasons

    def level(self, reasons: set[tuple[str, int]], moment: datetime | None) -> DocumentLevel:
        """The highest level that the reasons gave at a moment."""
        groups = {key: group for group, _, _, key, _ in self.members}
        levels = [DocumentLevel.NONE]
        for kind, key in reasons:
            if kind == "membership":
                levels += [level for level, span in self.levels[groups[key]] if span.holds(moment)]
            else:
                levels.append(DocumentLevel.READ)
        return max(levels)

    def expected(self, user_id: int, contract: Contract, day: date | None, today: date) -> tuple[Any, str] | None:
        """The reasons of a day and the highest level; None without any."""
        reasons, level = set(), DocumentLevel.NONE
        for moment in self.moments(day):
            reasons_then = self.reasons(user_id, contract, moment, day or today)
            reasons |= reasons_then
            level = max(level, self.level(reasons_then, moment))
        return (reasons, level.name) if reasons else None


class WorldGenerator:
    """Generates a world from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311  # the same world each time
        self.grid: list[datetime] = []

    def spans(self, most: int = 2) -> list[Span]:
        """Spans one after the other, the last of which may be open."""
        count = self.random.randint(1, most)
        cuts = sorted(self.random.sample(self.grid, count * 2))
        spans = [Span(begin, end) for begin, end in list(pairwise(cuts))[::2]]
        if self.random.random() < 0.5:  # half of the time
            spans[-1] = Span(spans[-1].begin, None)
        return spans

    async def world(self) -> AccessWorld:
        """Creates the organisation with all its rows."""
        day = await rows.today() - timedelta(days=5)
        start = datetime.combine(day - timedelta(days=1), time(), BRUSSELS)
        self.grid = [start + STEP * place for place in range(12)]
        organisation, viewer = await rows.an_organisation(), await rows.a_user()
        world = AccessWorld(day, organisation, viewer)
        await rows.a_mandate(user=viewer, organisation=organisation, since=self.grid[0] - timedelta(days=9))
        for _ in range(2):
            published = self.random.choice(self.grid[:6])
            world.contracts.append(await rows.a_contract(organisation, published_at=published))
        for _ in range(5):
            await self.person(world)
        for _ in range(3):
            await self.group(world)
        return world

    async def person(self, world: AccessWorld) -> None:
        """Creates a user with rights that begin and end, and perhaps mandates."""
        user = await rows.a_user()
        world.users.append(user)
        last_day = world.day + timedelta(days=self.random.choice([-1, 0, 1, 90]))
        world.last_days[user.id] = last_day
        relation = await rows.a_work_relation(user, world.organisation, last_day=last_day)
        for span in self.spans():
            right = await AccessRight.create(
                work_relation=relation,
                reason="Werf",
                granted_at=span.begin,
                revoked_at=span.end,
                revocation_reason="Weg" if span.end else None,
            )
            for role in Role:
                await self.role(world, right, role, span)
        if self.random.random() < 0.3:  # sometimes
            for span in self.spans():
                mandate = await rows.a_mandate(
                    user=user,
                    organisation=world.organisation,
                    since=span.begin,
                    ended_at=span.end,
                    end_reason="Weg" if span.end else None,
                )
                world.mandates.append((user.id, mandate.id, span))

    async def role(self, world: AccessWorld, right: AccessRight, role: Role, right_span: Span) -> None:
        """Creates a role for some part of the right's span, or for none of it."""
        user_id = (await WorkRelation.get(id=right.work_relation_id)).user_id
        inside = [moment for moment in self.grid if right_span.holds(moment)]
        if self.random.random() < (0.7 if role is Role.ADMINISTRATOR else 0.1):
            return
        begin = self.random.choice(inside)
        later = [moment for moment in inside if moment > begin]
        end = self.random.choice(later) if later and self.random.random() < 0.4 else right_span.end  # often
        await AccessRightRole.create(access_right=right, role=role, valid_from=begin, valid_to=end)
        world.roles.setdefault(user_id, []).append((role, right.id, Span(begin, end)))

    async def group(self, world: AccessWorld) -> None:
        """Creates a group with levels, links, fixed and contract-specific members."""
        group = await rows.a_group(world.organisation)
        world.groups.append(group)
        world.levels[group.id] = []
        for span in self.spans():
            level = self.random.choice(list(DocumentLevel))
            await rows.a_theme_level(group, "INVOICING", level, valid_from=span.begin, valid_to=span.end)
            world.levels[group.id].append((level, span))
        for contract in world.contracts:
            for span in self.spans():
                link = await rows.a_link(contract, group, linked_at=span.begin, ended_at=span.end)
                world.links.append((group.id, contract.id, link.id, span))
                await self.members(world, group, link)
        await self.members(world, group, None)

    async def members(self, world: AccessWorld, group: Group, link: Any) -> None:
        """Creates memberships of some of the users."""
        for user in self.random.sample(world.users, 2):
            relation = await WorkRelation.get(user_id=user.id)
            for span in self.spans():
                end = span.end if span.end or not (link and link.ended_at) else link.ended_at
                if end and end <= span.begin:
                    continue
                membership = await rows.a_membership(group, relation, link, since=span.begin, ended_at=end)
                key = link.id if link else None
                world.members.append((group.id, key, user.id, membership.id, Span(span.begin, end)))
