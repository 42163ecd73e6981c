"""People, and their mandates, self-registrations, introductions and sessions."""

from datetime import timedelta
from typing import Any

from domain.models import (
    AccessMandate,
    AccessMandateKind,
    Introduction,
    Organisation,
    Role,
    SelfRegistration,
    Session,
    TaskStatus,
    User,
)
from domain.sealed_national_number import number_columns as sealed_columns
from tests.rows.organisations import an_organisation
from tests.rows.unique import a_digest, a_national_number, a_serial, default_opening, now


async def a_user(*, national_number: str | None = None, **columns: Any) -> User:
    """A person with language NL and without a session; the number is sealed with the keys of the settings."""
    defaults = {"given_name": "An", "family_name": f"Peeters {a_serial()}", "language": "NL"}
    return await User.create(**sealed_columns(national_number or a_national_number()) | defaults | columns)


async def a_mandate(
    kind: AccessMandateKind = AccessMandateKind.LEGAL_REPRESENTATIVE,
    user: User | None = None,
    organisation: Organisation | None = None,
    **columns: Any,
) -> AccessMandate:
    """An active mandate; with `ended_at` an ended one, with a reason."""
    defaults: dict[str, Any] = {"end_reason": "Uit dienst" if columns.get("ended_at") else None}
    defaults |= default_opening(columns, "since", "ended_at")
    return await AccessMandate.create(
        kind=kind,
        user=user or await a_user(),
        organisation=organisation or await an_organisation(),
        **defaults | columns,
    )


async def a_self_registration(
    organisation: Organisation | None = None, applicant: User | None = None, *roles: Role, **columns: Any
) -> SelfRegistration:
    """An open request for these roles, USER by default; with another `status`, decided just now."""
    requested = roles or (Role.USER,)
    defaults: dict[str, Any] = {
        "asks_administrator": Role.ADMINISTRATOR in requested,
        "asks_user": Role.USER in requested,
    }
    if columns.get("status", TaskStatus.OPEN) != TaskStatus.OPEN:
        defaults |= {"decided_at": await now(), "decision_reason": "Zelfregistratie"}
    defaults |= default_opening(defaults | columns, "created_at", "decided_at")
    return await SelfRegistration.create(
        organisation=organisation or await an_organisation(),
        applicant=applicant or await a_user(),
        **defaults | columns,
    )


async def an_introduction(
    organisation: Organisation | None = None, user: User | None = None, **columns: Any
) -> Introduction:
    """A person whom an organisation has just added."""
    return await Introduction.create(
        organisation=organisation or await an_organisation(), user=user or await a_user(), **columns
    )


async def a_session(user: User | None = None, **columns: Any) -> Session:
    """A session that began now and lasts twelve hours."""
    defaults: dict[str, Any] = {"token_digest": a_digest(), "expires_at": await now() + timedelta(hours=12)}
    return await Session.create(user=user or await a_user(), **defaults | columns)
