"""What the viewer may do with an object."""

from typing import Any

import strawberry
from tortoise.models import Model

from domain.policies.abilities import Ability, abilities
from gql.reading.declare import sql

strawberry.enum(
    Ability,
    description="""What the viewer may do with the object that carries it, so that a frontend can show the button.
Organisation: MANAGE_ACCESS, APPOINT_MAIN_ACCESS_MANAGER, APPOINT_ACCESS_MANAGER, ADMINISTER. AccessMandate: UPDATE,
DISMISS. WorkRelation: MANAGE_ACCESS. Group: ADMINISTER. Contract: ADMINISTER, UPDATE, DRAFT, SEND (on any theme).
Document: UPDATE, SEND. Action: ASSIGN, RELEASE, COMPLETE. Task: DECIDE. A machine client: none.""",
)


def viewer_can(model: type[Model]) -> Any:
    """The field that lists the viewer's abilities on a row of a model."""
    return sql("What the viewer may do with it.", abilities(model))
