"""The demo has a past, and contracts whose mails go to each level."""

import pytest
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from domain.database.connection import database as connection
from domain.health import RECENT
from domain.models import (
    AccessMandate,
    AccessRight,
    AccessRightRole,
    Action,
    ActionStatus,
    Contract,
    Delivery,
    DeliveryStatus,
    Document,
    DocumentStatus,
    Group,
    GroupLink,
    GroupThemeLevel,
    Membership,
    MembershipKind,
    Message,
    Notification,
    NotificationLevel,
    NotificationStatus,
    NotificationTrigger,
    Organisation,
    Routing,
    SelfRegistration,
    TaskStatus,
    Theme,
    WorkRelation,
    WorkRelationPeriod,
)
from domain.rules.routing import decide_routing
from domain.rules.routing_candidates import Event, load_candidates
from tests.local.demo_data.persona import persona_organisation
from tests.rows import now, today

pytestmark = pytest.mark.usefixtures("demo")


async def test_work_relations_are_expired_upcoming_reopened_and_extended():
    day = await today()
    periods_by_work_relation: dict[int, list[WorkRelationPeriod]] = {}
    for period in await WorkRelationPeriod.all():
        periods_by_work_relation.setdefault(period.work_relation_id, []).append(period)
    expired = [
        key for key, periods in periods_by_work_relation.items() if all(period.valid_until < day for period in periods)
    ]
    upcoming = [
        key for key, periods in periods_by_work_relation.items() if all(period.valid_from > day for period in periods)
    ]
    reopened = [key for key, periods in periods_by_work_relation.items() if len(periods) > 1]
    extended = await WorkRelationPeriod.filter(counted_from__gt=F("valid_from"))
    assert (len(expired), len(upcoming), len(reopened), len(extended)) == (1, 1, 1, 1)
    assert await Membership.filter(work_relation_id__in=expired, ended_at=None).exists()


async def test_rights_were_revoked_granted_again_and_changed():
    revoked = await AccessRight.exclude(revoked_at=None)
    granted_again = await AccessRight.filter(
        revoked_at=None, work_relation_id__in=[right.work_relation_id for right in revoked]
    )
    assert (len(revoked), len(granted_again)) == (2, 1)
    active_right_ids = [right.id for right in await AccessRight.filter(revoked_at=None)]
    assert await AccessRightRole.filter(access_right_id__in=active_right_ids).exclude(valid_to=None).count() == 1
    assert await AccessMandate.exclude(ended_at=None).count() == 1


async def test_some_groups_links_levels_and_memberships_have_ended():
    deleted_group = await Group.get(active=False)
    assert await GroupLink.filter(group=deleted_group, ended_at=None).count() == 0
    assert await GroupLink.filter(group=deleted_group).count() == 2
    assert await GroupLink.filter(group__active=True).exclude(ended_at=None).count() == 1
    assert await GroupThemeLevel.exclude(valid_to=None).count() == 1
    ended_memberships = await Membership.exclude(ended_at=None)
    assert {membership.kind for membership in ended_memberships} == set(MembershipKind)
    assert await Contract.exclude(ended_at=None).count() == 4


async def test_one_self_registration_is_open_and_two_are_decided():
    statuses = [task.status for task in await SelfRegistration.all().order_by("created_at")]
    assert statuses == [TaskStatus.APPROVED, TaskStatus.REJECTED, TaskStatus.OPEN]


async def test_the_approval_created_the_work_relation_and_the_right():
    task = await SelfRegistration.get(status=TaskStatus.APPROVED)
    right = await AccessRight.get(work_relation__user_id=task.applicant_id).select_related("work_relation")
    assert (right.granted_at, right.granted_by_id, right.reason) == (
        task.decided_at,
        task.decided_by_id,
        task.decision_reason,
    )
    assert right.work_relation.created_at == task.decided_at
    assert [role.valid_from for role in await AccessRightRole.filter(access_right=right)] == [task.decided_at]


async def test_no_work_relation_begins_before_it_was_created():
    [row] = await connection().execute_query_dict("""
      select count(*) as all, count(*) filter (
        where p.valid_from < (w.created_at at time zone 'Europe/Brussels')::date) as wrong
      from work_relation w join work_relation_period p on p.work_relation_id = w.id""")
    assert (row["all"] > 0, row["wrong"]) == (True, 0)


async def test_positions_of_sent_documents_follow_the_time_of_sending():
    sent = await Document.filter(status=DocumentStatus.SENT).order_by("sent_position")
    assert len(sent) > 1
    assert sent == sorted(sent, key=lambda document: str(document.sent_at))
    assert {document.version for document in sent} == {2}  # sending is a change


async def test_the_mail_that_failed_is_recent_enough_to_be_warned_about():
    [row] = await connection().execute_query_dict(f"""
      select count(*) as warned from delivery d join routing q on q.id = d.routing_id
      join notification n on n.id = q.notification_id
      where d.status = 'FAILED' and n.occurred_at > now() - {RECENT}""")
    assert row["warned"] == 1


async def test_some_addresses_and_references_are_filled_in_and_some_are_empty():
    organisation = await persona_organisation()
    assert organisation.email
    for table in (Group, Contract):
        own_rows = table.filter(organisation=organisation)
        assert await own_rows.filter(email=None).exists()
        assert await own_rows.exclude(email=None).exists()
    assert await Contract.filter(own_reference=None).exists()
    assert await Contract.exclude(own_reference=None).exists()
    assert await WorkRelation.filter(email=None).exists()
    assert await Organisation.filter(kind="CONSORTIUM", email=None).exists()


async def test_documents_messages_and_actions_are_in_every_state():
    documents = {document.status for document in await Document.all()}
    assert documents == {DocumentStatus.RECEIVED, DocumentStatus.SENT, DocumentStatus.DRAFT}
    assert {action.status for action in await Action.all()} == set(ActionStatus)
    assert await Message.filter(document_id=None).exists()
    assert await Message.exclude(document_id=None).exists()


async def test_every_notification_is_routed_and_every_trigger_and_level_occurs():
    notifications = await Notification.all()
    assert {notification.trigger for notification in notifications} == set(NotificationTrigger)
    assert {notification.status for notification in notifications} == {NotificationStatus.ROUTED}
    assert {routing.level for routing in await Routing.all()} == set(NotificationLevel)
    assert await Routing.all().count() == len(notifications)
    deliveries = await Delivery.all()
    assert {delivery.status for delivery in deliveries} == {DeliveryStatus.SENT, DeliveryStatus.FAILED}
    assert all(delivery.attempts == 1 and delivery.leased_until is None for delivery in deliveries)


async def possible_levels() -> set[NotificationLevel | None]:
    """The levels to which mails about invoicing documents would go, over the personas' contracts."""
    invoicing = await Theme.get(code="INVOICING")
    levels = set()
    for contract in await Contract.filter(organisation=await persona_organisation(), ended_at=None):
        event = Event(NotificationTrigger.DOCUMENT_RECEIVED, contract.id, invoicing.id)
        levels.add(decide_routing(event, await load_candidates(event, connection())).level)
    return levels


async def test_every_level_can_be_demonstrated_in_the_personas_organisation():
    assert await possible_levels() == {
        NotificationLevel.CONTRACT,
        NotificationLevel.GROUP,
        NotificationLevel.ORGANISATION,
    }
    async with in_transaction() as transaction:
        await Organisation.filter(id=(await persona_organisation()).id).update(email=None)
        levels_without_organisation_email = await possible_levels()
        await transaction.rollback()
    assert levels_without_organisation_email == set(NotificationLevel) - {NotificationLevel.ORGANISATION}


@pytest.mark.parametrize(
    ("later", "earlier", "join"),
    [
        ("l.linked_at", "c.published_at", "group_link l join contract c on c.id = l.contract_id"),
        ("l.linked_at", "g.created_at", "group_link l join access_group g on g.id = l.group_id"),
        ("m.since", "g.created_at", "membership m join access_group g on g.id = m.group_id"),
        ("m.since", "l.linked_at", "membership m join group_link l on l.id = m.group_link_id"),
        (
            "m.since",
            "r.granted_at",
            """membership m join lateral (
               select min(granted_at) as granted_at from access_right where work_relation_id = m.work_relation_id
               ) r on true""",
        ),
        ("r.granted_at", "w.created_at", "access_right r join work_relation w on w.id = r.work_relation_id"),
        ("d.created_at", "c.published_at", "document d join contract c on c.id = d.contract_id"),
        ("m.received_at", "d.received_at", "message m join document d on d.id = m.document_id"),
        ("a.created_at", "d.received_at", "action a join document d on d.id = a.document_id"),
        ("s.assigned_at", "a.created_at", "assignment s join action a on a.id = s.action_id"),
        ("r.decided_at", "n.occurred_at", "routing r join notification n on n.id = r.notification_id"),
        ("d.dated_at", "r.decided_at", "delivery d join routing r on r.id = d.routing_id"),
        ("c.ended_at", "l.linked_at", "contract c join group_link l on l.contract_id = c.id"),
    ],
)
async def test_nothing_is_earlier_than_what_it_depends_on(later: str, earlier: str, join: str):
    [row] = await connection().execute_query_dict(
        f"select count({later}) as all, count(*) filter (where {later} < {earlier}) as wrong from {join}"
    )
    assert row["all"] > 0
    assert row["wrong"] == 0


async def test_nothing_happened_in_the_future():
    current_time = await now()
    assert await GroupLink.filter(linked_at__gt=current_time).count() == 0
    assert await Membership.filter(since__gt=current_time).count() == 0
    assert await Notification.filter(occurred_at__gt=current_time).count() == 0
    assert await Contract.filter(published_at__gt=current_time).count() == 0
