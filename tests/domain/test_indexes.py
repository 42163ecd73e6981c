"""Every index enforces a constraint or has a known use, and none is a prefix of another (decision 0034)."""

import pytest
from tortoise.transactions import in_transaction

from domain.database.connection import database
from domain.database.privileges import PRIVILEGES
from domain.rate_limit import OLDEST_COUNTED
from domain.rules.person_merge import references

pytestmark = pytest.mark.usefixtures("database")

MERGING = "`econtracting person merge` finds what is the person's"
USES = {
    "access_group_listed": "an organisation's groups, by name",
    "access_mandate_appointed_by": MERGING,
    "access_mandate_ended_by": MERGING,
    "access_mandate_of_organisation": "an organisation's mandates, ended ones too",
    "access_mandate_of_user": "for whom somebody acts",
    "access_right_granted_by": MERGING,
    "access_right_latest": "a work relation's rights, the newest first",
    "access_right_revoked_by": MERGING,
    "access_right_role_of_right": "a right's roles on a past day",
    "action_listed": "a contract's actions, by when they came",
    "action_of_assignee": "the actions in somebody's hands, when access is lost",
    "action_of_document": "a document's actions",
    "assignment_assigned_by": MERGING,
    "assignment_of_action": "who had an action when",
    "assignment_of_user": MERGING,
    "assignment_released_by": MERGING,
    "attachment_of_document": "a document's files",
    "attachment_waiting": "files that never came",
    "audit_entry_listed": "an organisation's log, by moment",
    "audit_entry_of_action": "an organisation's log, of some actions; how often it asked the person register",
    "audit_entry_of_actor": "an organisation's log, of one person's acts",
    "audit_entry_questions_of_actor": "how often a manager asked the person register",
    "audit_entry_subject": "what was done to a row",
    "contract_awarded": "an authority's contracts, by when they were published",
    "contract_awarded_number": "an authority's contracts, by number",
    "contract_awarded_title": "an authority's contracts, by title",
    "contract_number": "an organisation's contracts, by number",
    "contract_published": "an organisation's contracts, by when they were published",
    "contract_reference": "an organisation's contracts, by own reference",
    "contract_title": "an organisation's contracts, by title",
    "delivery_erasable": "the addresses that are to be erased",
    "delivery_of_organisation": "`econtracting mail list --organisation`, and the health of an organisation's mail",
    "delivery_of_user": MERGING,
    "delivery_queue": "the mails that wait",
    "delivery_unweighed": "failures that nobody has looked at yet",
    "document_created_by": MERGING,
    "document_expected": "deliveries that were never completed",
    "document_listed": "a contract's documents, by when they were drawn up",
    "document_sent_by": MERGING,
    "group_link_ended_by": MERGING,
    "group_link_linked_by": MERGING,
    "group_link_listed": "a contract's links, in their order",
    "group_link_of_group": "to which contracts a group is linked",
    "group_link_of_group_ever": "to which it was: what is offered when it comes back, and access on a past day",
    "group_reference_level_of_group": "a group's levels, past ones too",
    "group_theme_level_of_group": "a group's levels, past ones too",
    "introduction_introduced_by": MERGING,
    "introduction_recent": "whom an organisation added in the last 24 hours",
    "membership_acting": "whether a work relation acts on a contract",
    "membership_added_by": MERGING,
    "membership_ended_by": MERGING,
    "membership_listed": "a group's members, in their order",
    "membership_of_contract": "the members for a contract only, on a past day",
    "membership_of_group": "an organisation's memberships, those of a group among them",
    "membership_of_group_ever": "who was in a group on a past day",
    "membership_of_link": "a link's members, in their order",
    "membership_of_user": "which groups a person is in",
    "membership_of_user_ever": "whom an organisation has known, and which memberships go to another person",
    "membership_of_work_relation": "a work relation's memberships, in their order",
    "message_listed": "a contract's messages, by when they came",
    "message_of_document": "a document's messages",
    "notification_listed": "an organisation's notifications, by when they occurred",
    "notification_of_contract": "a contract's notifications, by when they occurred",
    "notification_queue": "the notifications that wait to be routed",
    "notification_released_by": MERGING,
    "person_merged_into": "whose acts are a person's, too, and whom erasing takes along",
    "registered_representative_of_enterprise": "the demo's enterprise register",
    "routing_following": "whether there is a second routing",
    "self_registration_decided_by": MERGING,
    "self_registration_listed": "an organisation's tasks, by status and when they came",
    "self_registration_of_applicant": "somebody's own requests",
    "session_of_user": "somebody's open sessions",
    "session_of_user_ever": MERGING,
    "work_relation_listed": "an organisation's people, in the order of their keys",
    "work_relation_of_user": "where somebody works",
    "work_relation_period_days": "a work relation's latest days",
    "work_relation_period_last_days": "whose days end soon",
}
"""The use of each index that enforces no constraint."""

INDEXES = r"""
select i.relname as name, x.indrelid::regclass::text as source,
  x.indisunique or x.indisexclusion as constrains,
  array(select pg_get_indexdef(x.indexrelid, place, true) from generate_series(1, x.indnkeyatts) place) as columns,
  pg_get_expr(x.indpred, x.indrelid) as condition
from pg_index x join pg_class i on i.oid = x.indexrelid
where i.relnamespace = 'public'::regnamespace and x.indrelid <> 'tortoise_migrations'::regclass order by 1"""
INDEXED_FIRST = """
select from pg_index x join pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[0]
where x.indrelid = $1::text::regclass and a.attname = $2
  and (x.indpred is null or pg_get_expr(x.indpred, x.indrelid) = format('(%s IS NOT NULL)', $2::text))"""
REFERRED_COLUMNS = """
select k.conrelid::regclass::text as source, k.confrelid::regclass::text as target, a.attname as column
from pg_constraint k cross join unnest(k.confkey) there (number)
join pg_attribute a on a.attrelid = k.confrelid and a.attnum = there.number
where k.contype = 'f' and k.connamespace = 'public'::regnamespace"""


async def test_every_index_has_a_known_use():
    names = [row["name"] for row in await database().execute_query_dict(INDEXES) if not row["constrains"]]
    assert names == sorted(USES)


async def test_no_index_is_a_prefix_of_another():
    indexes = await database().execute_query_dict(INDEXES)
    redundant = [
        (index["name"], longer["name"])
        for index in indexes
        for longer in indexes
        if index is not longer
        and not index["constrains"]
        and (index["source"], index["condition"]) == (longer["source"], longer["condition"])
        and longer["columns"][: len(index["columns"])] == index["columns"]
    ]
    assert redundant == []


async def test_every_reference_to_a_person_that_a_merge_updates_is_indexed():
    references_to_people = [*references(), ("membership", "user_id"), ("work_relation_period", "user_id")]
    not_indexed = [
        (table, column)
        for table, column in references_to_people
        if not await database().execute_query_dict(INDEXED_FIRST, [table, column])
    ]
    assert not_indexed == []
    assert len(references_to_people) > 20


async def test_no_other_reference_needs_an_index():
    """PostgreSQL looks for referring rows only when a row is deleted, or a column that is referred to changes."""
    referred_columns = await database().execute_query_dict(REFERRED_COLUMNS)
    referred_tables = {row["target"] for row in referred_columns}
    deletable = {table for table, texts in PRIVILEGES.items() if any("delete" in text for text in texts)}
    assert referred_tables & deletable == set()
    # The only such columns that change are those that a merge of people updates.
    updated_by_merge = {(row["source"], row["target"], row["column"]) for row in referred_columns} & {
        (row["source"], table, column) for row in referred_columns for table, column in references()
    }
    assert updated_by_merge == {
        ("membership", "work_relation", "user_id"),
        ("work_relation_period", "work_relation", "user_id"),
    }


INDEX_SCANS_ONLY = "set local plan_cache_mode = force_generic_plan; " + "; ".join(
    f"set local enable_{method} = off" for method in ("seqscan", "bitmapscan", "sort")
)


async def test_the_rate_limit_of_a_manager_is_counted_in_its_index():
    """With a generic plan, as in the API: the statement itself must imply the condition of the partial index."""
    statement = OLDEST_COUNTED.format(whose="actor_id")
    async with in_transaction() as transaction:
        await transaction.execute_script(f"{INDEX_SCANS_ONLY}; prepare oldest_counted as {statement}")
        plan = await transaction.execute_query_dict("explain execute oldest_counted (1, 'PERSON_LOOKED_UP', now(), 29)")
    assert "audit_entry_questions_of_actor" in plan[1]["QUERY PLAN"]
