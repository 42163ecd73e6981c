"""Which queries of the screens the engine answers, and why the others fall back to the ordinary executor."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    InlineFragmentNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    Visitor,
    parse,
    print_ast,
    separate_operations,
    validate,
    visit,
)

from domain.standing import Standing
from gql.contract import SCREENS
from gql.reading.core_schema import core_schema
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.plan_cache import PlanCache
from gql.reading.ids import global_id
from gql.schema import schema
from tests.gql.reading.whole_documents import EVERYTHING

VALUES = {
    "EnterpriseNumber": "0123456749",
    "Date": "2026-01-01",
    "SelfRegistrationLinkInput": {"an": "308", "dg": "EA", "ec": "EA", "oc": "0123456749"},
}
FALLBACKS = {
    "NotificationSettings": "Contract.notification_preview",
    "SelfRegistrationLinks": "Organisation.self_registration_link",
    "SelfRegistrationPage": "Query.selfRegistrationForm",
}
"""The queries with a field that a function resolves."""


def queries() -> dict[str, DocumentNode]:
    """Every query of the screens that the schema makes valid."""
    return {
        name: document
        for path in sorted(SCREENS.glob("*.graphql"))
        for name, document in separate_operations(parse(path.read_text(encoding="utf-8"))).items()
        if operation(document).operation is OperationType.QUERY and not validate(core_schema(schema), document)
    }


def operation(document: DocumentNode) -> OperationDefinitionNode:
    return next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))


def variables(document: DocumentNode) -> dict[str, Any]:
    """A value for each required variable; an id is of the type on which the document has its first condition."""
    return dict(_values(document))


def _values(document: DocumentNode) -> Iterator[tuple[str, Any]]:
    for definition in operation(document).variable_definitions or ():
        if isinstance(definition.type, NonNullTypeNode) and definition.default_value is None:
            kind = print_ast(definition.type.type)
            name = definition.variable.name.value
            yield name, global_id(_first_type_condition(document), 1) if kind == "ID" else VALUES[kind]


def _first_type_condition(document: DocumentNode) -> str:
    visitor = _TypeConditionVisitor()
    visit(document, visitor)
    return visitor.names[0]


class _TypeConditionVisitor(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_inline_fragment(self, node: InlineFragmentNode, *_rest: Any) -> None:
        if node.type_condition:
            self.names.append(node.type_condition.name.value)


def fallback_reason(name: str, document: DocumentNode, standing: Standing) -> str | None:
    """Why the document has no plan at its second request; None if it has one."""
    plans, key = PlanCache(schema), (name, name, "nl")
    with pytest.raises(Fallback, match="first sight"):
        plans.find(key, document, variables(document), standing)
    try:
        plans.find(key, document, variables(document), standing)
    except Fallback as fallback:
        return fallback.reason
    return None


@pytest.mark.usefixtures("database")
async def test_the_engine_answers_every_query_of_the_screens_without_fields_of_functions():
    reasons = {name: fallback_reason(name, document, EVERYTHING) for name, document in queries().items()}

    assert {name: reason for name, reason in reasons.items() if reason} == FALLBACKS
    assert len(reasons) > 25


@pytest.mark.usefixtures("database")
async def test_a_field_of_a_function_does_not_prevent_a_plan_for_viewers_for_whom_it_is_null():
    reasons = {name: fallback_reason(name, document, Standing(1)) for name, document in queries().items()}

    assert {name for name, reason in reasons.items() if reason} == {"SelfRegistrationPage"}
