"""What the administrators are warned of."""

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


async def healthy() -> tuple[Organisation, User]:
    """An organisation that nothing is wrong with, and its legal representative."""
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
    document_id = global_id("Organisation", organisation.id)
    node = (await read(person(legal), HEALTH, language=language, id=document_id))["node"]
    found: list[dict[str, Any]] = node["health"]
    return found


def warning(code: str, message: str, kind: str, key: int) -> dict[str, Any]:
    return {"code": code, "message": message, "subject": {"__typename": kind, "id": global_id(kind, key)}}


async def test_an_organisation_in_order_has_no_warnings():
    organisation, legal = await healthy()
    await a_contract_with_sender(organisation)
    assert await health(organisation, legal) == []


async def test_a_contract_on_which_nobody_may_send():
    organisation, legal = await healthy()
    contract, relation = await a_contract_with_sender(organisation)
    await rows.a_contract(organisation, ended_at=await rows.now())
    await AccessRightRole.filter(access_right__work_relation_id=relation.id).update(valid_to=await rows.now())

    message = f"Nobody can send documents on contract {contract.number}."
    assert await health(organisation, legal) == [warning("CONTRACT_WITHOUT_SENDER", message, "Contract", contract.id)]
    [told] = await health(organisation, legal, "nl")
    assert told["message"] == f"Niemand kan dossierstukken verzenden binnen opdracht {contract.number}."


async def test_vacant_roles_and_mandates():
    organisation = await rows.an_organisation(email="info@aannemer.example")
    legal = await rows.a_user()
    mandate = await rows.a_mandate(user=legal, organisation=organisation)
    codes = [each["code"] for each in await health(organisation, legal)]
    assert codes == ["NO_ADMINISTRATOR", "NO_MAIN_ACCESS_MANAGER"]

    admin = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    await mandate.update_from_dict({"ended_at": await rows.now(), "end_reason": "Weg"}).save()
    found = await health(organisation, await admin.user)
    assert [each["code"] for each in found] == ["NO_MAIN_ACCESS_MANAGER", "NO_LEGAL_REPRESENTATIVE"]


async def test_a_right_that_expires_with_nobody_else_covering():
    organisation, legal = await healthy()
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
    couple = [await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, last_day=last_day) for _ in range(2)]
    asker = await couple[0].user

    async def uncovered() -> int:
        return [each["code"] for each in await health(organisation, asker)].count("RIGHT_EXPIRES_UNCOVERED")

    assert await uncovered() == len(couple)
    await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, last_day=last_day + timedelta(days=1))
    assert await uncovered() == 0


async def test_what_was_not_mailed_and_what_could_not_be_delivered():
    organisation, legal = await healthy()
    contract, _ = await a_contract_with_sender(organisation)
    silent = await rows.a_notification(contract, status=NotificationStatus.SUPPRESSED)
    ended = await rows.a_notification(contract, await rows.a_message(contract), status=NotificationStatus.SUPPRESSED)
    await rows.a_routing(ended, level=None, explanation={"skipped": [], "suppressed": "CONTRACT_ENDED"})
    routed = await rows.a_notification(contract, await rows.a_document(contract), status=NotificationStatus.ROUTED)
    failed = await rows.a_delivery(await rows.a_routing(routed), status=DeliveryStatus.FAILED)
    day = f"{await rows.today():%d.%m.%Y}"

    suppressed = f"Nobody was mailed about contract {contract.number} on {day}, because nobody has an address."
    undelivered = f"A mail about contract {contract.number} of {day} could not be delivered."
    assert await health(organisation, legal) == [
        warning("NOTIFICATION_SUPPRESSED", suppressed, "Notification", silent.id),
        warning("DELIVERY_FAILED", undelivered, "Delivery", failed.id),
    ]


async def test_a_mail_to_the_contracts_own_address_that_failed_is_told_since_it_goes_nowhere_else():
    organisation, legal = await healthy()
    contract, _ = await a_contract_with_sender(organisation)
    routed = await rows.a_notification(contract, await rows.a_document(contract), status=NotificationStatus.ROUTED)
    bounced = await rows.a_delivery(await rows.a_routing(routed, level="CONTRACT"), status=DeliveryStatus.BOUNCED)

    await route_undelivered("mail.example")

    undelivered = f"A mail about contract {contract.number} of {await rows.today():%d.%m.%Y} could not be delivered."
    assert await health(organisation, legal) == [warning("DELIVERY_FAILED", undelivered, "Delivery", bounced.id)]
    assert await Routing.filter(notification_id=routed.id).count() == 1


async def where_only_a_sender_has_an_address() -> tuple[Organisation, User, Contract, WorkRelation]:
    """A healthy organisation, its legal representative, a contract, and who may send for it."""
    organisation, legal = await healthy()
    contract, relation = await a_contract_with_sender(organisation)
    await Organisation.filter(id=organisation.id).update(email=None)
    await AccessMandate.filter(user_id=legal.id).update(email=None)
    await WorkRelation.filter(organisation_id=organisation.id).exclude(id=relation.id).update(email=None)
    return organisation, legal, contract, relation


async def test_a_route_that_leads_to_no_address():
    organisation, legal, contract, relation = await where_only_a_sender_has_an_address()

    [found] = await health(organisation, legal)
    assert (found["code"], found["subject"]["__typename"]) == ("ROUTE_WITHOUT_ADDRESS", "Organisation")

    await WorkRelation.filter(id=relation.id).update(email=None)
    subjects = [each["subject"]["id"] for each in await health(organisation, legal)]
    assert subjects == [global_id("Organisation", organisation.id), global_id("Contract", contract.id)]


async def test_a_theme_that_reaches_nobody_is_told_though_others_reach_somebody():
    organisation, legal, contract, _ = await where_only_a_sender_has_an_address()
    await Theme.filter(code="PLANNING").update(visible=True)

    [_, found] = await health(organisation, legal)

    message = f"Nobody would be mailed about some or all of the documents and messages of contract {contract.number}."
    assert found == warning("ROUTE_WITHOUT_ADDRESS", message, "Contract", contract.id)
    await Contract.filter(id=contract.id).update(email="werf@aannemer.example")
    assert len(await health(organisation, legal)) == 1


@pytest.mark.parametrize("who", [who for who in EVERYONE if who != "nobody"])
async def test_health_is_for_administrators(who: str):
    cast = await a_cast()
    asked = {"id": global_id("Organisation", cast.organisation.id)}
    node = (await read(cast.actors[who], HEALTH, **asked))["node"]
    assert bool(node and node["health"]) == (who in {"admin", "legal"})


async def test_the_number_of_statements_does_not_depend_on_rows():
    organisation, legal = await healthy()
    taken = []
    for _ in range(2):
        for _ in range(4):
            await rows.a_contract(organisation)
        with captured_statements() as texts:
            await health(organisation, legal)
        taken.append(len(texts))
    assert taken[0] == taken[1]
