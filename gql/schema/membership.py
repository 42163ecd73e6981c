"""Memberships of users in groups."""

from datetime import datetime

from domain import models, visibility
from domain.predicate import Predicate
from gql.reading.declare import column, sql, to_one
from gql.reading.fields import Argument
from gql.reading.paging import Filter, Order, Paging
from gql.reading.sources import entity
from gql.schema.enums import MembershipKind
from gql.schema.node import Node
from gql.schema.references import AContract, AGroup, AUser, AWorkRelation
from gql.schema.scalars import EmailAddress

MEMBERSHIPS = Paging(
    orders={"SINCE": Order("{row}.id", "bigint")},
    default=("SINCE", False),
    filters={"kind": Filter("{row}.kind = :value", "text")},
)


def kind_argument(default: models.MembershipKind | None = None) -> dict[str, Argument]:
    """The argument `kind` of lists of memberships, by name."""
    return {"kind": Argument(MembershipKind | None, default, "Only memberships of this kind; null for both.")}


@entity(
    models.Membership,
    visible=visibility.membership,
    listed=Predicate("{row}.ended_at is null"),
    description="A user in a group (lidmaatschap, manual 3.1 and 3.5).",
)
class Membership(Node):
    kind: MembershipKind = column("Fixed, or for one contract only.")
    group: AGroup = to_one("The group.")
    user: AUser = to_one("The member.")
    email: EmailAddress | None = sql(
        "The member's e-mail address in the organisation.",
        "(select me.email from work_relation me where me.id = {row}.work_relation_id)",
    )
    work_relation: AWorkRelation | None = to_one("The work relation that the membership belongs to.")
    contract: AContract | None = to_one("The contract, for a contract-specific member.")
    since: datetime = column("When it began.")
    ended_at: datetime | None = column("When it ended; null if it has not ended, even if it gives no access.")
    effective: bool = sql(
        "True if it gives access: it hasn't ended, its group is active, and the member has an active right with "
        "the role USER.",
        """{row}.ended_at is null
          and exists (select from access_group eg where eg.id = {row}.group_id and eg.active)
          and exists (select from access_right er
           join access_right_role eo on eo.access_right_id = er.id and eo.valid_to is null and eo.role = 'USER'
           join work_relation_period ep on ep.work_relation_id = er.work_relation_id
            and brussels_today() between ep.valid_from and ep.valid_until
           where er.work_relation_id = {row}.work_relation_id and er.revoked_at is null)""",
    )
