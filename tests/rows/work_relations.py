"""Work relations, their periods and the rights on them."""

from datetime import date, timedelta
from typing import Any

from domain.models import AccessRight, AccessRightRole, Organisation, Role, User, WorkRelation, WorkRelationPeriod
from tests.rows.organisations import an_organisation
from tests.rows.people import a_user
from tests.rows.unique import a_serial, default_opening, today

DEFAULT_DISTANCE = timedelta(days=100)


async def a_work_relation(
    user: User | None = None,
    organisation: Organisation | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    **columns: Any,
) -> WorkRelation:
    """A work relation with one period, from 100 days ago until 100 days from now unless days are given."""
    defaults = {"email": f"medewerker-{a_serial()}@aannemer.example"}
    work_relation = await WorkRelation.create(
        user=user or await a_user(), organisation=organisation or await an_organisation(), **defaults | columns
    )
    await a_period(work_relation, first_day, last_day)
    return work_relation


async def a_period(
    work_relation: WorkRelation, first_day: date | None = None, last_day: date | None = None, **columns: Any
) -> WorkRelationPeriod:
    """One more period of a work relation, counted from its first day, on which its last day was set."""
    first = first_day or await today() - DEFAULT_DISTANCE
    defaults: dict[str, Any] = {
        "user_id": work_relation.user_id,
        "organisation_id": work_relation.organisation_id,
        "valid_from": first,
        "valid_until": last_day or await today() + DEFAULT_DISTANCE,
        "counted_from": first,
        "last_day_given_on": first,
    }
    return await WorkRelationPeriod.create(work_relation=work_relation, **defaults | columns)


async def a_right(work_relation: WorkRelation | None = None, *roles: Role, **columns: Any) -> AccessRight:
    """A right with these roles, USER by default; with `revoked_at` it and its roles are closed."""
    revoked_at = columns.get("revoked_at")
    values: dict[str, Any] = {
        "reason": "Projectopvolging",
        "revocation_reason": "Andere functie" if revoked_at else None,
    }
    values |= default_opening(columns, "granted_at", "revoked_at") | columns
    right = await AccessRight.create(work_relation=work_relation or await a_work_relation(), **values)
    since = {"valid_from": values["granted_at"]} if "granted_at" in values else {}
    for role in roles or (Role.USER,):
        await AccessRightRole.create(access_right=right, role=role, valid_to=revoked_at, **since)
    return right


async def a_person_with_right(organisation: Organisation | None = None, *roles: Role, **columns: Any) -> WorkRelation:
    """An active work relation of a new person, with an active right; `columns` are the work relation's."""
    work_relation = await a_work_relation(organisation=organisation, **columns)
    await a_right(work_relation, *roles)
    return work_relation
