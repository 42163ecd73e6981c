"""What the variables of the examples are for the one who looks: their own organisation, a contract of it, and so on."""

from typing import Any, Final

from domain import visibility
from domain.actor import Actor
from domain.enterprise_number import shown
from domain.models import Contract, Group, GroupLink, Organisation, SelfRegistration, WorkRelation
from domain.standing import Standing
from domain.where import Where
from gql.explorer.access import ACCESS_VALUES, access_examples
from gql.explorer.authority import AUTHORITY_VALUES, authority_examples
from gql.explorer.makers import CONTRACT, ORGANISATION, Maker, given_input, id_of, version_of
from gql.explorer.people import PEOPLE_VALUES, people_examples
from gql.explorer.seen import Seen
from gql.explorer.work import WORK_VALUES, work_examples


async def seen_by(actor: Actor) -> Seen:
    """One object of each kind that the actor sees."""
    standing = await Standing.of(actor)
    own = standing.acts or ([actor.authority_id] if actor.authority_id else [])
    of_organisation = {"organisation_id__in": own}
    contracts = Contract.filter(Where(visibility.contract, standing), ended_at=None)
    groups = Group.filter(Where(visibility.group, standing), active=True, **of_organisation)
    links = GroupLink.filter(Where(visibility.group_link, standing), ended_at=None, **of_organisation)
    relations = WorkRelation.filter(Where(visibility.work_relation, standing), **of_organisation)
    return Seen(
        access=await access_examples(standing),
        people=await people_examples(standing),
        work=await work_examples(actor, standing),
        authority=await authority_examples(standing),
        organisation=await Organisation.filter(id__in=own).order_by("id").first(),
        stranger=await Organisation.filter(Where(visibility.organisation, standing)).order_by("id").first(),
        contract=await contracts.filter(group_links__id=None).order_by("id").first()
        or await contracts.order_by("id").first(),
        group=await groups.order_by("id").first(),
        newest_group=await groups.order_by("-id").first(),
        group_link=await links.order_by("id").first(),
        work_relation=await relations.order_by("id").first(),
        task=await SelfRegistration.filter(Where(visibility.task, standing)).order_by("id").first(),
    )


def _number(seen: Seen) -> str:
    organisation = seen.organisation or seen.stranger
    return shown(organisation.enterprise_number) if organisation else ""


def _groups(seen: Seen) -> list[str]:
    return [id_of(lambda seen: seen.group)(seen)] if seen.group else []


def _deletion(seen: Seen) -> dict[str, Any]:
    return {
        "id": id_of(lambda seen: seen.newest_group)(seen),
        "version": version_of(lambda seen: seen.newest_group)(seen),
    }


_OF_CONTRACT: Final[dict[str, Maker]] = {"id": CONTRACT}
_OF_GROUP: Final[dict[str, Maker]] = {"id": id_of(lambda seen: seen.group)}
_OF_LINK: Final[dict[str, Maker]] = {"groupLinkId": id_of(lambda seen: seen.group_link)}
_NO_SPECIFIC_MEMBERS: Final = given_input(
    groupLinkId=id_of(lambda seen: seen.group_link), version=version_of(lambda seen: seen.group_link), memberUserIds=[]
)

VALUES: Final[dict[str, dict[str, Maker]]] = {
    **ACCESS_VALUES,
    **PEOPLE_VALUES,
    **WORK_VALUES,
    **AUTHORITY_VALUES,
    "SetOrganisationEmail": given_input(
        id=ORGANISATION, version=version_of(lambda seen: seen.organisation), email="facturatie@aannemer.example"
    ),
    "ActionChanged": {"contractId": CONTRACT},
    "NotificationChanged": {"organisationId": ORGANISATION},
    "TaskChanged": {"organisationId": ORGANISATION},
    "ContractBasicData": _OF_CONTRACT,
    "UpdateContract": given_input(
        id=CONTRACT, version=version_of(lambda seen: seen.contract), ownReference="Werf 12 - ring Antwerpen"
    ),
    "ContractGroups": _OF_CONTRACT,
    "LinkGroupsSelection": _OF_CONTRACT,
    "SetContractGroups": given_input(
        contractId=CONTRACT, version=version_of(lambda seen: seen.contract), groupIds=_groups
    ),
    "GroupFormEdit": _OF_GROUP,
    "CreateGroup": given_input(
        organisationId=ORGANISATION,
        name="Facturatie Vlaams-Brabant",
        description="Verzendt de vorderingsstaten van de werven in Vlaams-Brabant.",
        themeLevels=[{"themeCode": "INVOICING", "level": "SEND"}],
    ),
    "UpdateGroup": given_input(
        id=id_of(lambda seen: seen.group),
        version=version_of(lambda seen: seen.group),
        description="Volgt de werven van de ring op.",
    ),
    "DeleteGroup": {"input": _deletion},
    "GroupDetail": _OF_GROUP,
    "ContractGroupDetail": _OF_LINK,
    "ContractSpecificMemberPicker": _OF_LINK,
    "SetContractSpecificMembers": _NO_SPECIFIC_MEMBERS,
    "SelectableMembers": _OF_LINK,
    "SaveContractSpecificMembers": _NO_SPECIFIC_MEMBERS,
    "OrganisationAccess": {"id": id_of(lambda seen: seen.organisation or seen.stranger)},
    "TaskDetail": {"id": id_of(lambda seen: seen.task, "SelfRegistrationTask")},
    "PreviewGroupChange": {"input": lambda seen: {"delete": _deletion(seen)}},
    "AccessOnDay": {**_OF_CONTRACT, "day": lambda seen: seen.access.today.isoformat()},
}
"""The value of each variable of an example, from what its reader sees."""

EVERYWHERE: Final[dict[str, Maker]] = {"enterpriseNumber": _number}
"""The variables that mean the same in every example."""


def values_for(operation: str, variables: tuple[str, ...], seen: Seen) -> dict[str, Any]:
    """The variables of an example that have a value for this reader."""
    makers = {**EVERYWHERE, **VALUES.get(operation, {})}
    return {name: makers[name](seen) for name in variables if name in makers}
