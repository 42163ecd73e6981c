"""The viewer: organisations, requests and sessions."""

from datetime import datetime
from typing import Final

import strawberry

from domain import models, visibility
from domain.mandates import mandate_counts
from domain.predicate import Predicate, among, holds
from domain.sql import Sql
from gql.reading.declare import column, identity, sql, sql_rows, to_many, to_one
from gql.reading.joins import join_on
from gql.reading.sources import entity, facet
from gql.schema.enums import AccessMandateKind, Role
from gql.schema.organisation import Organisation
from gql.schema.task import SelfRegistrationTask
from gql.schema.user import User
from gql.schema.user_error import UserError
from gql.schema.work_relation import WorkRelation

ORGANISATIONS: Final = Sql(
    """
  select row(lower(o.name), o.id) as position__, o.id as organisation_id,
    (select w.id from work_relation w join work_relation_period p on p.work_relation_id = w.id
      and brussels_today() between p.valid_from and p.valid_until
     where w.organisation_id = o.id and w.user_id = :person) as work_relation_id
  from organisation o where {0}""",
    (among("o.id", "acts_for") | among("o.id", "authority"),),
)

MANDATES: Final = Sql(
    """case when {0} then array(
  select am.kind from access_mandate am where am.organisation_id = {row}.organisation_id and am.user_id = :person
  and {1} and {2} order by am.kind)
  else '{}' end""",
    (holds("manages"), among("am.organisation_id", "manages"), Predicate(mandate_counts("am"))),
)

ROLES: Final = Sql(
    "array_remove(array[case when {0} then 'ADMINISTRATOR' end, case when {1} then 'USER' end]::text[], null)",
    (visibility.administrators_of, among("{row}.organisation_id", "user_of")),
)


@entity(
    models.Session,
    visible=visibility.session,
    listed=Predicate("{row}.ended_at is null and {row}.expires_at > now()"),
    description="A browser session of the viewer.",
)
class Session:
    id: strawberry.ID = identity("The id, for ending it.")
    started_at: datetime = column("When the viewer signed in.")
    last_seen_at: datetime = column("When it was last used, to the minute.")
    current: bool = sql("Whether it is the session of this request.", "{row}.id is not distinct from :session")


@facet(
    "An organisation that the viewer may act for today, with roles and mandates.",
    organisation_id="bigint",
    work_relation_id="bigint",
)
class ViewerOrganisation:
    organisation: Organisation = to_one("The organisation.", key="{row}.organisation_id")
    work_relation: WorkRelation | None = to_one("The active work relation.", key="{row}.work_relation_id")
    roles: list[Role] = sql("As ADMINISTRATOR, USER or both; by a right, or as legal representative.", ROLES)
    mandates: list[AccessMandateKind] = sql("The effective mandates.", MANDATES)


@facet("Who sends the request: a person or a machine client.", user_id="bigint")
class Viewer:
    user: User | None = to_one("The person. Null for a machine client.", key="{row}.user_id", with_owner=True)
    organisations: list[ViewerOrganisation] = sql_rows(
        "The organisations that the viewer may act for today; the authority itself for a machine client.",
        ORGANISATIONS,
    )
    self_registrations: list[SelfRegistrationTask] = to_many(
        "The viewer's own requests for a right, newest first.",
        "created_at desc",
        "id desc",
        join=join_on("applicant_id", "user_id"),
    )
    sessions: list[Session] = to_many(
        "The viewer's browser sessions, newest first.",
        "started_at desc",
        "id desc",
        join=join_on("user_id", "user_id"),
    )


@strawberry.input(description="A session of the viewer to end.")
class EndSessionInput:
    id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The session; all of the viewer's sessions if omitted. Null is refused, to catch a missing "
        "variable.",
    )


@strawberry.type(description="The number of ended sessions, or the errors.")
class EndSessionPayload:
    ended: int = strawberry.field(description="The number of ended sessions.")
    ended_session_ids: list[strawberry.ID] = strawberry.field(description="Their ids; empty if refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")
