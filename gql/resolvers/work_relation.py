"""Work relations: created, updated, ended."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import WorkRelation
from domain.rules import former_memberships, work_relation_change
from domain.rules import work_relation as rules
from gql.reading.ids import key_of
from gql.resolvers.optional_fields import or_unchanged, require_not_null, required_or_unchanged
from gql.roots import PayloadFields

if TYPE_CHECKING:
    from gql.schema.work_relation import CreateWorkRelationInput, EndWorkRelationInput, UpdateWorkRelationInput


async def create_work_relation(actor: Actor, input: "CreateWorkRelationInput") -> PayloadFields:
    """Creates the work relation of a person with an organisation."""
    relation = await rules.create_work_relation(
        actor=actor,
        organisation_id=key_of("Organisation", input.organisation_id),
        user_id=key_of("User", input.user_id),
        new=rules.NewWorkRelation(input.category, input.valid_from, input.valid_until, input.email, input.phone),
    )
    memberships = await former_memberships.former_memberships(actor=actor, relation=relation)
    return PayloadFields({"work_relation": relation, "former_memberships": memberships})


async def update_work_relation(actor: Actor, input: "UpdateWorkRelationInput") -> WorkRelation:
    """Changes or extends a work relation."""
    require_not_null(input, "category", "valid_until")
    return await work_relation_change.update_work_relation(
        actor=actor,
        work_relation_id=key_of("WorkRelation", input.id),
        version=input.version,
        update=work_relation_change.WorkRelationUpdate(
            category=required_or_unchanged(input.category),
            valid_until=required_or_unchanged(input.valid_until),
            email=or_unchanged(input.email),
            phone=or_unchanged(input.phone),
        ),
    )


async def end_work_relation(actor: Actor, input: "EndWorkRelationInput") -> WorkRelation:
    """Ends a work relation early."""
    return await work_relation_change.end_work_relation(
        actor=actor,
        work_relation_id=key_of("WorkRelation", input.id),
        version=input.version,
        on=input.on,
        reason=input.reason,
    )
