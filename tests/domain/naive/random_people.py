"""People of random organisations: work relations in every state, rights, mandates, tasks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from domain import models as m
from domain.models import AccessMandateKind, Role, TaskStatus
from domain.sealed_national_number import number_columns as sealed
from tests.rows import a_national_number, a_serial

if TYPE_CHECKING:
    from tests.domain.naive.random_world import Chance

DAYS = {
    "active": ((-100, 100),),
    "first day": ((0, 30),),
    "last day": ((-30, 0),),
    "expired yesterday": ((-30, -1),),
    "upcoming": ((1, 30),),
    "extended after a gap": ((-300, -200), (-10, 50)),
    "expired twice": ((-300, -200), (-150, -120)),
    "to begin again": ((-300, -200), (20, 60)),
}
"""First and last day of each period, from today."""


def employ(chance: Chance, organisations: list[m.Organisation]) -> None:
    """People work for one, two or no organisations, also for a consortium and one of its members."""
    for _ in range(chance.sizes.people):
        user = a_random_user(chance)
        for organisation in chance.some(organisations, 0, 2) or chance.some(organisations, 0, 1):
            work_for(chance, user, organisation)
        for organisation in chance.some(organisations, 0, 1):
            ask_for_a_right(chance, user, organisation)
        if chance.likely(0.3):
            at = chance.now - timedelta(hours=chance.random.choice((1, 23, 25)))
            where = chance.random.choice(organisations).id
            chance.rows.add(m.Introduction, user_id=user.id, organisation_id=where, introduced_at=at)
        if chance.likely(0.3):
            chance.rows.add(m.Session, user_id=user.id, token_digest=a_digest(), expires_at=chance.now + timedelta(1))
    for organisation in organisations:
        appoint(chance, organisation)
        for subject in (
            "User",
            "WorkRelation",
            "AccessRight",
            "AccessMandate",
            "SelfRegistration",
            "Group",
            "Contract",
        ):
            of = chance.random.choice((organisation.id, organisation.id, None))
            chance.rows.add(m.AuditEntry, organisation_id=of, action="CHANGED", subject_type=subject, subject_id=1)


def a_digest() -> bytes:
    return a_serial().to_bytes(32, "big")


def a_random_user(chance: Chance) -> m.User:
    return chance.rows.add(
        m.User,
        given_name=chance.random.choice(("An", "Élodie", "Jan")),
        family_name=f"{chance.random.choice(('Peeters', 'peeters', 'De Smet', 'Ünal'))} {chance.random.randint(1, 7)}",
        language=chance.random.choice(list(m.Language)),
        birth_date=date(1980, 1, 1) if chance.likely(0.8) else None,
        **sealed(a_national_number()),
    )


def work_for(chance: Chance, user: m.User, organisation: m.Organisation) -> None:
    """One work relation, or an old one and a new one beside it."""
    if chance.likely(0.2):
        engage(chance, user, organisation, "expired twice")
        engage(chance, user, organisation, chance.random.choice(("active", "first day", "last day")))
    else:
        engage(chance, user, organisation, "active" if chance.likely(0.7) else chance.random.choice(list(DAYS)))


def engage(chance: Chance, user: m.User, organisation: m.Organisation, days: str) -> None:
    of_organisation = {"organisation_id": organisation.id}
    of = {"user_id": user.id, **of_organisation}
    email = f"m{a_serial()}@bedrijf.example" if chance.likely(0.7) else None
    # Mandates were given in the last 2,000 hours: some before their holder's present work relation was made.
    made = chance.now - timedelta(hours=3_000 if len(chance.rows.of(m.WorkRelation)) % 3 else 500)
    relation = chance.rows.add(m.WorkRelation, email=email, created_at=made, **of)
    for first, last in DAYS[days]:
        begins = chance.today + timedelta(first)
        chance.rows.add(
            m.WorkRelationPeriod,
            work_relation_id=relation.id,
            valid_from=begins,
            valid_until=chance.today + timedelta(last),
            counted_from=begins,
            **of,
        )
    if relation.id % 10 == 1:
        letter = chance.rows.add(m.Letter, kind="ADDRESS_CHANGED", work_relation_id=relation.id, **of_organisation)
        sent = {"letter_id": letter.id, "address": "m@bedrijf.example"}
        chance.rows.add(m.Delivery, message_id=f"<{a_serial()}@e.example>", **sent, **of_organisation)
    if chance.likely(0.25):
        grant(chance, relation, revoked=True)
    if chance.likely(0.8):
        grant(chance, relation, revoked=False)


def grant(chance: Chance, relation: m.WorkRelation, *, revoked: bool) -> None:
    """A right with one role or both; some had another role before."""
    granted = chance.ago(48)
    ended = granted + timedelta(hours=24) if revoked else None
    right = chance.rows.add(
        m.AccessRight,
        work_relation_id=relation.id,
        reason="Werf",
        granted_at=granted,
        revoked_at=ended,
        revocation_reason="Andere functie" if revoked else None,
        granted_by_id=chance.random.choice((None, 1)),
    )
    held = chance.random.choice(
        ((Role.USER,), (Role.USER,), (Role.USER,), (Role.USER,), (Role.ADMINISTRATOR,), tuple(Role))
    )
    for role in Role:
        since = {"access_right_id": right.id, "role": role, "valid_from": granted}
        if role in held:
            chance.rows.add(m.AccessRightRole, valid_to=ended, **since)
        elif chance.likely(0.3):
            chance.rows.add(m.AccessRightRole, valid_to=granted + timedelta(hours=1), **since)


def appoint(chance: Chance, organisation: m.Organisation) -> None:
    """Mandates that stand and that ended, of people with an active, a lapsed or no work relation there."""
    everyone = chance.rows.of(m.User)
    relations = [each for each in chance.rows.of(m.WorkRelation) if each.organisation_id == organisation.id]
    colleagues = [everyone[key - 1] for key in sorted({each.user_id for each in relations})]
    main, *managers = chance.some(colleagues, 4, 5)
    kinds = AccessMandateKind
    mandated = [(kinds.LEGAL_REPRESENTATIVE, user) for user in {chance.random.choice(colleagues).id, *_keys(chance)}]
    mandated += [(kinds.MAIN_ACCESS_MANAGER, main.id)] + [(kinds.ACCESS_MANAGER, user.id) for user in managers]
    for kind, user_id in mandated:
        held = chance.closed("since", "ended_at", 0.2)
        why = "Uit dienst" if held["ended_at"] else None
        of = {"user_id": user_id, "organisation_id": organisation.id}
        chance.rows.add(m.AccessMandate, kind=kind, end_reason=why, **held, **of)
        if held["ended_at"] and chance.likely(0.5):
            chance.rows.add(m.AccessMandate, kind=kind, **of)


def _keys(chance: Chance) -> list[int]:
    """People who may have nothing else to do with the organisation."""
    return [user.id for user in chance.some(chance.rows.of(m.User), 1, 2)]


def ask_for_a_right(chance: Chance, user: m.User, organisation: m.Organisation) -> None:
    for status in chance.some(list(TaskStatus), 0, 2):
        decided = status != TaskStatus.OPEN
        at = chance.ago(48)
        asked = chance.random.choice(((True, False), (False, True), (True, True)))
        chance.rows.add(
            m.SelfRegistration,
            organisation_id=organisation.id,
            applicant_id=user.id,
            asks_administrator=asked[0],
            asks_user=asked[1],
            status=status,
            created_at=at,
            decided_at=at + timedelta(hours=1) if decided else None,
            decision_reason="Zelfregistratie" if decided else None,
            decided_by_id=chance.random.choice(chance.rows.of(m.User)).id if decided else None,
        )
