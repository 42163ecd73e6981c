"""Builders of database rows: `await a_group()` inserts a group and the rows it refers to, and returns it.

A builder takes any other column as a keyword argument; a test names only the ones it is about. The defaults are valid,
and unique where they must be (numbers, names, the authority's ids). A row that is closed but has no opening moment was
opened an hour before it was closed. Reference data comes with the migrations. The database must be open.
"""

from tests.rows.contracts import a_contract, a_former_type, a_link
from tests.rows.exchange import a_document, a_message, an_action, an_assignment, an_attachment
from tests.rows.groups import a_group, a_membership, a_reference_level, a_theme_level
from tests.rows.mail import a_delivery, a_letter, a_notification, a_routing
from tests.rows.organisations import a_machine_client, an_authority, an_organisation
from tests.rows.people import a_mandate, a_self_registration, a_session, a_user, an_introduction
from tests.rows.unique import a_national_number, a_serial, an_enterprise_number, now, today
from tests.rows.work_relations import a_period, a_person_with_right, a_right, a_work_relation

__all__ = [
    "a_contract",
    "a_delivery",
    "a_document",
    "a_former_type",
    "a_group",
    "a_letter",
    "a_link",
    "a_machine_client",
    "a_mandate",
    "a_membership",
    "a_message",
    "a_national_number",
    "a_notification",
    "a_period",
    "a_person_with_right",
    "a_reference_level",
    "a_right",
    "a_routing",
    "a_self_registration",
    "a_serial",
    "a_session",
    "a_theme_level",
    "a_user",
    "a_work_relation",
    "an_action",
    "an_assignment",
    "an_attachment",
    "an_authority",
    "an_enterprise_number",
    "an_introduction",
    "an_organisation",
    "now",
    "today",
]
