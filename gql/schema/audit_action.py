"""The audited actions with their display names."""

import strawberry

from gql.schema.enums import AuditAction


@strawberry.type(description="An audited action with its display name, for a menu.")
class AuditActionName:
    action: AuditAction = strawberry.field(description="The value for `AuditEntryFilter.actions`.")
    name: str = strawberry.field(description="Its name in the viewer's language, such as `Groep aangemaakt`.")
    about_access: bool = strawberry.field(
        description="Whether it concerns access; access managers who aren't administrators see only these in the audit "
        "log."
    )
