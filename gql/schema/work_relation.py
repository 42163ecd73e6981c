"""Work relations between people and organisations."""

from datetime import date
from enum import StrEnum

import strawberry

from domain import models, visibility
from domain.models import WorkRelation as WorkRelationRow
from gql.reading.declare import column, connection, sql, to_one
from gql.reading.paging import Filter, Order, Paging
from gql.reading.sources import entity
from gql.schema.ability import viewer_can
from gql.schema.connection import Connection
from gql.schema.describing import described
from gql.schema.enums import Ability, Role, WorkRelationCategory
from gql.schema.membership import MEMBERSHIPS
from gql.schema.node import Node
from gql.schema.references import AMembership, AnAccessRight, AnOrganisation, AUser
from gql.schema.scalars import EmailAddress
from gql.schema.searching import contains
from gql.schema.user_error import UserError


class PeriodStatus(StrEnum):
    """Where today is in a period."""

    UPCOMING = "UPCOMING"
    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"


described(
    PeriodStatus,
    "The status of a period today, in Europe/Brussels.",
    UPCOMING="The period has not begun.",
    ACTIVE="The period is active, first and last day included.",
    EXPIRED="The period is over.",
)


def _latest(column_name: str, row: str = "{row}") -> str:
    return (
        f"(select lp.{column_name} from work_relation_period lp where lp.work_relation_id = {row}.id"
        " order by lp.valid_until desc limit 1)"
    )


UNREVOKED_RIGHT = "(select sr.id from access_right sr where sr.work_relation_id = {row}.id and sr.revoked_at is null)"
STATUS = f"""case when {_latest("valid_until")} < brussels_today() then 'EXPIRED'
  when {_latest("valid_from")} > brussels_today() then 'UPCOMING' else 'ACTIVE' end"""

WORK_RELATIONS = Paging(
    orders={
        "NAME": Order(
            "(select lower(np.family_name || ' ' || np.given_name) from person np where np.id = {row}.user_id)", "text"
        )
    },
    default=("NAME", False),
    filters={
        "search": Filter(
            "exists (select from person fp where fp.id = {row}.user_id and "
            + contains("fp.given_name, fp.family_name, fp.given_name, {row}.email")
            + ")",
            "text",
        ),
        "status": Filter(f"{STATUS} = :value", "text"),
        "role": Filter(
            f"exists (select from access_right_role fr where fr.access_right_id = {UNREVOKED_RIGHT}"
            " and fr.valid_to is null and fr.role = :value)",
            "text",
        ),
        "right_active": Filter(f"({STATUS} = 'ACTIVE' and {UNREVOKED_RIGHT} is not null) = :value", "boolean"),
    },
)


@strawberry.input(description="Filters work relations; all conditions must hold.")
class WorkRelationFilter:
    search: str | None = strawberry.field(
        default=None, description="A part of the name or e-mail address, ignoring case and accents."
    )
    status: PeriodStatus | None = strawberry.field(default=None, description="The status of the period.")
    role: Role | None = strawberry.field(default=None, description="A role of the unrevoked right.")
    right_active: bool | None = strawberry.field(
        default=None,
        description="Whether work relation and right are active, so that the person can be added to groups.",
    )


@entity(
    models.WorkRelation,
    visible=visibility.work_relation,
    description="The link between a person and an organisation for a period (werkrelatie, manual 2.1.3).",
)
class WorkRelation(Node):
    user: AUser = to_one("The person.")
    organisation: AnOrganisation = to_one("The organisation.")
    category: WorkRelationCategory = column("Vaste, externe of gedelegeerde medewerker.")
    valid_from: date = sql("The first day (begindatum) of the latest period.", _latest("valid_from"))
    valid_until: date = sql("The last day (einddatum), inclusive, of the latest period.", _latest("valid_until"))
    status: PeriodStatus = sql("The status of the latest period today, in Brussels.", STATUS)
    email: EmailAddress | None = column("The person's e-mail address here.")
    phone: str | None = column("The person's telephone number here, such as `+32 2 553 17 00`.")
    right: AnAccessRight | None = to_one(
        "The unrevoked right, even outside the period; null if none was granted or it was revoked.",
        key=UNREVOKED_RIGHT,
    )
    memberships: Connection[AMembership] | None = connection(
        "The memberships through this work relation, in the order in which they were added.",
        MEMBERSHIPS,
        guard=visibility.membership_readers,
    )
    viewer_can: list[Ability] = viewer_can(WorkRelationRow)
    version: int = column("Changes with every update; a mutation gives the one it is based on.")


@strawberry.input(description="A new work relation (Koppel gebruiker aan organisatie, manual 2.1.3).")
class CreateWorkRelationInput:
    organisation_id: strawberry.ID = strawberry.field(description="The organisation.")
    user_id: strawberry.ID = strawberry.field(description="A person that the organisation added or already knows.")
    category: WorkRelationCategory = strawberry.field(
        default=WorkRelationCategory.PERMANENT, description="Vaste, externe of gedelegeerde medewerker."
    )
    valid_from: date = strawberry.field(description="Begindatum: today or later, in Brussels.")
    valid_until: date = strawberry.field(description="Einddatum, inclusive: at most 4 years after the first day.")
    email: EmailAddress | None = strawberry.field(default=None, description="E-mailadres.")
    phone: str | None = strawberry.field(default=None, description="Telefoonnummer: Belgian, or with a country code.")


@strawberry.input(description="A change of a work relation; a new last day extends it.")
class UpdateWorkRelationInput:
    id: strawberry.ID = strawberry.field(description="The work relation.")
    version: int = strawberry.field(description="The version that the change is based on.")
    category: WorkRelationCategory | None = strawberry.field(
        default=strawberry.UNSET, description="Omitted leaves it unchanged; can't be null."
    )
    valid_until: date | None = strawberry.field(
        default=strawberry.UNSET, description="The new last day: at most 4 years from today. Can't be null."
    )
    email: EmailAddress | None = strawberry.field(
        default=strawberry.UNSET, description="E-mailadres; null clears it, omitted leaves it unchanged."
    )
    phone: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Telefoonnummer: Belgian, or with a country code; null clears it, omitted leaves it unchanged.",
    )


@strawberry.input(description="The early end of a work relation.")
class EndWorkRelationInput:
    id: strawberry.ID = strawberry.field(description="The work relation.")
    version: int = strawberry.field(description="The version that the change is based on.")
    on: date = strawberry.field(description="The last day of access: today or later, in Brussels.")
    reason: str = strawberry.field(description="Reden; required.")


@strawberry.type(description="The work relation that was created, changed or ended, or the errors.")
class WorkRelationPayload:
    work_relation: WorkRelation | None = strawberry.field(description="The work relation; null if refused.")
    former_memberships: list[AMembership] | None = strawberry.field(
        description="The memberships of an earlier work relation here, for the screen to offer; for administrators. "
        "They give no access through the new one until the person has a right and is selected again in a member list."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")
