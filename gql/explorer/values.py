"""The variables of all examples, filled in for the viewer: their organisation, a contract of it, and so on."""

from typing import Any, Final

from domain import visibility
from domain.actor import Actor
from domain.enterprise_number import formatted
from domain.models import Contract, Group, GroupLink, Organisation, SelfRegistration, WorkRelation
from domain.standing import Standing
from domain.where import Where
from gql.explorer.access import ACCESS_VALUES, access_samples
from gql.explorer.authority import AUTHORITY_VALUES, authority_samples
from gql.explorer.people import PEOPLE_VALUES, people_samples
from gql.explorer.samples import Samples
from gql.explorer.value_factories import CONTRACT, ORGANISATION, ValueFactory, id_of, input_variable, version_of
from gql.explorer.work import WORK_VALUES, work_samples


async def samples_for(actor: Actor) -> Samples:
    """The samples for an actor."""
    standing = await Standing.of(actor)
    own = standing.acts_for or ([actor.authority_id] if actor.authority_id else [])
    of_organisation = {"organisation_id__in": own}
    contracts = Contract.filter(Where(visibility.contract, standing), ended_at=None)
    groups = Group.filter(Where(visibility.group, standing), active=True, **of_organisation)
    links = GroupLink.filter(Where(visibility.group_link, standing), ended_at=None, **of_organisation)
    relations = WorkRelation.filter(Where(visibility.work_relation, standing), **of_organisation)
    return Samples(
        access=await access_samples(standing),
        people=await people_samples(standing),
        work=await work_samples(actor, standing),
        authority=await authority_samples(standing),
        organisation=await Organisation.filter(id__in=own).order_by("id").first(),
        visible_organisation=await Organisation.filter(Where(visibility.organisation, standing)).order_by("id").first(),
        contract=await contracts.filter(group_links__id=None).order_by("id").first()
        or await contracts.order_by("id").first(),
        group=await groups.order_by("id").first(),
        newest_group=await groups.order_by("-id").first(),
        group_link=await links.order_by("id").first(),
        work_relation=await relations.order_by("id").first(),
        task=await SelfRegistration.filter(Where(visibility.task, standing)).order_by("id").first(),
    )


def _enterprise_number(samples: Samples) -> str:
    organisation = samples.organisation or samples.visible_organisation
    return formatted(organisation.enterprise_number) if organisation else ""


def _group_ids(samples: Samples) -> list[str]:
    return [id_of(lambda samples: samples.group)(samples)] if samples.group else []


def _group_deletion(samples: Samples) -> dict[str, Any]:
    return {
        "id": id_of(lambda samples: samples.newest_group)(samples),
        "version": version_of(lambda samples: samples.newest_group)(samples),
    }


_CONTRACT_ID: Final[dict[str, ValueFactory]] = {"id": CONTRACT}
_GROUP_ID: Final[dict[str, ValueFactory]] = {"id": id_of(lambda samples: samples.group)}
_GROUP_LINK_ID: Final[dict[str, ValueFactory]] = {"groupLinkId": id_of(lambda samples: samples.group_link)}
_NO_SPECIFIC_MEMBERS: Final = input_variable(
    groupLinkId=id_of(lambda samples: samples.group_link),
    version=version_of(lambda samples: samples.group_link),
    memberUserIds=[],
)

VALUES: Final[dict[str, dict[str, ValueFactory]]] = {
    **ACCESS_VALUES,
    **PEOPLE_VALUES,
    **WORK_VALUES,
    **AUTHORITY_VALUES,
    "SetOrganisationEmail": input_variable(
        id=ORGANISATION, version=version_of(lambda samples: samples.organisation), email="facturatie@aannemer.example"
    ),
    "ActionChanged": {"contractId": CONTRACT},
    "AuditLog": {"id": ORGANISATION, "filter": lambda _samples: {"actions": ["CONTRACT_GROUPS_SET", "GROUP_UPDATED"]}},
    "DocumentChanged": {"contractId": CONTRACT},
    "MessageReceived": {"contractId": CONTRACT},
    "NotificationChanged": {"organisationId": ORGANISATION},
    "TaskChanged": {"organisationId": ORGANISATION},
    "ContractBasicData": _CONTRACT_ID,
    "UpdateContract": input_variable(
        id=CONTRACT, version=version_of(lambda samples: samples.contract), ownReference="Werf 12 - ring Antwerpen"
    ),
    "ContractGroups": _CONTRACT_ID,
    "LinkGroupsSelection": _CONTRACT_ID,
    "SetContractGroups": input_variable(
        contractId=CONTRACT, version=version_of(lambda samples: samples.contract), groupIds=_group_ids
    ),
    "GroupFormEdit": _GROUP_ID,
    "CreateGroup": input_variable(
        organisationId=ORGANISATION,
        name="Facturatie Vlaams-Brabant",
        description="Verzendt de vorderingsstaten van de werven in Vlaams-Brabant.",
        themeLevels=[{"themeCode": "INVOICING", "level": "SEND"}],
    ),
    "UpdateGroup": input_variable(
        id=id_of(lambda samples: samples.group),
        version=version_of(lambda samples: samples.group),
        description="Volgt de werven van de ring op.",
    ),
    "DeleteGroup": {"input": _group_deletion},
    "GroupDetail": _GROUP_ID,
    "ContractGroupDetail": _GROUP_LINK_ID,
    "ContractSpecificMemberPicker": _GROUP_LINK_ID,
    "SetContractSpecificMembers": _NO_SPECIFIC_MEMBERS,
    "SelectableMembers": _GROUP_LINK_ID,
    "SaveContractSpecificMembers": _NO_SPECIFIC_MEMBERS,
    "OrganisationAccess": {"id": id_of(lambda samples: samples.organisation or samples.visible_organisation)},
    "TaskDetail": {"id": id_of(lambda samples: samples.task, "SelfRegistrationTask")},
    "PreviewGroupChange": {"input": lambda samples: {"delete": _group_deletion(samples)}},
    "AccessOnDay": {**_CONTRACT_ID, "day": lambda samples: samples.access.today.isoformat()},
}
"""The value of each variable, by operation."""

DEFAULT_VALUES: Final[dict[str, ValueFactory]] = {"enterpriseNumber": _enterprise_number}
"""The values of variables that mean the same in every example."""


def values_for(operation: str, variables: tuple[str, ...], samples: Samples) -> dict[str, Any]:
    """The variables of an example that have a value for this viewer."""
    factories = {**DEFAULT_VALUES, **VALUES.get(operation, {})}
    return {name: factories[name](samples) for name in variables if name in factories}
