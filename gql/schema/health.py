"""Health warnings for an organisation's administrators."""

from datetime import date
from typing import Any, Final

from babel.dates import format_date

from gql.localised_messages import DAY_FORMAT
from gql.reading.declare import column, computed_in_language, polymorphic
from gql.reading.sources import facet
from gql.schema.enums import HealthCode
from gql.schema.node import Node
from wording import text

MESSAGES: Final = {
    (HealthCode.CONTRACT_WITHOUT_SENDER, "Contract"): "Nobody can send documents on contract {name}.",
    (HealthCode.NO_ADMINISTRATOR, "Organisation"): "Nobody has a right with the role administrator.",
    (HealthCode.NO_MAIN_ACCESS_MANAGER, "Organisation"): (
        "There is no main access manager, so nobody can register themselves."
    ),
    (HealthCode.NO_LEGAL_REPRESENTATIVE, "Organisation"): (
        "The enterprise register names no legal representative of {name}."
    ),
    (HealthCode.RIGHT_EXPIRES_UNCOVERED, "AccessRight"): (
        "The right of {name} ends on {day}, and nobody else covers all that it is used for."
    ),
    (HealthCode.NOTIFICATION_SUPPRESSED, "Notification"): (
        "Nobody was mailed about contract {name} on {day}, because nobody has an address."
    ),
    (HealthCode.ROUTE_WITHOUT_ADDRESS, "Organisation"): (
        "Nobody would be mailed about a new contract: neither the organisation nor an administrator has an address."
    ),
    (HealthCode.ROUTE_WITHOUT_ADDRESS, "Contract"): (
        "Nobody would be mailed about some or all of the documents and messages of contract {name}."
    ),
    (HealthCode.DELIVERY_FAILED, "Delivery"): "A mail about contract {name} of {day} could not be delivered.",
}
"""The message of each warning, by its kind and the type of its subject."""


def _message(language: str, code: str, subject_type: str, name: str, day: date | None) -> str:
    facts: dict[str, Any] = {"name": name, "day": day and format_date(day, DAY_FORMAT, locale="nl_BE")}
    return text(language, MESSAGES[HealthCode(code), subject_type], **facts)


@facet("A warning for the administrators.", code="text", subject_type="text", subject_id="bigint")
class HealthWarning:
    code: HealthCode = column("The kind of warning.")
    message: str = computed_in_language(
        "The problem, in the viewer's language.", _message, "code", "subject_type", "name", "day"
    )
    subject: Node | None = polymorphic("The object concerned, where the problem can be solved.", "subject")
