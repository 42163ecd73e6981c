"""Every mutation of chapter 3 of the manual, by everyone whom the demo knows: carried out, or refused without trace."""

from collections.abc import Callable, Collection
from typing import Any

import pytest

from gql.reading.ids import global_id
from tests.gql.everyone import (
    ADMINISTRATORS,
    ALLOWED,
    EVERYONE,
    FORBIDDEN,
    MEMBERS,
    NOT_FOUND,
    UNAUTHENTICATED,
    Setting,
    outcome_of,
    setting,
)
from tests.gql.selections import TYPES

__all__ = ["setting"]


def _group(setting: Setting) -> dict[str, Any]:
    return {"id": global_id("Group", setting.group.id), "version": 1}


def _links(setting: Setting) -> dict[str, Any]:
    return {"contractId": global_id("Contract", setting.contract.id), "version": 1, "groupIds": []}


INPUTS: dict[str, Callable[[Setting], dict[str, Any]]] = {
    "createGroup": lambda setting: {
        "organisationId": global_id("Organisation", setting.cast.organisation.id),
        "name": "Ploeg Zuid",
        "description": "Werven in het zuiden",
        "themeLevels": [{"themeCode": "INVOICING", "level": "READ"}],
    },
    "updateGroup": lambda setting: _group(setting) | {"description": "Anders"},
    "deleteGroup": _group,
    "removeGroupMember": lambda setting: {
        "id": global_id("Group", setting.group.id),
        "userId": global_id("User", setting.actors["sender"].user_id or 0),
    },
    "previewGroupChange": lambda setting: {"delete": _group(setting)},
    "setContractGroups": _links,
    "setContractSpecificMembers": lambda setting: {
        "groupLinkId": global_id("GroupLink", setting.link.id),
        "version": 1,
        "memberUserIds": [global_id("User", setting.actors["colleague"].user_id or 0)],
    },
    "updateContract": lambda setting: {
        "id": global_id("Contract", setting.contract.id),
        "version": 1,
        "ownReference": "Werf 12",
    },
    "setOrganisationEmail": lambda setting: {
        "id": global_id("Organisation", setting.cast.organisation.id),
        "version": 1,
        "email": "info@aannemer.example",
    },
}

SEES_ORGANISATION = {"main-manager", "manager", *MEMBERS, "colleague", "machine"}
SEES: dict[str, Collection[str]] = {
    "createGroup": SEES_ORGANISATION,
    "setOrganisationEmail": SEES_ORGANISATION,
    **dict.fromkeys(("updateGroup", "deleteGroup", "removeGroupMember", "previewGroupChange"), frozenset(MEMBERS)),
    "setContractGroups": {*MEMBERS, "machine"},
    "updateContract": {*MEMBERS, "machine"},
    "setContractSpecificMembers": set(MEMBERS),
}
"""Who sees what each is about, and may not do it: a refusal that tells no more than they know."""


def expected(mutation: str, who: str) -> str:
    """What the domain's section 4 says."""
    if who == "nobody":
        return UNAUTHENTICATED
    if who in ADMINISTRATORS or (mutation, who) == ("updateContract", "sender"):
        return ALLOWED
    return FORBIDDEN if who in SEES[mutation] else NOT_FOUND


def test_every_mutation_of_chapter_3_is_tried():
    """In the schema they stand from createGroup on, up to the organisation's e-mail address."""
    mutations = list(TYPES["Mutation"].fields)
    first, last = mutations.index("createGroup"), mutations.index("setOrganisationEmail")
    assert mutations[first : last + 1] == list(INPUTS)


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("mutation", INPUTS)
async def test_it_is_carried_out_or_refused_without_a_trace(setting: Setting, mutation: str, who: str):
    outcome, changed = await outcome_of(setting.actors[who], mutation, INPUTS[mutation](setting))

    assert outcome == expected(mutation, who)
    assert changed == (outcome == ALLOWED and mutation != "previewGroupChange")
