"""The warnings in an organisation's health."""

from datetime import timedelta
from typing import Any

import pytest

from domain.models import (
    AccessMandate,
    AccessMandateKind,
    AccessRightRole,
    Contract,
    DeliveryStatus,
    DocumentLevel,
    NotificationStatus,
    Organisation,
    Role,
    Routing,
    Theme,
    User,
    WorkRelation,
)
from domain.rules.second_routing import route_undelivered
from gql.reading.ids import global_id
from tests import rows
from tests.access_cast import EVERYONE, a_cast
from tests.gql.execution import captured_statements, person, read

pytestmark = pytest.mark.usefixtures("database")
HEALTH = """query($id: ID!) { node(id: $id) { ... on Organisation {
  health { code message subject { __typename id } } } } }"""


async def a_healthy_organisation() -> tuple[Organisation, User]:
    """An organisation without warnings, and its legal representative."""
    organisation = await rows.an_organisation(email="info@aannemer.example")
    legal = await rows.a_user()
    await rows.a_mandate(user=legal, organisation=organisation, email="zaakvoerder@aannemer.example")
    manager = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    await rows.a_mandate(AccessMandateKind.MAIN_ACCESS_MANAGER, await manager.user, organisation)
    return organisation, legal


async def a_contract_with_sender(organisation: Organisation) -> tuple[Contract, WorkRelation]:
    contract = await rows.a_contract(organisation)
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.SEND})
    await rows.a_link(contract, group)
    relation = await rows.a_person_with_right(organisation)
    await rows.a_membership(group, relation)
    return contract, relation


async def health(organisation: Organisation, legal: User, language: str = "en") -> list[dict[str, Any]]:
    node_id = global_id("Organisation", organisation.id)
    node = (await read(person(legal), HEALTH, language=language, id=node_id))["node"]
    warnings: list[dict[str, Any]] = node["health"]
    return warnings


def warning(code: str, message: str, kind: str, key: int) -> dict[str, Any]:
    return {"code": code, "message": message, "subject": {"__typename": kind, "id": global_id(kind, key)}}


async def test_an_organisation_in_order_has_no_warnings():
    organisation, legal = await a_healthy_organisation()
    await a_contract_with_sender(organisation)
    assert await health(organisation, legal) == []


async def test_a_contract_without_sender_is_a_warning():
    organisation, legal = await a_healthy_organisation()
    contract, relation = await a_contract_with_sender(organisation)
    await rows.a_contract(organisation, ended_at=await rows.now())
    await AccessRightRole.filter(access_right__work_relation_id=relation.id).update(valid_to=await rows.now())

    message = f"Nobody can send documents on contract {contract.number}."
    assert await health(organisation, legal) == [warning("CONTRACT_WITHOUT_SENDER", message, "Contract", contract.id)]
    [in_dutch] = await health(organisation, legal, "nl")
    assert in_dutch["message"] == f"Niemand kan dossierstukken verzenden binnen opdracht {contract.number}."


async def test_vacant_roles_and_mandates_are_warnings():
    organisation = await rows.an_organisation(email="info@aannemer.example")
    legal = await rows.a_user()
    mandate = await rows.a_mandate(user=legal, organisation=organisation)
    codes = [warning["code"] for warning in await health(organisation, legal)]
    assert codes == ["NO_ADMINISTRATOR", "NO_MAIN_ACCESS_MANAGER"]

    admin = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    await mandate.update_from_dict({"ended_at": await rows.now(), "end_reason": "Weg"}).save()
    warnings = await health(organisation, await admin.user)
    assert [warning["code"] for warning in warnings] == ["NO_MAIN_ACCESS_MANAGER", "NO_LEGAL_REPRESENTATIVE"]


async def test_a_right_that_expires_and_that_nobody_else_covers_is_a_warning():
    organisation, legal = await a_healthy_organisation()
    last_day = await rows.today() + timedelta(days=30)
    user = await rows.a_user(given_name="Els", family_name="Maes")
    relation = await rows.a_work_relation(user, organisation, last_day=last_day)
    right = await rows.a_right(relation)
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.SEND})
    contract = await rows.a_contract(organisation)
    await rows.a_link(contract, group)
    await rows.a_membership(group, relation)

    message = f"The right of Els Maes ends on {last_day:%d.%m.%Y}, and nobody else covers all that it is used for."
    assert await health(organisation, legal) == [warning("RIGHT_EXPIRES_UNCOVERED", message, "AccessRight", right.id)]

    await rows.a_membership(group)
    assert await health(organisation, legal) == []


async def test_administrators_whose_rights_end_on_one_day_do_not_cover_each_other():
    organisation = await rows.an_organisation(email="info@aannemer.example")
    last_day = await rows.today() + timedelta(days=30)
    administrators = [
        await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, last_day=last_day) for _ in range(2)
    ]
    viewer = await administrators[0].user

    async def uncovered() -> int:
        return [warning["code"] for warning in await health(organisation, viewer)].count("RIGHT_EXPIRES_UNCOVERED")

    assert await uncovered() == len(administrators)
    await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, last_day=last_day + timedelta(days=1))
    assert await uncovered() == 0


async def test_a_suppressed_notification_and_a_failed_delivery_are_warnings():
    organisation, legal = await a_healthy_organisation()
    contract, _ = await a_contract_with_sender(organisation)
    suppressed_notification = await rows.a_notification(contract, status=NotificationStatus.SUPPRESSED)
    of_ended_contract = await rows.a_notification(
        contract, await rows.a_message(contract), status=NotificationStatus.SUPPRESSED
    )
    await rows.a_routing(of_ended_contract, level=None, explanation={"skipped": [], "suppressed": "CONTRACT_ENDED"})
    routed = await rows.a_notification(contract, await rows.a_document(contract), status=NotificationStatus.ROUTED)
    failed = await rows.a_delivery(await rows.a_routing(routed), status=DeliveryStatus.FAILED)
    day = f"{await rows.today():%d.%m.%Y}"

    suppressed = f"Nobody was mailed about contract {contract.number} on {day}, because nobody has an address."
    undelivered = f"A mail about contract {contract.number} of {day} could not be delivered."
    assert await health(organisation, legal) == [
        warning("NOTIFICATION_SUPPRESSED", suppressed, "Notification", suppressed_notification.id),
        warning("DELIVERY_FAILED", undelivered, "Delivery", failed.id),
    ]


async def test_a_failed_mail_to_the_contracts_own_address_is_a_warning_and_not_routed_again():
    organisation, legal = await a_healthy_organisation()
    contract, _ = await a_contract_with_sender(organisation)
    notification = await rows.a_notification(
        contract, await rows.a_document(contract), status=NotificationStatus.ROUTED
    )
    bounced = await rows.a_delivery(await rows.a_routing(notification, level="CONTRACT"), status=DeliveryStatus.BOUNCED)

    await route_undelivered("mail.example")

    undelivered = f"A mail about contract {contract.number} of {await rows.today():%d.%m.%Y} could not be delivered."
    assert await health(organisation, legal) == [warning("DELIVERY_FAILED", undelivered, "Delivery", bounced.id)]
    assert await Routing.filter(notification_id=notification.id).count() == 1


async def an_organisation_where_only_a_sender_has_an_address() -> tuple[Organisation, User, Contract, WorkRelation]:
    """A healthy organisation, its legal representative, a contract, and who may send for it."""
    organisation, legal = await a_healthy_organisation()
    contract, relation = await a_contract_with_sender(organisation)
    await Organisation.filter(id=organisation.id).update(email=None)
    await AccessMandate.filter(user_id=legal.id).update(email=None)
    await WorkRelation.filter(organisation_id=organisation.id).exclude(id=relation.id).update(email=None)
    return organisation, legal, contract, relation


async def test_an_event_that_would_reach_no_address_is_a_warning():
    organisation, legal, contract, relation = await an_organisation_where_only_a_sender_has_an_address()

    [organisation_warning] = await health(organisation, legal)
    assert (organisation_warning["code"], organisation_warning["subject"]["__typename"]) == (
        "ROUTE_WITHOUT_ADDRESS",
        "Organisation",
    )

    await WorkRelation.filter(id=relation.id).update(email=None)
    subjects = [warning["subject"]["id"] for warning in await health(organisation, legal)]
    assert subjects == [global_id("Organisation", organisation.id), global_id("Contract", contract.id)]


async def test_a_theme_that_would_reach_no_address_is_a_warning_even_if_others_would():
    organisation, legal, contract, _ = await an_organisation_where_only_a_sender_has_an_address()
    await Theme.filter(code="PLANNING").update(visible=True)

    [_, contract_warning] = await health(organisation, legal)

    message = f"Nobody would be mailed about some or all of the documents and messages of contract {contract.number}."
    assert contract_warning == warning("ROUTE_WITHOUT_ADDRESS", message, "Contract", contract.id)
    await Contract.filter(id=contract.id).update(email="werf@aannemer.example")
    assert len(await health(organisation, legal)) == 1


@pytest.mark.parametrize("who", [who for who in EVERYONE if who != "nobody"])
async def test_only_administrators_read_the_health(who: str):
    cast = await a_cast()
    node = (await read(cast.actors[who], HEALTH, id=global_id("Organisation", cast.organisation.id)))["node"]
    assert bool(node and node["health"]) == (who in {"admin", "legal"})


async def test_the_number_of_statements_does_not_depend_on_rows():
    organisation, legal = await a_healthy_organisation()
    statement_counts = []
    for _ in range(2):
        for _ in range(4):
            await rows.a_contract(organisation)
        with captured_statements() as statements:
            await health(organisation, legal)
        statement_counts.append(len(statements))
    assert statement_counts[0] == statement_counts[1]
