"""Everyone whom the demo knows, on one contract, with the level there that their name says."""

from dataclasses import dataclass
from typing import Any

import pytest

from domain.actor import Actor
from domain.models import Contract, DocumentLevel, Group, GroupLink, ReferenceLevel
from tests import rows
from tests.access_cast import Cast, a_cast
from tests.gql.asking import ask
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


async def outcome_of(actor: Actor, mutation: str, given: dict[str, Any]) -> tuple[str, bool]:
    """What a mutation answers somebody: ALLOWED or the kind of refusal; and whether it changed any table."""
    kind = mutation[0].upper() + mutation[1:]
    document = f"mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ errors {{ code }} }} }}"
    before = await everything()
    answer = await ask(actor, document, input=given)
    changed = await everything() != before
    if answer.errors:
        [code] = answer.codes
        return code, changed
    codes = [error["code"] for error in answer.data[mutation]["errors"]]
    assert len(codes) <= 1
    return codes[0] if codes else ALLOWED, changed
