"""The refusals of the mutations about access: code, rule, path, and a message with the figures."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.days import BRUSSELS
from domain.models import WorkRelation, WorkRelationPeriod
from gql.reading.ids import global_id
from tests import rows
from tests.access_cast import LOCAL, MAIN, Cast, cast
from tests.gql.access_mutations import id_of, mutate
from tests.table_contents import assert_tables_unchanged
from tests.time_travel import travel_to

__all__ = ["cast"]

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
async def at_today(cast: Cast) -> None:
    assert cast.organisation
    await WorkRelationPeriod.all().update(valid_from=TODAY - 9 * DAY, counted_from=TODAY, valid_until=TODAY + 99 * DAY)
    await travel_to(TODAY)


@pytest.fixture
async def relation(cast: Cast) -> WorkRelation:
    """From 1 November 2026 until 28 February 2027."""
    return await cast.a_colleague(first_day=date(2026, 11, 1), last_day=date(2027, 2, 28))


async def refusals(cast: Cast, who: str, mutation: str, **mutation_input: Any) -> list[tuple[Any, ...]]:
    """Code, rule, path and message of each refusal of a mutation, which must change nothing."""
    async with assert_tables_unchanged():
        result = await mutate(cast.actors[who], mutation, **mutation_input)
    assert result.object is None
    assert result.codes == []
    return [(error["code"], error["refusal"], error["path"], error["message"]) for error in result.errors]


def work_relation_input(cast: Cast, user_id: str, **others: Any) -> dict[str, Any]:
    days = {"validFrom": "2026-11-23", "validUntil": "2026-12-31"}
    return {"organisationId": id_of(cast.organisation), "userId": user_id} | days | others


async def test_refusals_of_a_period(cast: Cast):
    user = id_of(await cast.a_stranger())
    assert await refusals(
        cast, "manager", "createWorkRelation", **work_relation_input(cast, user, validUntil="2030-11-23")
    ) == [
        (
            "INVALID",
            "WORK_RELATION_TOO_LONG",
            ["validUntil"],
            "A work relation lasts at most 4 years: until 22.11.2030.",
        )
    ]
    invalid = work_relation_input(
        cast, user, validFrom="2026-11-22", validUntil="2026-11-21", email="an@", phone="geen"
    )
    assert await refusals(cast, "manager", "createWorkRelation", **invalid) == [
        (
            "INVALID",
            "EMAIL_ADDRESS_INVALID",
            ["email"],
            "This is not an e-mail address such as name@organisation.example.",
        ),
        ("INVALID", "PHONE_INVALID", ["phone"], "This is not a telephone number such as +32 2 553 17 00."),
        (
            "INVALID",
            "FIRST_DAY_IN_THE_PAST",
            ["validFrom"],
            "The first day can't be in the past: 23.11.2026 at the earliest.",
        ),
        (
            "INVALID",
            "LAST_DAY_BEFORE_FIRST_DAY",
            ["validUntil"],
            "The last day can't come before the first day: 22.11.2026 at the earliest.",
        ),
    ]


async def test_refusals_of_a_person(cast: Cast, relation: WorkRelation):
    user = global_id("User", relation.user_id)
    assert await refusals(cast, "manager", "createWorkRelation", **work_relation_input(cast, user)) == [
        (
            "TAKEN",
            "WORK_RELATION_OVERLAP",
            ["validFrom"],
            "There is a work relation from 01.11.2026 until 28.02.2027 already; extend that one.",
        )
    ]
    own = id_of(cast.people["manager"])
    themselves = "You can't do this for yourself. Ask another access manager."
    assert await refusals(cast, "manager", "createWorkRelation", **work_relation_input(cast, own)) == [
        ("FORBIDDEN", "NOBODY_HELPS_THEMSELVES", ["userId"], themselves)
    ]
    applicant = await rows.a_user(given_name="Bram", family_name="Claes")
    await rows.a_self_registration(cast.organisation, applicant, status="REJECTED")
    assert await refusals(cast, "manager", "createWorkRelation", **work_relation_input(cast, id_of(applicant))) == [
        (
            "CONFLICT",
            "PERSON_NOT_ADDED",
            ["userId"],
            "Add Bram Claes by national register number first; after 24 hours that must be done again.",
        )
    ]
    not_found = ("NOT_FOUND", "NOT_FOUND", ["userId"], "There is nothing with this id that you may see.")
    for user_id in (id_of(cast.people["outsider"]), id_of(relation), global_id("User", 2**62), "geen id", ""):
        assert await refusals(cast, "manager", "createWorkRelation", **work_relation_input(cast, user_id)) == [
            not_found
        ]


async def test_refusals_of_another_last_day(cast: Cast, relation: WorkRelation):
    target: dict[str, Any] = {"id": id_of(relation), "version": 1}

    async def update_refusals(**change: Any) -> list[tuple[Any, ...]]:
        return await refusals(cast, "manager", "updateWorkRelation", **target, **change)

    assert await update_refusals(validUntil="2030-11-23") == [
        (
            "INVALID",
            "WORK_RELATION_TOO_LONG",
            ["validUntil"],
            "A work relation lasts at most 4 years: until 22.11.2030.",
        )
    ]
    assert await update_refusals(validUntil="2026-11-22") == [
        (
            "INVALID",
            "LAST_DAY_IN_THE_PAST",
            ["validUntil"],
            "The last day can't be in the past: 23.11.2026 at the earliest.",
        )
    ]
    assert await update_refusals(validUntil=None) == [
        ("REQUIRED", "REQUIRED", ["validUntil"], "This must be filled in.")
    ]
    assert await update_refusals(category=None) == [("REQUIRED", "REQUIRED", ["category"], "This must be filled in.")]
    assert await refusals(cast, "manager", "endWorkRelation", **target, on="2027-02-28", reason="Weg") == [
        (
            "INVALID",
            "LAST_DAY_NOT_EARLIER",
            ["on"],
            "The work relation ends on 28.02.2027. To end it earlier, give an earlier day; to extend it, change it.",
        )
    ]


async def test_refusals_of_a_right(cast: Cast, relation: WorkRelation):
    grant_input: dict[str, Any] = {"workRelationId": id_of(relation), "roles": ["USER"], "reason": "Werf"}
    assert await refusals(cast, "manager", "grantAccessRight", **grant_input | {"roles": [], "reason": " "}) == [
        ("REQUIRED", "REQUIRED", ["roles"], "This must be filled in."),
        ("REQUIRED", "REQUIRED", ["reason"], "This must be filled in."),
    ]
    assert await refusals(cast, "manager", "grantAccessRight", **grant_input | {"roles": ["USER", "USER"]}) == [
        ("INVALID", "GIVEN_TWICE", ["roles", "1"], "“User” is given more than once.")
    ]
    await travel_to("2027-03-01")
    assert await refusals(cast, "manager", "grantAccessRight", **grant_input) == [
        (
            "EXPIRED",
            "WORK_RELATION_EXPIRED",
            ["workRelationId"],
            "The work relation ended on 28.02.2027. Extend it first.",
        )
    ]
    await travel_to(TODAY)
    right = await rows.a_right(relation)
    assert await refusals(cast, "manager", "grantAccessRight", **grant_input) == [
        ("TAKEN", "RIGHT_GRANTED_ALREADY", ["workRelationId"], "Sofie De Smet has a right already. Change that one.")
    ]
    await right.update_from_dict({"revoked_at": await rows.now(), "revocation_reason": "Weg"}).save()
    day = (await rows.now()).astimezone(BRUSSELS).strftime("%d.%m.%Y")
    assert await refusals(cast, "manager", "revokeAccessRight", id=id_of(right), version=1, reason="Weg") == [
        ("CONFLICT", "RIGHT_REVOKED", ["id"], f"This right was revoked on {day}. Grant a new one.")
    ]


async def test_refusals_of_a_stale_version_with_the_current_state(cast: Cast, relation: WorkRelation):
    right = await rows.a_right(relation)
    for mutation, row, others in (
        ("updateWorkRelation", relation, {"phone": "03 123 45 67"}),
        ("endWorkRelation", relation, {"on": "2026-12-31", "reason": "Weg"}),
        ("changeAccessRight", right, {"roles": ["USER"], "reason": "Werf"}),
        ("revokeAccessRight", right, {"reason": "Weg"}),
    ):
        async with assert_tables_unchanged():
            result = await mutate(cast.actors["manager"], mutation, id=id_of(row), version=3, **others)
        assert result.errors == [
            {
                "__typename": "StaleVersionError",
                "code": "STALE",
                "refusal": "STALE_VERSION",
                "message": "Somebody changed this in the meantime: it is at version 1, you changed version 3.",
                "path": ["version"],
                "currentVersion": 1,
                "current": {"id": id_of(row)},
            }
        ]


async def test_refusals_of_a_mandate(cast: Cast, relation: WorkRelation):
    async def appointment_refusals(user_id: int, kind: str) -> list[tuple[Any, ...]]:
        appointment = {"organisationId": id_of(cast.organisation), "userId": global_id("User", user_id), "kind": kind}
        return await refusals(cast, "legal", "appointAccessManager", **appointment)

    assert await appointment_refusals(relation.user_id, MAIN.name) == [
        (
            "TAKEN",
            "MAIN_ACCESS_MANAGER_TAKEN",
            ["kind"],
            "An main-manager is the main access manager. Dismiss them first.",
        )
    ]
    assert await appointment_refusals(cast.people["manager"].id, LOCAL.name) == [
        ("TAKEN", "ALREADY_APPOINTED", ["userId"], "An manager has this mandate already.")
    ]
    assert await appointment_refusals((await cast.a_stranger()).id, LOCAL.name) == [
        (
            "CONFLICT",
            "WORK_RELATION_NOT_ACTIVE",
            ["userId"],
            "Bram Claes has no active work relation with this organisation.",
        )
    ]
    by_register = "Legal representatives follow the enterprise register; they are neither appointed nor dismissed here."
    assert await appointment_refusals(relation.user_id, "LEGAL_REPRESENTATIVE") == [
        ("INVALID", "LEGAL_REPRESENTATIVE_BY_REGISTER", ["kind"], by_register)
    ]
    legal = {"id": id_of(cast.mandates["legal"]), "reason": "Weg"}
    assert await refusals(cast, "legal", "dismissAccessManager", **legal) == [
        ("INVALID", "LEGAL_REPRESENTATIVE_BY_REGISTER", ["id"], by_register)
    ]


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
async def test_days_are_written_the_same_in_every_language(cast: Cast, language: str):
    mutation_input = work_relation_input(cast, id_of(await cast.a_stranger()), validUntil="2030-11-23")
    result = await mutate(cast.actors["manager"], "createWorkRelation", language, **mutation_input)
    assert "22.11.2030" in result.errors[0]["message"]
    assert (result.errors[0]["message"] == "A work relation lasts at most 4 years: until 22.11.2030.") == (
        language == "en"
    )
