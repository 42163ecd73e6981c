"""The warnings about random organisations, against a naive reading of what each kind warns of."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from domain import models as m
from domain.database.connection import database
from domain.health import WARNINGS
from domain.models import AccessMandateKind, DeliveryStatus, DocumentLevel, NotificationStatus, Role
from tests.domain.naive.access import access_of, group_level, level_as_user
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.viewer import active_roles, mandate_counts, standing_right
from tests.domain.naive.world import World

Warned = tuple[str, str, int]
MONTH = timedelta(days=30)


async def test_the_warnings_are_those_of_the_naive_reading(a_random_world: RandomWorld):
    assert a_random_world.world.all(m.Contract)
    await prepare()
    world, met = await World.read(), set()
    for organisation in world.all(m.Organisation):
        found = {(row["code"], row["subject_type"], row["subject_id"]) for row in await warnings(organisation)}
        assert found == set(expected(world, organisation))
        met |= {(code, kind) for code, kind, _ in found}
    assert met >= {
        ("CONTRACT_WITHOUT_SENDER", "Contract"),
        ("NO_MAIN_ACCESS_MANAGER", "Organisation"),
        ("NO_LEGAL_REPRESENTATIVE", "Organisation"),
        ("RIGHT_EXPIRES_UNCOVERED", "AccessRight"),
        ("NOTIFICATION_SUPPRESSED", "Notification"),
        ("ROUTE_WITHOUT_ADDRESS", "Organisation"),
        ("ROUTE_WITHOUT_ADDRESS", "Contract"),
        ("DELIVERY_FAILED", "Delivery"),
    }


async def prepare() -> None:
    """Rights end soon, mandates have ended, most organisations have no last resort, mails have failed."""
    administrators = """select r.work_relation_id from access_right r
      join access_right_role o on o.access_right_id = r.id and o.role = 'ADMINISTRATOR'"""
    for statement in (
        """update work_relation_period set valid_until = brussels_today() + id::int % 5 * 10
           where brussels_today() between valid_from and valid_until""",
        """update access_mandate set ended_at = now(), end_reason = 'Weg'
           where organisation_id % 3 = 0 or organisation_id % 2 = 0 and kind = 'MAIN_ACCESS_MANAGER'""",
        "update group_theme_level set level = 1 where level = 0 and theme_id in (select id from theme where visible)",
        f"""update work_relation set email = null where organisation_id % 4 > 0 and id in ({administrators})""",
        "update access_mandate set email = null where organisation_id % 4 > 0",
        "update delivery set status = 'FAILED' where id % 3 = 0 and routing_id is not null",
        "update delivery set status = 'BOUNCED' where id % 3 = 1 and routing_id is not null",
        "update notification set occurred_at = now() - make_interval(days => id::int % 2 * 40)",
    ):
        await database().execute_script(statement)


async def warnings(organisation: m.Organisation) -> list[dict[str, Any]]:
    text = f"select h.* from organisation o cross join lateral ({WARNINGS.replace('{row}', 'o')}) h where o.id = $1"
    rows: list[dict[str, Any]] = await database().execute_query_dict(text, [organisation.id])
    return rows


def expected(world: World, organisation: m.Organisation) -> Iterator[Warned]:
    itself = ("Organisation", organisation.id)
    mandates = [row for row in world.having(m.AccessMandate, "organisation_id", organisation.id) if not row.ended_at]
    represented = any(row.kind == AccessMandateKind.LEGAL_REPRESENTATIVE for row in mandates)
    if not entitled(world, organisation, Role.ADMINISTRATOR):
        yield "NO_ADMINISTRATOR", *itself
    managers = [row for row in mandates if row.kind == AccessMandateKind.MAIN_ACCESS_MANAGER]
    if not any(mandate_counts(world, row) for row in managers):
        yield "NO_MAIN_ACCESS_MANAGER", *itself
    if not represented:
        yield "NO_LEGAL_REPRESENTATIVE", *itself
    yield from unsent(world, organisation)
    yield from expiring(world, organisation, represented=represented)
    yield from unmailed(world, organisation, [row.email for row in mandates if row.kind == "LEGAL_REPRESENTATIVE"])
    yield from undelivered(world, organisation)


def entitled(world: World, organisation: m.Organisation, role: Role) -> dict[int, tuple[m.WorkRelation, date]]:
    """Who has the role by an active right: by the user's key, through what, and until when."""
    return {
        relation.user_id: (relation, last_day(world, relation))
        for relation in world.having(m.WorkRelation, "organisation_id", organisation.id)
        if role in active_roles(world, relation)
    }


def last_day(world: World, relation: m.WorkRelation) -> date:
    periods = world.having(m.WorkRelationPeriod, "work_relation_id", relation.id)
    return next(each.valid_until for each in periods if each.valid_from <= world.today <= each.valid_until)


def running(world: World, organisation: m.Organisation) -> list[m.Contract]:
    contracts = world.having(m.Contract, "organisation_id", organisation.id)
    return [contract for contract in contracts if contract.ended_at is None]


def senders(world: World, contract: m.Contract, people: dict[int, Any]) -> set[int]:
    themes = [theme.id for theme in world.all(m.Theme) if theme.visible]
    return {
        user_id
        for user_id in people
        for access in [access_of(world, user_id, contract)]
        if any(level_as_user(world, access, theme) is DocumentLevel.SEND for theme in themes)
    }


def unsent(world: World, organisation: m.Organisation) -> Iterator[Warned]:
    people = entitled(world, organisation, Role.USER)
    for contract in running(world, organisation):
        if not senders(world, contract, people):
            yield "CONTRACT_WITHOUT_SENDER", "Contract", contract.id


def expiring(world: World, organisation: m.Organisation, *, represented: bool) -> Iterator[Warned]:
    """Within a month, where nobody else's right lasts longer for administering, or for sending on some contract."""
    administrators, users = (entitled(world, organisation, role) for role in (Role.ADMINISTRATOR, Role.USER))
    sent = [senders(world, contract, users) for contract in running(world, organisation)]
    for people, uses in ((administrators, [] if represented else [set(administrators)]), (users, sent)):
        for user_id, (relation, day) in people.items():
            needed = [
                use for use in uses if user_id in use and not any(people[other][1] > day for other in use - {user_id})
            ]
            right = standing_right(world, relation)
            if day <= world.today + MONTH and needed and right:
                yield "RIGHT_EXPIRES_UNCOVERED", "AccessRight", right.id


def unmailed(world: World, organisation: m.Organisation, representatives: list[str | None]) -> Iterator[Warned]:
    administrators = [relation.email for relation, _ in entitled(world, organisation, Role.ADMINISTRATOR).values()]
    if any([organisation.email, *administrators, *representatives]):
        return
    yield "ROUTE_WITHOUT_ADDRESS", "Organisation", organisation.id
    for contract in running(world, organisation):
        told = [None, *(theme.id for theme in world.all(m.Theme) if theme.visible)]
        if not contract.email and not all(reached(world, contract, theme) for theme in told):
            yield "ROUTE_WITHOUT_ADDRESS", "Contract", contract.id


def reached(world: World, contract: m.Contract, theme_id: int | None) -> bool:
    """Has a linked group that reads the theme (or any) an address, or somebody who is a USER through it?"""
    themes = [theme.id for theme in world.all(m.Theme)] if theme_id is None else [theme_id]
    for link in world.having(m.GroupLink, "contract_id", contract.id):
        group = world.one(m.Group, link.group_id)
        reads = any(group_level(world, group, theme) >= DocumentLevel.READ for theme in themes)
        if link.ended_at or not group.active or not reads:
            continue
        members = [
            world.one(m.WorkRelation, each.work_relation_id)
            for each in world.having(m.Membership, "group_id", group.id)
            if each.ended_at is None and each.contract_id in (None, contract.id)
        ]
        if group.email or any(each.email and Role.USER in active_roles(world, each) for each in members):
            return True
    return False


def undelivered(world: World, organisation: m.Organisation) -> Iterator[Warned]:
    """Of the last thirty days."""
    lately = {
        each.id: each
        for each in world.having(m.Notification, "organisation_id", organisation.id)
        if each.occurred_at > world.now - MONTH
    }
    for notification in lately.values():
        if notification.status == NotificationStatus.SUPPRESSED:
            yield "NOTIFICATION_SUPPRESSED", "Notification", notification.id
    for delivery in world.having(m.Delivery, "organisation_id", organisation.id):
        about = delivery.routing_id and world.one(m.Routing, delivery.routing_id).notification_id
        if about in lately and delivery.status in {DeliveryStatus.FAILED, DeliveryStatus.BOUNCED}:
            yield "DELIVERY_FAILED", "Delivery", delivery.id
