"""The mail about an event that has not happened."""

import strawberry

from gql.schema.enums import NotificationLevel
from gql.schema.scalars import EmailAddress


@strawberry.type(description="Who would get the mail about an event that has not happened, and what it would say.")
class NotificationPreview:
    level: NotificationLevel | None = strawberry.field(
        description="The level that would be mailed; null when nobody would be."
    )
    addresses: list[EmailAddress] = strawberry.field(description="Where it would go: one mail each.")
    explanation: str = strawberry.field(description="Why this level, or why nobody.")
    subject: str = strawberry.field(description="The subject.")
    text: str = strawberry.field(
        description="The mail in plain text, in the first recipient's language. What has not happened yet stands in "
        "it as an example."
    )
    html: str = strawberry.field(description="The same mail as a page.")
