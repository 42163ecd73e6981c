"""A contract with a reader, a drafter, a sender and an administrator."""

from dataclasses import dataclass

from domain.actor import Actor
from domain.models import Contract, DocumentLevel, Organisation, Role
from tests import rows


@dataclass(frozen=True)
class Office:
    """The people who work on one contract, and one who doesn't."""

    contract: Contract
    reader: Actor
    drafter: Actor
    sender: Actor
    administrator: Actor
    colleague: Actor
    authority: Actor


async def an_office() -> Office:
    """Each level on INVOICING through a group of its own, on a running contract."""
    contract = await rows.a_contract()
    organisation = await Organisation.get(id=contract.organisation_id)
    users = []
    for level in (DocumentLevel.READ, DocumentLevel.DRAFT, DocumentLevel.SEND):
        group = await rows.a_group(organisation, levels={"INVOICING": level})
        await rows.a_link(contract, group)
        users.append(Actor(user_id=(await rows.a_membership(group)).user_id))
    reader, drafter, sender = users
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    colleague = await rows.a_person_with_right(organisation, Role.USER)
    return Office(
        contract,
        reader,
        drafter,
        sender,
        Actor(user_id=administrator.user_id),
        Actor(user_id=colleague.user_id),
        Actor(authority_id=contract.contracting_authority_id, name="Systeem"),
    )
