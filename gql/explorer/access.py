"""What the examples about managing access are filled with: people on whom each can be carried out as it stands."""

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
from gql.explorer.makers import ORGANISATION, Maker, id_of, input_variable, version_of
from gql.explorer.samples import AccessExamples, Samples
from gql.reading.ids import global_id

_RUNNING: Final = Predicate("""exists (select from work_relation_period ep where ep.work_relation_id = {row}.id
  and brussels_today() >= ep.valid_from and brussels_today() < ep.valid_until)""")
_HAS_RIGHT: Final = (
    "exists (select from access_right er where er.work_relation_id = {row}.id and er.revoked_at is null)"
)
_NO_MANDATE: Final = Predicate("""not exists (select from access_mandate em where em.user_id = {row}.user_id
  and em.organisation_id = {row}.organisation_id and em.ended_at is null)""")
_WITHOUT_WORK: Final = Predicate("""{row}.id <> :person and not exists (select from work_relation_period ew
  where ew.user_id = {row}.id and ew.organisation_id = any(:acts_for) and ew.valid_until >= brussels_today())""")
_OWN: Final = all_of(among("{row}.user_id", "person"), "{row}.ended_at is null")
NOTICE: Final = timedelta(days=30)


async def access_examples(standing: Standing) -> AccessExamples:
    """Finds them; the newest of each, so that whoever tries the examples doesn't lock a demo person out."""
    engaged = POLICIES[WorkRelation][Ability.MANAGE_ACCESS] & _RUNNING & _NO_MANDATE
    relations = WorkRelation.all().order_by("-id")
    relation = await relations.filter(Where(engaged & Predicate(_HAS_RIGHT), standing)).first()
    periods = WorkRelationPeriod.filter(work_relation=relation).order_by("-valid_until")
    period = await periods.first() if relation else None
    rights = AccessRight.filter(work_relation=relation, revoked_at=None)
    people = User.filter(Where(visibility.personal_data & _WITHOUT_WORK, standing)).order_by("-created_at", "-id")
    mandates = AccessMandate.all().order_by("-id")
    return AccessExamples(
        today=await brussels_today(database()),
        to_engage=await people.first(),
        relation=relation,
        last_day=period.valid_until if period else None,
        right=await rights.first() if relation else None,
        without_right=await relations.filter(Where(engaged & Predicate(f"not {_HAS_RIGHT}"), standing)).first(),
        to_dismiss=await mandates.filter(Where(POLICIES[AccessMandate][Ability.DISMISS], standing)).first(),
        own_mandate=await mandates.filter(Where(_OWN, standing)).first(),
    )


def _for_a_right(samples: Samples) -> str:
    """One that can be given a right, or else any that the reader sees."""
    relation = samples.access.without_right or samples.work_relation
    return global_id("WorkRelation", relation.id) if relation else ""


def _user_id(samples: Samples) -> str:
    relation = samples.access.relation
    return global_id("User", relation.user_id) if relation else ""


def _today(samples: Samples) -> str:
    return samples.access.today.isoformat()


def _four_years_on(samples: Samples) -> str:
    return latest_day(samples.access.today).isoformat()


def _earlier_last_day(samples: Samples) -> str:
    found = samples.access
    soon = found.today + NOTICE
    return (min(soon, found.last_day - timedelta(days=1)) if found.last_day else soon).isoformat()


ACCESS_VALUES: Final[dict[str, dict[str, Maker]]] = {
    "WorkRelationStep1": {"userId": id_of(lambda samples: samples.access.to_engage)},
    "CreateWorkRelation": input_variable(
        organisationId=ORGANISATION,
        userId=id_of(lambda samples: samples.access.to_engage),
        category="PERMANENT",
        validFrom=_today,
        validUntil=_four_years_on,
        email="nieuwe.collega@aannemer.example",
        phone="+32 3 123 45 67",
    ),
    "ExtendWorkRelation": input_variable(
        id=id_of(lambda samples: samples.access.relation),
        version=version_of(lambda samples: samples.access.relation),
        validUntil=_four_years_on,
    ),
    "EndWorkRelation": input_variable(
        id=id_of(lambda samples: samples.access.relation),
        version=version_of(lambda samples: samples.access.relation),
        on=_earlier_last_day,
        reason="Gaat met pensioen",
    ),
    "AccessManagementHome": {"search": lambda _samples: "", "status": lambda _samples: "ACTIVE"},
    "GrantRightContext": {"workRelationId": _for_a_right},
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
"""The value of each variable of the examples about access."""
