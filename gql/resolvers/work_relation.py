"""Work relations: made, changed, ended."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import WorkRelation
from domain.rules import work_relation as rules
from domain.rules import work_relation_change as changes
from domain.rules.former_memberships import former_memberships
from gql.reading.ids import key_of
from gql.resolvers.unset import as_filled, as_given, require_filled
from gql.roots import Outcome

if TYPE_CHECKING:
    from gql.schema.work_relation import CreateWorkRelationInput, EndWorkRelationInput, UpdateWorkRelationInput


async def create_work_relation(actor: Actor, input: "CreateWorkRelationInput") -> Outcome:
    """Ties a person to an organisation for a period."""
    relation = await rules.create_work_relation(
        actor=actor,
        organisation_id=key_of("Organisation", input.organisation_id),
        user_id=key_of("User", input.user_id),
        given=rules.NewWorkRelation(input.category, input.valid_from, input.valid_until, input.email, input.phone),
    )
    former = await former_memberships(actor=actor, relation=relation)
    return Outcome({"work_relation": relation, "former_memberships": former})


async def update_work_relation(actor: Actor, input: "UpdateWorkRelationInput") -> WorkRelation:
    """Changes or extends a work relation."""
    require_filled(input, "category", "valid_until")
    return await changes.update_work_relation(
        actor=actor,
        work_relation_id=key_of("WorkRelation", input.id),
        version=input.version,
        change=changes.ChangedWorkRelation(
            category=as_filled(input.category),
            valid_until=as_filled(input.valid_until),
            email=as_given(input.email),
            phone=as_given(input.phone),
        ),
    )


async def end_work_relation(actor: Actor, input: "EndWorkRelationInput") -> WorkRelation:
    """Ends a work relation early."""
    return await changes.end_work_relation(
        actor=actor,
        work_relation_id=key_of("WorkRelation", input.id),
        version=input.version,
        on=input.on,
        reason=input.reason,
    )
