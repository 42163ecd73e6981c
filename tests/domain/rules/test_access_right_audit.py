"""Every change of access is audited: who, what, on what, why, before and after."""

import json
from typing import Any

from domain.models import AccessMandateKind, AuditEntry, PersonalKey, Role, User, WorkRelation
from domain.rules.access_mandate import appoint_access_manager, dismiss_access_manager
from domain.rules.mandate_email import set_mandate_email
from tests import rows
from tests.access_cast import Cast
from tests.domain.rules.rights import change, grant, revoke
from tests.domain.rules.test_work_relation import DAY, create
from tests.domain.rules.work_relations import end, update
from tests.domain.test_personal_values import unseal

EMAIL, NEW_EMAIL, PHONE = "bram@aannemer.example", "b.claes@aannemer.example", "+32 3 123 45 67"


async def only_entry(cast: Cast, who: str, action: str) -> AuditEntry:
    """The only entry of an action, which this actor has just done in the organisation."""
    row = await AuditEntry.get(action=action)
    assert (row.actor_id, row.actor_name) == (cast.people[who].id, None)
    assert row.organisation_id == cast.organisation.id
    assert 0 <= ((await rows.now()) - row.at).total_seconds() < 600
    return row


def content(row: AuditEntry) -> tuple[str, int, str | None, Any, Any]:
    return row.subject_type, row.subject_id, row.reason, row.before, row.after


async def a_work_relation(cast: Cast) -> tuple[User, WorkRelation]:
    stranger = await cast.a_stranger()
    return stranger, await create(cast, stranger, email=EMAIL, phone=PHONE)


async def test_appointing_and_dismissing_are_audited(cast: Cast):
    relation = await cast.a_colleague()
    mandate = await appoint_access_manager(
        actor=cast.actors["main-manager"],
        organisation_id=cast.organisation.id,
        user_id=relation.user_id,
        kind=AccessMandateKind.ACCESS_MANAGER,
    )
    await dismiss_access_manager(actor=cast.actors["legal"], mandate_id=mandate.id, reason="Uit dienst")

    facts = {"kind": "ACCESS_MANAGER", "user": relation.user_id}
    appointed = await only_entry(cast, "main-manager", "ACCESS_MANAGER_APPOINTED")
    assert content(appointed) == ("AccessMandate", mandate.id, None, None, facts)
    dismissed = await only_entry(cast, "legal", "ACCESS_MANAGER_DISMISSED")
    assert content(dismissed) == ("AccessMandate", mandate.id, "Uit dienst", facts, None)


async def test_the_address_of_a_mandate_is_sealed(cast: Cast):
    mandate = cast.mandates["legal"]
    await set_mandate_email(actor=cast.actors["legal"], mandate_id=mandate.id, email=EMAIL)

    row = await only_entry(cast, "legal", "MANDATE_EMAIL_SET")
    assert content(row)[:4] == ("AccessMandate", mandate.id, None, {"email": None})
    assert await unseal(row.after["email"]) == EMAIL


async def test_creating_a_work_relation_is_audited(cast: Cast):
    stranger, relation = await a_work_relation(cast)
    today = await rows.today()

    row = await only_entry(cast, "manager", "WORK_RELATION_CREATED")

    assert content(row)[:4] == ("WorkRelation", relation.id, None, None)
    after = dict(row.after)
    assert [await unseal(after.pop("email")), await unseal(after.pop("phone"))] == [EMAIL, PHONE]
    assert after == {
        "user": stranger.id,
        "category": "PERMANENT",
        "validFrom": today.isoformat(),
        "validUntil": (today + 99 * DAY).isoformat(),
    }


async def test_an_update_of_a_work_relation_is_audited_with_the_changed_fields_only(cast: Cast):
    _, relation = await a_work_relation(cast)
    today = await rows.today()

    await update(cast, relation, email=NEW_EMAIL, phone=PHONE, valid_until=today + 200 * DAY)

    row = await only_entry(cast, "manager", "WORK_RELATION_CHANGED")
    assert (await unseal(row.before.pop("email")), row.before) == (
        EMAIL,
        {"validUntil": (today + 99 * DAY).isoformat()},
    )
    assert (await unseal(row.after.pop("email")), row.after) == (
        NEW_EMAIL,
        {"validUntil": (today + 200 * DAY).isoformat()},
    )


async def test_ending_a_work_relation_is_audited(cast: Cast):
    _, relation = await a_work_relation(cast)
    today = await rows.today()

    await end(cast, relation, today, reason="Einde van de werf")

    before, after = {"validUntil": (today + 99 * DAY).isoformat()}, {"validUntil": today.isoformat()}
    row = await only_entry(cast, "manager", "WORK_RELATION_ENDED")
    assert content(row) == ("WorkRelation", relation.id, "Einde van de werf", before, after)


async def test_granting_changing_and_revoking_a_right_are_audited(cast: Cast):
    relation = await cast.a_colleague()
    right = await grant(cast, relation, roles=[Role.USER], reason="Nieuw op de werf")
    await change(cast, right, roles=[Role.USER, Role.ADMINISTRATOR], reason="Vervangt de beheerder")
    await revoke(cast, right, reason="Uit dienst")

    user_only, both_roles = {"roles": ["USER"]}, {"roles": ["ADMINISTRATOR", "USER"]}
    subject = ("AccessRight", right.id)
    granted = await only_entry(cast, "manager", "ACCESS_RIGHT_GRANTED")
    assert content(granted) == (*subject, "Nieuw op de werf", None, {"workRelation": relation.id} | user_only)
    changed = await only_entry(cast, "manager", "ACCESS_RIGHT_CHANGED")
    assert content(changed) == (*subject, "Vervangt de beheerder", user_only, both_roles)
    revoked = await only_entry(cast, "manager", "ACCESS_RIGHT_REVOKED")
    assert content(revoked) == (*subject, "Uit dienst", both_roles, None)


async def test_no_address_or_phone_number_is_readable_in_the_audit_log(cast: Cast):
    stranger, relation = await a_work_relation(cast)
    await update(cast, relation, email=NEW_EMAIL, phone=None)

    entries = json.dumps([[row.before, row.after] for row in await AuditEntry.all()])
    for value in (EMAIL, NEW_EMAIL, PHONE):
        assert value not in entries
    assert await PersonalKey.filter(user=stranger).delete() == 1
    assert await AuditEntry.filter(subject_id=relation.id).count() == 2
