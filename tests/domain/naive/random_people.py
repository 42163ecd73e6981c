"""People of random organisations: work relations in every state, rights, mandates, tasks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from domain import models as m
from domain.models import AccessMandateKind, Role, TaskStatus
from domain.sealed_national_number import number_columns as sealed
from tests.rows import a_national_number, a_serial

if TYPE_CHECKING:
    from tests.domain.naive.random_world import WorldBuilder

DAYS = {
    "active": ((-100, 100),),
    "first day": ((0, 30),),
    "last day": ((-30, 0),),
    "expired yesterday": ((-30, -1),),
    "upcoming": ((1, 30),),
    "extended after a gap": ((-300, -200), (-10, 50)),
    "expired twice": ((-300, -200), (-150, -120)),
    "expired and upcoming": ((-300, -200), (20, 60)),
}
"""The first and last day of each period, relative to today."""


def add_people(builder: WorldBuilder, organisations: list[m.Organisation]) -> None:
    """Adds people with none, one or two organisations, also a consortium and one of its members."""
    for _ in range(builder.sizes.people):
        user = a_random_user(builder)
        for organisation in builder.sample(organisations, 0, 2) or builder.sample(organisations, 0, 1):
            work_for(builder, user, organisation)
        for organisation in builder.sample(organisations, 0, 1):
            ask_for_a_right(builder, user, organisation)
        if builder.maybe(0.3):
            at = builder.now - timedelta(hours=builder.random.choice((1, 23, 25)))
            organisation_id = builder.random.choice(organisations).id
            builder.rows.add(m.Introduction, user_id=user.id, organisation_id=organisation_id, introduced_at=at)
        if builder.maybe(0.3):
            builder.rows.add(m.Session, user_id=user.id, token_digest=a_digest(), expires_at=builder.now + timedelta(1))
    for organisation in organisations:
        appoint(builder, organisation)
        for subject in (
            "User",
            "WorkRelation",
            "AccessRight",
            "AccessMandate",
            "SelfRegistration",
            "Group",
            "Contract",
        ):
            owner_id = builder.random.choice((organisation.id, organisation.id, None))
            builder.rows.add(
                m.AuditEntry, organisation_id=owner_id, action="CHANGED", subject_type=subject, subject_id=1
            )


def a_digest() -> bytes:
    return a_serial().to_bytes(32, "big")


def a_random_user(builder: WorldBuilder) -> m.User:
    given_name = builder.random.choice(("An", "Élodie", "Jan"))
    family_name = builder.random.choice(("Peeters", "peeters", "De Smet", "Ünal"))
    return builder.rows.add(
        m.User,
        given_name=given_name,
        family_name=f"{family_name} {builder.random.randint(1, 7)}",
        language=builder.random.choice(list(m.Language)),
        birth_date=date(1980, 1, 1) if builder.maybe(0.8) else None,
        **sealed(a_national_number()),
    )


def work_for(builder: WorldBuilder, user: m.User, organisation: m.Organisation) -> None:
    """Adds one work relation, or an expired and a new one."""
    if builder.maybe(0.2):
        engage(builder, user, organisation, "expired twice")
        engage(builder, user, organisation, builder.random.choice(("active", "first day", "last day")))
    else:
        engage(builder, user, organisation, "active" if builder.maybe(0.7) else builder.random.choice(list(DAYS)))


def engage(builder: WorldBuilder, user: m.User, organisation: m.Organisation, days: str) -> None:
    owner = {"organisation_id": organisation.id}
    keys = {"user_id": user.id, **owner}
    email = f"m{a_serial()}@bedrijf.example" if builder.maybe(0.7) else None
    # Mandates began in the last 2,000 hours, some of them before the current work relation of their holder.
    created_at = builder.now - timedelta(hours=3_000 if len(builder.rows.of(m.WorkRelation)) % 3 else 500)
    relation = builder.rows.add(m.WorkRelation, email=email, created_at=created_at, **keys)
    for first, last in DAYS[days]:
        first_day = builder.today + timedelta(first)
        builder.rows.add(
            m.WorkRelationPeriod,
            work_relation_id=relation.id,
            valid_from=first_day,
            valid_until=builder.today + timedelta(last),
            counted_from=first_day,
            **keys,
        )
    if relation.id % 10 == 1:
        letter = builder.rows.add(m.Letter, kind="ADDRESS_CHANGED", work_relation_id=relation.id, **owner)
        columns = {"letter_id": letter.id, "address": "m@bedrijf.example"}
        builder.rows.add(m.Delivery, message_id=f"<{a_serial()}@e.example>", **columns, **owner)
    if builder.maybe(0.25):
        grant(builder, relation, revoked=True)
    if builder.maybe(0.8):
        grant(builder, relation, revoked=False)


def grant(builder: WorldBuilder, relation: m.WorkRelation, *, revoked: bool) -> None:
    """Adds a right with one role or both; some had another role before."""
    granted_at = builder.past_moment(48)
    revoked_at = granted_at + timedelta(hours=24) if revoked else None
    right = builder.rows.add(
        m.AccessRight,
        work_relation_id=relation.id,
        reason="Werf",
        granted_at=granted_at,
        revoked_at=revoked_at,
        revocation_reason="Andere functie" if revoked else None,
        granted_by_id=builder.random.choice((None, 1)),
    )
    current_roles = builder.random.choice(
        ((Role.USER,), (Role.USER,), (Role.USER,), (Role.USER,), (Role.ADMINISTRATOR,), tuple(Role))
    )
    for role in Role:
        columns = {"access_right_id": right.id, "role": role, "valid_from": granted_at}
        if role in current_roles:
            builder.rows.add(m.AccessRightRole, valid_to=revoked_at, **columns)
        elif builder.maybe(0.3):
            builder.rows.add(m.AccessRightRole, valid_to=granted_at + timedelta(hours=1), **columns)


def appoint(builder: WorldBuilder, organisation: m.Organisation) -> None:
    """Adds open and ended mandates of people with an active, an expired or no work relation there."""
    users = builder.rows.of(m.User)
    relations = [row for row in builder.rows.of(m.WorkRelation) if row.organisation_id == organisation.id]
    colleagues = [users[key - 1] for key in sorted({relation.user_id for relation in relations})]
    main, *managers = builder.sample(colleagues, 4, 5)
    kinds = AccessMandateKind
    representatives = {builder.random.choice(colleagues).id, *_any_people(builder)}
    holders = [(kinds.LEGAL_REPRESENTATIVE, user_id) for user_id in representatives]
    holders += [(kinds.MAIN_ACCESS_MANAGER, main.id)] + [(kinds.ACCESS_MANAGER, user.id) for user in managers]
    for kind, user_id in holders:
        period = builder.period("since", "ended_at", 0.2)
        reason = "Uit dienst" if period["ended_at"] else None
        keys = {"user_id": user_id, "organisation_id": organisation.id}
        builder.rows.add(m.AccessMandate, kind=kind, end_reason=reason, **period, **keys)
        if period["ended_at"] and builder.maybe(0.5):
            builder.rows.add(m.AccessMandate, kind=kind, **keys)


def _any_people(builder: WorldBuilder) -> list[int]:
    """The keys of people who may have no work relation with the organisation."""
    return [user.id for user in builder.sample(builder.rows.of(m.User), 1, 2)]


def ask_for_a_right(builder: WorldBuilder, user: m.User, organisation: m.Organisation) -> None:
    for status in builder.sample(list(TaskStatus), 0, 2):
        is_decided = status != TaskStatus.OPEN
        created_at = builder.past_moment(48)
        asks_administrator, asks_user = builder.random.choice(((True, False), (False, True), (True, True)))
        builder.rows.add(
            m.SelfRegistration,
            organisation_id=organisation.id,
            applicant_id=user.id,
            asks_administrator=asks_administrator,
            asks_user=asks_user,
            status=status,
            created_at=created_at,
            decided_at=created_at + timedelta(hours=1) if is_decided else None,
            decision_reason="Zelfregistratie" if is_decided else None,
            decided_by_id=builder.random.choice(builder.rows.of(m.User)).id if is_decided else None,
        )
