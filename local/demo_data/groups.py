"""Groups from their table: levels, fixed members, and what changed in them since."""

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
from local.demo_data.engagements import ENGAGEMENTS
from local.demo_data.loaded import Loaded
from local.demo_data.team_table import OFFICE, SITES, TEAMS, Team

FORMED: Final = 610
"""Days ago: when the groups were made; who came later was added on the day after the right was granted."""

ADMINISTRATORS: Final = {"scheldeland": "admin", "zandvliet": "outsider", "combinatie": "Thomas Nijs"}


async def load_groups(loaded: Loaded) -> None:
    """Makes every group with its levels and fixed members."""
    for team in TEAMS:
        group = await _form(loaded, team)
        loaded.groups[team.organisation, team.name] = group
        await _set_levels(loaded, group, team)
        for person in team.members:
            await _add(loaded, team.organisation, group, person, since=_first_day_in_group(team.organisation, person))
    await _raise_level(loaded, SITES, DocumentLevel.NONE, on=300)
    await _remove_former_member(loaded, OFFICE, "Olivier Lejeune", since=500, until=320)


async def _form(loaded: Loaded, team: Team) -> Group:
    return await Group.create(
        organisation=loaded.organisations[team.organisation],
        name=team.name,
        name_key=name_key(team.name),
        description=team.description,
        email=team.email,
        active=team.deleted is None,
        created_at=loaded.calendar.moment(FORMED, "13:30"),
        deactivated_at=loaded.calendar.moment(team.deleted, "15:45") if team.deleted is not None else None,
    )


async def _set_levels(loaded: Loaded, group: Group, team: Team) -> None:
    since = loaded.calendar.moment(FORMED, "13:30")
    theme = await Theme.get(code="INVOICING")
    await GroupThemeLevel.create(group=group, theme=theme, level=team.invoicing, valid_from=since)
    for contract_type in await ContractType.all().order_by("id"):
        await GroupReferenceLevel.create(
            group=group, contract_type=contract_type, level=team.reference, valid_from=since
        )


def _first_day_in_group(organisation: str, person: str) -> int:
    """How many days ago: with the group, or two days after the work relation began."""
    first = next(row.first for row in ENGAGEMENTS if (row.organisation, row.person) == (organisation, person))
    return min(FORMED, first - 2)


async def _add(  # what a membership consists of
    loaded: Loaded, organisation: str, group: Group, person: str, *, since: int, until: int | None = None
) -> None:
    work_relation = loaded.work_relations[organisation, person]
    await Membership.create(
        kind=MembershipKind.FIXED,
        organisation_id=group.organisation_id,
        group=group,
        user_id=work_relation.user_id,
        work_relation=work_relation,
        since=loaded.calendar.moment(since, "14:00"),
        added_by=_administrator(loaded, organisation),
        ended_at=loaded.calendar.moment(until, "14:00") if until is not None else None,
        ended_by=_administrator(loaded, organisation) if until is not None else None,
    )


def _administrator(loaded: Loaded, organisation: str) -> User:
    return loaded.people[ADMINISTRATORS[organisation]]


async def _raise_level(loaded: Loaded, name: str, former: DocumentLevel, *, on: int) -> None:
    """The group's level was `former` until a moment: the row of that time is closed, today's begins there."""
    group, moment = loaded.groups["scheldeland", name], loaded.calendar.moment(on, "09:50")
    today = await GroupThemeLevel.get(group=group)
    await GroupThemeLevel.create(
        group=group, theme_id=today.theme_id, level=former, valid_from=today.valid_from, valid_to=moment
    )
    await GroupThemeLevel.filter(id=today.id).update(valid_from=moment)
    await Group.filter(id=group.id).update(version=2)


async def _remove_former_member(loaded: Loaded, name: str, person: str, *, since: int, until: int) -> None:
    group = loaded.groups["scheldeland", name]
    await _add(loaded, "scheldeland", group, person, since=since, until=until)
    await Group.filter(id=group.id).update(version=3)
