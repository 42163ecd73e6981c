"""What every mutation is tried with: an input with which it works for somebody, the same for everyone."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

from gql.reading.ids import global_id
from tests import rows
from tests.authorisation.house import House
from tests.files import announcement
from tests.gql.access_manager_api import PARAMETERS
from tests.gql.files.file_api import file_input

Input = dict[str, Any] | None
"""What a mutation is given; None where it can't be about that person."""
Maker = Callable[[House, str], Awaitable[Input]]

INPUTS: Final[dict[str, Maker]] = {}
"""By what the table calls it: the mutation, and in brackets what tells one way to use it from another."""
PERSONAL: Final[list[str]] = []
"""Those that are about who asks."""
HARMLESS: Final = ("previewGroupChange",)
"""The mutations that change nothing."""


def tried(name: str, *, personal: bool = False) -> Callable[[Maker], Maker]:
    """Has a mutation tried with what a function makes of the house and the name of who asks.

    A personal one is about who asks, so that there is nothing to try it on elsewhere.
    """

    def keep(maker: Maker) -> Maker:
        INPUTS[name] = maker
        if personal:
            PERSONAL.append(name)
        return maker

    return keep


def mutation(name: str) -> str:
    """The mutation that a line of the table is about."""
    return name.partition(" ")[0]


def _id(house: House, kind: str, said: str) -> str:
    return global_id(kind, house.thing(kind, said).pk)


def _user(house: House, name: str) -> str:
    return global_id("User", house.people[name].id)


def _here(house: House) -> dict[str, Any]:
    return {"organisationId": global_id("Organisation", house.organisation.id)}


def _relation(house: House, name: str) -> str:
    return global_id("WorkRelation", house.relations[name].id)


def _contract(house: House) -> str:
    return _id(house, "Contract", "one that the groups are linked to")


@tried("appointAccessManager")
async def _appoint(house: House, _who: str) -> Input:
    return _here(house) | {"userId": _user(house, "employee"), "kind": "ACCESS_MANAGER"}


@tried("appointAccessManager (the main one)")
async def _appoint_main(house: House, _who: str) -> Input:
    return _here(house) | {"userId": _user(house, "employee"), "kind": "MAIN_ACCESS_MANAGER"}


@tried("appointAccessManager (oneself)", personal=True)
async def _appoint_oneself(house: House, who: str) -> Input:
    return _here(house) | {"userId": _user(house, who), "kind": "ACCESS_MANAGER"} if who in house.relations else None


@tried("dismissAccessManager")
async def _dismiss(house: House, _who: str) -> Input:
    return {"id": global_id("AccessMandate", house.mandates["manager"].id), "reason": "Wissel"}


@tried("dismissAccessManager (the main one)")
async def _dismiss_main(house: House, _who: str) -> Input:
    return {"id": global_id("AccessMandate", house.mandates["main"].id), "reason": "Wissel"}


@tried("dismissAccessManager (a legal representative)")
async def _dismiss_legal(house: House, _who: str) -> Input:
    return {"id": global_id("AccessMandate", house.mandates["legal"].id), "reason": "Wissel"}


@tried("setMandateEmail (another's)")
async def _set_anothers_email(house: House, who: str) -> Input:
    holder = "manager" if who != "manager" else "main"
    return {"id": global_id("AccessMandate", house.mandates[holder].id), "email": "toegang@aannemer.example"}


@tried("setMandateEmail (one's own)", personal=True)
async def _set_own_email(house: House, who: str) -> Input:
    if who not in house.mandates:
        return None
    return {"id": global_id("AccessMandate", house.mandates[who].id), "email": "toegang@aannemer.example"}


@tried("lookUpPerson")
@tried("addPerson")
async def _look_up(house: House, _who: str) -> Input:
    return _here(house) | {"nationalNumber": house.national_number}


@tried("setLanguage", personal=True)
async def _set_language(_house: House, _who: str) -> Input:
    return {"language": "FR"}


@tried("createWorkRelation")
async def _create_relation(house: House, _who: str) -> Input:
    today = (await rows.today()).isoformat()
    added = {"userId": _id(house, "User", "a person just added")}
    return _here(house) | added | {"validFrom": today, "validUntil": today}


@tried("updateWorkRelation")
async def _update_relation(house: House, _who: str) -> Input:
    return {"id": _relation(house, "employee"), "version": 1, "phone": "03 987 65 43"}


@tried("updateWorkRelation (extending one's own)", personal=True)
async def _extend_own_relation(house: House, who: str) -> Input:
    if who not in house.relations:
        return None
    last_day = await rows.today() + timedelta(days=300)
    return {"id": _relation(house, who), "version": 1, "validUntil": last_day.isoformat()}


@tried("endWorkRelation")
async def _end_relation(house: House, _who: str) -> Input:
    today = (await rows.today()).isoformat()
    return {"id": _relation(house, "employee"), "version": 1, "on": today, "reason": "Uit dienst"}


@tried("grantAccessRight")
async def _grant(house: House, _who: str) -> Input:
    return {"workRelationId": _relation(house, "employee"), "roles": ["USER"], "reason": "Werf"}


@tried("grantAccessRight (to oneself)", personal=True)
async def _grant_oneself(house: House, who: str) -> Input:
    if who not in house.relations:
        return None
    return {"workRelationId": _relation(house, who), "roles": ["USER"], "reason": "Werf"}


@tried("changeAccessRight")
async def _change(house: House, _who: str) -> Input:
    right = _id(house, "AccessRight", "the drafter's")
    return {"id": right, "version": 1, "roles": ["ADMINISTRATOR"], "reason": "Werf"}


@tried("revokeAccessRight")
async def _revoke(house: House, _who: str) -> Input:
    return {"id": _id(house, "AccessRight", "the drafter's"), "version": 1, "reason": "Werf"}


@tried("requestSelfRegistration")
async def _request(house: House, _who: str) -> Input:
    # For both roles, of which nobody has both.
    return {"link": PARAMETERS | {"ctx": "Beheerder,Gebruiker", "oc": house.organisation.enterprise_number}}


@tried("approveSelfRegistration")
async def _approve(house: House, _who: str) -> Input:
    today = (await rows.today()).isoformat()
    task = {"id": _id(house, "SelfRegistrationTask", "the applicant's"), "roles": ["USER"]}
    return task | {"category": "PERMANENT", "validFrom": today, "validUntil": today}


@tried("rejectSelfRegistration")
async def _reject(house: House, _who: str) -> Input:
    return {"id": _id(house, "SelfRegistrationTask", "the applicant's"), "reason": "Onbekend"}


@tried("createGroup")
async def _create_group(house: House, _who: str) -> Input:
    levels = {"themeLevels": [{"themeCode": "INVOICING", "level": "READ"}]}
    return _here(house) | {"name": "Ploeg Zuid", "description": "Werven in het zuiden"} | levels


@tried("updateGroup")
async def _update_group(house: House, _who: str) -> Input:
    return {"id": _id(house, "Group", "the sender's"), "version": 1, "description": "Anders"}


@tried("deleteGroup")
async def _delete_group(house: House, _who: str) -> Input:
    return {"id": _id(house, "Group", "the sender's"), "version": 1}


@tried("removeGroupMember")
async def _remove_member(house: House, _who: str) -> Input:
    return {"id": _id(house, "Group", "the sender's"), "userId": _user(house, "sender")}


@tried("previewGroupChange")
async def _preview(house: House, who: str) -> Input:
    return {"delete": await _delete_group(house, who)}


@tried("setContractGroups")
async def _set_groups(house: House, _who: str) -> Input:
    return {"contractId": _contract(house), "version": 1, "groupIds": []}


@tried("setContractSpecificMembers")
async def _set_members(house: House, _who: str) -> Input:
    link = _id(house, "GroupLink", "the reader's")
    return {"groupLinkId": link, "version": 1, "memberUserIds": [_user(house, "colleague")]}


@tried("updateContract")
async def _update_contract(house: House, _who: str) -> Input:
    return {"id": _contract(house), "version": 1, "ownReference": "Werf 13"}


@tried("setOrganisationEmail")
async def _set_email(house: House, _who: str) -> Input:
    organisation = global_id("Organisation", house.organisation.id)
    return {"id": organisation, "version": 1, "email": "anders@aannemer.example"}


def _new_document(house: House) -> dict[str, Any]:
    return {"contractId": _contract(house), "themeCode": "INVOICING", "title": "Vorderingsstaat 4"}


@tried("deliverDocument")
async def _deliver(house: House, _who: str) -> Input:
    return _new_document(house) | {"externalId": "VS-4", "attachments": [file_input(announcement())]}


@tried("publishContract")
async def _publish(house: House, _who: str) -> Input:
    contractor = {"contractorEnterpriseNumber": house.organisation.enterprise_number}
    return {"externalId": "O-9", "number": "MOW/9", "title": "N9 Melle", "typeCode": "CONTRACT"} | contractor


@tried("correctContract")
async def _correct(house: House, _who: str) -> Input:
    return {"id": _contract(house), "title": "N9 Melle, fase 2"}


@tried("endContract")
async def _end_contract(house: House, _who: str) -> Input:
    return {"id": _contract(house), "reason": "Definitief opgeleverd"}


@tried("deliverMessage")
async def _deliver_message(house: House, _who: str) -> Input:
    return {
        "externalId": "B-4",
        "contractId": _contract(house),
        "subject": "Werfvergadering",
        "body": "Maandag om 9 uur.",
    }


@tried("openAction")
async def _open_action(house: House, _who: str) -> Input:
    return {"externalId": "A-4", "contractId": _contract(house), "title": "Bezorg de borgtocht"}


@tried("draftDocument")
async def _draft(house: House, _who: str) -> Input:
    return _new_document(house)


@tried("updateDocument")
async def _update_document(house: House, _who: str) -> Input:
    return {"id": _id(house, "Document", "a draft"), "version": 1, "title": "Beter"}


@tried("deleteDraft")
@tried("sendDocument")
async def _draft_itself(house: House, _who: str) -> Input:
    return {"id": _id(house, "Document", "a draft"), "version": 1}


@tried("requestUpload")
async def _request_upload(house: House, _who: str) -> Input:
    return {"documentId": _id(house, "Document", "a draft")} | file_input(announcement(filename="nieuw.pdf"))


@tried("removeAttachment")
async def _remove_attachment(house: House, _who: str) -> Input:
    return {"id": _id(house, "Attachment", "of a draft")}


@tried("assignAction")
async def _assign(house: House, _who: str) -> Input:
    return {"id": _id(house, "Action", "an open one"), "version": 1, "userId": _user(house, "drafter")}


@tried("releaseAction")
@tried("completeAction")
async def _assigned_action(house: House, _who: str) -> Input:
    return {"id": _id(house, "Action", "the drafter's, on a document"), "version": 1}


@tried("retryDelivery")
async def _retry(house: House, _who: str) -> Input:
    return {"id": _id(house, "Delivery", "one that failed")}


@tried("endSession (another's)")
async def _end_session(house: House, who: str) -> Input:
    return {"id": global_id("Session", house.actors["drafter" if who != "drafter" else "sender"].session_id or 0)}


@tried("endSession (one's own)", personal=True)
async def _end_own_sessions(house: House, who: str) -> Input:
    return {} if house.actors[who].session_id or who == "nobody" else None
