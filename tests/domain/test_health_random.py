"""The health warnings of random organisations, compared with a naive reading of each kind of warning."""

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

HealthWarning = tuple[str, str, int]
"""Code, type of the subject, key of the subject."""
MONTH = timedelta(days=30)


async def test_the_warnings_are_those_of_the_naive_reading(a_random_world: RandomWorld):
    assert a_random_world.world.all(m.Contract)
    await cause_warnings()
    world, occurring = await World.read(), set()
    for organisation in world.all(m.Organisation):
        warnings = {(row["code"], row["subject_type"], row["subject_id"]) for row in await read_warnings(organisation)}
        assert warnings == set(expected_warnings(world, organisation))
        occurring |= {(code, subject_type) for code, subject_type, _ in warnings}
    assert occurring >= {
        ("CONTRACT_WITHOUT_SENDER", "Contract"),
        ("NO_MAIN_ACCESS_MANAGER", "Organisation"),
        ("NO_LEGAL_REPRESENTATIVE", "Organisation"),
        ("RIGHT_EXPIRES_UNCOVERED", "AccessRight"),
        ("NOTIFICATION_SUPPRESSED", "Notification"),
        ("ROUTE_WITHOUT_ADDRESS", "Organisation"),
        ("ROUTE_WITHOUT_ADDRESS", "Contract"),
        ("DELIVERY_FAILED", "Delivery"),
    }


async def cause_warnings() -> None:
    """Lets rights end soon, ends mandates, removes most addresses of administrators, and fails mails."""
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


async def read_warnings(organisation: m.Organisation) -> list[dict[str, Any]]:
    query = f"select h.* from organisation o cross join lateral ({WARNINGS.replace('{row}', 'o')}) h where o.id = $1"
    rows: list[dict[str, Any]] = await database().execute_query_dict(query, [organisation.id])
    return rows


def expected_warnings(world: World, organisation: m.Organisation) -> Iterator[HealthWarning]:
    subject = ("Organisation", organisation.id)
    mandates = [row for row in world.having(m.AccessMandate, "organisation_id", organisation.id) if not row.ended_at]
    represented = any(row.kind == AccessMandateKind.LEGAL_REPRESENTATIVE for row in mandates)
    if not people_with_role(world, organisation, Role.ADMINISTRATOR):
        yield "NO_ADMINISTRATOR", *subject
    managers = [row for row in mandates if row.kind == AccessMandateKind.MAIN_ACCESS_MANAGER]
    if not any(mandate_counts(world, row) for row in managers):
        yield "NO_MAIN_ACCESS_MANAGER", *subject
    if not represented:
        yield "NO_LEGAL_REPRESENTATIVE", *subject
    yield from contracts_without_sender(world, organisation)
    yield from uncovered_rights(world, organisation, represented=represented)
    representatives: list[str | None] = [row.email for row in mandates if row.kind == "LEGAL_REPRESENTATIVE"]
    yield from routes_without_address(world, organisation, representatives)
    yield from recent_mail_problems(world, organisation)


def people_with_role(world: World, organisation: m.Organisation, role: Role) -> dict[int, tuple[m.WorkRelation, date]]:
    """Those who have the role by an active right: by user key, the work relation and its last day."""
    return {
        relation.user_id: (relation, last_day(world, relation))
        for relation in world.having(m.WorkRelation, "organisation_id", organisation.id)
        if role in active_roles(world, relation)
    }


def last_day(world: World, relation: m.WorkRelation) -> date:
    periods = world.having(m.WorkRelationPeriod, "work_relation_id", relation.id)
    return next(period.valid_until for period in periods if period.valid_from <= world.today <= period.valid_until)


def running_contracts(world: World, organisation: m.Organisation) -> list[m.Contract]:
    contracts = world.having(m.Contract, "organisation_id", organisation.id)
    return [contract for contract in contracts if contract.ended_at is None]


def senders(world: World, contract: m.Contract, users: dict[int, Any]) -> set[int]:
    themes = [theme.id for theme in world.all(m.Theme) if theme.visible]
    return {
        user_id
        for user_id in users
        for access in [access_of(world, user_id, contract)]
        if any(level_as_user(world, access, theme) is DocumentLevel.SEND for theme in themes)
    }


def contracts_without_sender(world: World, organisation: m.Organisation) -> Iterator[HealthWarning]:
    users = people_with_role(world, organisation, Role.USER)
    for contract in running_contracts(world, organisation):
        if not senders(world, contract, users):
            yield "CONTRACT_WITHOUT_SENDER", "Contract", contract.id


def uncovered_rights(world: World, organisation: m.Organisation, *, represented: bool) -> Iterator[HealthWarning]:
    """Rights that end within a month, when nobody's right lasts longer to administer, or to send on some contract."""
    administrators, users = (people_with_role(world, organisation, role) for role in (Role.ADMINISTRATOR, Role.USER))
    senders_of_contracts = [senders(world, contract, users) for contract in running_contracts(world, organisation)]
    for people, teams in (
        (administrators, [] if represented else [set(administrators)]),
        (users, senders_of_contracts),
    ):
        for user_id, (relation, last) in people.items():
            left_alone = [
                team
                for team in teams
                if user_id in team and not any(people[colleague][1] > last for colleague in team - {user_id})
            ]
            right = standing_right(world, relation)
            if last <= world.today + MONTH and left_alone and right:
                yield "RIGHT_EXPIRES_UNCOVERED", "AccessRight", right.id


def routes_without_address(
    world: World, organisation: m.Organisation, representatives: list[str | None]
) -> Iterator[HealthWarning]:
    administrators = people_with_role(world, organisation, Role.ADMINISTRATOR).values()
    if any([organisation.email, *(relation.email for relation, _ in administrators), *representatives]):
        return
    yield "ROUTE_WITHOUT_ADDRESS", "Organisation", organisation.id
    for contract in running_contracts(world, organisation):
        themes = [None, *(theme.id for theme in world.all(m.Theme) if theme.visible)]
        if not contract.email and not all(has_group_address(world, contract, theme) for theme in themes):
            yield "ROUTE_WITHOUT_ADDRESS", "Contract", contract.id


def has_group_address(world: World, contract: m.Contract, theme_id: int | None) -> bool:
    """Whether a linked group that reads the theme (or any) has an address, or a USER with one among its members."""
    themes = [theme.id for theme in world.all(m.Theme)] if theme_id is None else [theme_id]
    for link in world.having(m.GroupLink, "contract_id", contract.id):
        group = world.one(m.Group, link.group_id)
        reads = any(group_level(world, group, theme) >= DocumentLevel.READ for theme in themes)
        if link.ended_at or not group.active or not reads:
            continue
        members = [
            world.one(m.WorkRelation, membership.work_relation_id)
            for membership in world.having(m.Membership, "group_id", group.id)
            if membership.ended_at is None and membership.contract_id in (None, contract.id)
        ]
        if group.email or any(member.email and Role.USER in active_roles(world, member) for member in members):
            return True
    return False


def recent_mail_problems(world: World, organisation: m.Organisation) -> Iterator[HealthWarning]:
    """Suppressed notifications and failed mails of the last thirty days."""
    recent = {
        notification.id: notification
        for notification in world.having(m.Notification, "organisation_id", organisation.id)
        if notification.occurred_at > world.now - MONTH
    }
    for notification in recent.values():
        if notification.status == NotificationStatus.SUPPRESSED:
            yield "NOTIFICATION_SUPPRESSED", "Notification", notification.id
    for delivery in world.having(m.Delivery, "organisation_id", organisation.id):
        notification_id = delivery.routing_id and world.one(m.Routing, delivery.routing_id).notification_id
        if notification_id in recent and delivery.status in {DeliveryStatus.FAILED, DeliveryStatus.BOUNCED}:
            yield "DELIVERY_FAILED", "Delivery", delivery.id
