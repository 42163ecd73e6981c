"""What the variables of the examples are for the one who looks: their own organisation, a contract of it, and so on."""

from typing import Any, Final

from domain import visibility
from domain.actor import Actor
from domain.enterprise_number import shown
from domain.models import Contract, Group, GroupLink, Organisation, SelfRegistration, WorkRelation
from domain.predicate import Where
from domain.standing import Standing
from gql.explorer.access import ACCESS_VALUES, access_examples
from gql.explorer.authority import AUTHORITY_VALUES, authority_examples
from gql.explorer.makers import Known, Maker, given_input, id_of
from gql.explorer.people import PEOPLE_VALUES, people_examples
from gql.explorer.work import WORK_VALUES, work_examples


async def known_to(actor: Actor) -> Known:
    """One object of each kind that the actor sees, by the name of its model; None where they see none."""
    standing = await Standing.of(actor)
    own = standing.acts or ([actor.authority_id] if actor.authority_id else [])
    of_organisation = {"organisation_id__in": own}
    contracts = Contract.filter(Where(visibility.contract, standing), ended_at=None)
    groups = Group.filter(Where(visibility.group, standing), active=True, **of_organisation)
    links = GroupLink.filter(Where(visibility.group_link, standing), ended_at=None, **of_organisation)
    relations = WorkRelation.filter(Where(visibility.work_relation, standing), **of_organisation)
    return {
        "access": await access_examples(standing),
        "people": await people_examples(standing),
        "work": await work_examples(actor, standing),
        "authority": await authority_examples(standing),
        "Organisation": await Organisation.filter(id__in=own).order_by("id").first(),
        # What those see who work nowhere.
        "Stranger": await Organisation.filter(Where(visibility.organisation, standing)).order_by("id").first(),
        # One without groups, which is what the example about linking groups is for.
        "Contract": await contracts.filter(group_links__id=None).order_by("id").first()
        or await contracts.order_by("id").first(),
        "Group": await groups.order_by("id").first(),
        # The one that the example about making a group has made, once it has been tried.
        "NewestGroup": await groups.order_by("-id").first(),
        "GroupLink": await links.order_by("id").first(),
        "WorkRelation": await relations.order_by("id").first(),
        "SelfRegistrationTask": await SelfRegistration.filter(Where(visibility.task, standing)).order_by("id").first(),
    }


def _version(name: str) -> Maker:
    return lambda known: known[name].version if known[name] else 1


def _organisation(known: Known) -> Any:
    return id_of("Organisation" if known["Organisation"] else "Stranger")(known)


def _number(known: Known) -> str:
    organisation = known["Organisation"] or known["Stranger"]
    return shown(organisation.enterprise_number) if organisation else ""


def _groups(known: Known) -> list[str]:
    return [id_of("Group")(known)] if known["Group"] else []


def _deletion(known: Known) -> dict[str, Any]:
    return {"id": id_of("NewestGroup")(known), "version": _version("NewestGroup")(known)}


_OF_CONTRACT: Final[dict[str, Maker]] = {"id": id_of("Contract")}
_OF_GROUP: Final[dict[str, Maker]] = {"id": id_of("Group")}
_OF_LINK: Final[dict[str, Maker]] = {"groupLinkId": id_of("GroupLink")}
_NO_SPECIFIC_MEMBERS: Final = given_input(
    groupLinkId=id_of("GroupLink"), version=_version("GroupLink"), memberUserIds=[]
)

VALUES: Final[dict[str, dict[str, Maker]]] = {
    **ACCESS_VALUES,
    **PEOPLE_VALUES,
    **WORK_VALUES,
    **AUTHORITY_VALUES,
    "SetOrganisationEmail": given_input(
        id=id_of("Organisation"), version=_version("Organisation"), email="facturatie@aannemer.example"
    ),
    "ActionChanged": {"contractId": id_of("Contract")},
    "NotificationChanged": {"organisationId": id_of("Organisation")},
    "TaskChanged": {"organisationId": id_of("Organisation")},
    "ContractBasicData": _OF_CONTRACT,
    "UpdateContract": given_input(
        id=id_of("Contract"), version=_version("Contract"), ownReference="Werf 12 - ring Antwerpen"
    ),
    "ContractGroups": _OF_CONTRACT,
    "LinkGroupsSelection": _OF_CONTRACT,
    "SetContractGroups": given_input(contractId=id_of("Contract"), version=_version("Contract"), groupIds=_groups),
    "GroupFormEdit": _OF_GROUP,
    "CreateGroup": given_input(
        organisationId=id_of("Organisation"),
        name="Facturatie Vlaams-Brabant",
        description="Verzendt de vorderingsstaten van de werven in Vlaams-Brabant.",
        themeLevels=[{"themeCode": "INVOICING", "level": "SEND"}],
    ),
    "UpdateGroup": given_input(
        id=id_of("Group"), version=_version("Group"), description="Volgt de werven van de ring op."
    ),
    "DeleteGroup": {"input": _deletion},
    "GroupDetail": _OF_GROUP,
    "ContractGroupDetail": _OF_LINK,
    "ContractSpecificMemberPicker": _OF_LINK,
    "SetContractSpecificMembers": _NO_SPECIFIC_MEMBERS,
    "SelectableMembers": _OF_LINK,
    "SaveContractSpecificMembers": _NO_SPECIFIC_MEMBERS,
    "OrganisationAccess": {"id": _organisation},
    "TaskDetail": {"id": id_of("SelfRegistrationTask", "SelfRegistrationTask")},
    "PreviewGroupChange": {"input": lambda known: {"delete": _deletion(known)}},
    "AccessOnDay": {**_OF_CONTRACT, "day": lambda known: known["access"].today.isoformat()},
}
"""The value of each variable of an example, from what its reader sees."""

EVERYWHERE: Final[dict[str, Maker]] = {"enterpriseNumber": _number}
"""The variables that mean the same in every example."""


def values_for(operation: str, variables: tuple[str, ...], known: Known) -> dict[str, Any]:
    """The variables of an example that have a value for this reader."""
    makers = {**EVERYWHERE, **VALUES.get(operation, {})}
    return {name: makers[name](known) for name in variables if name in makers}
