"""Variables of the examples on managing access, chosen so that each can be run as it is."""

from datetime import timedelta
from typing import Final

from domain import visibility
from domain.clock import brussels_today
from domain.database.connection import database
from domain.days import latest_day
from domain.models import AccessMandate, AccessRight, User, WorkRelation, WorkRelationPeriod
from domain.policies.abilities import POLICIES, Ability
from domain.predicate import Predicate, all_of, among
from domain.standing import Standing
from domain.where import Where
from gql.explorer.samples import AccessSamples, Samples
from gql.explorer.value_factories import ORGANISATION, ValueFactory, id_of, input_variable, version_of
from gql.reading.ids import global_id

_IS_ACTIVE: Final = Predicate("""exists (select from work_relation_period ep where ep.work_relation_id = {row}.id
  and brussels_today() >= ep.valid_from and brussels_today() < ep.valid_until)""")
_HAS_RIGHT: Final = (
    "exists (select from access_right er where er.work_relation_id = {row}.id and er.revoked_at is null)"
)
_NO_MANDATE: Final = Predicate("""not exists (select from access_mandate em where em.user_id = {row}.user_id
  and em.organisation_id = {row}.organisation_id and em.ended_at is null)""")
_HAS_NO_WORK_RELATION: Final = Predicate("""{row}.id <> :person and not exists (select from work_relation_period ew
  where ew.user_id = {row}.id and ew.organisation_id = any(:acts_for) and ew.valid_until >= brussels_today())""")
_OWN: Final = all_of(among("{row}.user_id", "person"), "{row}.ended_at is null")
NOTICE: Final = timedelta(days=30)
"""How far ahead the example ends a work relation."""


async def access_samples(standing: Standing) -> AccessSamples:
    """The samples; the newest of each, so that running the examples locks no demo person out."""
    manageable = POLICIES[WorkRelation][Ability.MANAGE_ACCESS] & _IS_ACTIVE & _NO_MANDATE
    relations = WorkRelation.all().order_by("-id")
    relation = await relations.filter(Where(manageable & Predicate(_HAS_RIGHT), standing)).first()
    periods = WorkRelationPeriod.filter(work_relation=relation).order_by("-valid_until")
    period = await periods.first() if relation else None
    rights = AccessRight.filter(work_relation=relation, revoked_at=None)
    people = User.filter(Where(visibility.personal_data & _HAS_NO_WORK_RELATION, standing)).order_by(
        "-created_at", "-id"
    )
    mandates = AccessMandate.all().order_by("-id")
    return AccessSamples(
        today=await brussels_today(database()),
        without_work_relation=await people.first(),
        relation=relation,
        last_day=period.valid_until if period else None,
        right=await rights.first() if relation else None,
        without_right=await relations.filter(Where(manageable & Predicate(f"not {_HAS_RIGHT}"), standing)).first(),
        to_dismiss=await mandates.filter(Where(POLICIES[AccessMandate][Ability.DISMISS], standing)).first(),
        own_mandate=await mandates.filter(Where(_OWN, standing)).first(),
    )


def _work_relation_for_right(samples: Samples) -> str:
    """One without a right, or else any that the viewer sees."""
    relation = samples.access.without_right or samples.work_relation
    return global_id("WorkRelation", relation.id) if relation else ""


def _user_id(samples: Samples) -> str:
    relation = samples.access.relation
    return global_id("User", relation.user_id) if relation else ""


def _today(samples: Samples) -> str:
    return samples.access.today.isoformat()


def _latest_last_day(samples: Samples) -> str:
    return latest_day(samples.access.today).isoformat()


def _earlier_last_day(samples: Samples) -> str:
    last_day, in_a_month = samples.access.last_day, samples.access.today + NOTICE
    return (min(in_a_month, last_day - timedelta(days=1)) if last_day else in_a_month).isoformat()


ACCESS_VALUES: Final[dict[str, dict[str, ValueFactory]]] = {
    "WorkRelationStep1": {"userId": id_of(lambda samples: samples.access.without_work_relation)},
    "CreateWorkRelation": input_variable(
        organisationId=ORGANISATION,
        userId=id_of(lambda samples: samples.access.without_work_relation),
        category="PERMANENT",
        validFrom=_today,
        validUntil=_latest_last_day,
        email="nieuwe.collega@aannemer.example",
        phone="+32 3 123 45 67",
    ),
    "ExtendWorkRelation": input_variable(
        id=id_of(lambda samples: samples.access.relation),
        version=version_of(lambda samples: samples.access.relation),
        validUntil=_latest_last_day,
    ),
    "EndWorkRelation": input_variable(
        id=id_of(lambda samples: samples.access.relation),
        version=version_of(lambda samples: samples.access.relation),
        on=_earlier_last_day,
        reason="Gaat met pensioen",
    ),
    "AccessManagementHome": {"search": lambda _samples: "", "status": lambda _samples: "ACTIVE"},
    "GrantRightContext": {"workRelationId": _work_relation_for_right},
    "GrantAccessRight": input_variable(
        workRelationId=id_of(lambda samples: samples.access.without_right),
        roles=["USER"],
        reason="Volgt de vorderingsstaten van de werven op",
    ),
    "ChangeAccessRight": input_variable(
        id=id_of(lambda samples: samples.access.right),
        version=version_of(lambda samples: samples.access.right),
        roles=["ADMINISTRATOR", "USER"],
        reason="Vervangt de beheerder tijdens het verlof",
    ),
    "RevokeAccessRight": input_variable(
        id=id_of(lambda samples: samples.access.right),
        version=version_of(lambda samples: samples.access.right),
        reason="Andere functie in de onderneming",
    ),
    "AppointAccessManager": input_variable(organisationId=ORGANISATION, userId=_user_id, kind="ACCESS_MANAGER"),
    "DismissAccessManager": input_variable(
        id=id_of(lambda samples: samples.access.to_dismiss), reason="Leidt voortaan alleen nog werven"
    ),
    "SetMandateEmail": input_variable(
        id=id_of(lambda samples: samples.access.own_mandate), email="toegangsbeheer@aannemer.example"
    ),
}
"""The value of each variable of these examples, by operation."""
