"""Constraints on notifications, routings, letters and deliveries."""

from datetime import date

import pytest

from tests import rows
from tests.domain.constraints import check_refusals, refused_by

# As the owner of the tables: the constraints apply to everyone.
pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.owner]


async def test_notifications(subtests: pytest.Subtests):
    contract = await rows.a_contract()
    notification = await rows.a_notification(contract)
    document, message = await rows.a_document(contract), await rows.a_message(contract)
    action = await rows.an_action(contract)
    await check_refusals(
        subtests,
        notification,
        [
            ("notification_trigger_known", "trigger = 'BIRTHDAY'", "status = 'ROUTED'"),
            ("notification_status_known", "status = 'LOST'", "status = 'SUPPRESSED'"),
            (
                "notification_about",
                f"trigger = 'DOCUMENT_RECEIVED', message_id = {message.id}",
                f"trigger = 'DOCUMENT_RECEIVED', document_id = {document.id}",
            ),
            (
                "notification_about",
                f"trigger = 'MESSAGE_RECEIVED', document_id = {document.id}",
                f"trigger = 'MESSAGE_RECEIVED', message_id = {message.id}",
            ),
            (
                "notification_about",
                "trigger = 'ACTION_RELEASED'",
                f"trigger = 'ACTION_RELEASED', action_id = {action.id}",
            ),
        ],
    )


async def test_an_event_has_one_notification_but_each_release_has_its_own():
    contract = await rows.a_contract()
    document, message = await rows.a_document(contract), await rows.a_message(contract)
    action = await rows.an_action(contract)
    for subject, constraint in (
        (None, "notification_contract"),
        (document, "notification_document"),
        (message, "notification_message"),
    ):
        await rows.a_notification(contract, subject)
        async with refused_by(constraint):
            await rows.a_notification(contract, subject)
    await rows.a_notification(contract, action)
    await rows.a_notification(contract, action)
    await rows.a_notification()


async def test_a_notification_is_about_its_own_contract_and_organisation():
    contract, other_contract = await rows.a_contract(), await rows.a_contract()
    for subject, constraint in (
        (await rows.a_document(contract), "notification_document_together"),
        (await rows.a_message(contract), "notification_message_together"),
        (await rows.an_action(contract), "notification_action_together"),
    ):
        async with refused_by(constraint):
            await rows.a_notification(other_contract, subject)
        await rows.a_notification(contract, subject)
    async with refused_by("notification_contract_together"):
        await rows.a_notification(contract, organisation_id=other_contract.organisation_id)


async def test_a_notification_has_at_most_two_routings(subtests: pytest.Subtests):
    first = await rows.a_routing()
    notification = await first.notification
    await check_refusals(
        subtests,
        first,
        [
            ("routing_level_known", "level = 'NEIGHBOUR'", "level = null"),
            ("routing_position", "position = 2", "position = 1"),
            ("routing_position", f"follows_id = {first.id}", "follows_id = null"),
            ("routing_position", f"position = 3, follows_id = {first.id}", "level = 'USER'"),
        ],
    )
    async with refused_by("routing_position_once"):
        await rows.a_routing(notification)
    await rows.a_routing(notification, position=2, follows=first)
    async with refused_by("routing_position_once"):
        await rows.a_routing(notification, position=2, follows=first)


async def test_a_second_routing_follows_the_first_of_its_notification():
    first, other = await rows.a_routing(), await rows.a_routing()
    async with refused_by("routing_follows_together"):
        await rows.a_routing(await first.notification, position=2, follows=other)


async def test_deliveries(subtests: pytest.Subtests):
    await check_refusals(
        subtests,
        await rows.a_delivery(attempts=3),
        [
            ("delivery_status_known", "status = 'LOST'", "status = 'UNCERTAIN'"),
            ("delivery_language_known", "language = 'XX'", "language = 'DE'"),
            ("delivery_sent_when", "status = 'SENT'", "status = 'SENT', sent_at = now()"),
            ("delivery_failures_counted", "failures = 2, losses = 2", "failures = 2, losses = 1"),
            ("delivery_failures_counted", "failures = -1", "failures = 0"),
            ("delivery_failures_counted", "losses = -1", "losses = 0"),
        ],
    )


async def test_a_routing_has_one_delivery_per_address():
    routing = await rows.a_routing()
    await rows.a_delivery(routing, "jan@aannemer.example")
    async with refused_by("delivery_address_once"):
        await rows.a_delivery(routing, "jan@aannemer.example")
    await rows.a_delivery(routing, "an@aannemer.example")
    await rows.a_delivery(None, "jan@aannemer.example")


async def test_the_message_id_of_a_delivery_is_unique():
    await rows.a_delivery(message_id="<1@e-contracting.example>")
    async with refused_by("delivery_message_id_key"):
        await rows.a_delivery(message_id="<1@e-contracting.example>")


async def test_a_delivery_belongs_to_a_routing_or_to_a_letter(subtests: pytest.Subtests):
    of_routing, of_letter = await rows.a_delivery(), await rows.a_delivery(letter=await rows.a_letter())
    await check_refusals(subtests, of_routing, [("delivery_belongs", "routing_id = null", "last_error = 'x'")])
    for violating in (f"routing_id = {of_routing.routing_id}", "letter_id = null"):
        await check_refusals(subtests, of_letter, [("delivery_belongs", violating, "last_error = 'x'")])


async def test_a_letter_has_one_delivery_per_address():
    letter = await rows.a_letter()
    await rows.a_delivery(None, "jan@aannemer.example", letter=letter)
    async with refused_by("delivery_letter_address_once"):
        await rows.a_delivery(None, "jan@aannemer.example", letter=letter)
    await rows.a_delivery(None, "jan@aannemer.example", letter=await rows.a_letter())


async def test_a_letter_is_about_what_its_kind_requires(subtests: pytest.Subtests):
    relation = await rows.a_work_relation()
    right = await rows.a_right(relation)
    task = await rows.a_self_registration(await relation.organisation)
    task_alone = f"work_relation_id = null, self_registration_id = {task.id}"
    warned = f"kind = 'RIGHT_EXPIRES', access_right_id = {right.id}, last_day = '2027-12-31'"
    approved = f"kind = 'REGISTRATION_APPROVED', self_registration_id = {task.id}"
    await check_refusals(
        subtests,
        await rows.a_letter(relation),
        [
            ("letter_kind_known", "kind = 'BIRTHDAY'", "withdrawn_at = now()"),
            ("letter_about", "work_relation_id = null", f"kind = 'TASK_OPENED', {task_alone}"),
            ("letter_about", "kind = 'TASK_OPENED'", f"kind = 'REGISTRATION_REJECTED', {task_alone}"),
            ("letter_about", "kind = 'EXPIRY_DIGEST'", "kind = 'EXPIRY_DIGEST', day = '2027-12-01'"),
            ("letter_about", warned, f"{warned}, days_before = 7"),
            ("letter_about", approved, f"{approved}, access_right_id = {right.id}"),
        ],
    )


async def test_each_letter_is_written_once():
    relation = await rows.a_work_relation()
    organisation = await relation.organisation
    right = await rows.a_right(relation)
    warning = {"kind": "RIGHT_EXPIRES", "access_right": right, "last_day": date(2027, 12, 31), "days_before": 7}
    digest = {"kind": "EXPIRY_DIGEST", "day": date(2027, 12, 24), "work_relation_id": None}
    opened = {"kind": "TASK_OPENED", "self_registration": await rows.a_self_registration(organisation)}
    for constraint, columns, other_columns in (
        ("letter_right_expires", warning, {"days_before": 1}),
        ("letter_expiry_digest", digest, {"day": date(2027, 12, 25)}),
        ("letter_self_registration", opened, {"kind": "REGISTRATION_REJECTED"}),
    ):
        await rows.a_letter(relation, **columns)
        async with refused_by(constraint):
            await rows.a_letter(relation, **columns)
        await rows.a_letter(relation, **columns | other_columns)
    await rows.a_letter(relation)
    await rows.a_letter(relation)


async def test_a_letter_is_about_rows_of_its_organisation():
    relation, other_relation = await rows.a_work_relation(), await rows.a_work_relation()
    task = await rows.a_self_registration(await other_relation.organisation)
    right = await rows.a_right(other_relation)
    async with refused_by("letter_work_relation_together"):
        await rows.a_letter(relation, organisation_id=other_relation.organisation_id)
    async with refused_by("letter_self_registration_together"):
        await rows.a_letter(relation, self_registration=task)
    async with refused_by("letter_access_right_together"):
        await rows.a_letter(relation, access_right=right)
    async with refused_by("delivery_letter_together"):
        await rows.a_delivery(letter=await rows.a_letter(relation), organisation_id=other_relation.organisation_id)
