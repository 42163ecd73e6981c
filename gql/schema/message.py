"""Messages from the contracting authority."""

from datetime import datetime

from domain import models, visibility
from gql.reading.declare import column, guarded, one
from gql.reading.sources import entity
from gql.schema.document import OWN_AUTHORITY
from gql.schema.node import Node
from gql.schema.references import AContract, ADocument


@entity(
    models.Message,
    visible=visibility.message,
    description="A message from the contracting authority about a contract or a document (bericht).",
)
class Message(Node):
    """A message from the contracting authority."""

    external_id: str | None = guarded("The authority's own id, for the authority.", OWN_AUTHORITY)
    contract: AContract = one("The contract.")
    document: ADocument | None = one("The document that it is about; null when it is about the contract.")
    subject: str = column("Onderwerp.")
    body: str = column("The text.")
    received_at: datetime = column("When it arrived.")
