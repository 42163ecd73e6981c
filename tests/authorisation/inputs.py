"""The input with which each mutation is executed: the same for all viewers, and successful for at least one."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

from gql.reading.ids import global_id
from tests import rows
from tests.authorisation.sample_organisation import SampleOrganisation
from tests.files import announcement
from tests.gql.access_manager_api import PARAMETERS
from tests.gql.files.file_api import file_input

MutationInput = dict[str, Any] | None
"""The input of a mutation; None if it can't apply to that viewer."""
InputFactory = Callable[[SampleOrganisation, str], Awaitable[MutationInput]]

INPUTS: Final[dict[str, InputFactory]] = {}
"""The inputs by name in the table: the mutation, with the variant in brackets if there are several."""
PERSONAL: Final[list[str]] = []
"""The names of those about the viewer."""
READ_ONLY: Final = ("previewGroupChange",)
"""The mutations that change nothing."""


def input_of(name: str, *, personal: bool = False) -> Callable[[InputFactory], InputFactory]:
    """Registers a function that returns the input for a sample organisation and a viewer's name.

    A personal one is about the viewer, so it isn't executed on the foreign organisation.
    """

    def register(factory: InputFactory) -> InputFactory:
        INPUTS[name] = factory
        if personal:
            PERSONAL.append(name)
        return factory

    return register


def mutation_name(name: str) -> str:
    """The mutation of a name in the table."""
    return name.partition(" ")[0]


def _global_id(sample: SampleOrganisation, type_name: str, label: str) -> str:
    return global_id(type_name, sample.object(type_name, label).pk)


def _user_id(sample: SampleOrganisation, name: str) -> str:
    return global_id("User", sample.people[name].id)


def _organisation_input(sample: SampleOrganisation) -> dict[str, Any]:
    return {"organisationId": global_id("Organisation", sample.organisation.id)}


def _work_relation_id(sample: SampleOrganisation, name: str) -> str:
    return global_id("WorkRelation", sample.relations[name].id)


def _contract_id(sample: SampleOrganisation) -> str:
    return _global_id(sample, "Contract", "one that the groups are linked to")


@input_of("appointAccessManager")
async def _appoint(sample: SampleOrganisation, _who: str) -> MutationInput:
    return _organisation_input(sample) | {"userId": _user_id(sample, "employee"), "kind": "ACCESS_MANAGER"}


@input_of("appointAccessManager (the main one)")
async def _appoint_main(sample: SampleOrganisation, _who: str) -> MutationInput:
    return _organisation_input(sample) | {"userId": _user_id(sample, "employee"), "kind": "MAIN_ACCESS_MANAGER"}


@input_of("appointAccessManager (oneself)", personal=True)
async def _appoint_oneself(sample: SampleOrganisation, who: str) -> MutationInput:
    return (
        _organisation_input(sample) | {"userId": _user_id(sample, who), "kind": "ACCESS_MANAGER"}
        if who in sample.relations
        else None
    )


@input_of("dismissAccessManager")
async def _dismiss(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": global_id("AccessMandate", sample.mandates["manager"].id), "reason": "Wissel"}


@input_of("dismissAccessManager (the main one)")
async def _dismiss_main(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": global_id("AccessMandate", sample.mandates["main"].id), "reason": "Wissel"}


@input_of("dismissAccessManager (a legal representative)")
async def _dismiss_legal(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": global_id("AccessMandate", sample.mandates["legal"].id), "reason": "Wissel"}


@input_of("setMandateEmail (another's)")
async def _set_anothers_email(sample: SampleOrganisation, who: str) -> MutationInput:
    holder = "manager" if who != "manager" else "main"
    return {"id": global_id("AccessMandate", sample.mandates[holder].id), "email": "toegang@aannemer.example"}


@input_of("setMandateEmail (one's own)", personal=True)
async def _set_own_email(sample: SampleOrganisation, who: str) -> MutationInput:
    if who not in sample.mandates:
        return None
    return {"id": global_id("AccessMandate", sample.mandates[who].id), "email": "toegang@aannemer.example"}


@input_of("lookUpPerson")
@input_of("addPerson")
async def _look_up(sample: SampleOrganisation, _who: str) -> MutationInput:
    return _organisation_input(sample) | {"nationalNumber": sample.national_number}


@input_of("setLanguage", personal=True)
async def _set_language(_house: SampleOrganisation, _who: str) -> MutationInput:
    return {"language": "FR"}


@input_of("createWorkRelation")
async def _create_relation(sample: SampleOrganisation, _who: str) -> MutationInput:
    today = (await rows.today()).isoformat()
    added = {"userId": _global_id(sample, "User", "a person just added")}
    return _organisation_input(sample) | added | {"validFrom": today, "validUntil": today}


@input_of("updateWorkRelation")
async def _update_relation(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _work_relation_id(sample, "employee"), "version": 1, "phone": "03 987 65 43"}


@input_of("updateWorkRelation (extending one's own)", personal=True)
async def _extend_own_relation(sample: SampleOrganisation, who: str) -> MutationInput:
    if who not in sample.relations:
        return None
    last_day = await rows.today() + timedelta(days=300)
    return {"id": _work_relation_id(sample, who), "version": 1, "validUntil": last_day.isoformat()}


@input_of("endWorkRelation")
async def _end_relation(sample: SampleOrganisation, _who: str) -> MutationInput:
    today = (await rows.today()).isoformat()
    return {"id": _work_relation_id(sample, "employee"), "version": 1, "on": today, "reason": "Uit dienst"}


@input_of("grantAccessRight")
async def _grant(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"workRelationId": _work_relation_id(sample, "employee"), "roles": ["USER"], "reason": "Werf"}


@input_of("grantAccessRight (to oneself)", personal=True)
async def _grant_oneself(sample: SampleOrganisation, who: str) -> MutationInput:
    if who not in sample.relations:
        return None
    return {"workRelationId": _work_relation_id(sample, who), "roles": ["USER"], "reason": "Werf"}


@input_of("changeAccessRight")
async def _change(sample: SampleOrganisation, _who: str) -> MutationInput:
    right = _global_id(sample, "AccessRight", "the drafter's")
    return {"id": right, "version": 1, "roles": ["ADMINISTRATOR"], "reason": "Werf"}


@input_of("revokeAccessRight")
async def _revoke(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _global_id(sample, "AccessRight", "the drafter's"), "version": 1, "reason": "Werf"}


@input_of("requestSelfRegistration")
async def _request(sample: SampleOrganisation, _who: str) -> MutationInput:
    # For both roles: no applicant has both already.
    return {"link": PARAMETERS | {"ctx": "Beheerder,Gebruiker", "oc": sample.organisation.enterprise_number}}


@input_of("approveSelfRegistration")
async def _approve(sample: SampleOrganisation, _who: str) -> MutationInput:
    today = (await rows.today()).isoformat()
    task = {"id": _global_id(sample, "SelfRegistrationTask", "the applicant's"), "roles": ["USER"]}
    return task | {"category": "PERMANENT", "validFrom": today, "validUntil": today}


@input_of("rejectSelfRegistration")
async def _reject(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _global_id(sample, "SelfRegistrationTask", "the applicant's"), "reason": "Onbekend"}


@input_of("createGroup")
async def _create_group(sample: SampleOrganisation, _who: str) -> MutationInput:
    levels = {"themeLevels": [{"themeCode": "INVOICING", "level": "READ"}]}
    return _organisation_input(sample) | {"name": "Ploeg Zuid", "description": "Werven in het zuiden"} | levels


@input_of("updateGroup")
async def _update_group(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _global_id(sample, "Group", "the sender's"), "version": 1, "description": "Anders"}


@input_of("deleteGroup")
async def _delete_group(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _global_id(sample, "Group", "the sender's"), "version": 1}


@input_of("removeGroupMember")
async def _remove_member(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _global_id(sample, "Group", "the sender's"), "userId": _user_id(sample, "sender")}


@input_of("previewGroupChange")
async def _preview(sample: SampleOrganisation, who: str) -> MutationInput:
    return {"delete": await _delete_group(sample, who)}


@input_of("setContractGroups")
async def _set_groups(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"contractId": _contract_id(sample), "version": 1, "groupIds": []}


@input_of("setContractSpecificMembers")
async def _set_members(sample: SampleOrganisation, _who: str) -> MutationInput:
    link = _global_id(sample, "GroupLink", "the reader's")
    return {"groupLinkId": link, "version": 1, "memberUserIds": [_user_id(sample, "colleague")]}


@input_of("updateContract")
async def _update_contract(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _contract_id(sample), "version": 1, "ownReference": "Werf 13"}


@input_of("setOrganisationEmail")
async def _set_email(sample: SampleOrganisation, _who: str) -> MutationInput:
    organisation = global_id("Organisation", sample.organisation.id)
    return {"id": organisation, "version": 1, "email": "anders@aannemer.example"}


def _new_document(sample: SampleOrganisation) -> dict[str, Any]:
    return {"contractId": _contract_id(sample), "themeCode": "INVOICING", "title": "Vorderingsstaat 4"}


@input_of("deliverDocument")
async def _deliver(sample: SampleOrganisation, _who: str) -> MutationInput:
    return _new_document(sample) | {"externalId": "VS-4", "attachments": [file_input(announcement())]}


@input_of("publishContract")
async def _publish(sample: SampleOrganisation, _who: str) -> MutationInput:
    contractor = {"contractorEnterpriseNumber": sample.organisation.enterprise_number}
    return {"externalId": "O-9", "number": "MOW/9", "title": "N9 Melle", "typeCode": "CONTRACT"} | contractor


@input_of("correctContract")
async def _correct(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _contract_id(sample), "title": "N9 Melle, fase 2"}


@input_of("endContract")
async def _end_contract(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _contract_id(sample), "reason": "Definitief opgeleverd"}


@input_of("deliverMessage")
async def _deliver_message(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {
        "externalId": "B-4",
        "contractId": _contract_id(sample),
        "subject": "Werfvergadering",
        "body": "Maandag om 9 uur.",
    }


@input_of("openAction")
async def _open_action(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"externalId": "A-4", "contractId": _contract_id(sample), "title": "Bezorg de borgtocht"}


@input_of("draftDocument")
async def _draft(sample: SampleOrganisation, _who: str) -> MutationInput:
    return _new_document(sample)


@input_of("updateDocument")
async def _update_document(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _global_id(sample, "Document", "a draft"), "version": 1, "title": "Beter"}


@input_of("deleteDraft")
@input_of("sendDocument")
async def _draft_itself(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _global_id(sample, "Document", "a draft"), "version": 1}


@input_of("requestUpload")
async def _request_upload(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"documentId": _global_id(sample, "Document", "a draft")} | file_input(announcement(filename="nieuw.pdf"))


@input_of("removeAttachment")
async def _remove_attachment(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _global_id(sample, "Attachment", "of a draft")}


@input_of("assignAction")
async def _assign(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _global_id(sample, "Action", "an open one"), "version": 1, "userId": _user_id(sample, "drafter")}


@input_of("releaseAction")
@input_of("completeAction")
async def _assigned_action(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _global_id(sample, "Action", "the drafter's, on a document"), "version": 1}


@input_of("retryDelivery")
async def _retry(sample: SampleOrganisation, _who: str) -> MutationInput:
    return {"id": _global_id(sample, "Delivery", "one that failed")}


@input_of("endSession (another's)")
async def _end_session(sample: SampleOrganisation, who: str) -> MutationInput:
    return {"id": global_id("Session", sample.actors["drafter" if who != "drafter" else "sender"].session_id or 0)}


@input_of("endSession (one's own)", personal=True)
async def _end_own_sessions(sample: SampleOrganisation, who: str) -> MutationInput:
    return {} if sample.actors[who].session_id or who == "nobody" else None
