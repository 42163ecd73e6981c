"""Every mutation of chapter 3 of the manual, by everyone whom the demo knows: carried out, or refused without trace."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import pytest

from domain.actor import Actor
from domain.models import Contract, DocumentLevel, Group, GroupLink, ReferenceLevel
from gql.reading.ids import global_id
from tests import rows
from tests.access_cast import Cast, a_cast
from tests.gql.asking import ask
from tests.gql.selections import TYPES
from tests.tables import everything

ADMINISTRATORS = ("legal", "admin")
MEMBERS = ("sender", "drafter", "reader", "specific")
STRANGERS = ("outsider", "newcomer")
EVERYONE = (*ADMINISTRATORS, "main-manager", "manager", *MEMBERS, "colleague", *STRANGERS, "machine", "nobody")

ALLOWED, FORBIDDEN, NOT_FOUND, UNAUTHENTICATED = "ALLOWED", "FORBIDDEN", "NOT_FOUND", "UNAUTHENTICATED"


@dataclass(frozen=True)
class Setting:
    """An organisation with a contract on which everyone has the level that their name says."""

    cast: Cast
    contract: Contract
    group: Group
    link: GroupLink
    actors: dict[str, Actor]


@pytest.fixture
async def setting(database: str) -> Setting:
    """One group a level; the sender's may write the own reference, and its link has the specific member."""
    assert database
    cast = await a_cast()
    contract = await Contract.get(organisation_id=cast.organisation.id)
    actors = dict(cast.actors)
    links = {}
    for name, level in (
        ("reader", DocumentLevel.READ),
        ("drafter", DocumentLevel.DRAFT),
        ("sender", DocumentLevel.SEND),
    ):
        group = await rows.a_group(cast.organisation, name, levels={"INVOICING": level})
        links[name] = await rows.a_link(contract, group)
        actors[name] = Actor(user_id=(await rows.a_membership(group)).user_id)
    specific = await rows.a_membership(await Group.get(name="reader"), None, links["reader"])
    actors["specific"] = Actor(user_id=specific.user_id)
    actors["colleague"] = cast.actors["user"]
    sender = await Group.get(name="sender")
    await rows.a_reference_level(sender, "CONTRACT", ReferenceLevel.WRITE)
    return Setting(cast, contract, sender, links["sender"], actors)


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
    kind = mutation[0].upper() + mutation[1:]
    document = f"mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ errors {{ code }} }} }}"
    before = await everything()

    answer = await ask(setting.actors[who], document, input=INPUTS[mutation](setting))

    outcome = expected(mutation, who)
    if outcome == UNAUTHENTICATED:
        assert answer.codes == [UNAUTHENTICATED]
    else:
        assert answer.errors == []
        codes = [error["code"] for error in answer.data[mutation]["errors"]]
        assert codes == ([] if outcome == ALLOWED else [outcome])
    changed = await everything() != before
    assert changed == (outcome == ALLOWED and mutation != "previewGroupChange")
