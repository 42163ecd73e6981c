"""Loads the groups from their table, with levels and fixed members, and their later changes."""

from typing import Final

from domain.group_name import name_key
from domain.models import (
    ContractType,
    DocumentLevel,
    Group,
    GroupReferenceLevel,
    GroupThemeLevel,
    Membership,
    MembershipKind,
    Theme,
    User,
)
from local.demo_data.demo_rows import DemoRows
from local.demo_data.group_table import GROUPS, OFFICE, SITES, GroupRow
from local.demo_data.work_relation_table import WORK_RELATIONS

GROUPS_CREATED: Final = 610
"""How many days ago the groups were created."""

ADMINISTRATORS: Final = {"scheldeland": "admin", "zandvliet": "outsider", "combinatie": "Thomas Nijs"}
"""The administrator who manages the groups of each organisation."""


async def load_groups(demo: DemoRows) -> None:
    """Creates every group with its levels and fixed members."""
    for row in GROUPS:
        group = await _create_group(demo, row)
        demo.groups[row.organisation, row.name] = group
        await _create_levels(demo, group, row)
        for person in row.members:
            await _add_member(demo, row.organisation, group, person, since=_joined(row.organisation, person))
    await _raise_level(demo, SITES, DocumentLevel.NONE, on=300)
    await _add_former_member(demo, OFFICE, "Olivier Lejeune", since=500, until=320)


async def _create_group(demo: DemoRows, row: GroupRow) -> Group:
    return await Group.create(
        organisation=demo.organisations[row.organisation],
        name=row.name,
        name_key=name_key(row.name),
        description=row.description,
        email=row.email,
        active=row.deleted is None,
        created_at=demo.calendar.moment(GROUPS_CREATED, "13:30"),
        deactivated_at=demo.calendar.optional_moment(row.deleted, "15:45"),
    )


async def _create_levels(demo: DemoRows, group: Group, row: GroupRow) -> None:
    valid_from = demo.calendar.moment(GROUPS_CREATED, "13:30")
    theme = await Theme.get(code="INVOICING")
    await GroupThemeLevel.create(group=group, theme=theme, level=row.invoicing, valid_from=valid_from)
    for contract_type in await ContractType.all().order_by("id"):
        await GroupReferenceLevel.create(
            group=group, contract_type=contract_type, level=row.reference, valid_from=valid_from
        )


def _joined(organisation: str, person: str) -> int:
    """How many days ago a person joined: when the group was created, or the day after the right was granted."""
    first = next(row.first for row in WORK_RELATIONS if (row.organisation, row.person) == (organisation, person))
    return min(GROUPS_CREATED, first - 2)


async def _add_member(
    demo: DemoRows, organisation: str, group: Group, person: str, *, since: int, until: int | None = None
) -> None:
    work_relation = demo.work_relations[organisation, person]
    await Membership.create(
        kind=MembershipKind.FIXED,
        organisation_id=group.organisation_id,
        group=group,
        user_id=work_relation.user_id,
        work_relation=work_relation,
        since=demo.calendar.moment(since, "14:00"),
        added_by=_administrator(demo, organisation),
        ended_at=demo.calendar.optional_moment(until, "14:00"),
        ended_by=_administrator(demo, organisation) if until is not None else None,
    )


def _administrator(demo: DemoRows, organisation: str) -> User:
    return demo.people[ADMINISTRATORS[organisation]]


async def _raise_level(demo: DemoRows, name: str, former: DocumentLevel, *, on: int) -> None:
    """Gives the group a former level, which ended when its current one began."""
    group, moment = demo.groups["scheldeland", name], demo.calendar.moment(on, "09:50")
    current = await GroupThemeLevel.get(group=group)
    await GroupThemeLevel.create(
        group=group, theme_id=current.theme_id, level=former, valid_from=current.valid_from, valid_to=moment
    )
    await GroupThemeLevel.filter(id=current.id).update(valid_from=moment)
    await Group.filter(id=group.id).update(version=2)


async def _add_former_member(demo: DemoRows, name: str, person: str, *, since: int, until: int) -> None:
    group = demo.groups["scheldeland", name]
    await _add_member(demo, "scheldeland", group, person, since=since, until=until)
    await Group.filter(id=group.id).update(version=3)
