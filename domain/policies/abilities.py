"""What may be done with an object, and who may: the whole matrix on one screen.

Each line is a question about one row, answered by the database with its own clock: rules ask it inside their
transaction, the API shows it as `viewerCan`. A machine client has none of these abilities.
"""

from enum import StrEnum
from typing import Final

from tortoise.models import Model

from domain.models import (
    AccessMandate,
    Action,
    Contract,
    Document,
    DocumentLevel,
    Group,
    Organisation,
    SelfRegistration,
    WorkRelation,
)
from domain.predicate import Predicate
from domain.visibility.access import (
    administers,
    has_level,
    has_level_on_visible_theme,
    may_write_reference,
)


class Ability(StrEnum):
    """What the viewer may do with the object that carries it, so that a frontend can show the button."""

    MANAGE_ACCESS = "MANAGE_ACCESS"
    APPOINT_MAIN_ACCESS_MANAGER = "APPOINT_MAIN_ACCESS_MANAGER"
    APPOINT_ACCESS_MANAGER = "APPOINT_ACCESS_MANAGER"
    ADMINISTER = "ADMINISTER"
    UPDATE = "UPDATE"
    DRAFT = "DRAFT"
    SEND = "SEND"
    ASSIGN = "ASSIGN"
    RELEASE = "RELEASE"
    COMPLETE = "COMPLETE"
    DECIDE = "DECIDE"
    DISMISS = "DISMISS"


_OPEN_CONTRACT = "exists (select from contract pc where pc.id = {row}.contract_id and pc.ended_at is null)"
_VISIBLE_THEME = "exists (select from theme pt where pt.id = {row}.theme_id and pt.visible)"
_DRAFTER_OF_ACTION = f"""({{row}}.document_id is null and {has_level("{row}.contract_id", DocumentLevel.DRAFT)}
  or exists (select from document pd where pd.id = {{row}}.document_id
             and {has_level("{row}.contract_id", DocumentLevel.DRAFT, "pd.theme_id")}))"""


def _document(level: DocumentLevel) -> Predicate:
    return Predicate(
        f"{{row}}.status = 'DRAFT' and {{row}}.deleted_at is null and {_OPEN_CONTRACT} and {_VISIBLE_THEME}"
        f" and {has_level('{row}.contract_id', level, '{row}.theme_id')}"
    )


POLICIES: Final[dict[type[Model], dict[Ability, Predicate]]] = {
    Organisation: {
        Ability.MANAGE_ACCESS: Predicate("{row}.id = any(:manages)"),
        Ability.APPOINT_MAIN_ACCESS_MANAGER: Predicate("{row}.id = any(:represents)"),
        Ability.APPOINT_ACCESS_MANAGER: Predicate("{row}.id = any(:represents) or {row}.id = any(:heads)"),
        Ability.ADMINISTER: Predicate("{row}.id = any(:administers)"),
    },
    AccessMandate: {
        Ability.UPDATE: Predicate(
            "{row}.user_id = :person and {row}.ended_at is null and {row}.organisation_id = any(:manages)"
        ),
        Ability.DISMISS: Predicate(
            "{row}.ended_at is null and ({row}.kind <> 'LEGAL_REPRESENTATIVE' and"
            " {row}.organisation_id = any(:represents)"
            " or {row}.kind = 'ACCESS_MANAGER' and {row}.organisation_id = any(:heads))"
        ),
    },
    WorkRelation: {
        # Nobody helps themselves, except legal representatives.
        Ability.MANAGE_ACCESS: Predicate(
            "{row}.organisation_id = any(:manages)"
            " and ({row}.user_id <> :person or {row}.organisation_id = any(:represents))"
        ),
    },
    Group: {
        Ability.ADMINISTER: Predicate("{row}.active and {row}.organisation_id = any(:administers)"),
    },
    Contract: {
        Ability.ADMINISTER: Predicate("{row}.ended_at is null and {row}.organisation_id = any(:administers)"),
        Ability.UPDATE: Predicate(
            "{row}.ended_at is null and ({row}.organisation_id = any(:administers)"
            f" or {may_write_reference('{row}.id', '{row}.type_id')})"
        ),
        Ability.DRAFT: Predicate(
            "{row}.ended_at is null and " + has_level_on_visible_theme("{row}.id", DocumentLevel.DRAFT)
        ),
        Ability.SEND: Predicate(
            "{row}.ended_at is null and " + has_level_on_visible_theme("{row}.id", DocumentLevel.SEND)
        ),
    },
    Document: {
        Ability.UPDATE: _document(DocumentLevel.DRAFT),
        Ability.SEND: _document(DocumentLevel.SEND),
    },
    Action: {
        Ability.ASSIGN: Predicate(f"{{row}}.status = 'OPEN' and {_OPEN_CONTRACT} and {_DRAFTER_OF_ACTION}"),
        Ability.RELEASE: Predicate(
            f"{{row}}.status = 'ASSIGNED' and {_OPEN_CONTRACT}"
            f" and ({{row}}.assignee_id = :person or {administers('{row}.contract_id')})"
        ),
        Ability.COMPLETE: Predicate(
            f"{{row}}.status = 'ASSIGNED' and {_OPEN_CONTRACT} and {{row}}.assignee_id = :person"
            f" and {_DRAFTER_OF_ACTION}"
        ),
    },
    SelfRegistration: {
        Ability.DECIDE: Predicate(
            "{row}.status = 'OPEN' and {row}.organisation_id = any(:manages) and {row}.applicant_id <> :person"
        ),
    },
}
"""Which abilities there are for an entity, and the condition on which the asker has each."""


def abilities(model: type[Model]) -> Predicate:
    """An SQL expression: the names of what the asker may do with a row of `model`, in the order of the matrix."""
    cases = ", ".join(
        f"case when {predicate.on('{row}')} then '{ability}' end" for ability, predicate in POLICIES[model].items()
    )
    return Predicate(f"array_remove(array[{cases}]::text[], null)")
