"""Rights to use e-Contracting."""

from datetime import datetime

import strawberry

from domain import models, visibility
from gql.reading.declare import column, sql, to_one
from gql.reading.paging import Filter, Order, Paging
from gql.reading.sources import entity
from gql.schema.enums import Role
from gql.schema.node import Node
from gql.schema.references import AnAction, AUser, AWorkRelation
from gql.schema.user_error import UserError

LAST_DAY = """(select max(ep.valid_until) from work_relation_period ep
  where ep.work_relation_id = {row}.work_relation_id)"""
ACTIVE = """({row}.revoked_at is null and exists (select from work_relation_period ap
  where ap.work_relation_id = {row}.work_relation_id
  and brussels_today() between ap.valid_from and ap.valid_until))"""

EXPIRING_RIGHTS = Paging(
    orders={"LAST_DAY": Order(LAST_DAY, "date")},
    default=("LAST_DAY", False),
    filters={"within_days": Filter(f"{LAST_DAY} - brussels_today() <= :value", "int", minimum=0)},
    condition=ACTIVE,
)


@entity(
    models.AccessRight,
    visible=visibility.access_right,
    description="The right to use e-Contracting (gebruikersrecht, manual 2.1.4), on one work relation.",
)
class AccessRight(Node):
    work_relation: AWorkRelation = to_one("The work relation that it belongs to.")
    roles: list[Role] = sql(
        "Its roles; for a revoked right the last ones.",
        """array(select rr.role from access_right_role rr where rr.access_right_id = {row}.id
           and (rr.valid_to is null or rr.valid_to = {row}.revoked_at) order by rr.role)""",
    )
    reason: str | None = column("Why it was granted or last changed.")
    granted_by: AUser | None = to_one("Who granted it.")
    granted_at: datetime = column("When it was granted.")
    revoked_at: datetime | None = column(
        "When it was revoked; null if it was not, even outside the work relation's period."
    )
    active: bool = sql("True if it is not revoked and today is within the work relation's period.", ACTIVE)
    version: int = column("Changes with every update.")


@strawberry.input(description="A right to grant (Ken gebruikersrecht toe, manual 2.1.4).")
class GrantAccessRightInput:
    work_relation_id: strawberry.ID = strawberry.field(description="The work relation, active or upcoming.")
    roles: list[Role] = strawberry.field(description="ADMINISTRATOR (Beheerder), USER (Gebruiker), or both.")
    reason: str = strawberry.field(description="Reden; required.")


@strawberry.input(description="A change of a right's roles.")
class ChangeAccessRightInput:
    id: strawberry.ID = strawberry.field(description="The right.")
    version: int = strawberry.field(description="The version that the change is based on.")
    roles: list[Role] = strawberry.field(description="All roles that it will have.")
    reason: str = strawberry.field(description="Reden; required.")


@strawberry.input(description="A right to revoke immediately.")
class RevokeAccessRightInput:
    id: strawberry.ID = strawberry.field(description="The right.")
    version: int = strawberry.field(description="The version that the revocation is based on.")
    reason: str = strawberry.field(description="Reden; required.")


@strawberry.type(description="The right that was granted, changed or revoked, or the errors.")
class AccessRightPayload:
    right: AccessRight | None = strawberry.field(description="The right; null if refused.")
    released_actions: list[AnAction] = strawberry.field(
        description="The actions that were released because their assignee lost access by this mutation: those that "
        "the viewer may see."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")
