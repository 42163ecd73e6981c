"""The policies of every entity: the whole matrix on one screen.

Each line is a condition on one row, evaluated by the database with its own clock: rules check it inside their
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
from domain.predicate import Predicate, all_of, among, any_of, exists
from domain.sql import Sql
from domain.visibility import administrators, administrators_of, drafter_of_action
from domain.visibility.access import (
    administers,
    has_level,
    has_level_on_visible_theme,
    may_write_reference,
)


class Ability(StrEnum):
    """What the viewer may do with an object, so that a frontend knows which buttons to show."""

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


_OPEN_CONTRACT: Final = exists("contract pc", "pc.id = {row}.contract_id and pc.ended_at is null")
_VISIBLE_THEME: Final = exists("theme pt", "pt.id = {row}.theme_id and pt.visible")
_OWN: Final = among("{row}.user_id", "person")
_ASSIGNEE: Final = among("{row}.assignee_id", "person")
_MANAGER: Final = among("{row}.organisation_id", "manages")
_MAIN_MANAGER: Final = among("{row}.organisation_id", "main_manager_of")
_REPRESENTATIVE: Final = among("{row}.organisation_id", "represents")


def _document(level: DocumentLevel) -> Predicate:
    return all_of(
        "{row}.status = 'DRAFT' and {row}.deleted_at is null",
        _OPEN_CONTRACT,
        _VISIBLE_THEME,
        has_level("{row}.contract_id", level, "{row}.theme_id"),
    )


POLICIES: Final[dict[type[Model], dict[Ability, Predicate]]] = {
    Organisation: {
        Ability.MANAGE_ACCESS: among("{row}.id", "manages"),
        Ability.APPOINT_MAIN_ACCESS_MANAGER: among("{row}.id", "represents"),
        Ability.APPOINT_ACCESS_MANAGER: among("{row}.id", "represents") | among("{row}.id", "main_manager_of"),
        Ability.ADMINISTER: administrators,
    },
    AccessMandate: {
        Ability.UPDATE: all_of("{row}.ended_at is null", _OWN, _MANAGER),
        Ability.DISMISS: all_of(
            "{row}.ended_at is null",
            any_of(
                all_of("{row}.kind <> 'LEGAL_REPRESENTATIVE'", _REPRESENTATIVE),
                all_of("{row}.kind = 'ACCESS_MANAGER'", _MAIN_MANAGER),
            ),
        ),
    },
    WorkRelation: {
        # Nobody helps themselves, except legal representatives.
        Ability.MANAGE_ACCESS: all_of(_MANAGER, any_of("{row}.user_id <> :person", _REPRESENTATIVE)),
    },
    Group: {
        Ability.ADMINISTER: all_of("{row}.active", administrators_of),
    },
    Contract: {
        Ability.ADMINISTER: all_of("{row}.ended_at is null", administrators_of),
        Ability.UPDATE: all_of(
            "{row}.ended_at is null", administrators_of | may_write_reference("{row}.id", "{row}.type_id")
        ),
        Ability.DRAFT: all_of("{row}.ended_at is null", has_level_on_visible_theme("{row}.id", DocumentLevel.DRAFT)),
        Ability.SEND: all_of("{row}.ended_at is null", has_level_on_visible_theme("{row}.id", DocumentLevel.SEND)),
    },
    Document: {
        Ability.UPDATE: _document(DocumentLevel.DRAFT),
        Ability.SEND: _document(DocumentLevel.SEND),
    },
    Action: {
        Ability.ASSIGN: all_of("{row}.status = 'OPEN'", _OPEN_CONTRACT, drafter_of_action),
        Ability.RELEASE: all_of(
            "{row}.status = 'ASSIGNED'", _OPEN_CONTRACT, _ASSIGNEE | administers("{row}.contract_id")
        ),
        Ability.COMPLETE: all_of("{row}.status = 'ASSIGNED'", _OPEN_CONTRACT, _ASSIGNEE, drafter_of_action),
    },
    SelfRegistration: {
        Ability.DECIDE: all_of("{row}.status = 'OPEN'", _MANAGER, "{row}.applicant_id <> :person"),
    },
}
"""The abilities of each entity, and the condition on which the actor has each."""


def abilities(model: type[Model]) -> Sql:
    """SQL: the names of the actor's abilities on a row of `model`, in the order of the matrix."""
    policies = POLICIES[model]
    cases = ", ".join(f"case when {{{index}}} then '{ability}' end" for index, ability in enumerate(policies))
    return Sql(f"array_remove(array[{cases}]::text[], null)", tuple(policies.values()))
