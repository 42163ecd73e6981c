"""Previews of the mail about an event that has not happened."""

import strawberry

from gql.schema.enums import NotificationLevel
from gql.schema.scalars import EmailAddress


@strawberry.type(description="The recipients and content of the mail about an event that has not happened.")
class NotificationPreview:
    level: NotificationLevel | None = strawberry.field(description="The level that would be mailed; null if none.")
    addresses: list[EmailAddress] = strawberry.field(description="The recipients' addresses; one mail each.")
    explanation: str = strawberry.field(description="Why this level, or why nobody.")
    subject: str = strawberry.field(description="The subject.")
    text: str = strawberry.field(
        description="The plain text, in the first recipient's language, with examples for what has not happened yet."
    )
    html: str = strawberry.field(description="The HTML of the same mail.")
