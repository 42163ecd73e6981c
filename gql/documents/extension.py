"""Enforcement of the rules on documents: persisted, registered, and without introspection."""

from collections.abc import AsyncIterator, Iterator
from typing import Final

from graphql import GraphQLError
from graphql.validation import NoSchemaIntrospectionCustomRule
from strawberry.extensions import SchemaExtension
from strawberry.types.execution import PreExecutionError

from gql.context import Context
from gql.documents.digest import digest_of
from gql.documents.document_store import registered_text
from gql.documents.references import DocumentReference, document_reference
from gql.faults import Fault
from settings import settings

PERSISTED_QUERY_NOT_FOUND: Final = "PersistedQueryNotFound"
"""The message upon which clients of automatic persisted queries send the text."""


class DocumentNotRegistered(Fault):
    """The settings allow registered documents only."""

    message_template = "Only registered documents are answered here. Ask the operator to register this one."


class PersistedDocuments(SchemaExtension):
    """Finds documents by reference; as the settings say, refuses unregistered ones and introspection."""

    async def on_operation(self) -> AsyncIterator[None]:
        """Replaces a reference by the text, and stores a text for which the client asks that.

        Raises:
            GraphQLError: The document is unknown, or not registered where it must be.
        """
        execution = self.execution_context
        context: Context = execution.context
        sent, reference = execution.query, document_reference(execution.operation_extensions, execution.query)
        execution.query = await document_text(sent, reference, context)
        yield
        executed = not isinstance(execution.result, PreExecutionError)
        if reference and reference.store and sent and executed and context.shared and context.actor.signed_in:
            await context.shared.documents.store(sent, context.viewer_key)

    def on_validate(self) -> Iterator[None]:
        """Adds the rule against introspection, where the schema is not disclosed."""
        if not settings().introspection_enabled:
            execution = self.execution_context
            execution.validation_rules = (*execution.validation_rules, NoSchemaIntrospectionCustomRule)
        yield


async def document_text(sent: str | None, reference: DocumentReference | None, context: Context) -> str | None:
    """The text of a request's document; None when the request has neither a text nor a reference.

    Args:
        sent: The text in the request, if there is one.
        reference: The reference in the request, if there is one.
        context: The request's.

    Raises:
        GraphQLError: The document is unknown, or not registered where it must be.
    """
    text = sent
    if reference is not None and sent is None:
        digest = reference.digest
        text = await (context.shared.documents.find(digest) if context.shared else registered_text(digest))
        if text is None:
            raise GraphQLError(PERSISTED_QUERY_NOT_FOUND)
    if settings().trusted_documents_only and text and await registered_text(digest_of(text)) is None:
        raise DocumentNotRegistered
    return text
