"""Where documents are taken for what they are: named or sent, trusted or not, asking about the schema or not."""

from collections.abc import AsyncIterator, Iterator
from typing import Final

from graphql import GraphQLError
from graphql.validation import NoSchemaIntrospectionCustomRule
from strawberry.extensions import SchemaExtension
from strawberry.types.execution import PreExecutionError

from gql.context import Context
from gql.documents.digest import digest_of
from gql.documents.library import registered_text
from gql.documents.naming import Named, named
from gql.faults import Fault
from settings import settings

NOT_FOUND: Final = "PersistedQueryNotFound"
"""What clients of automatic persisted queries wait for, to send the text; they know it by this very word."""


class Untrusted(Fault):
    """The settings want registered documents only."""

    message_template = "Only registered documents are answered here. Ask the operator to register this one."


class Documents(SchemaExtension):
    """Finds named documents; where the settings say so, answers registered ones only, and nothing about the schema."""

    async def on_operation(self) -> AsyncIterator[None]:
        """Puts the text in place of a document's name, and keeps a text for which a client asks that.

        Raises:
            GraphQLError: The document is not known, or not registered where it must be.
        """
        execution = self.execution_context
        context: Context = execution.context
        sent, name = execution.query, named(execution.operation_extensions, execution.query)
        execution.query = await document_text(sent, name, context)
        yield
        answered = not isinstance(execution.result, PreExecutionError)
        if name and name.keep and sent and answered and context.shared and context.actor.signed_in:
            await context.shared.library.keep(sent, context.viewer_key)

    def on_validate(self) -> Iterator[None]:
        """Finds questions about the schema invalid, where it isn't told."""
        if not settings().tells_schema:
            execution = self.execution_context
            execution.validation_rules = (*execution.validation_rules, NoSchemaIntrospectionCustomRule)
        yield


async def document_text(sent: str | None, name: Named | None, context: Context) -> str | None:
    """The text of the document that a request means; None when it says nothing of one.

    Args:
        sent: The text that came with it, if one did.
        name: How it names the document, if it does.
        context: The request's.

    Raises:
        GraphQLError: The document is not known, or not registered where it must be.
    """
    text = sent
    if name is not None and sent is None:
        text = await (context.shared.library.find(name.digest) if context.shared else registered_text(name.digest))
        if text is None:
            raise GraphQLError(NOT_FOUND)
    if settings().trusted_documents_only and text and await registered_text(digest_of(text)) is None:
        raise Untrusted
    return text
