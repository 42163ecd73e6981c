"""What the variables of the examples are for the one who looks: their own organisation, a contract of it, and so on."""

from collections.abc import Callable
from typing import Any, Final

from domain import visibility
from domain.actor import Actor
from domain.database import database
from domain.enterprise_number import shown
from domain.models import Contract, Group, GroupLink, Organisation, SelfRegistration, WorkRelation
from domain.predicate import Where
from domain.standing import Standing
from gql.example_access import ACCESS_VALUES, access_examples
from gql.example_people import PEOPLE_VALUES, people_examples
from gql.reading.ids import global_id

Known = dict[str, Any]


async def known_to(actor: Actor) -> Known:
    """One object of each kind that the actor sees, by the name of its model; None where they see none."""
    standing = await Standing.of(actor, database())
    own = standing.acts or ([actor.authority_id] if actor.authority_id else [])
    of_organisation = {"organisation_id__in": own}
    contracts = Contract.filter(Where(visibility.contract, standing), ended_at=None)
    groups = Group.filter(Where(visibility.group, standing), active=True, **of_organisation)
    links = GroupLink.filter(Where(visibility.group_link, standing), ended_at=None, **of_organisation)
    relations = WorkRelation.filter(Where(visibility.work_relation, standing), **of_organisation)
    return {
        "access": await access_examples(standing),
        "people": await people_examples(standing),
        "Organisation": await Organisation.filter(id__in=own).order_by("id").first(),
        # One without groups, which is what the example about linking groups is for.
        "Contract": await contracts.filter(group_links__id=None).order_by("id").first()
        or await contracts.order_by("id").first(),
        "Group": await groups.order_by("id").first(),
        "GroupLink": await links.order_by("id").first(),
        "WorkRelation": await relations.order_by("id").first(),
        "SelfRegistrationTask": await SelfRegistration.filter(Where(visibility.task, standing)).order_by("id").first(),
    }


def _id(name: str) -> Callable[[Known], Any]:
    return lambda known: global_id(name, known[name].id) if known[name] else ""


def _version(name: str) -> Callable[[Known], Any]:
    return lambda known: known[name].version if known[name] else 1


def _number(known: Known) -> str:
    organisation = known["Organisation"]
    return shown(organisation.enterprise_number) if organisation else ""


def _input(**fields: Any) -> Callable[[Known], Any]:
    return lambda known: {name: value(known) if callable(value) else value for name, value in fields.items()}


def _groups(known: Known) -> list[str]:
    return [_id("Group")(known)] if known["Group"] else []


VALUES: Final[dict[str, dict[str, Callable[[Known], Any]]]] = {
    **ACCESS_VALUES,
    **PEOPLE_VALUES,
    "ContractBasicData": {"id": _id("Contract")},
    "ContractGroups": {"id": _id("Contract")},
    "LinkGroupsSelection": {"id": _id("Contract")},
    "SetContractGroups": {"input": _input(contractId=_id("Contract"), version=_version("Contract"), groupIds=_groups)},
    "SetOrganisationEmail": {
        "input": _input(id=_id("Organisation"), version=_version("Organisation"), email="facturatie@aannemer.example")
    },
    "GroupFormEdit": {"id": _id("Group")},
    "GroupDetail": {"id": _id("Group")},
    "CreateGroup": {
        "input": _input(
            organisationId=_id("Organisation"),
            name="Facturatie Vlaams-Brabant",
            description="Verzendt de vorderingsstaten van de werven in Vlaams-Brabant.",
            themeLevels=[{"themeCode": "INVOICING", "level": "SEND"}],
        )
    },
    "UpdateGroup": {
        "input": _input(id=_id("Group"), version=_version("Group"), description="Volgt de werven van de ring op.")
    },
    "DeleteGroup": {"input": _input(id=_id("Group"), version=_version("Group"))},
    "UpdateContract": {
        "input": _input(id=_id("Contract"), version=_version("Contract"), ownReference="Werf 12 - ring Antwerpen")
    },
    "AccessOnDay": {"id": _id("Contract"), "day": lambda known: known["access"].today.isoformat()},
    "PreviewGroupChange": {
        "input": lambda known: {"delete": _input(id=_id("Group"), version=_version("Group"))(known)}
    },
    "ContractGroupDetail": {"groupLinkId": _id("GroupLink")},
    "ContractSpecificMemberPicker": {"groupLinkId": _id("GroupLink")},
    "SetContractSpecificMembers": {
        "input": _input(groupLinkId=_id("GroupLink"), version=_version("GroupLink"), memberUserIds=[])
    },
    "SaveContractSpecificMembers": {
        "input": _input(groupLinkId=_id("GroupLink"), version=_version("GroupLink"), memberUserIds=[])
    },
    "SelectableMembers": {"groupLinkId": _id("GroupLink")},
    "TaskDetail": {"id": _id("SelfRegistrationTask")},
    "DeliverDocument": {
        "input": _input(
            externalId="VS-2026-0001",
            contractId=_id("Contract"),
            themeCode="INVOICING",
            title="Aanvaarde vorderingsstaat nr. 1",
        )
    },
}
"""The value of each variable of an example, from what its reader sees."""

EVERYWHERE: Final[dict[str, Callable[[Known], Any]]] = {"enterpriseNumber": _number}
"""The variables that mean the same in every example."""


def values_for(operation: str, variables: tuple[str, ...], known: Known) -> dict[str, Any]:
    """The variables of an example that have a value for this reader."""
    makers = {**EVERYWHERE, **VALUES.get(operation, {})}
    return {name: makers[name](known) for name in variables if name in makers}
