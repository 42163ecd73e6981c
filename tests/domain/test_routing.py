"""Routing level by level (manual 4): the recipients, and the explanation that is stored."""

from datetime import timedelta

import pytest

from domain.models import (
    DocumentLevel,
    Language,
    NotificationStatus,
    Organisation,
    Role,
)
from tests import rows
from tests.domain.routing_cases import (
    DRAFT,
    READ,
    a_linked_group,
    a_member,
    a_received_document,
    addresses,
    routed,
    skipped,
)

pytestmark = pytest.mark.usefixtures("database")


class TestContract:
    async def test_the_address_of_the_contract_is_the_only_recipient(self) -> None:
        organisation = await rows.an_organisation(email="firma@werken.example")
        contract = await rows.a_contract(organisation, email="werf@werken.example")
        await a_linked_group(contract, email="groep@werken.example")
        decision = await routed(await a_received_document(contract))
        assert decision.level == "CONTRACT"
        assert addresses(decision) == ["werf@werken.example"]
        assert decision.explanation == {
            "skipped": [],
            "chosen": {"level": "CONTRACT", "addresses": 1, "ways": [{}]},
        }

    async def test_the_address_of_the_contract_is_skipped_when_the_contract_becomes_available(self) -> None:
        organisation = await rows.an_organisation(email="firma@werken.example")
        contract = await rows.a_contract(organisation, email="werf@werken.example")
        await a_linked_group(contract, email="groep@werken.example")
        decision = await routed(await rows.a_notification(contract))
        assert addresses(decision) == ["firma@werken.example"]
        assert skipped(decision) == {"CONTRACT": "NOTHING_LINKED_YET", "GROUP": "NOTHING_LINKED_YET"}

    async def test_an_available_contract_is_notified_to_administrators_and_never_to_users(self) -> None:
        contract = await rows.a_contract()
        organisation = await Organisation.get(id=contract.organisation_id)
        await a_member(await a_linked_group(contract), "gebruiker@werken.example")
        await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email="beheer@werken.example")
        decision = await routed(await rows.a_notification(contract))
        assert decision.level == "ADMINISTRATOR"
        assert addresses(decision) == ["beheer@werken.example"]
        assert skipped(decision)["USER"] == "NOTHING_LINKED_YET"

    async def test_a_notification_of_an_ended_contract_is_suppressed(self) -> None:
        contract = await rows.a_contract(email="werf@werken.example", ended_at=await rows.now())
        notification = await a_received_document(contract)
        decision = await routed(notification)
        assert decision.level is None
        assert decision.explanation == {"skipped": [], "chosen": None, "suppressed": "CONTRACT_ENDED"}
        await notification.refresh_from_db()
        assert notification.status == NotificationStatus.SUPPRESSED


class TestGroup:
    async def test_every_linked_group_with_the_right_rights_and_an_address_is_a_recipient(self) -> None:
        contract = await rows.a_contract(await rows.an_organisation(email="firma@werken.example"))
        first = await a_linked_group(contract, email="een@werken.example")
        second = await a_linked_group(contract, email="twee@werken.example")
        await a_linked_group(contract, email=None)
        await a_linked_group(contract, email="geen-rechten@werken.example", levels={"INVOICING": DocumentLevel.NONE})
        decision = await routed(await a_received_document(contract))
        assert decision.level == "GROUP"
        assert addresses(decision) == ["een@werken.example", "twee@werken.example"]
        assert decision.explanation["chosen"]["ways"] == [{"groups": [first.id]}, {"groups": [second.id]}]

    async def test_a_document_requires_rights_on_its_theme(self) -> None:
        contract = await rows.a_contract(await rows.an_organisation(email="firma@werken.example"))
        await a_linked_group(contract, email="facturatie@werken.example")
        decision = await routed(await a_received_document(contract, "EXECUTION"))
        assert addresses(decision) == ["firma@werken.example"]
        assert skipped(decision) == {"CONTRACT": "NO_ADDRESS", "GROUP": "NO_GROUP_WITH_RIGHTS"}

    async def test_a_message_about_the_contract_requires_rights_on_any_theme(self) -> None:
        contract = await rows.a_contract()
        await a_linked_group(contract, email="uitvoering@werken.example", levels={"EXECUTION": DocumentLevel.READ})
        decision = await routed(await rows.a_notification(contract, await rows.a_message(contract)))
        assert addresses(decision) == ["uitvoering@werken.example"]

    async def test_a_message_about_a_document_requires_rights_on_its_theme(self) -> None:
        contract = await rows.a_contract(await rows.an_organisation(email="firma@werken.example"))
        await a_linked_group(contract, email="uitvoering@werken.example", levels={"EXECUTION": DocumentLevel.SEND})
        message = await rows.a_message(contract, await rows.a_document(contract))
        assert addresses(await routed(await rows.a_notification(contract, message))) == ["firma@werken.example"]

    async def test_a_released_action_requires_draft(self) -> None:
        contract = await rows.a_contract()
        document = await rows.a_document(contract)
        await a_linked_group(contract, email="lezers@werken.example", levels=READ)
        await a_linked_group(contract, email="opstellers@werken.example", levels=DRAFT)
        for action in (await rows.an_action(contract, document), await rows.an_action(contract)):
            decision = await routed(await rows.a_notification(contract, action))
            assert addresses(decision) == ["opstellers@werken.example"]

    async def test_inactive_groups_and_ended_links_do_not_count(self) -> None:
        contract = await rows.a_contract()
        organisation = await Organisation.get(id=contract.organisation_id)
        await a_linked_group(contract, email="weg@werken.example", active=False)
        group = await rows.a_group(organisation, email="los@werken.example", levels=READ)
        await rows.a_link(contract, group, linked_at=group.created_at, ended_at=await rows.now())
        decision = await routed(await a_received_document(contract))
        assert decision.level is None
        assert skipped(decision)["GROUP"] == "NO_GROUP_LINKED"


class TestOrganisation:
    async def test_the_address_of_the_organisation_is_used_when_contract_and_groups_have_none(self) -> None:
        contract = await rows.a_contract(await rows.an_organisation(email="firma@werken.example"))
        group = await a_linked_group(contract)
        await a_member(group, "lid@werken.example")
        decision = await routed(await a_received_document(contract))
        assert decision.level == "ORGANISATION"
        assert addresses(decision) == ["firma@werken.example"]
        assert decision.explanation["skipped"] == [
            {"level": "CONTRACT", "reason": "NO_ADDRESS"},
            {"level": "GROUP", "reason": "NO_ADDRESS", "count": 1},
        ]


class TestUser:
    async def test_fixed_and_contract_specific_members_are_recipients(self) -> None:
        contract = await rows.a_contract()
        organisation = await Organisation.get(id=contract.organisation_id)
        group = await rows.a_group(organisation, levels=READ)
        link = await rows.a_link(contract, group)
        other_link = await rows.a_link(await rows.a_contract(organisation), group)
        fixed = await a_member(group, "vast@werken.example", language="FR")
        specific = await rows.a_person_with_right(organisation, email="specifiek@werken.example")
        await rows.a_membership(group, specific, link)
        specific_elsewhere = await rows.a_person_with_right(organisation, email="elders@werken.example")
        await rows.a_membership(group, specific_elsewhere, other_link)
        decision = await routed(await a_received_document(contract))
        assert decision.level == "USER"
        assert [(recipient.address, recipient.user_id, recipient.language) for recipient in decision.recipients] == [
            ("vast@werken.example", fixed.user_id, Language.FR),
            ("specifiek@werken.example", specific.user_id, Language.NL),
        ]
        assert decision.explanation["chosen"]["ways"][0] == {"groups": [group.id], "users": [fixed.user_id]}

    async def test_only_members_with_an_active_right_with_the_role_user_are_recipients(self) -> None:
        contract = await rows.a_contract()
        organisation = await Organisation.get(id=contract.organisation_id)
        group = await a_linked_group(contract)
        await a_member(group, "telt@werken.example")
        administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email="beheer@werken.example")
        expired = await rows.a_work_relation(
            organisation=organisation, last_day=await rows.today() - timedelta(days=1), email="verlopen@werken.example"
        )
        await rows.a_right(expired)
        without_right = await rows.a_work_relation(organisation=organisation, email="zonder@werken.example")
        for work_relation in (administrator, expired, without_right):
            await rows.a_membership(group, work_relation)
        assert addresses(await routed(await a_received_document(contract))) == ["telt@werken.example"]

    async def test_the_user_who_released_the_action_is_not_a_recipient(self) -> None:
        contract = await rows.a_contract()
        group = await a_linked_group(contract, levels=DRAFT)
        releaser = await a_member(group, "vrijgever@werken.example")
        action = await rows.an_action(contract)
        decision = await routed(await rows.a_notification(contract, action, released_by_id=releaser.user_id))
        assert skipped(decision)["USER"] == "ONLY_THE_RELEASER"
        await a_member(group, "collega@werken.example")
        decision = await routed(await rows.a_notification(contract, action, released_by_id=releaser.user_id))
        assert addresses(decision) == ["collega@werken.example"]

    async def test_the_level_user_is_skipped_when_no_member_has_an_address(self) -> None:
        contract = await rows.a_contract()
        await a_member(await a_linked_group(contract), None)
        decision = await routed(await a_received_document(contract))
        assert decision.explanation["skipped"][3:] == [
            {"level": "USER", "reason": "NO_ADDRESS", "count": 1},
            {"level": "ADMINISTRATOR", "reason": "NO_ADMINISTRATOR"},
        ]
        assert decision.explanation["suppressed"] == "NO_ADDRESS"


class TestAdministrator:
    async def test_administrators_by_right_and_by_mandate_are_recipients(self) -> None:
        contract = await rows.a_contract()
        organisation = await Organisation.get(id=contract.organisation_id)
        await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email="beheer@werken.example")
        await rows.a_mandate(organisation=organisation, email="zaakvoerder@werken.example")
        decision = await routed(await a_received_document(contract))
        assert decision.level == "ADMINISTRATOR"
        assert addresses(decision) == ["beheer@werken.example", "zaakvoerder@werken.example"]
        assert [way["by"] for way in decision.explanation["chosen"]["ways"]] == [["RIGHT"], ["MANDATE"]]
