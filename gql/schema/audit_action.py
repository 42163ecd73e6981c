"""What audit logs tell of, by name."""

import strawberry

from gql.schema.enums import AuditAction


@strawberry.type(description="An act that audit logs tell of, as a menu shows it.")
class AuditActionName:
    action: AuditAction = strawberry.field(description="What `AuditEntryFilter.actions` takes.")
    name: str = strawberry.field(description="Its name in the reader's language, such as `Groep aangemaakt`.")
    about_access: bool = strawberry.field(
        description="Whether it is about access: access managers, who aren't administrators, read of no other."
    )
